//! Changes made again under another actor.

use std::collections::BTreeSet;

use fettle_document::{
    Authors, Edit, NewChange, Remake, VerifiedChange, WorkOrderDocument, hydrate, saved_heads,
};
use fettle_domain::ChangeHash;
use fettle_domain::work_order::Priority;

use crate::build::{actor, labour, measured, note, write};

fn verified(change: &NewChange) -> VerifiedChange {
    VerifiedChange::check(&change.bytes).unwrap()
}

/// Applies what was made again and returns the document.
fn applied(document: &WorkOrderDocument, changes: &[NewChange]) -> WorkOrderDocument {
    let mut document = document.clone();
    let changes: Vec<_> = changes.iter().map(verified).collect();
    let applied = document.apply(&changes).unwrap();
    assert!(applied.missing.is_empty());
    document
}

#[test]
fn a_laptops_work_is_the_same_under_its_new_actor() {
    let mut document = WorkOrderDocument::new();
    write(&mut document, 9, &[measured(1, "0.01")]);
    let shared = document.clone();
    let all = [
        write(
            &mut document,
            1,
            &[note(1, "seal weeps"), labour(2, 1, false)],
        ),
        write(&mut document, 1, &[labour(2, 1, true)]),
        write(&mut document, 1, &[measured(1, "0.03")]),
        write(
            &mut document,
            1,
            &[Edit::SetDescription("Pump hums".to_owned())],
        ),
        write(
            &mut document,
            1,
            &[Edit::SetDescription("Pump hums, loud".to_owned())],
        ),
    ];
    let before = hydrate(&document, &Authors::default());
    let mut remake = Remake::default();
    let made: Vec<_> = (1..)
        .zip(&all)
        .map(|(seq, change)| remake.make(&verified(change), actor(7), seq).unwrap())
        .collect();
    let after = hydrate(&applied(&shared, &made), &Authors::default());
    assert_eq!(after.notes[0].entry, before.notes[0].entry);
    assert_eq!(after.notes[0].id, before.notes[0].id);
    assert_eq!(after.labour[0].entry, before.labour[0].entry);
    assert_eq!((after.labour.len(), after.labour[0].is_closed), (1, true));
    assert_eq!(after.description, "Pump hums, loud");
    // The earlier reading stays replaced.
    assert_eq!(after.results[0].results.len(), 1);
    assert_eq!(after.results[0].results[0].actor, actor(7));
    assert_eq!(remake.hash_now(all[0].hash), Some(made[0].hash));
}

#[test]
fn what_was_concurrent_stays_concurrent() {
    let shared = WorkOrderDocument::new();
    let (mut mine, mut theirs) = (shared.clone(), shared);
    let own = write(&mut mine, 1, &[measured(1, "0.03")]);
    write(&mut theirs, 2, &[measured(1, "0.07")]);
    let mut remake = Remake::default();
    let made = remake.make(&verified(&own), actor(7), 1).unwrap();
    let content = hydrate(&applied(&theirs, &[made]), &Authors::default());
    assert_eq!(
        content.results[0].results.len(),
        2,
        "both readings are shown"
    );
}

#[test]
fn good_work_goes_on_without_what_was_left_out_beneath_it() {
    let mut document = WorkOrderDocument::new();
    let bad = write(&mut document, 1, &[Edit::SetPriority(Priority::clamped(1))]);
    let good = write(&mut document, 1, &[note(1, "on top")]);
    let (without, taken) = document.without(&BTreeSet::from([bad.hash])).unwrap();
    let hashes: Vec<ChangeHash> = taken.iter().map(VerifiedChange::hash).collect();
    assert_eq!(hashes, [bad.hash, good.hash]);
    let mut remake = Remake::default();
    remake.leave_out(&taken[0]);
    let made = remake.make(&taken[1], actor(7), 1).unwrap();
    let content = hydrate(&applied(&without, &[made]), &Authors::default());
    assert_eq!(content.notes[0].entry.text, "on top");
    assert_eq!(content.priority, None);
}

#[test]
fn what_writes_into_something_left_out_is_left_out_too() {
    let mut document = WorkOrderDocument::new();
    let bad = write(&mut document, 1, &[labour(1, 1, false)]);
    let into = write(&mut document, 1, &[labour(1, 1, true)]);
    let after = write(&mut document, 1, &[note(2, "still here")]);
    let mut remake = Remake::default();
    remake.leave_out(&verified(&bad));
    let refused = remake.make(&verified(&into), actor(7), 1).unwrap_err();
    assert_eq!(refused.code, "change.rests_on_refused");
    let made = remake.make(&verified(&after), actor(7), 1).unwrap();
    let content = hydrate(
        &applied(&WorkOrderDocument::new(), &[made]),
        &Authors::default(),
    );
    assert_eq!((content.labour.len(), content.notes.len()), (0, 1));
}

#[test]
fn a_saved_document_tells_its_heads() {
    let mut document = WorkOrderDocument::new();
    assert_eq!(saved_heads(document.save()), Some(document.heads()));
    let mut other = document.clone();
    write(&mut document, 1, &[note(1, "one")]);
    write(&mut other, 2, &[note(2, "two")]);
    let changes: Vec<_> = other.changes_after(&[]).iter().map(verified).collect();
    document.apply(&changes).unwrap();
    assert_eq!(document.heads().len(), 2);
    assert_eq!(saved_heads(document.save()), Some(document.heads()));
    let bytes = document.save();
    assert_eq!(saved_heads(&bytes[..30]), None);
    assert_eq!(saved_heads(b"something else"), None);
}

/// Found by seed 308 of the simulation: two copies of a laptop had written under one number, and
/// what was written later about the other's text was moved onto its own.
#[test]
fn an_id_means_the_operation_its_writer_had_seen() {
    let describe = |text: &str| [Edit::SetDescription(text.to_owned())];
    let shared = WorkOrderDocument::new();
    let (mut mine, mut others) = (shared.clone(), shared);
    let own = write(&mut mine, 1, &describe("Pump hums on the drive side"));
    write(&mut others, 1, &describe("Oil leaks"));
    let mut remake = Remake::default();
    let made = remake.make(&verified(&own), actor(7), 1).unwrap();
    let before = applied(&others, &[made]);
    let mut document = before.clone();
    let text = hydrate(&document, &Authors::default()).description;
    let later = write(&mut document, 7, &describe(&text.replace("leaks", "drips")));
    let again = remake.make(&verified(&later), actor(8), 1).unwrap();
    assert_eq!(
        hydrate(&applied(&before, &[again]), &Authors::default()).description,
        hydrate(&document, &Authors::default()).description
    );
}
