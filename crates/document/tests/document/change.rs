//! Bytes from outside never panic and never pass when they are not what they say.

use std::panic::catch_unwind;

use automerge::transaction::Transactable;
use automerge::{Automerge, ROOT, ReadDoc};
use fettle_document::{
    BadChange, BadDocument, DocumentFault, VerifiedChange, WorkOrderDocument, hydrate,
};
use proptest::prelude::*;

use crate::build::{ANA, authors, labour, measured, note, write};

#[test]
fn no_one_bit_flip_of_a_change_passes() {
    let mut document = WorkOrderDocument::new();
    let edits = [
        note(1, "oil on the floor"),
        labour(2, ANA, true),
        measured(3, "0,4"),
    ];
    let bytes = write(&mut document, ANA, &edits).bytes;
    assert!(VerifiedChange::check(&bytes).is_ok());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(VerifiedChange::check(&flipped).is_err(), "bit {bit}");
        assert!(WorkOrderDocument::load(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn a_run_of_endless_operations_is_refused_unexpanded() {
    // No dependency, an author, number 1, first operation 1, time 0, no message, no other author,
    // and one column: the actions, 2^62 times the same.
    let mut body = vec![0, 16];
    body.extend([ANA; 16]);
    body.extend([1, 1, 0, 0, 0, 1, 66, 10]);
    body.extend([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xc0, 0x00]);
    body.push(1);
    let column_length = 11;
    let at = 2 + 16 + 7;
    body[at] = column_length;
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    bytes.push(u8::try_from(body.len()).unwrap());
    bytes.extend(body);
    assert_eq!(
        VerifiedChange::check(&bytes),
        Err(BadChange::TooManyOperations)
    );
}

#[test]
fn a_document_of_endless_changes_is_refused_unexpanded() {
    // Neither authors nor heads, no column of operations, and one of changes: their authors, 2^62
    // times the same.
    let mut body = vec![0, 0, 1, 1, 11, 0];
    body.extend([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xc0, 0x00]);
    body.push(0);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 0];
    bytes.push(u8::try_from(body.len()).unwrap());
    bytes.extend(body);
    assert_eq!(
        WorkOrderDocument::load(&bytes).err(),
        Some(BadDocument::TooManyOperations)
    );
}

#[test]
fn changes_that_leave_a_document_nobody_loads_are_refused() {
    // Each is within bounds, and together they take little more than one: the same long name again.
    let name = "n".repeat(60_000);
    let mut source = Automerge::load(WorkOrderDocument::new().save()).unwrap();
    source.set_actor(automerge::ActorId::from([ANA; 16]));
    let mut changes = Vec::new();
    for _ in 0..9 {
        let mut transaction = source.transaction();
        for number in 0..65 {
            transaction.put(ROOT, &name, number).unwrap();
        }
        let (hash, _) = transaction.commit();
        let change = source.get_change_by_hash(&hash.unwrap()).unwrap();
        changes.push(VerifiedChange::check(change.raw_bytes()).unwrap());
    }
    let mut document = WorkOrderDocument::new();
    document.apply(&changes[..8]).unwrap();
    assert!(WorkOrderDocument::load(document.save()).is_ok());
    let Err(DocumentFault::Refused(refusal)) = document.apply(&changes[8..]) else {
        panic!("not refused");
    };
    assert_eq!(refusal.code, "document.too_large");
}

#[test]
fn a_flipped_change_with_a_right_checksum_never_panics() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[note(1, "oil"), labour(2, ANA, false)]);
    let before = document.clone();
    let bytes = write(
        &mut document,
        ANA,
        &[labour(2, ANA, true), measured(3, "4")],
    )
    .bytes;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let parsed = catch_unwind(|| automerge::Change::from_bytes(flipped.clone()));
        let Ok(Ok(change)) = parsed else {
            continue;
        };
        flipped[4..8].copy_from_slice(&change.hash().0[..4]);
        if let Ok(change) = VerifiedChange::check(&flipped) {
            let mut copy = before.clone();
            if copy.apply(&[change]).is_ok() {
                drop(hydrate(&copy, &authors()));
                assert!(WorkOrderDocument::load(copy.save()).is_ok(), "bit {bit}");
            }
        }
    }
}

#[test]
fn too_large_is_refused_before_parsing() {
    let bytes = vec![0; 512 * 1024 + 1];
    assert_eq!(
        VerifiedChange::check(&bytes),
        Err(BadChange::TooLarge(bytes.len()))
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(VerifiedChange::check(&bytes).is_err());
        prop_assert!(WorkOrderDocument::load(&bytes).is_err());
        let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
        chunk.extend(&bytes);
        prop_assert!(VerifiedChange::check(&chunk).is_err());
    }
}
