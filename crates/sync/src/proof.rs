//! What the hub once accepted, in a form it can recognise again: after a hub is restored from an
//! older backup, a desk gives back what others wrote, and shows with it that the hub had it.
//!
//! Only the hub that made a proof ever checks it, so a proof is a keyed hash and costs 16 bytes a
//! slice, whatever the slice holds.

use fettle_domain::intent::Verdict;
use fettle_domain::row::Row;
use fettle_domain::{ActorId, ChangeHash, DeviceId, DocumentId, IntentId, PersonId};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::exchange::{ActorKey, FeedItem};
use crate::frame::{BadFrame, to_cbor};

/// One thing a slice carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepted {
    /// A change of a document, and with it everything in its past.
    Change(DocumentId, ChangeHash),
    /// Who stands behind an actor.
    Actor(ActorId, Option<PersonId>, Option<DeviceId>),
    /// A verdict on an intent, by BLAKE3 of its CBOR.
    Verdict(IntentId, ChangeHash),
}

impl Accepted {
    /// What an item of a slice shows that the hub had; the caller reads changes and documents.
    pub fn of_item(
        item: &FeedItem,
        change_hash: impl FnOnce(&[u8]) -> Option<ChangeHash>,
        heads: impl FnOnce(&[u8]) -> Vec<ChangeHash>,
    ) -> Vec<Self> {
        match item {
            FeedItem::Change(document, bytes) => {
                let hash = change_hash(bytes);
                hash.map(|hash| Self::Change(*document, hash))
                    .into_iter()
                    .collect()
            }
            FeedItem::Base(document, bytes) => {
                let heads = heads(bytes).into_iter();
                heads.map(|head| Self::Change(*document, head)).collect()
            }
            FeedItem::Row(_, row) => {
                if let Row::Actor(row) = &**row {
                    vec![Self::Actor(row.actor, row.person, row.device)]
                } else if let Row::Verdict(verdict) = &**row {
                    Self::verdict(verdict).into_iter().collect()
                } else {
                    Vec::new()
                }
            }
            // What this program does not know of, it gives back to nobody.
            FeedItem::Unread(..) | FeedItem::Enter(_) | FeedItem::Leave(_) => Vec::new(),
        }
    }

    /// What a verdict is known by.
    ///
    /// # Errors
    /// [`BadFrame::Content`] when it cannot be written as CBOR.
    pub fn verdict(verdict: &Verdict) -> Result<Self, BadFrame> {
        let hash = *blake3::hash(&to_cbor(verdict)?).as_bytes();
        Ok(Self::Verdict(verdict.intent, ChangeHash(hash)))
    }

    /// Fixed length, so that no two lists are hashed as the same bytes.
    fn bytes(&self) -> [u8; 51] {
        let mut bytes = [0; 51];
        let (kind, rest) = bytes.split_at_mut(1);
        match self {
            Self::Change(document, hash) => {
                kind[0] = 1;
                rest[..16].copy_from_slice(document.0.as_bytes());
                rest[16..48].copy_from_slice(&hash.0);
            }
            Self::Actor(actor, person, device) => {
                kind[0] = 2;
                rest[..16].copy_from_slice(&actor.0);
                if let Some(person) = person {
                    rest[16..32].copy_from_slice(person.0.as_bytes());
                    rest[48] = 1;
                }
                if let Some(device) = device {
                    rest[32..48].copy_from_slice(device.0.as_bytes());
                    rest[49] = 1;
                }
            }
            Self::Verdict(intent, hash) => {
                kind[0] = 3;
                rest[..16].copy_from_slice(intent.0.as_bytes());
                rest[16..48].copy_from_slice(&hash.0);
            }
        }
        bytes
    }
}

/// Shows that the hub sent a list of [`Accepted`] in one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceProof(#[serde(with = "serde_bytes")] pub [u8; 16]);

/// The hub's secret that proofs are made and recognised with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ProofKey(pub [u8; 32]);

impl std::fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProofKey(…)")
    }
}

impl ProofKey {
    /// The proof of a list.
    #[must_use]
    pub fn prove(&self, accepted: &[Accepted]) -> SliceProof {
        let mut proof = [0; 16];
        proof.copy_from_slice(&self.hash(accepted).as_bytes()[..16]);
        SliceProof(proof)
    }

    /// True when this hub made the proof for this very list.
    #[must_use]
    pub fn is_proven(&self, accepted: &[Accepted], proof: &SliceProof) -> bool {
        // Compared as hashes, which takes the same time wherever they differ.
        let widened = |bytes: [u8; 16]| {
            let mut wide = [0; 32];
            wide[..16].copy_from_slice(&bytes);
            blake3::Hash::from_bytes(wide)
        };
        widened(self.prove(accepted).0) == widened(proof.0)
    }

    fn hash(&self, accepted: &[Accepted]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"fettle 2026 proof of a slice\0");
        for one in accepted {
            hasher.update(&one.bytes());
        }
        hasher.finalize()
    }
}

/// What a desk gives back to a hub that lost it: the list of one slice with its proof, and those
/// things of the list, or of the past of its changes, that the hub does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Everything the slice carried.
    #[serde(rename = "a")]
    pub accepted: Vec<Accepted>,
    /// The hub's proof of it.
    #[serde(rename = "p")]
    pub proof: SliceProof,
    /// Changes, dependencies first.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(DocumentId, ByteBuf)>,
    /// Verdicts.
    #[serde(rename = "v", default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// Keys of actors, which rows do not carry; an actor's id follows from its key.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<(ActorId, ActorKey)>,
}
