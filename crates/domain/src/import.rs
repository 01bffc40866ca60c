//! Imports: files of history and masters that were taken in, each seen and taken back as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Day, ImportId, PlantId, Timestamp};

/// What an import brought, as every page that shows its rows can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// Identity.
    pub id: ImportId,
    /// Plant.
    pub plant: PlantId,
    /// What its rows are.
    pub noun: ImportNoun,
    /// Name of the file, without its folder.
    pub file: String,
    /// Name of the mapping.
    pub mapping: String,
    /// When it became visible.
    pub at: Timestamp,
    /// Rows of the file, the header not counted.
    pub read: u64,
    /// Rows taken, repaired ones among them.
    pub taken: u64,
    /// Rows repaired.
    pub repaired: u64,
    /// Rows refused.
    pub refused: u64,
    /// First day of the rows, when they have days.
    pub first: Option<Day>,
    /// Last day of the rows.
    pub last: Option<Day>,
    /// Repaired and refused rows by line, the first hundred.
    pub remarks: Vec<ImportRemark>,
}

/// What the rows of a file are.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ImportNoun {
    /// Past orders.
    WorkOrders,
    /// Assets.
    Assets,
    /// Items.
    Items,
    /// Balances by bin.
    Stock,
    /// Vendors.
    Vendors,
    /// Maintenance plans.
    PmPlans,
}

/// A row that was not taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportRemark {
    /// Line of the file, the first being 1.
    pub line: u64,
    /// True when it was repaired and taken; false when it was refused.
    pub is_repaired: bool,
    /// Why, in a sentence.
    pub why: String,
}
