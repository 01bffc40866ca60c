//! What a search finds.

use serde::Serialize;
use specta::Type;

use super::my_work::OrderRowView;

/// Search answer over own orders and assets.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SearchView {
    /// The query answered, so that a late answer is thrown away.
    pub query: String,
    /// Orders found.
    pub orders: Vec<OrderRowView>,
    /// Assets found.
    pub assets: Vec<AssetRowView>,
    /// Areas this laptop holds, for the empty answer.
    pub holds: String,
}

/// One asset of a search answer.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AssetRowView {
    /// Asset id.
    pub id: String,
    /// Tag.
    pub tag: String,
    /// Name or model.
    pub name: String,
    /// Location name.
    pub location: String,
    /// Open orders on this laptop.
    pub open_orders: u32,
}
