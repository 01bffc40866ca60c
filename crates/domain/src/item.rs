//! Items: spare parts as the ERP knows them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ExternalId, ItemId, Unit};

/// How badly a missing part hurts (VED).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemCriticality {
    /// Stops the plant.
    Vital,
    /// Slows it.
    Essential,
    /// Neither.
    Desirable,
}

/// An item of the ERP; its [price](crate::price) is restricted and travels elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Number: text of any length.
    pub number: String,
    /// Description.
    pub description: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Manufacturer's part number.
    pub part_number: String,
    /// Stock-keeping unit.
    pub unit: Unit,
    /// Class, such as `bearing`.
    pub class: String,
    /// Criticality, when rated.
    pub criticality: Option<ItemCriticality>,
    /// Lead time in days, when known.
    pub lead_time_days: Option<u32>,
    /// True when it may no longer be used.
    pub is_inactive: bool,
}
