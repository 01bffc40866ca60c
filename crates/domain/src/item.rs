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

/// How much of the consumption value an item carries (ABC).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum AbcClass {
    /// The few that make up most of it.
    A,
    /// Between the two.
    B,
    /// The many that make up little.
    C,
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
    /// Share of the company's consumption value, when rated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abc: Option<AbcClass>,
    /// Items that may be used instead, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<ItemId>,
    /// Item that replaces this one for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<ItemId>,
}
