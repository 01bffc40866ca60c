//! The page of an asset.

use serde::Serialize;
use specta::Type;

use super::my_work::OrderRowView;

/// An asset as far as this laptop knows it; `None` is what no system has said.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AssetView {
    /// Asset id.
    pub id: String,
    /// Tag on the machine, such as `P-204A`.
    pub tag: String,
    /// Name.
    pub name: String,
    /// Code and name of the location.
    pub location: Option<String>,
    /// `A`, `B` or `C`.
    pub criticality: String,
    /// Operating state; a Fluent message `asset-status-<status>` names it.
    pub status: Option<String>,
    /// Tag and name of the asset it is part of.
    pub part_of: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Its orders on this laptop: open ones first, then the latest finished.
    pub orders: Vec<OrderRowView>,
}
