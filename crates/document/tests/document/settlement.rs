//! Two versions of a step in the document: what merges, what a later recording cannot remove,
//! and whose settlement counts.

use fettle_document::{Edit, WorkOrderDocument, hydrate};
use fettle_domain::person::{ActorRow, HeldRoles, Role};
use fettle_domain::work_order::{
    Choice, Clash, Note, Settlement, Step, StepKind, StepSettlement, StepState, StepVerdict, Task,
};
use fettle_domain::{Decimal, StepId, TaskId, Timestamp, Unit};
use uuid::Uuid;

use crate::build::{ANA, BEN, PIA, at, authors, entry, measured_at, note, row, send, write};

const STEP: u128 = 1;

fn runout() -> StepKind {
    StepKind::Value {
        unit: Unit("MMT".to_owned()),
        lower: None,
        upper: Some("0.05".parse::<Decimal>().unwrap()),
    }
}

/// An order with one step, whose runout is at most 0.05 mm.
fn planned() -> WorkOrderDocument {
    let mut document = WorkOrderDocument::new();
    let task = Task {
        id: TaskId(Uuid::from_u128(40)),
        number: 10,
        text: "Exchange the seal".to_owned(),
        craft: "Mechanical".to_owned(),
        planned_minutes: 90,
        headcount: 1,
        predecessor: None,
        steps: vec![Step {
            id: StepId(Uuid::from_u128(STEP)),
            order_key: "a".to_owned(),
            text: "Measure shaft runout".to_owned(),
            kind: runout(),
        }],
    };
    write(&mut document, PIA, &[Edit::PutTask(task)]);
    document
}

fn state(document: &WorkOrderDocument) -> StepState {
    hydrate(document, &authors()).results.remove(0)
}

fn values(document: &WorkOrderDocument) -> Vec<String> {
    let mut values: Vec<String> = state(document)
        .results
        .iter()
        .filter_map(|result| result.value.map(|value| value.to_string()))
        .collect();
    values.sort();
    values
}

/// Ana measured one value and Ben another one, neither knowing of the other; Ana has both.
fn clash(one: &str, other: &str) -> WorkOrderDocument {
    let mut ana = planned();
    let mut ben = ana.clone();
    write(&mut ana, ANA, &[measured_at(STEP, one, 1)]);
    write(&mut ben, BEN, &[measured_at(STEP, other, 2)]);
    send(&ben, &mut ana);
    ana
}

/// The choice about what stands in a document now.
fn choose(document: &WorkOrderDocument, number: u128, choice: Choice, reason: &str) -> Edit {
    Edit::PutNote {
        id: entry(number),
        entry: Note {
            text: reason.to_owned(),
            at: at(9),
            proposes: None,
            settles: Some(Settlement::Step(StepSettlement {
                step: StepId(Uuid::from_u128(STEP)),
                choice,
                seen: state(document).on_view(),
            })),
        },
    }
}

fn named(document: &WorkOrderDocument, value: &str) -> fettle_domain::work_order::ResultId {
    let results = state(document).results;
    let found = results
        .iter()
        .find(|result| result.value.unwrap().to_string() == value);
    found.unwrap().id()
}

#[test]
fn equal_values_merge_and_nobody_is_asked() {
    let document = clash("0.03", "0.03");
    assert_eq!(values(&document), ["0.03"]);
    assert_eq!(state(&document).clash(&runout()), Clash::None);
}

#[test]
fn measuring_again_after_a_clash_does_not_remove_the_fail() {
    let mut document = clash("0.03", "0.07");
    write(&mut document, ANA, &[measured_at(STEP, "0.02", 3)]);
    assert_eq!(values(&document), ["0.02", "0.07"]);
    write(&mut document, BEN, &[measured_at(STEP, "0.04", 4)]);
    assert_eq!(values(&document), ["0.04", "0.07"]);
    assert_eq!(state(&document).verdict(&runout()), StepVerdict::Fail);
    // Both readings of the clash stay in the history, or stand.
    assert_eq!(state(&document).history.len(), 1);
}

#[test]
fn who_measures_again_without_a_clash_replaces_what_was_there() {
    let mut document = planned();
    write(&mut document, ANA, &[measured_at(STEP, "0.07", 1)]);
    write(&mut document, BEN, &[measured_at(STEP, "0.03", 2)]);
    assert_eq!(values(&document), ["0.03"]);
}

#[test]
fn measuring_again_settles_two_passing_values_and_keeps_them_in_the_history() {
    let mut document = clash("0.03", "0.04");
    write(&mut document, ANA, &[measured_at(STEP, "0.02", 3)]);
    assert_eq!(values(&document), ["0.02"]);
    assert_eq!(state(&document).history.len(), 2);
}

