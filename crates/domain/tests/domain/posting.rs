//! What is posted: closed entries, each under its own reference.

use fettle_domain::work_order::posting::{PostingDue, posting_due, postings};
use fettle_domain::work_order::work::{Authored, LabourEntry, LabourKind};
use fettle_domain::work_order::{Status, WorkOrderContent};
use fettle_domain::{ActorId, DeviceTime, EntryId, PersonId};

use crate::{at, id};

fn labour(n: u128, is_closed: bool, end: Option<DeviceTime>) -> Authored<LabourEntry> {
    Authored {
        id: EntryId(id(n)),
        is_closed,
        actor: ActorId([1; 16]),
        person: None,
        entry: LabourEntry {
            person: PersonId(id(1)),
            kind: LabourKind::Regular,
            task: None,
            start: at(0),
            end,
            reversal_of: None,
        },
    }
}

#[test]
fn only_closed_labour_with_an_end_is_posted() {
    let order = WorkOrderContent {
        labour: vec![
            labour(1, true, Some(at(30))),
            labour(2, false, Some(at(30))),
            labour(3, true, None),
        ],
        ..WorkOrderContent::default()
    };
    let due: Vec<EntryId> = postings(&order)
        .iter()
        .map(|posting| posting.entry())
        .collect();
    assert_eq!(due, [EntryId(id(1))]);
}

#[test]
fn two_entries_have_two_references() {
    let order = WorkOrderContent {
        labour: vec![labour(1, true, Some(at(30))), labour(2, true, Some(at(30)))],
        ..WorkOrderContent::default()
    };
    let due = postings(&order);
    assert_ne!(due[0].reference(), due[1].reference());
}

#[test]
fn a_completed_order_takes_late_costs_and_a_closed_or_cancelled_one_takes_none() {
    for status in Status::ALL {
        let is_late = matches!(posting_due(status), PostingDue::Late(_));
        assert_eq!(
            is_late,
            matches!(status, Status::Close | Status::Can),
            "{}",
            status.word()
        );
    }
}
