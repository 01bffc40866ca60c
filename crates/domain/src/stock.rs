//! Stock: balances as the ERP states them, each with its age.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Decimal, EffectId, ItemId, PlantId, Timestamp, Unit};

/// Balance of an item in one bin; nobody edits it, it is the sum of its movements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockBalance {
    /// Item.
    pub item: ItemId,
    /// Plant.
    pub plant: PlantId,
    /// Storeroom code.
    pub storeroom: String,
    /// Bin code, such as `C-14`.
    pub bin: String,
    /// Unit of the figures.
    pub unit: Unit,
    /// On hand.
    pub on_hand: Decimal,
    /// Reserved for certain.
    pub hard_reserved: Decimal,
    /// Reserved for planned demand.
    pub soft_reserved: Decimal,
    /// Balance at which the plant orders again, when the ERP plans by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_point: Option<Decimal>,
    /// When the ERP stated it.
    pub as_of: Timestamp,
    /// Posted effects whose movement this figure already includes.
    pub includes: Vec<EffectId>,
}
