//! Photos and files of an order.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::ChangeView;

/// Where the file of a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFile {
    /// On this laptop.
    Here,
    /// Not yet on this laptop; asked for when connected.
    Asked,
    /// Not yet on this laptop.
    NotHere,
}

/// One photo or file.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PhotoView {
    /// Entry id.
    pub id: String,
    /// Caption; may be empty.
    pub caption: String,
    /// Who added it.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// Media type such as `image/jpeg`.
    pub kind: String,
    /// True when it can be looked at as a picture.
    pub is_picture: bool,
    /// Size in bytes.
    pub size_bytes: f64,
    /// Name of the content.
    pub content: String,
    /// Name of the thumbnail, when that is on this laptop.
    pub thumbnail: Option<String>,
    /// Where the file is.
    pub file: PhotoFile,
    /// Where the change is; *Sent* once the hub has the whole file.
    pub change: ChangeView,
    /// True when the person may take it back.
    pub can_take_back: bool,
}

/// A file somebody chose, not attached yet.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DraftView {
    /// Name of the content.
    pub content: String,
    /// Name of the thumbnail, when there is one.
    pub thumbnail: Option<String>,
    /// Media type such as `image/jpeg`.
    pub kind: String,
    /// Size in bytes.
    pub size_bytes: f64,
}

/// Photos and files of this laptop that wait to be sent, after everything else.
#[derive(Debug, Clone, Serialize, Type)]
pub struct UnsentPhotosView {
    /// How many.
    pub count: u32,
    /// Their size in bytes.
    pub size_bytes: f64,
}

/// Attach a file that was chosen.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct AddPhotoInput {
    /// Work order id.
    pub order_id: String,
    /// Name of the content as the draft has it.
    pub content: String,
    /// Caption as typed; may be empty.
    pub caption: String,
}

/// One photo of an order.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct PhotoInput {
    /// Work order id.
    pub order_id: String,
    /// Entry id.
    pub photo_id: String,
}
