//! Items: rows of lists and the page of one.

use serde::Serialize;
use specta::Type;

use super::my_work::OrderRowView;

/// One item of a list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ItemRowView {
    /// Item id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Description.
    pub description: String,
    /// Manufacturer and part number.
    pub made_by: String,
    /// True when it may no longer be used.
    pub is_inactive: bool,
    /// What is known of its stock.
    pub stock: StockBadgeView,
}

/// What is known of an item's stock in the own plant.
#[derive(Debug, Clone, Serialize, Type)]
pub struct StockBadgeView {
    /// What is known.
    pub kind: StockBadge,
    /// On hand in all, as decimal text; `None` when never checked, which is not zero.
    pub amount: Option<String>,
    /// Unit such as `pc`.
    pub unit: String,
    /// The bin, where it lies in one.
    pub bin: Option<String>,
    /// Bins with something in them.
    pub bins: u32,
    /// Time of the oldest figure, UTC ms.
    pub as_of: Option<f64>,
    /// How far the figure can be trusted.
    pub certainty: Certainty,
}

/// What a stock badge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StockBadge {
    /// Something lies in a bin or several.
    InBin,
    /// Every bin known is empty.
    NoneFound,
    /// No balance has come to this laptop.
    NeverChecked,
}

/// How old a figure is against the charter's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Within the limit.
    Fresh,
    /// Past it.
    Past,
    /// Past six times the limit, or never read.
    Old,
}

/// An item as far as this laptop knows it; `None` is what no system has said.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ItemView {
    /// As lists show it.
    pub row: ItemRowView,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Manufacturer's part number.
    pub part_number: Option<String>,
    /// Unit such as `pc`.
    pub unit: String,
    /// Code of the unit such as `H87`.
    pub unit_code: String,
    /// Class.
    pub class: Option<String>,
    /// Criticality; a Fluent message `item-criticality-<criticality>` names it.
    pub criticality: Option<String>,
    /// `A`, `B` or `C`.
    pub abc: Option<String>,
    /// Lead time in days.
    pub lead_time_days: Option<u32>,
    /// Stock by storeroom and bin.
    pub bins: Vec<StockRowView>,
    /// Items that may be used instead, best first, as far as they are on this laptop.
    pub substitutes: Vec<ItemRowView>,
    /// Substitutes that are not on this laptop.
    pub substitutes_elsewhere: u32,
    /// Item that replaces this one for good.
    pub superseded_by: Option<ItemRowView>,
    /// Open orders on this laptop that plan or used it.
    pub open_orders: Vec<ItemOrderView>,
    /// Ended orders on this laptop that planned or used it, the latest first.
    pub past_orders: Vec<ItemOrderView>,
    /// Price, for whom the plant lets see it.
    pub price: Option<PriceView>,
    /// Areas this laptop holds.
    pub holds: String,
}

/// Stock of one bin.
#[derive(Debug, Clone, Serialize, Type)]
pub struct StockRowView {
    /// Storeroom.
    pub storeroom: String,
    /// Bin.
    pub bin: String,
    /// On hand as decimal text.
    pub on_hand: String,
    /// Reserved for certain.
    pub hard_reserved: String,
    /// Reserved for planned demand.
    pub soft_reserved: String,
    /// Balance at which the plant orders again.
    pub reorder_point: Option<String>,
    /// Unit such as `pc`.
    pub unit: String,
    /// When the ERP stated it, UTC ms.
    pub as_of: f64,
    /// How far the figures can be trusted.
    pub certainty: Certainty,
}

/// An order that needs an item.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ItemOrderView {
    /// The order.
    pub order: OrderRowView,
    /// Planned quantity as decimal text; `None` where it is not planned.
    pub planned: Option<String>,
    /// Quantity used as decimal text.
    pub used: String,
}

/// A price.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PriceView {
    /// Amount as decimal text.
    pub amount: String,
    /// Currency code.
    pub currency: String,
    /// Quantity it is for, as decimal text.
    pub per: String,
    /// Unit of that quantity.
    pub unit: String,
    /// Since when the ERP states it, UTC ms.
    pub as_of: f64,
}
