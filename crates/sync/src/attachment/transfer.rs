//! The sending side of one content, and how large its chunks are.

use super::{Chunk, ChunkTaken, Held};
use crate::limits::{CHUNK_BAD_LINK_BYTES, CHUNK_GOOD_LINK_BYTES};

/// How large chunks are on the link as it is: it begins carefully and follows what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    is_good: bool,
}

/// Slowest link that counts as good, in bytes per millisecond: a large chunk then takes four
/// seconds at most.
const GOOD_BYTES_PER_MS: u64 = 64;

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace {
    /// Nothing is known of the link.
    #[must_use]
    pub fn new() -> Self {
        Self { is_good: false }
    }

    /// Size of the next chunk in bytes.
    #[must_use]
    pub fn chunk_bytes(self) -> u64 {
        if self.is_good {
            CHUNK_GOOD_LINK_BYTES
        } else {
            CHUNK_BAD_LINK_BYTES
        }
    }

    /// A chunk went through in this time.
    pub fn went(&mut self, bytes: u64, took_ms: u64) {
        self.is_good = bytes / took_ms.max(1) >= GOOD_BYTES_PER_MS;
    }

    /// A chunk or its answer was lost.
    pub fn lost(&mut self) {
        self.is_good = false;
    }
}

/// How far a content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Send this next.
    Next(Chunk),
    /// The hub has all of it.
    Whole,
    /// The hub does not know a document that names it; asked again after the next exchange.
    NotNamed,
    /// The hub threw it away too often: what is sent is not what its name says.
    Spoilt,
}

/// The sending side of one content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    size: u64,
    held: Held,
    restarts: u8,
}

/// How often a chunk may bring nothing: the hub threw away what it had, or held less than it said.
const RESTARTS_MAX: u8 = 3;

impl Transfer {
    /// A content of `size` bytes as the hub says that it stands.
    #[must_use]
    pub fn new(size: u64, held: Held) -> Self {
        Self {
            size,
            held,
            restarts: 0,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn progress(&self, pace: Pace) -> Progress {
        match self.held {
            Held::Whole => Progress::Whole,
            Held::NotNamed => Progress::NotNamed,
            Held::Part(_) if self.restarts > RESTARTS_MAX => Progress::Spoilt,
            Held::Part(received) => {
                // A hub that ended before it looked at all it holds looks when the last byte comes.
                let offset = received.min(self.size.saturating_sub(1));
                let length = (self.size - offset).min(pace.chunk_bytes());
                Chunk::new(offset, length, self.size).map_or(Progress::Spoilt, Progress::Next)
            }
        }
    }

    /// Takes the hub's word after a chunk.
    pub fn taken(&mut self, taken: ChunkTaken) {
        if taken.is_whole {
            self.held = Held::Whole;
            return;
        }
        if let Held::Part(before) = self.held
            && taken.received <= before
        {
            self.restarts = self.restarts.saturating_add(1);
        }
        self.held = Held::Part(taken.received);
    }
}
