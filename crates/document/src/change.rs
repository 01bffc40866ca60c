//! One change from outside: bounded, parsed and checked before any document sees it.
//!
//! Bytes from outside are hostile. Automerge's parser does not compare the checksum, loops over
//! run lengths it is given, and may panic; so the run lengths are bounded first, parsing happens
//! behind a panic border, and the hash is compared last.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::Op;
use fettle_domain::{ActorId, ChangeHash, Timestamp};

use crate::bound;
pub use crate::bound::{CHANGE_MAX_OPS, CHANGE_MAX_TEXT_BYTES};

/// Largest change accepted, in bytes: half of the largest document.
pub const CHANGE_MAX_BYTES: usize = 512 * 1024;

/// A change made here, as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its bytes, uncompressed.
    pub bytes: Vec<u8>,
    /// Hashes it depends on.
    pub dependencies: Vec<ChangeHash>,
    /// Its author.
    pub actor: ActorId,
    /// Its number among the author's changes of this document, from 1.
    pub seq: u64,
}

/// A change whose bytes are what their hash says and which parses within bounds.
///
/// What it says may still be against the rules: see [`crate::rights::check_rights`].
#[derive(Debug, Clone)]
pub struct VerifiedChange {
    // Invariant: parsed from `bytes`, whose prefix holds the right checksum.
    change: automerge::Change,
    operations: Vec<Op>,
    actor: ActorId,
}

impl VerifiedChange {
    /// Checks bytes from outside.
    ///
    /// # Errors
    /// [`BadChange`] that says what is wrong; it never panics, and works within bounds.
    pub fn check(bytes: &[u8]) -> Result<Self, BadChange> {
        if bytes.len() > CHANGE_MAX_BYTES {
            return Err(BadChange::TooLarge(bytes.len()));
        }
        bound::check_change(bytes)?;
        let parsed = catch_unwind(AssertUnwindSafe(|| {
            let change = automerge::Change::from_bytes(bytes.to_vec()).ok()?;
            let operations = change.decode().operations;
            Some((change, operations))
        }));
        let Ok(Some((change, operations))) = parsed else {
            return Err(BadChange::Malformed);
        };
        if bytes.get(4..8) != Some(&change.hash().0[..4]) || change.raw_bytes() != bytes {
            return Err(BadChange::Checksum);
        }
        let actor = actor_of(change.actor_id())?;
        for other in change.other_actor_ids() {
            actor_of(other)?;
        }
        if change.seq() == 0 || operations.is_empty() {
            return Err(BadChange::Malformed);
        }
        Ok(Self {
            change,
            operations,
            actor,
        })
    }

    /// Hash of the change.
    #[must_use]
    pub fn hash(&self) -> ChangeHash {
        ChangeHash(self.change.hash().0)
    }

    /// Author.
    #[must_use]
    pub fn actor(&self) -> ActorId {
        self.actor
    }

    /// Number among the author's changes of this document, from 1.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.change.seq()
    }

    /// Hashes it depends on.
    #[must_use]
    pub fn dependencies(&self) -> Vec<ChangeHash> {
        hashes(self.change.deps())
    }

    /// When it was made by the author's clock, in whole seconds.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        Timestamp::from_ms(self.change.timestamp().saturating_mul(1000))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.change.raw_bytes()
    }

    pub(crate) fn inner(&self) -> &automerge::Change {
        &self.change
    }

    pub(crate) fn operations(&self) -> &[Op] {
        &self.operations
    }
}

impl PartialEq for VerifiedChange {
    fn eq(&self, other: &Self) -> bool {
        self.change.hash() == other.change.hash()
    }
}

impl Eq for VerifiedChange {}

/// Why bytes are no change this program accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadChange {
    /// Larger than [`CHANGE_MAX_BYTES`].
    #[error("change of {0} bytes is too large")]
    TooLarge(usize),
    /// More operations or text than [`CHANGE_MAX_OPS`] and [`CHANGE_MAX_TEXT_BYTES`] allow.
    #[error("change holds too many operations")]
    TooManyOperations,
    /// Compressed, which no Fettle program writes.
    #[error("change is compressed or of another chunk type")]
    ChunkType,
    /// Not readable as a change.
    #[error("change is malformed")]
    Malformed,
    /// The bytes are not what their checksum says.
    #[error("change does not match its checksum")]
    Checksum,
    /// An author id is not of 16 bytes.
    #[error("change has an author id of the wrong length")]
    Actor,
}

pub(crate) fn actor_of(actor: &automerge::ActorId) -> Result<ActorId, BadChange> {
    <[u8; 16]>::try_from(actor.to_bytes())
        .map(ActorId)
        .map_err(|_| BadChange::Actor)
}

pub(crate) fn hashes(of: &[automerge::ChangeHash]) -> Vec<ChangeHash> {
    of.iter().map(|hash| ChangeHash(hash.0)).collect()
}

pub(crate) fn automerge_hashes(of: &[ChangeHash]) -> Vec<automerge::ChangeHash> {
    of.iter()
        .map(|hash| automerge::ChangeHash(hash.0))
        .collect()
}
