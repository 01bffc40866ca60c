//! Authorship: every item an actor commits extends its chain, and the last link is signed.
//!
//! Link n is BLAKE3(link n−1, kind, id, hash). A signature over one link vouches for every item
//! before it, so a push carries 64 bytes per actor and not per edit, can be cut after any commit
//! and carried by any device.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use fettle_domain::ActorId;
use serde::{Deserialize, Serialize};

/// One link of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link(#[serde(with = "serde_bytes")] pub [u8; 32]);

/// A signature over a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSignature(#[serde(with = "serde_bytes")] pub [u8; 64]);

/// The public half of a person's key on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonKey(#[serde(with = "serde_bytes")] pub [u8; 32]);

/// Kind of a linked item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A change of a document; the id is the document's, the hash Automerge's.
    Change,
    /// An intent; the hash is BLAKE3 of its CBOR.
    Intent,
    /// A record; the hash is BLAKE3 of its CBOR.
    Record,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Change, Self::Intent, Self::Record];

    /// The kind as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Intent => "intent",
            Self::Record => "record",
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Change => 1,
            Self::Intent => 2,
            Self::Record => 3,
        }
    }
}

/// A position in an actor's chain: how many items it holds and the last link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Items linked so far.
    pub count: u64,
    /// Last link.
    pub link: Link,
}

impl Position {
    /// The beginning of an actor's chain.
    #[must_use]
    pub fn start(actor: ActorId) -> Self {
        Self {
            count: 0,
            link: Link(blake3::derive_key(
                "fettle 2026 chain of an actor",
                &actor.0,
            )),
        }
    }

    /// The position after one more item.
    #[must_use]
    pub fn extend(self, kind: ItemKind, id: uuid::Uuid, hash: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.link.0);
        hasher.update(&[kind.byte()]);
        hasher.update(id.as_bytes());
        hasher.update(hash);
        Self {
            count: self.count + 1,
            link: Link(*hasher.finalize().as_bytes()),
        }
    }

    /// Signs this position with the person's key.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> LinkSignature {
        LinkSignature(key.sign(&self.link.0).to_bytes())
    }

    /// True when `signature` is the key's over this position.
    #[must_use]
    pub fn is_signed_by(&self, key: PersonKey, signature: &LinkSignature) -> bool {
        VerifyingKey::from_bytes(&key.0).is_ok_and(|key| {
            key.verify(&self.link.0, &Signature::from_bytes(&signature.0))
                .is_ok()
        })
    }
}
