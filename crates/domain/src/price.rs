//! Prices of items and costs of orders: what only some people of a plant may see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Money, UnitPrice};
use crate::{ItemId, PlantId, Timestamp, WorkOrderId};

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// Average of what was received, moved by every receipt.
    MovingAverage,
    /// Fixed for the period.
    Standard,
    /// Agreed with a vendor.
    Contract,
    /// What was paid last.
    LastPurchase,
}

/// Price of an item in a plant as the ERP states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemPrice {
    /// Item.
    pub item: ItemId,
    /// Plant the price holds in.
    pub plant: PlantId,
    /// The price.
    pub price: UnitPrice,
    /// Where it comes from.
    pub source: PriceSource,
    /// Since when the ERP states it.
    pub as_of: Timestamp,
}

/// What costs are for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CostElement {
    /// Own people's hours.
    Labour,
    /// Parts from stock.
    Material,
    /// Services bought.
    Service,
    /// Everything together, where the source does not say what for.
    Unsplit,
}

/// Costs of one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ElementCost {
    /// Which element.
    pub element: CostElement,
    /// What was planned; `None` where the ERP keeps no plan.
    pub planned: Option<Money>,
    /// What its postings come to.
    pub actual: Money,
}

/// Costs of an order as the ERP states them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCost {
    /// Order.
    pub order: WorkOrderId,
    /// Plant whose cost centre carries them.
    pub plant: PlantId,
    /// Costs by element, each element at most once.
    pub elements: Vec<ElementCost>,
    /// When the ERP stated it.
    pub as_of: Timestamp,
}

impl OrderCost {
    /// What the order cost in all; `None` without an element or with several currencies.
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        let currency = &self.elements.first()?.actual.currency;
        let mut minor = 0_i64;
        for element in &self.elements {
            if element.actual.currency != *currency {
                return None;
            }
            minor = minor.saturating_add(element.actual.minor);
        }
        Some(Money {
            minor,
            currency: currency.clone(),
        })
    }
}
