//! The sealed order: what stands of an order that is closed for good, as one plain row.
//!
//! Nobody edits a closed order, so a laptop keeps its content as a row and needs no document for
//! it. History from before Fettle never had one; what its file said in words of its own stands in
//! [`Recorded`], and what it did not say is absent, never zero.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WorkOrderContent;
use crate::{ChangeHash, Day, ImportId, WorkOrderId};

/// Content of a closed or cancelled order, beside its [official row](super::WorkOrderRow).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedOrder {
    /// Order.
    pub order: WorkOrderId,
    /// Its content as it stood when it was sealed.
    pub content: WorkOrderContent,
    /// What a history says in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
    /// Heads of the document it was sealed from; none where there never was one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<ChangeHash>,
}

impl SealedOrder {
    /// The day work on it ended, as far as anybody knows: the observed finish, else the day its
    /// history files it under, else when it was to begin.
    #[must_use]
    pub fn ended_on(&self) -> Option<Day> {
        let recorded = self.recorded.as_ref().and_then(|recorded| recorded.on);
        let observed = self.content.actual_finish.map(Day::of);
        let planned = self.content.required_start.map(Day::of);
        observed.or(recorded).or(planned)
    }
}

/// What a history recorded of an order, in the words of its source. What is `None` is not recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    /// The import that brought it; `None` when a CMMS did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// Line of the file, the first being 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The day it is filed under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Type in the words of the source, such as `PM01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Status in the words of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// System of the machine, such as `Hydraulic System`; several are joined by `_`, the first one
    /// first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Part worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What was done to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Failure mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Side or place on the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Functional location as it was spelt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}
