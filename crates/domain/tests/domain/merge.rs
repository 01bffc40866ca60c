//! The plan merged three ways: what the CMMS said, what the document says, what the CMMS says now.

use fettle_domain::work_order::merge::{Clash, Merge};
use fettle_domain::work_order::{
    PartLine, PartLineSource, PlanChange, PlanField, PlanValue, Priority, SharedPlan, Step,
    StepKind, Task, merge_plan,
};
use fettle_domain::{ItemId, PartLineId, Quantity, StepId, TaskId, Timestamp, Unit};

use crate::{at, id};

fn priority(number: u8) -> PlanValue {
    PlanValue::Priority(Priority::clamped(number))
}

fn rated(number: Option<u8>) -> SharedPlan {
    SharedPlan {
        priority: number.map(Priority::clamped),
        ..SharedPlan::default()
    }
}

fn due(minute: i64) -> Timestamp {
    at(minute).at
}

fn task(n: u128, minutes: u32) -> Task {
    Task {
        id: TaskId(id(n)),
        number: 10,
        text: "Change the seal".to_owned(),
        craft: "MECH".to_owned(),
        planned_minutes: minutes,
        headcount: 1,
        predecessor: None,
        steps: vec![step(1, "00010.00010"), step(2, "00010.00020")],
    }
}

fn step(n: u128, order_key: &str) -> Step {
    Step {
        id: StepId(id(n)),
        order_key: order_key.to_owned(),
        text: "Look".to_owned(),
        kind: StepKind::Tick,
    }
}

fn line(n: u128, quantity: i64) -> PartLine {
    PartLine {
        id: PartLineId(id(n)),
        item: ItemId(id(9)),
        quantity: Quantity {
            value: quantity.into(),
            unit: Unit::piece(),
        },
        need_date: None,
        is_critical: false,
        source: PartLineSource::BillOfMaterial,
        is_substitute_allowed: false,
    }
}

#[test]
fn the_priority_on_both_sides_in_every_case() {
    // (CMMS before, planner, CMMS now) → (what stands, what is pushed over what, clash)
    type Case = ([Option<u8>; 3], Option<u8>, Option<(Option<u8>, u8)>, bool);
    let table: &[Case] = &[
        // Nobody changed it.
        ([Some(3), Some(3), Some(3)], Some(3), None, false),
        // The CMMS changed it.
        ([Some(3), Some(3), Some(1)], Some(1), None, false),
        // The planner changed it: it goes to the CMMS, over what it holds and nothing else.
        (
            [Some(3), Some(1), Some(3)],
            Some(1),
            Some((Some(3), 1)),
            false,
        ),
        // Both changed it to the same: nothing to say.
        ([Some(3), Some(1), Some(1)], Some(1), None, false),
        // Both changed it: the CMMS owns it, and the planner is told.
        ([Some(3), Some(1), Some(2)], Some(2), None, true),
        // The planner rated what nobody had.
        ([None, Some(2), None], Some(2), Some((None, 2)), false),
        // What is empty here is not pushed over what stands there.
        ([Some(3), None, Some(3)], None, None, false),
    ];
    for ([was, ours, theirs], stands, push, is_clash) in table {
        let merge = merge_plan(&rated(*was), &rated(*ours), &rated(*theirs));
        assert_eq!(merge.stands, rated(*stands), "{was:?} {ours:?} {theirs:?}");
        let expected: Vec<PlanChange> = push
            .iter()
            .map(|(from, to)| PlanChange {
                field: PlanField::Priority,
                from: from.map(priority),
                to: priority(*to),
            })
            .collect();
        assert_eq!(merge.push, expected, "{was:?} {ours:?} {theirs:?}");
        let expected = is_clash.then(|| Clash {
            field: PlanField::Priority,
            ours: ours.map(priority),
            theirs: theirs.map(priority),
        });
        assert_eq!(merge.clashes, Vec::from_iter(expected));
    }
}

#[test]
fn a_clash_of_one_field_leaves_the_others_to_their_own_merge() {
    let base = SharedPlan {
        required_finish: Some(due(0)),
        description: "Pump leaks".to_owned(),
        ..rated(Some(3))
    };
    let ours = SharedPlan {
        required_finish: Some(due(60)),
        description: "Pump leaks at the seal".to_owned(),
        ..base.clone()
    };
    let theirs = SharedPlan {
        required_finish: Some(due(120)),
        priority: Some(Priority::clamped(1)),
        ..base.clone()
    };
    let Merge {
        stands,
        push,
        clashes,
    } = merge_plan(&base, &ours, &theirs);
    assert_eq!(stands.priority, Some(Priority::clamped(1)));
    assert_eq!(stands.required_finish, Some(due(120)));
    assert_eq!(stands.description, "Pump leaks at the seal");
    let pushed: Vec<_> = push.iter().map(|change| change.field).collect();
    assert_eq!(pushed, [PlanField::Description]);
    let clashed: Vec<_> = clashes.iter().map(|clash| clash.field).collect();
    assert_eq!(clashed, [PlanField::RequiredFinish]);
}