#[test]
fn a_fail_is_set_aside_by_the_planner_alone() {
    let mut document = clash("0.03", "0.07");
    let aside = Choice::SetAside(named(&document, "0.07"));
    let by_ana = choose(&document, 1, aside.clone(), "my gauge is better");
    write(&mut document, ANA, &[by_ana]);
    assert_eq!(values(&document), ["0.03", "0.07"]);
    let by_pia = choose(&document, 2, aside, "gauge out of date");
    write(&mut document, PIA, &[by_pia]);
    assert_eq!(values(&document), ["0.03"]);
    let state = state(&document);
    assert_eq!(state.verdict(&runout()), StepVerdict::Pass);
    assert_eq!(state.settlements.len(), 2);
    assert_eq!(state.history.len(), 1);
}

#[test]
fn a_settlement_is_judged_by_the_roles_its_author_had_when_it_was_made() {
    let mut document = clash("0.03", "0.07");
    let aside = Choice::SetAside(named(&document, "0.07"));
    let by_pia = choose(&document, 1, aside, "gauge out of date");
    write(&mut document, PIA, &[by_pia]);
    let made = at(9).corrected();
    let stand = |changed: Timestamp, roles: [Role; 2]| {
        let [before, now] = roles.map(|role| vec![role]);
        let mut authors = authors();
        authors.insert(ActorRow {
            roles: now,
            earlier: vec![HeldRoles {
                roles: before,
                until: changed,
            }],
            ..row(PIA)
        });
        hydrate(&document, &authors).results[0].results.len()
    };
    let lost = [Role::Planner, Role::Technician];
    assert_eq!(stand(made.plus_ms(1), lost), 1, "the role went afterwards");
    assert_eq!(stand(made, lost), 2, "it had gone before");
    let gained = [Role::Technician, Role::Planner];
    assert_eq!(stand(made.plus_ms(1), gained), 2, "it came afterwards");
    assert_eq!(stand(made, gained), 1, "it had come before");
}

#[test]
fn choices_made_at_once_agree_on_every_device() {
    let document = clash("0.03", "0.04");
    let (mut ana, mut ben) = (document.clone(), document);
    let mine = choose(&ana, 1, Choice::Use(named(&ana, "0.03")), "");
    let theirs = choose(&ben, 2, Choice::Use(named(&ben, "0.04")), "");
    write(&mut ana, ANA, &[mine]);
    write(&mut ben, BEN, &[theirs]);
    send(&ben, &mut ana);
    send(&ana, &mut ben);
    assert_eq!(values(&ana), values(&ben));
    assert_eq!(values(&ana).len(), 1, "one of them counts");
    assert_eq!(state(&ana).history.len(), 1);
}

#[test]
fn keeping_both_stands_until_a_third_version_arrives() {
    let mut ana = planned();
    let mut ben = ana.clone();
    let mut carl = ana.clone();
    write(&mut ana, ANA, &[measured_at(STEP, "0.03", 1)]);
    write(&mut ben, BEN, &[measured_at(STEP, "0.04", 2)]);
    write(&mut carl, PIA, &[measured_at(STEP, "0.01", 3)]);
    send(&ben, &mut ana);
    let both = choose(&ana, 1, Choice::KeepBoth, "");
    write(&mut ana, ANA, &[both]);
    assert!(matches!(state(&ana).clash(&runout()), Clash::Kept(_)));
    send(&carl, &mut ana);
    assert_eq!(state(&ana).clash(&runout()), Clash::Open);
}

#[test]
fn a_settlement_is_read_as_it_was_written_and_a_plain_note_is_written_as_ever() {
    let mut document = clash("0.03", "0.04");
    let use_mine = choose(&document, 1, Choice::Use(named(&document, "0.03")), "");
    write(&mut document, ANA, std::slice::from_ref(&use_mine));
    let Edit::PutNote { entry: written, .. } = use_mine else {
        panic!("a note");
    };
    let official = Note {
        text: String::new(),
        at: at(9),
        proposes: None,
        settles: Some(Settlement::FailureReport(entry(77))),
    };
    let pick = Edit::PutNote {
        id: entry(2),
        entry: official.clone(),
    };
    write(&mut document, PIA, &[pick]);
    let notes = hydrate(&document, &authors()).notes;
    assert_eq!(notes[0].entry, written);
    assert_eq!(notes[1].entry, official);
    let plain = write(&mut WorkOrderDocument::new(), ANA, &[note(3, "seen")]);
    let hash = blake3::hash(&plain.bytes).to_hex();
    assert_eq!(&hash.as_str()[..16], "0438ae0da62be8e7");
}
