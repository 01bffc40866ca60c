//! The tree of locations, assets and their parts, one level at a time.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where in the tree.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum TreePlaceInput {
    /// The topmost level.
    Top,
    /// Below a location.
    Location {
        /// Location id.
        id: String,
    },
    /// Below an asset.
    Asset {
        /// Asset id.
        id: String,
    },
}

/// What a node of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TreeNodeKind {
    /// A functional location.
    Location,
    /// An asset.
    Asset,
}

/// One level of the tree.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TreeLevelView {
    /// Locations, then assets, each in the order of their codes.
    pub nodes: Vec<TreeNodeView>,
    /// True when there are more than are listed; the search finds them.
    pub is_cut: bool,
}

/// A location or an asset.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TreeNodeView {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: TreeNodeKind,
    /// Code of a location, tag of an asset.
    pub code: String,
    /// Name.
    pub name: String,
    /// True when something is below it.
    pub has_below: bool,
}
