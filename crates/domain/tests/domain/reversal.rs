//! An author takes an entry back, once, and it is posted as one reversal.

use fettle_domain::work_order::overlap::overlapping;
use fettle_domain::work_order::posting::{Posting, postings};
use fettle_domain::work_order::reversal::{check_reversal, standing};
use fettle_domain::work_order::{Authored, LabourEntry, LabourKind, WorkOrderContent};
use fettle_domain::{ActorId, EntryId, PersonId};

use crate::{at, id};

const ANA: u8 = 1;
const BEN: u8 = 2;

fn entry(n: u128) -> EntryId {
    EntryId(id(n))
}

/// Labour of a person from minute to minute.
fn labour(
    n: u128,
    by: u8,
    minutes: (i64, i64),
    reversal_of: Option<u128>,
) -> Authored<LabourEntry> {
    let person = PersonId(id(by.into()));
    Authored {
        id: entry(n),
        is_closed: true,
        actor: ActorId([by; 16]),
        person: Some(person),
        entry: LabourEntry {
            person,
            kind: LabourKind::Regular,
            task: None,
            start: at(minutes.0),
            end: Some(at(minutes.1)),
            reversal_of: reversal_of.map(entry),
        },
    }
}

fn check(entries: &[Authored<LabourEntry>], of: u128, by: u8, expected: Option<&str>) {
    let author = (ActorId([by; 16]), PersonId(id(by.into())));
    let answer = check_reversal(entries, entry(of), author);
    assert_eq!(
        answer.err().map(|refusal| refusal.code).as_deref(),
        expected,
        "{of} by {by}"
    );
}

#[test]
fn only_the_author_takes_back_and_only_what_is_closed_and_stands() {
    let running = Authored {
        is_closed: false,
        ..labour(4, ANA, (0, 5), None)
    };
    let entries = [
        labour(1, ANA, (0, 30), None),
        labour(2, ANA, (60, 60), Some(3)),
        labour(3, ANA, (30, 60), None),
        running,
    ];
    check(&entries, 1, ANA, None);
    check(&entries, 1, BEN, Some("entry.not_yours"));
    check(&entries, 2, ANA, Some("entry.is_reversal"));
    check(&entries, 3, ANA, Some("entry.taken_back"));
    check(&entries, 4, ANA, Some("entry.open"));
    check(&entries, 5, ANA, Some("entry.unknown"));
}

#[test]
fn another_laptop_of_the_same_person_takes_back_too() {
    let entries = [labour(1, ANA, (0, 30), None)];
    let other_laptop = (ActorId([7; 16]), PersonId(id(ANA.into())));
    assert!(check_reversal(&entries, entry(1), other_laptop).is_ok());
}

fn posted(content: &WorkOrderContent) -> Vec<(u128, bool)> {
    postings(content)
        .iter()
        .map(|posting| {
            let is_reversal = matches!(posting, Posting::LabourBack { .. });
            (posting.entry().0.as_u128(), is_reversal)
        })
        .collect()
}

#[test]
fn what_was_taken_back_is_posted_with_its_reversal_behind_it() {
    let content = WorkOrderContent {
        labour: vec![
            labour(2, ANA, (60, 60), Some(1)),
            labour(1, ANA, (0, 30), None),
        ],
        ..WorkOrderContent::default()
    };
    assert_eq!(posted(&content), [(1, false), (2, true)]);
    let due = postings(&content);
    assert_eq!(due[1].takes_back(), Some(due[0].reference()));
    assert_eq!(standing(&content.labour).count(), 0);
}

#[test]
fn two_laptops_that_take_back_at_once_make_one_reversal() {
    let content = |reversals: [u128; 2]| WorkOrderContent {
        labour: vec![
            labour(1, ANA, (0, 30), None),
            labour(reversals[0], ANA, (60, 60), Some(1)),
            labour(reversals[1], ANA, (61, 61), Some(1)),
        ],
        ..WorkOrderContent::default()
    };
    let (one, other) = (content([2, 3]), content([3, 2]));
    assert_eq!(posted(&one), [(1, false), (2, true)]);
    assert_eq!(posted(&other), [(1, false), (3, true)]);
    // Whichever came first: it is the same fact, so it has one reference.
    assert_eq!(
        postings(&one)[1].reference(),
        postings(&other)[1].reference()
    );
}

#[test]
fn a_reversal_by_somebody_else_or_of_a_reversal_counts_for_nothing() {
    let content = WorkOrderContent {
        labour: vec![
            labour(1, ANA, (0, 30), None),
            labour(2, BEN, (60, 60), Some(1)),
            labour(3, BEN, (61, 61), Some(2)),
        ],
        ..WorkOrderContent::default()
    };
    assert_eq!(posted(&content), [(1, false)]);
    assert_eq!(standing(&content.labour).count(), 1);
}

#[test]
fn labour_of_one_person_at_the_same_time_is_noticed() {
    let entries = [
        labour(1, ANA, (0, 30), None),
        labour(2, ANA, (20, 50), None),
        labour(3, BEN, (0, 60), None),
        labour(4, ANA, (50, 60), None),
        labour(5, ANA, (55, 58), None),
        labour(6, ANA, (70, 70), Some(5)),
    ];
    let found: Vec<EntryId> = overlapping(&entries).into_iter().collect();
    assert_eq!(found, [entry(1), entry(2)]);
}
