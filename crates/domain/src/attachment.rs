//! Attachments: photos and files, named by their content. What they may be, how large, and what is
//! taken out of them.

mod exif;
mod jpeg;
mod png;
mod strip;
mod webp;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Refusal;

pub use strip::{BadPicture, without_position};

/// Largest attachment: 25 MiB, twice the largest photo of the cameras in use.
pub const ATTACHMENT_MAX_BYTES: u64 = 25 << 20;
/// Largest thumbnail: 64 KiB, several times what [`THUMBNAIL_EDGE_PX`] needs.
pub const THUMBNAIL_MAX_BYTES: u64 = 64 << 10;
/// Longer edge of a thumbnail in pixels.
pub const THUMBNAIL_EDGE_PX: u32 = 320;
/// Most pixels of a picture: 64 million. A small file can claim any size.
pub const PICTURE_MAX_PIXELS: u64 = 64_000_000;

/// Name of a content: BLAKE3 of all its bytes. In text 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl ContentHash {
    /// The name of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

/// A text that names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct BadContentHash;

impl FromStr for ContentHash {
    type Err = BadContentHash;

    fn from_str(text: &str) -> Result<Self, BadContentHash> {
        let bytes = data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .map_err(|_| BadContentHash)?;
        bytes.try_into().map(Self).map_err(|_| BadContentHash)
    }
}

/// What an attachment is, told by its content and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// A photo.
    Jpeg,
    /// A picture or screenshot.
    Png,
    /// A picture.
    Webp,
    /// A document.
    Pdf,
}

impl MediaType {
    const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// What begins like this; `None` when it is nothing that may be attached.
    #[must_use]
    pub fn of_content(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if bytes.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The registered name, such as `image/jpeg`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// The media type of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True when it can be looked at as a picture.
    #[must_use]
    pub fn is_picture(self) -> bool {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => true,
            Self::Pdf => false,
        }
    }
}

/// Decides whether a content may be attached.
///
/// # Errors
/// `attachment.empty`, `attachment.too_large`, `attachment.kind`.
pub fn check_content(bytes: &[u8]) -> Result<MediaType, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::new("attachment.empty"));
    }
    check_size(bytes.len() as u64)?;
    MediaType::of_content(bytes).ok_or_else(|| Refusal::new("attachment.kind"))
}

/// Decides whether something of this many bytes may be attached.
///
/// # Errors
/// `attachment.too_large`.
pub fn check_size(bytes: u64) -> Result<(), Refusal> {
    if bytes <= ATTACHMENT_MAX_BYTES {
        return Ok(());
    }
    Err(Refusal::new("attachment.too_large").with("limit", ATTACHMENT_MAX_BYTES >> 20))
}
