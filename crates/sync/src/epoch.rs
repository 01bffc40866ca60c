//! A new epoch of a device: asked for when its files may have been restored or copied, so that two
//! copies never write under one actor.
//!
//! The session says which device asks; a signature by the person's key over the session's challenge
//! says that it is the person's wish and not that of whoever holds the token.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use fettle_domain::device::Device;
use fettle_domain::{ActorId, DeviceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::chain::PersonKey;
use crate::reader::Challenge;

/// Path of the request.
pub const DEVICE_EPOCH_PATH: &str = "/v1/device/epoch";

/// Asks for the next epoch of the device and an actor of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochRequest {
    /// The actor the person wrote under so far.
    pub actor: ActorId,
    /// Epoch of the device as it knows it itself.
    pub epoch: u32,
    /// Signature of the person's key.
    pub proof: EpochProof,
}

/// Answer to [`EpochRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochAnswer {
    /// The device with its new epoch and its new code for local references.
    pub device: Device,
    /// The person's actor in it, under which nothing was written yet.
    pub actor: ActorId,
    /// Clock of the hub.
    pub hub_time: Timestamp,
}

/// A signature over what is asked, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EpochProof(pub [u8; 64]);

impl std::fmt::Debug for EpochProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EpochProof(…)")
    }
}

/// A text that is not 64 bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 bytes in hexadecimal")]
pub struct BadProof;

impl TryFrom<String> for EpochProof {
    type Error = BadProof;

    fn try_from(text: String) -> Result<Self, BadProof> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map_err(|_| BadProof)?;
        bytes.try_into().map(Self).map_err(|_| BadProof)
    }
}

impl From<EpochProof> for String {
    fn from(proof: EpochProof) -> Self {
        data_encoding::HEXLOWER.encode(&proof.0)
    }
}

impl EpochRequest {
    /// Signs the wish of a person on a device under a session.
    #[must_use]
    pub fn signed(
        challenge: &Challenge,
        device: DeviceId,
        actor: ActorId,
        epoch: u32,
        key: &SigningKey,
    ) -> Self {
        let message = message(challenge, device, actor, epoch);
        Self {
            actor,
            epoch,
            proof: EpochProof(key.sign(&message).to_bytes()),
        }
    }

    /// True when the key signed this wish for this session and device.
    #[must_use]
    pub fn is_signed_by(&self, challenge: &Challenge, device: DeviceId, key: PersonKey) -> bool {
        let message = message(challenge, device, self.actor, self.epoch);
        VerifyingKey::from_bytes(&key.0).is_ok_and(|key| {
            key.verify_strict(&message, &Signature::from_bytes(&self.proof.0))
                .is_ok()
        })
    }
}

/// The words in front keep it apart from everything else a person's key signs.
fn message(challenge: &Challenge, device: DeviceId, actor: ActorId, epoch: u32) -> Vec<u8> {
    [
        b"fettle 2026 epoch of a device\0".as_slice(),
        &challenge.0,
        device.0.as_bytes(),
        &actor.0,
        &epoch.to_be_bytes(),
    ]
    .concat()
}
