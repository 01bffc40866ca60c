//! Attachments on the wire: what is offered, what is held, and where the bytes of a chunk go.
//!
//! A content is named by its BLAKE3, so there is one rule of trust: bytes become a file under a
//! name only when all of them together have that name. Until then they are a *partial*, kept per
//! device, so that wrong bytes of one device cost nobody else anything; a partial that turns out
//! wrong is thrown away whole and begun again. What the receiver says it holds is the only truth
//! about where to go on: a lost answer costs nothing, and a cut costs what had not arrived.
//!
//! `POST /v1/attachments` takes an [`Offer`] and answers with what is held of all of it;
//! `PUT /v1/attachments/{content}` takes bytes at an offset (`Content-Range`) and answers with
//! [`ChunkTaken`]; `GET` gives bytes from an offset (`Range`).

mod range;
mod transfer;

use std::collections::BTreeMap;

use fettle_domain::ContentHash;
use fettle_domain::attachment::ATTACHMENT_MAX_BYTES;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::limits::OFFER_CONTENTS_MAX;

pub use range::{BadRange, Chunk, Wanted};
pub use transfer::{Pace, Progress, Transfer};

/// Path of the offer.
pub const ATTACHMENTS_PATH: &str = "/v1/attachments";
/// Path of one content.
pub const ATTACHMENT_PATH: &str = "/v1/attachments/{content}";
/// Media type of offers and answers: one frame.
pub const ATTACHMENT_MEDIA_TYPE: &str = "application/vnd.fettle.attachment";
/// Media type of the bytes of a chunk.
pub const CHUNK_MEDIA_TYPE: &str = "application/octet-stream";

/// The path of one content.
#[must_use]
pub fn path_of(content: ContentHash) -> String {
    format!("{ATTACHMENTS_PATH}/{content}")
}

/// What a desk would send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The contents, in the order in which they would be sent.
    pub contents: Vec<ContentHash>,
}

/// Why an offer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("offers more than {OFFER_CONTENTS_MAX} contents")]
pub struct BadOffer;

impl Offer {
    /// Checks what arrived.
    ///
    /// # Errors
    /// [`BadOffer`] when it is longer than an offer may be.
    pub fn check(&self) -> Result<(), BadOffer> {
        if self.contents.len() > OFFER_CONTENTS_MAX {
            return Err(BadOffer);
        }
        Ok(())
    }
}

/// What the hub holds of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have {
    /// Whole: nothing needs to be sent.
    #[serde(rename = "w")]
    pub whole: Bitmap,
    /// Named by a document the hub holds; anything else is not taken yet.
    #[serde(rename = "n")]
    pub named: Bitmap,
    /// Bytes received of those begun, by their place in the offer.
    #[serde(rename = "r", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub received: BTreeMap<u32, u64>,
}

impl Have {
    /// Of an offer of so many contents nothing.
    #[must_use]
    pub fn nothing(contents: usize) -> Self {
        Self {
            whole: Bitmap::new(contents),
            named: Bitmap::new(contents),
            received: BTreeMap::new(),
        }
    }

    /// How the content at a place of the offer stands.
    #[must_use]
    pub fn at(&self, place: usize) -> Held {
        let received = u32::try_from(place)
            .ok()
            .and_then(|place| self.received.get(&place));
        if self.whole.get(place) {
            Held::Whole
        } else if self.named.get(place) {
            Held::Part(received.copied().unwrap_or(0))
        } else {
            Held::NotNamed
        }
    }
}

/// How one content stands at the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of it, verified.
    Whole,
    /// So many bytes of it.
    Part(u64),
    /// No document there names it yet, so it is not taken.
    NotNamed,
}

/// One bit for each content of an offer, the first in the lowest bit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bitmap(ByteBuf);

impl Bitmap {
    /// No bit set.
    #[must_use]
    pub fn new(bits: usize) -> Self {
        Self(ByteBuf::from(vec![0; bits.div_ceil(8)]))
    }

    /// Sets a bit; beyond the end nothing happens.
    pub fn set(&mut self, bit: usize) {
        if let Some(byte) = self.0.get_mut(bit / 8) {
            *byte |= 1 << (bit % 8);
        }
    }

    /// True when the bit is set; beyond the end none is.
    #[must_use]
    pub fn get(&self, bit: usize) -> bool {
        self.0
            .get(bit / 8)
            .is_some_and(|byte| byte & (1 << (bit % 8)) != 0)
    }
}

/// What the hub holds of a content after a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkTaken {
    /// Bytes from the beginning.
    #[serde(rename = "r")]
    pub received: u64,
    /// True when it is all there, verified and durable.
    #[serde(rename = "w")]
    pub is_whole: bool,
}

/// Why the bytes of a chunk have no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadChunk {
    /// There would be a hole before it; the receiver says where to go on.
    #[error("begins beyond what is held")]
    Gap,
    /// It goes beyond the size said, or that is larger than any attachment.
    #[error("goes beyond the size of the content")]
    Beyond,
}

/// The receiving side of one content: how many bytes from the beginning are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intake {
    size: u64,
    received: u64,
}

/// Where arriving bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// How many of them are held already and left out.
    pub skip: usize,
    /// Where the rest begins.
    pub at: u64,
}

impl Intake {
    /// A content of `size` bytes of which `received` are held.
    ///
    /// # Errors
    /// [`BadChunk::Beyond`] when it is empty, larger than an attachment may be, or less than what
    /// is held.
    pub fn new(size: u64, received: u64) -> Result<Self, BadChunk> {
        if size == 0 || size > ATTACHMENT_MAX_BYTES || received > size {
            return Err(BadChunk::Beyond);
        }
        Ok(Self { size, received })
    }

    /// Bytes held from the beginning.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// True when every byte is here, right or wrong.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.received == self.size
    }

    /// Takes `length` bytes that begin at `offset`.
    ///
    /// # Errors
    /// [`BadChunk`]; nothing of them is taken then.
    pub fn take(&mut self, offset: u64, length: usize) -> Result<Placed, BadChunk> {
        if offset > self.received {
            return Err(BadChunk::Gap);
        }
        let end = offset
            .checked_add(length as u64)
            .filter(|end| *end <= self.size)
            .ok_or(BadChunk::Beyond)?;
        let at = self.received;
        let skip = usize::try_from(at - offset).map_or(length, |held| held.min(length));
        self.received = at.max(end);
        Ok(Placed { skip, at })
    }
}
