//! The plan on the desk: who changes it, who proposes, and whose work an order stays.

use fettle_desk::view::{
    ChangePlanInput, ChangeState, ChangeView, PlanAction, ProblemView, TickStepInput, UnsentKind,
    WorkGroup,
};
use fettle_document::Edit;
use fettle_domain::person::{Person, Role};
use fettle_domain::row::Row;
use fettle_domain::work_order::{Status, WorkOrderRow};
use fettle_domain::{PersonId, TaskId};
use uuid::Uuid;

use crate::build::{Bench, admission, order_id, row, step_id};

fn wish(priority: Option<u8>, reason: &str) -> ChangePlanInput {
    ChangePlanInput {
        order_id: order_id(),
        priority,
        required_finish: None,
        reason: reason.to_owned(),
    }
}

fn code(answer: Result<ChangeView, ProblemView>) -> String {
    answer.unwrap_err().code
}

#[tokio::test]
async fn a_technician_proposes_what_the_planner_alone_changes() {
    let bench = Bench::at_work().await;
    let desk = &bench.desk;
    let before = bench.order().await;
    assert_eq!(before.plan_action, Some(PlanAction::Propose));
    let other = if before.row.priority == 1 { 2 } else { 1 };
    let changed = desk.change_plan(wish(Some(other), "")).await;
    assert_eq!(code(changed), "plan.planners_only");
    let proposed = desk.propose_plan(wish(Some(other), "Leak is worse")).await;
    assert_eq!(proposed.unwrap().state, ChangeState::Saved);
    let page = bench.order().await;
    assert_eq!(page.row.priority, before.row.priority);
    assert_eq!(
        page.notes[0].text,
        format!("Proposed: priority {other}. Leak is worse")
    );
}

#[tokio::test]
async fn the_planners_change_stands_at_once_and_is_listed_until_it_is_sent() {
    let bench = Bench::at_work_as(&[Role::Planner]).await;
    let desk = &bench.desk;
    let before = bench.order().await;
    assert_eq!(before.plan_action, Some(PlanAction::Change));
    let other = if before.row.priority == 1 { 2 } else { 1 };
    desk.change_plan(wish(Some(other), "")).await.unwrap();
    let page = bench.order().await;
    assert_eq!(page.row.priority, other);
    let kinds: Vec<UnsentKind> = page.unsent.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [UnsentKind::Plan]);
    let again = desk.change_plan(wish(Some(other), "")).await;
    assert_eq!(code(again), "plan.nothing_changes");
    bench.acknowledge().await;
    assert!(bench.order().await.unsent.is_empty());
}

#[tokio::test]
async fn an_order_that_went_to_another_area_says_where_it_was() {
    let bench = Bench::at_work().await;
    bench.leaves().await;
    let gone = bench.desk.order(order_id()).await.unwrap_err();
    assert_eq!(gone.code, "order.left");
    let said: Vec<&str> = gone.arguments.iter().map(|a| a.value.as_str()).collect();
    assert_eq!(said, ["10427", "Hall 3"]);
}

#[tokio::test]
async fn an_order_begun_here_stays_in_my_work_when_it_is_given_to_somebody_else() {
    let bench = Bench::at_work().await;
    let desk = &bench.desk;
    desk.start_order(order_id()).await.unwrap();
    let ben = PersonId(Uuid::from_u128(0x77));
    let person = Person {
        id: ben,
        name: "Ben Kral".to_owned(),
        ..admission().session.person
    };
    bench.hear(8, Row::Person(person)).await;
    let given = WorkOrderRow {
        assignees: vec![ben],
        crew: None,
        ..row(Status::Inprg, 2)
    };
    bench.hear(9, Row::WorkOrder(given)).await;
    let groups = desk.my_work().await.unwrap().groups;
    assert_eq!(groups[0].kind, WorkGroup::InProgress);
    assert_eq!(groups[0].orders[0].id, order_id());
    assert_eq!(groups[0].orders[0].now_with, ["Ben Kral"]);
}

#[tokio::test]
async fn a_step_the_cmms_removed_is_kept_apart_with_its_result() {
    let bench = Bench::at_work().await;
    let tick = TickStepInput {
        order_id: order_id(),
        step_id: step_id(1),
        is_done: true,
    };
    bench.desk.tick_step(tick).await.unwrap();
    let before = bench.order().await;
    let task: TaskId = before.tasks[0].id.parse().unwrap();
    let removed = [Edit::RemoveTask(task)];
    bench.hear_edits(41, Role::Cmms, &removed).await;
    let page = bench.order().await;
    assert_eq!(page.tasks.len(), 0);
    assert_eq!((page.row.steps_done, page.row.steps_total), (0, 0));
    let kept = &page.removed_tasks[0];
    assert_eq!((kept.number, kept.text.as_str()), (10, "Exchange the seal"));
    assert_eq!(kept.steps.len(), 1, "what nobody recorded is gone");
    assert_eq!(kept.steps[0].text, "Step 1");
    assert!(kept.steps[0].results[0].is_mine);
}
