//! Chains: nothing can be left out, exchanged or added.

use ed25519_dalek::SigningKey;
use fettle_domain::ActorId;
use fettle_sync::chain::{ItemKind, PersonKey, Position};
use uuid::Uuid;

fn chain(hashes: &[u8]) -> Position {
    hashes
        .iter()
        .fold(Position::start(ActorId([1; 16])), |position, hash| {
            position.extend(ItemKind::Change, Uuid::from_u128(5), &[*hash; 32])
        })
}

#[test]
fn a_signature_vouches_for_every_item_before_it() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PersonKey(key.verifying_key().to_bytes());
    let signature = chain(&[1, 2, 3]).sign(&key);
    assert!(chain(&[1, 2, 3]).is_signed_by(public, &signature));
    for other in [&[1, 3, 2][..], &[1, 3], &[1, 2, 3, 4], &[9, 2, 3]] {
        assert!(!chain(other).is_signed_by(public, &signature), "{other:?}");
    }
}

#[test]
fn a_kind_or_document_cannot_be_exchanged() {
    let start = Position::start(ActorId([1; 16]));
    let one = start.extend(ItemKind::Change, Uuid::from_u128(5), &[1; 32]);
    assert_ne!(
        one,
        start.extend(ItemKind::Record, Uuid::from_u128(5), &[1; 32])
    );
    assert_ne!(
        one,
        start.extend(ItemKind::Change, Uuid::from_u128(6), &[1; 32])
    );
    assert_ne!(start, Position::start(ActorId([2; 16])));
}

#[test]
fn a_key_that_is_no_point_signs_nothing() {
    let signature = chain(&[1]).sign(&SigningKey::from_bytes(&[7; 32]));
    assert!(!chain(&[1]).is_signed_by(PersonKey([0xff; 32]), &signature));
}
