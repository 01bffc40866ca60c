//! Who reads: the proof is worth something for its session, device and person alone.

use ed25519_dalek::{Signer, SigningKey};
use fettle_domain::{ActorId, DeviceId};
use fettle_sync::chain::{LinkSignature, PersonKey, Position};
use fettle_sync::reader::{Challenge, ReaderProof};
use fettle_sync::request::HexKey;
use uuid::Uuid;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn public(key: &SigningKey) -> PersonKey {
    PersonKey(key.verifying_key().to_bytes())
}

fn session(byte: u8) -> Challenge {
    Challenge::of_session(&HexKey([byte; 32]))
}

const ACTOR: ActorId = ActorId([1; 16]);
const DEVICE: DeviceId = DeviceId(Uuid::from_u128(5));

#[test]
fn a_proof_counts_for_its_session_device_actor_and_key() {
    let proof = session(1).sign(DEVICE, ACTOR, &key());
    let other_device = DeviceId(Uuid::from_u128(6));
    let other_key = SigningKey::from_bytes(&[8; 32]);
    let cases = [
        (session(1), DEVICE, ACTOR, public(&key()), true),
        (session(2), DEVICE, ACTOR, public(&key()), false),
        (session(1), other_device, ACTOR, public(&key()), false),
        (session(1), DEVICE, ActorId([2; 16]), public(&key()), false),
        (session(1), DEVICE, ACTOR, public(&other_key), false),
        (session(1), DEVICE, ACTOR, PersonKey([0; 32]), false),
    ];
    for (challenge, device, actor, key, counts) in cases {
        assert_eq!(challenge.is_signed_by(device, actor, key, &proof), counts);
    }
}

#[test]
fn any_flipped_bit_voids_a_proof() {
    let proof = session(1).sign(DEVICE, ACTOR, &key());
    for at in 0..proof.0.len() {
        let mut bytes = proof.0;
        bytes[at] ^= 1;
        let flipped = ReaderProof(bytes);
        assert!(!session(1).is_signed_by(DEVICE, ACTOR, public(&key()), &flipped));
    }
}

#[test]
fn a_signed_link_is_no_proof_and_a_proof_signs_no_link() {
    let position = Position::start(ACTOR);
    let link = position.sign(&key());
    let as_proof = ReaderProof(link.0);
    assert!(!session(1).is_signed_by(DEVICE, ACTOR, public(&key()), &as_proof));
    let proof = session(1).sign(DEVICE, ACTOR, &key());
    assert!(!position.is_signed_by(public(&key()), &LinkSignature(proof.0)));
    // Whoever gets the key to sign the bare challenge has no proof either.
    let bare = ReaderProof(key().sign(&session(1).0).to_bytes());
    assert!(!session(1).is_signed_by(DEVICE, ACTOR, public(&key()), &bare));
}

#[test]
fn a_challenge_is_never_printed() {
    assert_eq!(format!("{:?}", session(1)), "Challenge(…)");
}
