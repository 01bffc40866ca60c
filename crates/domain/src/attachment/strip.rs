//! Takes out of a picture what says where it was taken, without touching the picture.
//!
//! Only what draws the picture is kept: names of segments that may stay are listed, everything
//! else goes, whatever it is called. The turn of the picture is written anew. Bytes after the
//! picture's end go, too: phones hide a film there, with a position of its own.

use super::{MediaType, jpeg, png, webp};

/// A picture that is not built as its format says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the picture is cut or damaged")]
pub struct BadPicture;

/// The same picture without a position. A PDF is left as it is.
///
/// # Errors
/// [`BadPicture`].
pub fn without_position(kind: MediaType, bytes: &[u8]) -> Result<Vec<u8>, BadPicture> {
    match kind {
        MediaType::Jpeg => jpeg::strip(bytes),
        MediaType::Png => png::strip(bytes),
        MediaType::Webp => webp::strip(bytes),
        MediaType::Pdf => Some(bytes.to_vec()),
    }
    .ok_or(BadPicture)
}
