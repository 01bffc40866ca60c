//! Postings of an outside business system: goods movements and labour confirmations.

use async_trait::async_trait;
use fettle_domain::effect::Reference;
use fettle_domain::work_order::LabourKind;
use fettle_domain::{PlantId, Quantity, Timestamp};

use crate::posting::{Fault, Posting};

/// Posts goods movements against work orders.
#[async_trait]
pub trait GoodsMovements: Send + Sync {
    /// Number of the first movement that carries the reference; asked before sending again.
    async fn find_movement(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Posts a movement.
    async fn post_movement(&self, movement: &GoodsMovement) -> Posting;
}

/// Confirms labour on work orders.
#[async_trait]
pub trait ConfirmLabour: Send + Sync {
    /// Number of the first confirmation that carries the reference; asked before sending again.
    async fn find_confirmation(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Posts a confirmation.
    async fn confirm_labour(&self, confirmation: &LabourConfirmation) -> Posting;
}

/// Which way goods move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Movement {
    /// Out of the bin, onto the order.
    Issue,
    /// Takes back a posted issue.
    Reversal {
        /// Number of the issue.
        of: String,
    },
}

/// A movement to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsMovement {
    /// Our reference.
    pub reference: Reference,
    /// Which way.
    pub movement: Movement,
    /// Number of the order.
    pub order: String,
    /// Item number.
    pub item: String,
    /// Plant.
    pub plant: PlantId,
    /// Storeroom.
    pub storeroom: String,
    /// Bin.
    pub bin: String,
    /// How much.
    pub quantity: Quantity,
    /// Cost centre charged.
    pub cost_centre: String,
    /// Employee number of who took it.
    pub person: Option<String>,
    /// When it was taken; names the posting date.
    pub at: Timestamp,
}

/// Labour to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabourConfirmation {
    /// Our reference.
    pub reference: Reference,
    /// Number of a confirmation this one takes back.
    pub reversal_of: Option<String>,
    /// Number of the order.
    pub order: String,
    /// Plant.
    pub plant: PlantId,
    /// Number of the task, when known.
    pub task: Option<u32>,
    /// Employee number of who worked.
    pub person: String,
    /// Kind.
    pub kind: LabourKind,
    /// Minutes worked, more than zero.
    pub minutes: u32,
    /// Cost centre charged.
    pub cost_centre: String,
    /// When the work ended; names the posting date.
    pub at: Timestamp,
}
