//! Attachments on their way in and out: what a file is, what is taken out of it, its thumbnail.

mod draft;
mod exif;
mod jpeg;
mod open;
mod png;
mod strip;
mod thumbnail;
mod webp;

pub(crate) use draft::{Drafts, bytes_of};
pub use draft::{Prepared, prepare};
pub use open::AttachmentFile;
pub use strip::{BadPicture, without_position};
