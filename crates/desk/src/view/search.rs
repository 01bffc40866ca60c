//! What a search finds, and pages of lists.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::item::ItemRowView;
use super::my_work::OrderRowView;

/// Search answer over orders, assets and items.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SearchView {
    /// The query answered, so that a late answer is thrown away.
    pub query: String,
    /// True when another query came meanwhile and this one was given up: nothing below counts.
    pub is_superseded: bool,
    /// The first orders found.
    pub orders: Vec<OrderRowView>,
    /// Orders found in all.
    pub orders_total: TotalView,
    /// The first assets found.
    pub assets: Vec<AssetRowView>,
    /// Assets found in all.
    pub assets_total: TotalView,
    /// The first items found.
    pub items: Vec<ItemRowView>,
    /// Items found in all.
    pub items_total: TotalView,
    /// What was looked for instead where nothing was found for the words typed.
    pub meant: Option<String>,
    /// Areas this laptop holds, for the empty answer.
    pub holds: String,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, Default, Serialize, Type)]
pub struct TotalView {
    /// Rows counted.
    pub count: u32,
    /// True when there are more than were counted.
    pub is_more: bool,
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

/// Which page of a list is wanted.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct PageInput {
    /// Words to look for; empty for the whole list.
    pub query: String,
    /// Key of the page as the one before it named it; `None` for the first.
    pub after: Option<String>,
}

/// A page of orders.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OrderPageView {
    /// Rows, open orders first, each kind newest first.
    pub rows: Vec<OrderRowView>,
    /// Key of the next page; `None` at the end.
    pub next: Option<String>,
    /// Rows of all pages.
    pub total: TotalView,
    /// What was looked for instead.
    pub meant: Option<String>,
    /// Areas this laptop holds.
    pub holds: String,
}

/// A page of items.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ItemPageView {
    /// Rows, what is stocked here first.
    pub rows: Vec<ItemRowView>,
    /// Key of the next page; `None` at the end.
    pub next: Option<String>,
    /// Rows of all pages.
    pub total: TotalView,
    /// What was looked for instead.
    pub meant: Option<String>,
    /// Areas this laptop holds.
    pub holds: String,
}
