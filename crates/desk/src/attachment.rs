//! Attachments on their way in and out: what is kept of a chosen file, its thumbnail, who may look.

mod draft;
mod open;
mod thumbnail;

pub(crate) use draft::{Drafts, bytes_of};
pub use draft::{Prepared, prepare};
pub use open::AttachmentFile;
