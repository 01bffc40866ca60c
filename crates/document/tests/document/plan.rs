//! The plan: what is taken out of it, and what stands when the CMMS and a planner write at once.

use fettle_document::{Authors, Edit, WorkOrderDocument, hydrate, plan_of_planners};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::work_order::{Priority, Step, StepKind, Task};
use fettle_domain::{PartLineId, StepId, TaskId, Timestamp};
use uuid::Uuid;

use crate::build::{ANA, PIA, actor, authors, measured, part_line, send, write};

/// The hub's actor, which writes for the CMMS.
const CMMS: u8 = 9;

fn everybody() -> Authors {
    let mut authors = authors();
    authors.insert(ActorRow {
        actor: actor(CMMS),
        person: None,
        device: None,
        roles: vec![Role::Cmms],
        valid_from: Timestamp::default(),
        earlier: vec![],
        device_name: None,
    });
    authors
}

fn task(number: u32, steps: &[u128]) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(number.into())),
        number,
        text: format!("Task {number}"),
        craft: "MECH".to_owned(),
        planned_minutes: 30,
        headcount: 1,
        predecessor: None,
        steps: steps
            .iter()
            .map(|step| Step {
                id: StepId(Uuid::from_u128(*step)),
                order_key: format!("{step:05}"),
                text: format!("Step {step}"),
                kind: StepKind::Tick,
            })
            .collect(),
    }
}

fn texts(tasks: &[Task]) -> Vec<(&str, usize)> {
    tasks
        .iter()
        .map(|task| (task.text.as_str(), task.steps.len()))
        .collect()
}

#[test]
fn a_task_taken_out_goes_and_what_was_recorded_of_it_is_still_shown() {
    let mut cmms = WorkOrderDocument::new();
    let plan = [task(10, &[1, 2]), task(20, &[3])].map(Edit::PutTask);
    write(&mut cmms, CMMS, &plan);
    let mut ana = cmms.clone();
    write(&mut ana, ANA, &[measured(1, "0.4")]);
    let remove = [10, 20].map(|number| Edit::RemoveTask(task(number, &[]).id));
    write(&mut cmms, CMMS, &remove);
    send(&ana, &mut cmms);
    let content = hydrate(&cmms, &everybody());
    assert_eq!(texts(&content.tasks), []);
    assert_eq!(texts(&content.removed_tasks), [("Task 10", 1)]);
    assert_eq!(content.results.len(), 1);
    // Planned again under the same number it is the same task with its result.
    write(&mut cmms, CMMS, &plan);
    let content = hydrate(&cmms, &everybody());
    assert_eq!(texts(&content.tasks), [("Task 10", 2), ("Task 20", 1)]);
    assert_eq!(texts(&content.removed_tasks), []);
}

#[test]
fn a_step_taken_out_leaves_its_task_and_keeps_its_result() {
    let mut cmms = WorkOrderDocument::new();
    write(&mut cmms, CMMS, &[Edit::PutTask(task(10, &[1, 2]))]);
    write(&mut cmms, ANA, &[measured(2, "7")]);
    let gone = Edit::RemoveStep {
        task: task(10, &[]).id,
        step: StepId(Uuid::from_u128(2)),
    };
    write(&mut cmms, CMMS, &[gone]);
    let content = hydrate(&cmms, &everybody());
    assert_eq!(texts(&content.tasks), [("Task 10", 1)]);
    assert_eq!(texts(&content.removed_tasks), [("Task 10", 1)]);
    assert_eq!(content.removed_tasks[0].steps[0].text, "Step 2");
}

#[test]
fn a_part_line_taken_out_is_planned_no_longer() {
    let mut cmms = WorkOrderDocument::new();
    write(&mut cmms, CMMS, &[part_line(5, 2), part_line(6, 1)]);
    let gone = Edit::RemovePartLine(PartLineId(Uuid::from_u128(5)));
    write(&mut cmms, CMMS, &[gone]);
    assert_eq!(hydrate(&cmms, &everybody()).part_lines.len(), 1);
}

#[test]
fn taking_out_what_is_not_there_writes_nothing() {
    let mut cmms = WorkOrderDocument::new();
    let gone = Edit::RemoveTask(task(10, &[]).id);
    let change = cmms
        .edit(actor(CMMS), Timestamp::default(), &[gone])
        .unwrap();
    assert!(change.is_none());
}

#[test]
fn of_a_priority_the_cmms_and_the_planner_set_at_once_the_cmms_has_its_own_and_both_are_known() {
    let priority = |number| Edit::SetPriority(Priority::clamped(number));
    // Whichever change has the greater hash.
    for (theirs, ours) in [(1, 2), (2, 1), (4, 1), (1, 4)] {
        let mut cmms = WorkOrderDocument::new();
        write(&mut cmms, CMMS, &[priority(3)]);
        let mut pia = cmms.clone();
        write(&mut cmms, CMMS, &[priority(theirs)]);
        write(&mut pia, PIA, &[priority(ours)]);
        send(&pia, &mut cmms);
        let stands = hydrate(&cmms, &everybody()).priority;
        let wanted = plan_of_planners(&cmms, &everybody()).priority;
        assert_eq!(stands, Some(Priority::clamped(theirs)));
        assert_eq!(wanted, Some(Priority::clamped(ours)));
        // Whoever writes next, having seen both, has the last word.
        write(&mut cmms, PIA, &[priority(ours)]);
        assert_eq!(
            hydrate(&cmms, &everybody()).priority,
            Some(Priority::clamped(ours))
        );
    }
}
