//! The kinds of document.

use serde::{Deserialize, Serialize};

/// What a document is about; decides its genesis and its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A work order.
    WorkOrder,
    /// A work request.
    WorkRequest,
    /// A request for material.
    MaterialRequest,
    /// The draft of a crew's week.
    ScheduleDraft,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::WorkOrder,
        Self::WorkRequest,
        Self::MaterialRequest,
        Self::ScheduleDraft,
    ];

    /// The kind's word in contracts, such as `work_order`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::WorkOrder => "work_order",
            Self::WorkRequest => "work_request",
            Self::MaterialRequest => "material_request",
            Self::ScheduleDraft => "schedule_draft",
        }
    }
}
