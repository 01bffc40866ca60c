//! Part lines and parts taken.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::ChangeView;
use super::order::TakenBackView;

/// A planned part line or a part taken without one.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PartView {
    /// Part line id, or the entry id for a part taken without a line.
    pub id: String,
    /// Item id.
    pub item_id: String,
    /// Item number.
    pub item: String,
    /// Item description; empty while the master is not yet on this laptop.
    pub description: String,
    /// Planned quantity as decimal text; `None` without a line.
    pub planned: Option<String>,
    /// Quantity taken as decimal text.
    pub taken: String,
    /// Unit such as `EA`.
    pub unit: String,
    /// Bins with a balance in the own plant.
    pub bins: Vec<BinView>,
    /// Time of the stock figures, UTC ms; `None` when never checked.
    pub as_of: Option<f64>,
    /// True when the figures are older than the charter's limit.
    pub is_stale: bool,
    /// Parts taken from this line, newest first.
    pub used: Vec<PartUsedView>,
}

/// Stock of one bin.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BinView {
    /// Storeroom and bin, such as `C-14`.
    pub bin: String,
    /// On hand as decimal text.
    pub on_hand: String,
}

/// One part taken.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PartUsedView {
    /// Entry id.
    pub id: String,
    /// Quantity as decimal text.
    pub quantity: String,
    /// Bin it came from.
    pub bin: String,
    /// Who took it.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// True when the person at work may take it back.
    pub may_take_back: bool,
    /// The entry that took it back.
    pub taken_back: Option<TakenBackView>,
    /// Where the change is.
    pub change: ChangeView,
}

/// Take a part.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct TakePartInput {
    /// Work order id.
    pub order_id: String,
    /// Part line, when the part is planned.
    pub part_line_id: Option<String>,
    /// Item id.
    pub item_id: String,
    /// Bin it came from.
    pub bin: String,
    /// Quantity as typed.
    pub quantity: String,
}
