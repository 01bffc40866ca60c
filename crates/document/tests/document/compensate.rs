//! What the hub puts back when somebody wrote without a right they thought they had.

use fettle_document::{
    Authors, Edit, NewChange, VerifiedChange, WorkOrderDocument, compensate, hydrate,
};
use fettle_domain::Timestamp;
use fettle_domain::person::Role;
use fettle_domain::work_order::Priority;

use crate::build::{actor, labour, measured, note, part_line, row, write};

const PLANNER: u8 = 1;
const TECHNICIAN: u8 = 2;
const HUB: u8 = 9;

fn authors(roles: &[(u8, Role)]) -> Authors {
    let row = |(of, role): &(u8, Role)| fettle_domain::person::ActorRow {
        roles: vec![*role],
        ..row(*of)
    };
    roles.iter().map(row).collect()
}

fn everybody() -> Authors {
    authors(&[
        (PLANNER, Role::Planner),
        (TECHNICIAN, Role::Technician),
        (HUB, Role::Cmms),
    ])
}

/// The document after the technician's edits and the hub's answer, and that answer.
fn answered(before: &WorkOrderDocument, edits: &[Edit]) -> (WorkOrderDocument, Option<NewChange>) {
    let authors = everybody();
    let mut after = before.clone();
    let change = write(&mut after, TECHNICIAN, edits);
    let change = VerifiedChange::check(&change.bytes).unwrap();
    let author = authors.get(actor(TECHNICIAN)).unwrap();
    let answer = compensate(
        before,
        &mut after,
        &change,
        (author, &authors),
        (actor(HUB), Timestamp::default()),
    );
    (after, answer.unwrap())
}

#[test]
fn the_planners_priority_is_put_back_and_the_note_beside_it_stays() {
    let mut before = WorkOrderDocument::new();
    write(
        &mut before,
        PLANNER,
        &[Edit::SetPriority(Priority::clamped(3))],
    );
    let edits = [Edit::SetPriority(Priority::clamped(1)), note(1, "urgent!")];
    let (after, answer) = answered(&before, &edits);
    assert!(answer.is_some());
    // Whoever gets the planner's role later does not give the old wish its weight back.
    let all = authors(&[
        (PLANNER, Role::Planner),
        (TECHNICIAN, Role::Planner),
        (HUB, Role::Cmms),
    ]);
    for authors in [everybody(), all] {
        let content = hydrate(&after, &authors);
        assert_eq!(content.priority, Some(Priority::clamped(3)));
        assert_eq!(content.notes[0].entry.text, "urgent!");
    }
}

#[test]
fn a_field_nobody_had_set_is_empty_again() {
    let before = WorkOrderDocument::new();
    let edits = [
        Edit::SetPriority(Priority::clamped(1)),
        Edit::SetInstructions("Mind the valve".to_owned()),
    ];
    let mut seen = before.clone();
    write(
        &mut seen,
        PLANNER,
        &[note(5, "so that the order is not new")],
    );
    let (after, _) = answered(&seen, &edits);
    let content = hydrate(&after, &everybody());
    assert_eq!(
        (content.priority, content.instructions.as_str()),
        (None, "")
    );
}

#[test]
fn a_planned_line_has_its_quantity_again_and_an_own_line_stays() {
    let mut before = WorkOrderDocument::new();
    write(&mut before, PLANNER, &[part_line(1, 4)]);
    let (after, answer) = answered(&before, &[part_line(1, 9), part_line(2, 2)]);
    assert!(answer.is_some());
    let lines = hydrate(&after, &everybody()).part_lines;
    let pieces: Vec<_> = lines
        .iter()
        .map(|line| line.quantity.value.to_string())
        .collect();
    assert_eq!(pieces, ["4", "2"]);
}

#[test]
fn facts_are_never_put_back() {
    let mut before = WorkOrderDocument::new();
    write(&mut before, PLANNER, &[labour(1, PLANNER, false)]);
    let mine = [
        labour(1, TECHNICIAN, true),
        labour(2, TECHNICIAN, true),
        measured(1, "0.05"),
    ];
    let (after, answer) = answered(&before, &mine);
    // The planner's entry is the planner's by the rule itself.
    assert!(answer.is_none());
    let content = hydrate(&after, &everybody());
    assert_eq!((content.labour.len(), content.results.len()), (2, 1));
    assert!(!content.labour[0].is_closed);
}
