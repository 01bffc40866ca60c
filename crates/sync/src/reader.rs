//! Who reads: an exchange may name the person unlocked on the device, and is then served the feeds
//! that person alone may see.
//!
//! A session has one challenge, which both sides derive from its token, so it costs no byte and
//! dies with the session. The person's key signs it once for each session; the hub remembers that
//! it did. Afterwards the exchange names the actor and nothing else.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use fettle_domain::feed::Feed;
use fettle_domain::{ActorId, DeviceId, Refusal};
use serde::{Deserialize, Serialize};

use crate::chain::PersonKey;
use crate::exchange::{Cursor, FeedNumber};
use crate::request::HexKey;

/// What a reader signs once for a session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Challenge(pub [u8; 32]);

impl Challenge {
    /// The challenge of the session a token opens. The token cannot be told from it.
    #[must_use]
    pub fn of_session(token: &HexKey) -> Self {
        Self(blake3::derive_key(
            "fettle 2026 challenge of a session",
            &token.0,
        ))
    }

    /// What is signed. The words in front keep it apart from everything else a person's key
    /// signs, above all from the 32 bytes of a chain's link.
    fn message(&self, device: DeviceId, actor: ActorId) -> Vec<u8> {
        [
            b"fettle 2026 reader of a session\0".as_slice(),
            &self.0,
            device.0.as_bytes(),
            &actor.0,
        ]
        .concat()
    }

    /// Signs it as a reader on a device.
    #[must_use]
    pub fn sign(&self, device: DeviceId, actor: ActorId, key: &SigningKey) -> ReaderProof {
        ReaderProof(key.sign(&self.message(device, actor)).to_bytes())
    }

    /// True when `proof` is the key's for this session, device and actor.
    #[must_use]
    pub fn is_signed_by(
        &self,
        device: DeviceId,
        actor: ActorId,
        key: PersonKey,
        proof: &ReaderProof,
    ) -> bool {
        let message = self.message(device, actor);
        VerifyingKey::from_bytes(&key.0).is_ok_and(|key| {
            key.verify_strict(&message, &Signature::from_bytes(&proof.0))
                .is_ok()
        })
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenge(…)")
    }
}

/// A signature over a session's challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderProof(#[serde(with = "serde_bytes")] pub [u8; 64]);

/// Who is unlocked on the device and reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Actor of the person's key on this device.
    #[serde(rename = "a")]
    pub actor: ActorId,
    /// The signature, until the hub has answered to it under this session.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<ReaderProof>,
    /// How far the person's file has come, in every restricted feed it knows the number of.
    #[serde(rename = "c")]
    pub cursors: BTreeMap<FeedNumber, Cursor>,
}

/// What the hub says to a reader; nothing when it is served and follows the feeds it named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderAnswer {
    /// The hub does not know of a proof under this session: sign and ask again.
    ProofWanted,
    /// Not served, and why; the file stays as it is.
    Refused(Refusal),
    /// The restricted feeds the reader may read, all of them. What came by any other is dropped.
    Feeds(BTreeMap<FeedNumber, Feed>),
}