#[test]
fn a_time_people_observed_stands_and_is_pushed_and_a_later_correction_there_is_taken() {
    let finished = |minute: Option<i64>| SharedPlan {
        actual_finish: minute.map(due),
        ..SharedPlan::default()
    };
    // The technician saw it end at 30, the office typed 45.
    let merge = merge_plan(&finished(None), &finished(Some(30)), &finished(Some(45)));
    assert_eq!(merge.stands, finished(Some(30)));
    assert_eq!((merge.push.len(), merge.clashes.len()), (1, 0));
    assert_eq!(merge.push[0].from, Some(PlanValue::Moment(due(45))));
    // Once it has ours, what is changed there is a correction.
    let merge = merge_plan(
        &finished(Some(30)),
        &finished(Some(30)),
        &finished(Some(50)),
    );
    assert_eq!(merge.stands, finished(Some(50)));
    assert_eq!((merge.push.len(), merge.clashes.len()), (0, 0));
    // Nobody observed anything: what it says is all there is.
    let merge = merge_plan(&finished(None), &finished(None), &finished(Some(50)));
    assert_eq!(merge.stands, finished(Some(50)));
}

#[test]
fn a_task_comes_and_goes_with_the_cmms_and_the_planners_minutes_go_to_it() {
    let with = |tasks: Vec<Task>| SharedPlan {
        tasks,
        ..SharedPlan::default()
    };
    let merge = merge_plan(
        &with(vec![task(1, 60)]),
        &with(vec![task(1, 60)]),
        &with(vec![task(1, 60), task(2, 15)]),
    );
    assert_eq!(merge.stands.tasks.len(), 2);
    let gone = merge_plan(
        &with(vec![task(1, 60)]),
        &with(vec![task(1, 60)]),
        &with(vec![]),
    );
    assert_eq!(gone.stands.tasks, []);
    assert_eq!((gone.push.len(), gone.clashes.len()), (0, 0));
    let longer = merge_plan(
        &with(vec![task(1, 60)]),
        &with(vec![task(1, 90)]),
        &with(vec![task(1, 60)]),
    );
    assert_eq!(longer.push[0].to, PlanValue::Task(task(1, 90)));
    // Planned longer here, taken out there: it is out, and the planner is told.
    let both = merge_plan(
        &with(vec![task(1, 60)]),
        &with(vec![task(1, 90)]),
        &with(vec![]),
    );
    assert_eq!((both.stands.tasks.len(), both.clashes.len()), (0, 1));
    // The same steps listed in another order are the same task.
    let mut turned = task(1, 60);
    turned.steps.reverse();
    let same = merge_plan(
        &with(vec![task(1, 60)]),
        &with(vec![turned]),
        &with(vec![task(1, 60)]),
    );
    assert_eq!((same.push.len(), same.clashes.len()), (0, 0));
}

#[test]
fn a_planned_quantity_goes_to_the_cmms_and_an_extra_line_stays_with_who_needs_it() {
    let with = |lines: Vec<PartLine>| SharedPlan {
        part_lines: lines,
        ..SharedPlan::default()
    };
    let merge = merge_plan(
        &with(vec![line(1, 2)]),
        &with(vec![line(1, 4), line(2, 1)]),
        &with(vec![line(1, 2)]),
    );
    assert_eq!(merge.push.len(), 1);
    assert_eq!(merge.push[0].to, PlanValue::PartLine(line(1, 4)));
    assert_eq!(merge.stands.part_lines, [line(1, 4), line(2, 1)]);
    // What the CMMS does not plan by, it is not told.
    let mut critical = line(1, 2);
    critical.is_critical = true;
    let merge = merge_plan(
        &with(vec![line(1, 2)]),
        &with(vec![critical]),
        &with(vec![line(1, 2)]),
    );
    assert_eq!(merge.push, []);
}

#[test]
fn merged_again_after_the_push_there_is_nothing_left_to_do() {
    let (base, ours) = (rated(Some(3)), rated(Some(1)));
    let merge = merge_plan(&base, &ours, &base);
    let pushed = base.with(&merge.push);
    let again = merge_plan(&pushed, &ours, &pushed);
    assert_eq!((again.stands, again.push), (ours, vec![]));
}

#[test]
fn a_field_has_a_word_and_a_value_words_for_people() {
    assert_eq!(PlanField::RequiredFinish.to_string(), "required_finish");
    let said = |value: PlanValue| value.to_string();
    assert_eq!(said(priority(2)), "2");
    assert_eq!(
        said(PlanValue::Task(task(1, 60))),
        "10 Change the seal (60 min, 1 × MECH)"
    );
    assert_eq!(said(PlanValue::PartLine(line(1, 4))), "4 C62");
}
