//! What Finish sees.

use fettle_domain::work_order::plan::{PartLine, PartLineSource, Step, StepKind, Task};
use fettle_domain::work_order::work::{Authored, LabourEntry, LabourKind};
use fettle_domain::work_order::{WorkOrderContent, check_finish};
use fettle_domain::{ActorId, EntryId, ItemId, PartLineId, PersonId, Quantity, StepId, TaskId};

use crate::{at, id};

fn order() -> WorkOrderContent {
    let step = Step {
        id: StepId(id(11)),
        order_key: "a".to_owned(),
        text: "Isolate, lock and tag".to_owned(),
        kind: StepKind::Tick,
    };
    WorkOrderContent {
        tasks: vec![Task {
            id: TaskId(id(10)),
            number: 10,
            text: "Replace the seal".to_owned(),
            craft: "MECH".to_owned(),
            planned_minutes: 60,
            headcount: 1,
            predecessor: None,
            steps: vec![step],
        }],
        part_lines: vec![PartLine {
            id: PartLineId(id(20)),
            item: ItemId(id(21)),
            quantity: Quantity::pieces(1),
            need_date: None,
            is_critical: true,
            source: PartLineSource::BillOfMaterial,
            is_substitute_allowed: false,
        }],
        ..WorkOrderContent::default()
    }
}

#[test]
fn an_open_step_stands_in_the_way_and_is_named() {
    let order = order();
    let refusal = check_finish(&order, PersonId(id(1))).decide().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "finish.steps_open count=1 step=Isolate, lock and tag"
    );
}

#[test]
fn an_untaken_part_and_running_labour_are_shown() {
    let mut order = order();
    let ana = PersonId(id(1));
    order.labour.push(Authored {
        id: EntryId(id(30)),
        is_closed: false,
        actor: ActorId([1; 16]),
        person: Some(ana),
        entry: LabourEntry {
            person: ana,
            kind: LabourKind::Regular,
            task: None,
            start: at(0),
            end: None,
            reversal_of: None,
        },
    });
    let check = check_finish(&order, ana);
    assert_eq!(check.untaken_parts.len(), 1);
    assert!(check.is_labour_running);
    assert!(!check_finish(&order, PersonId(id(2))).is_labour_running);
}
