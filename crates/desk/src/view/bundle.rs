//! Files of unsent work: saved here, carried for others, and what a damaged file gave up.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::problem::ProblemView;

/// Saves the unsent work as a file.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SaveUnsentInput {
    /// Folder to save to, such as a memory stick's; the desk's own when empty.
    pub folder: Option<String>,
}

/// What was saved where.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SavedFileView {
    /// The files, one as a rule.
    pub files: Vec<String>,
    /// Changes in them.
    pub changes: u32,
}

/// A file from another laptop.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct CarryInput {
    /// Its name.
    pub name: String,
    /// Its bytes in base64.
    pub base64: String,
}

/// Where a carried file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CarriedState {
    /// On this laptop.
    Saved,
    /// At the hub.
    Sent,
    /// The hub takes nothing of it, or not everything; `CarriedView::reason` says why.
    Attention,
}

/// A file this laptop carries or has carried.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CarriedView {
    /// Name it came under.
    pub name: String,
    /// Since when it is here, UTC ms.
    pub at: f64,
    /// Where it is.
    pub state: CarriedState,
    /// Changes in it, once the hub has said so.
    pub items: u32,
    /// Changes the hub keeps aside for an administrator.
    pub set_aside: u32,
    /// Changes its laptop could not read any more.
    pub lost: u32,
    /// Why it needs attention.
    pub reason: Option<ProblemView>,
}

/// What became of a damaged work file.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RescuedView {
    /// When, UTC ms.
    pub at: f64,
    /// Changes that go on to the hub.
    pub kept: u32,
    /// Changes that could not be read.
    pub lost: u32,
    /// These changes, as far as their words could be read elsewhere.
    pub lines: Vec<LostView>,
    /// Where the damaged file lies.
    pub folder: String,
    /// True when nothing at all could be read.
    pub is_unreadable: bool,
}

/// A change that was lost.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LostView {
    /// Order it was about.
    pub order_number: String,
    /// Its words.
    pub text: String,
}

/// The disk has too little room.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DiskView {
    /// Free space in MB.
    pub free_mb: u32,
    /// Space to be freed in MB.
    pub needed_mb: u32,
    /// True while the next save still has room for certain.
    pub has_reserve: bool,
}
