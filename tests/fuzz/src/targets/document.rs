//! Changes and whole documents.

use fettle_document::{
    Authors, Edit, VerifiedChange, WorkOrderDocument, check_rights, hydrate, saved_heads,
};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::work_order::Note;
use fettle_domain::{ActorId, DeviceTime, EntryId, PersonId, Timestamp};

use super::wrap::{Chunk, chunk};

/// A change: what passes the check is taken by a document or leaves it as it was.
pub(super) fn change(bytes: &[u8]) {
    take_change(bytes);
    take_change(&chunk(Chunk::Change, bytes));
}

fn take_change(bytes: &[u8]) {
    let Ok(change) = VerifiedChange::check(bytes) else {
        return;
    };
    assert_eq!(change.bytes(), bytes, "a change keeps its bytes");
    let mut document = WorkOrderDocument::new();
    let before = document.save().to_vec();
    let author = ActorRow {
        actor: change.actor(),
        person: Some(PersonId(Default::default())),
        device: None,
        roles: vec![Role::Technician, Role::Planner],
        valid_from: Timestamp::from_ms(0),
        earlier: Vec::new(),
        device_name: None,
    };
    let authors = Authors::from_iter([author.clone()]);
    let _ = check_rights(&document, &change, &author, &authors);
    match document.apply(std::slice::from_ref(&change)) {
        Ok(applied) => {
            assert_eq!(applied.newly.is_empty(), !applied.missing.is_empty());
            let _ = hydrate(&document, &authors);
            stays_as_saved(&document);
        }
        Err(_) => assert_eq!(document.save(), before, "a document is as it was"),
    }
}

/// A whole document, as a base or a stored one.
pub(super) fn document(bytes: &[u8]) {
    take_document(bytes);
    take_document(&chunk(Chunk::Document, bytes));
}

fn take_document(bytes: &[u8]) {
    let heads = saved_heads(bytes);
    let Ok((mut document, changes)) = WorkOrderDocument::from_outside(bytes) else {
        return;
    };
    assert_eq!(
        heads,
        Some(document.heads()),
        "heads are read without the rest"
    );
    assert!(changes.iter().all(|change| document.has(change.hash())));
    let _ = hydrate(&document, &Authors::default());
    stays_as_saved(&document);
    let note = Note {
        text: "runs".to_owned(),
        at: DeviceTime {
            at: Timestamp::from_ms(0),
            offset_ms: None,
            boot_id: 0,
            boot_ms: 0,
        },
        proposes: None,
        settles: None,
    };
    let edit = Edit::PutNote {
        id: EntryId(Default::default()),
        entry: note,
    };
    let _ = document.edit(ActorId([9; 16]), Timestamp::from_ms(0), &[edit]);
    stays_as_saved(&document);
}

fn stays_as_saved(document: &WorkOrderDocument) {
    let loaded = WorkOrderDocument::load(document.save()).expect("what is saved is loaded");
    assert_eq!(loaded.heads(), document.heads());
}
