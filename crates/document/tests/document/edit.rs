//! Edits make minimal changes, or none.

use fettle_document::{DocumentFault, Edit, WorkOrderDocument, hydrate};
use fettle_domain::Timestamp;
use fettle_domain::work_order::Priority;

use crate::build::{
    ANA, PIA, actor, at, authors, entry, labour, measured, note, part_line, verified, write,
};

#[test]
fn an_edit_that_changes_nothing_makes_no_change() {
    let mut document = WorkOrderDocument::new();
    let edits = [
        Edit::SetPriority(Priority::clamped(2)),
        Edit::SetDescription("pump 4 leaks".to_owned()),
        note(1, "seen"),
        labour(2, ANA, true),
        part_line(3, 2),
        measured(4, "0.4"),
    ];
    write(&mut document, ANA, &edits);
    let again = document.edit(actor(ANA), Timestamp::default(), &edits);
    assert_eq!(again, Ok(None));
}

#[test]
fn a_one_field_edit_is_small() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, PIA, &[note(1, "seen"), part_line(3, 2)]);
    let edit = [Edit::SetPriority(Priority::clamped(1))];
    let change = write(&mut document, PIA, &edit);
    assert!(change.bytes.len() <= 130, "{} bytes", change.bytes.len());
}

#[test]
fn a_saved_document_loads_the_same() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[note(1, "seen"), measured(4, "0.4")]);
    let loaded = WorkOrderDocument::load(document.save()).unwrap();
    assert_eq!(loaded.heads(), document.heads());
    assert_eq!(hydrate(&loaded, &authors()), hydrate(&document, &authors()));
}

#[test]
fn a_full_document_refuses_and_stays_as_it_was() {
    let mut document = WorkOrderDocument::new();
    let heads = document.heads();
    let edit = [note(1, &"x".repeat(710_000))];
    let Err(DocumentFault::Refused(refusal)) =
        document.edit(actor(ANA), Timestamp::default(), &edit)
    else {
        panic!("not refused");
    };
    assert_eq!(refusal.code, "document.too_large");
    assert_eq!(document.heads(), heads);
}

#[test]
fn a_change_with_missing_dependencies_is_reported_not_queued() {
    let mut document = WorkOrderDocument::new();
    let mut other = document.clone();
    let first = write(&mut document, ANA, &[note(1, "one")]);
    let second = write(&mut document, ANA, &[note(2, "two")]);
    let applied = other.apply(&[verified(&second)]).unwrap();
    assert_eq!((applied.newly, applied.missing), (vec![], vec![first.hash]));
    other.apply(&[verified(&first)]).unwrap();
    assert_eq!(other.heads(), vec![first.hash]);
}

#[test]
fn two_changes_under_one_number_are_a_fork() {
    let mut document = WorkOrderDocument::new();
    let mut clone = document.clone();
    write(&mut document, ANA, &[note(1, "one")]);
    let forked = write(&mut clone, ANA, &[note(2, "two")]);
    assert_eq!(
        document.apply(&[verified(&forked)]),
        Err(DocumentFault::Fork {
            actor: actor(ANA),
            seq: 1
        })
    );
}

#[test]
fn a_closed_entry_takes_no_edit_and_unknown_labour_cannot_be_closed() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, ANA, &[labour(2, ANA, true)]);
    let close = |number| Edit::CloseLabour {
        id: entry(number),
        end: at(90_000),
    };
    for (edit, expected) in [(close(2), "entry.closed"), (close(3), "entry.unknown")] {
        let Err(DocumentFault::Refused(refusal)) =
            document.edit(actor(ANA), Timestamp::default(), &[edit])
        else {
            panic!("not refused");
        };
        assert_eq!(refusal.code, expected);
    }
}
