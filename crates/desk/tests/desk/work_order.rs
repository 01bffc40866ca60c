//! Orders: the way of one job, what is refused, and where each change is.

use fettle_desk::view::{
    ChangeState, ChangeView, HoldInput, ProblemView, RecordStepInput, TakePartInput, TickStepInput,
    UnsentKind, WorkGroup, WriteNoteInput,
};
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::intent::{Decision, Verdict};
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::work_order::Status;
use fettle_domain::{EntryId, IntentId, Refusal};

use crate::build::{Bench, item_id, now, order, order_id, part_line_id, row, step_id};

fn code(answer: Result<ChangeView, ProblemView>) -> String {
    answer.unwrap_err().code
}

fn tick(number: u128) -> TickStepInput {
    TickStepInput {
        order_id: order_id(),
        step_id: step_id(number),
        is_done: true,
    }
}

fn value(typed: &str) -> RecordStepInput {
    RecordStepInput {
        order_id: order_id(),
        step_id: step_id(2),
        value: Some(typed.to_owned()),
        text: None,
    }
}

fn note(text: &str) -> WriteNoteInput {
    WriteNoteInput {
        order_id: order_id(),
        text: text.to_owned(),
    }
}

fn take(quantity: &str) -> TakePartInput {
    TakePartInput {
        order_id: order_id(),
        part_line_id: Some(part_line_id()),
        item_id: item_id(),
        bin: "C-14".to_owned(),
        quantity: quantity.to_owned(),
    }
}

#[tokio::test]
async fn a_job_goes_from_start_to_finish_without_a_hub() {
    let bench = Bench::at_work().await;
    let desk = &bench.desk;
    assert_eq!(bench.order().await.actions, ["start", "work"]);
    desk.start_order(order_id()).await.unwrap();
    desk.start_labour(order_id()).await.unwrap();
    desk.tick_step(tick(1)).await.unwrap();
    desk.record_step(value("0,04")).await.unwrap();
    desk.write_note(note("Shaft was scored.")).await.unwrap();
    desk.take_part(take("2")).await.unwrap();
    bench.clock.pass_ms(30 * 60_000);

    let page = bench.order().await;
    assert_eq!(page.row.status, "INPRG");
    assert_eq!(page.actions, ["hold", "finish", "work"]);
    assert_eq!((page.row.steps_done, page.row.parts_taken), (2, 1));
    assert_eq!(page.tasks[0].steps[1].results[0].laptop, "HW-14");
    assert_eq!(page.tasks[0].steps[1].increment.as_deref(), Some("0.01"));
    assert_eq!(page.parts[0].bins[0].on_hand, "5");
    assert_eq!(page.parts[0].used[0].by, "Ana Ruiz");
    assert!(page.parts[0].is_stale);
    assert!(page.row.labour_since.is_some());
    let check = desk.finish_check(order_id()).await.unwrap();
    assert!(check.can_finish && check.is_labour_running);

    let done = desk.finish_order(order_id()).await.unwrap();
    assert_eq!(done.state, ChangeState::Saved);
    let page = bench.order().await;
    assert_eq!(page.row.status, "COMP");
    let labour = &page.labour[0];
    assert_eq!(labour.end.unwrap() - labour.start, 1_800_000.0);
    assert!(!labour.is_time_doubtful);
    let groups = desk.my_work().await.unwrap().groups;
    assert_eq!(groups[0].kind, WorkGroup::Finished);
    let kinds: Vec<UnsentKind> = page.unsent.iter().map(|row| row.kind).collect();
    assert_eq!(kinds.len(), 7);
    assert_eq!(desk.shell().await.unwrap().unsent, 7);
}

#[tokio::test]
async fn a_finished_order_is_listed_until_midnight_at_the_plant() {
    let bench = Bench::at_work().await;
    let desk = &bench.desk;
    desk.start_order(order_id()).await.unwrap();
    desk.tick_step(tick(1)).await.unwrap();
    desk.record_step(value("0,04")).await.unwrap();
    desk.finish_order(order_id()).await.unwrap();
    // It is 16:13:20 in Berlin.
    let to_midnight_ms = 28_000_000;
    bench.clock.pass_ms(to_midnight_ms - 1_000);
    let groups = desk.my_work().await.unwrap().groups;
    assert_eq!(groups[0].kind, WorkGroup::Finished);
    bench.clock.pass_ms(2_000);
    assert!(desk.my_work().await.unwrap().groups.is_empty());
}

#[tokio::test]
async fn what_a_rule_refuses_writes_nothing() {
    let bench = Bench::at_work().await;
    let desk = &bench.desk;
    assert_eq!(
        code(desk.record_step(value("about 3")).await),
        "step.value_not_a_number"
    );
    assert_eq!(code(desk.tick_step(tick(2)).await), "step.value_missing");
    assert_eq!(code(desk.write_note(note("  ")).await), "text.empty");
    let long = "x".repeat(10_000_000);
    assert_eq!(code(desk.write_note(note(&long)).await), "text.too_long");
    assert_eq!(
        code(desk.take_part(take("0")).await),
        "part.quantity_not_positive"
    );
    assert_eq!(
        code(desk.take_part(take("two")).await),
        "part.quantity_not_a_number"
    );
    let nowhere = TakePartInput {
        bin: " ".to_owned(),
        ..take("1")
    };
    assert_eq!(code(desk.take_part(nowhere).await), "part.bin_missing");
    assert_eq!(
        code(desk.stop_labour(order_id()).await),
        "labour.not_running"
    );
    assert_eq!(
        code(desk.finish_order(order_id()).await),
        "finish.steps_open"
    );
    let reason = String::new();
    let order_id = order_id();
    assert_eq!(
        code(desk.hold_order(HoldInput { order_id, reason }).await),
        "order.reason_missing"
    );
    assert_eq!(
        code(desk.start_order("nothing".to_owned()).await),
        "order.unknown"
    );
    assert_eq!(desk.shell().await.unwrap().unsent, 0);
}

#[tokio::test]
async fn labour_runs_once_per_person() {
    let bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    let twice = bench.desk.start_labour(order_id()).await;
    assert_eq!(code(twice), "labour.already_running");
}

#[tokio::test]
async fn labour_lasts_what_the_boot_clock_says_when_the_wall_clock_jumps() {
    let bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    bench.clock.pass_ms(600_000);
    bench.clock.jump_ms(3 * 365 * 24 * 3_600_000);
    bench.desk.stop_labour(order_id()).await.unwrap();
    let labour = bench.order().await.labour.remove(0);
    assert_eq!(labour.end.unwrap() - labour.start, 600_000.0);
    assert!(labour.is_time_doubtful);
}

#[tokio::test]
async fn notes_stand_in_the_order_of_writing_when_the_clock_goes_back_years() {
    let bench = Bench::at_work().await;
    bench.desk.write_note(note("first")).await.unwrap();
    bench.clock.jump_ms(-6 * 365 * 24 * 3_600_000);
    bench.desk.write_note(note("second")).await.unwrap();
    let notes = bench.order().await.notes;
    let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["second", "first"]);
}

#[tokio::test]
async fn labour_runs_on_across_a_reboot() {
    let mut bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    bench.clock.pass_ms(600_000);
    bench.clock.reboot();
    bench.reopen().await;
    bench.unlock(crate::build::PIN).await.unwrap();
    bench.desk.stop_labour(order_id()).await.unwrap();
    let labour = bench.order().await.labour.remove(0);
    assert_eq!(labour.end.unwrap() - labour.start, 600_000.0);
    assert!(!labour.is_time_doubtful);
}

#[tokio::test]
async fn a_part_is_saved_then_sent_then_accepted_with_its_number() {
    let bench = Bench::at_work().await;
    bench.desk.take_part(take("1")).await.unwrap();
    let state = |page: fettle_desk::view::OrderView| page.parts[0].used[0].change.clone();
    assert_eq!(state(bench.order().await).state, ChangeState::Saved);
    bench.acknowledge().await;
    let page = bench.order().await;
    let entry: EntryId = page.parts[0].used[0].id.parse().unwrap();
    assert_eq!(state(page).state, ChangeState::Sent);
    let number = "4900012345".to_owned();
    bench
        .hear(
            3,
            outcome(Subject::Entry(entry), Outcome::Accepted { number }),
        )
        .await;
    let accepted = state(bench.order().await);
    assert_eq!(accepted.state, ChangeState::Accepted);
    assert_eq!(accepted.system.as_deref(), Some("ERP"));
    assert_eq!(accepted.number.as_deref(), Some("4900012345"));
}

#[tokio::test]
async fn a_part_the_erp_refuses_needs_attention_and_names_who_has_it() {
    let bench = Bench::at_work().await;
    bench.desk.take_part(take("1")).await.unwrap();
    bench.acknowledge().await;
    let page = bench.order().await;
    let entry: EntryId = page.parts[0].used[0].id.parse().unwrap();
    let refused = Outcome::Refused {
        class: RejectionClass::TransactionData,
        code: "M7021".to_owned(),
        message: "Deficit of stock".to_owned(),
        owner: Role::Storekeeper,
    };
    bench.hear(3, outcome(Subject::Entry(entry), refused)).await;
    let unsent = bench.desk.unsent().await.unwrap();
    assert_eq!(unsent.len(), 1);
    let change = &unsent[0].change;
    assert_eq!(change.state, ChangeState::Attention);
    assert_eq!(change.reason.as_ref().unwrap().code, "erp.M7021");
    assert_eq!(change.owner.as_deref(), Some("storekeeper"));
    assert_eq!(bench.order().await.row.attention, 1);
}

#[tokio::test]
async fn a_start_that_lost_a_race_goes_to_the_planner_and_the_official_status_shows() {
    let bench = Bench::at_work().await;
    bench.desk.start_order(order_id()).await.unwrap();
    bench.acknowledge().await;
    let replica = bench.replica().await;
    let stored = replica.order(order()).unwrap().unwrap();
    let intent: IntentId = stored.claims[0].intent.id;
    bench.hear(3, Row::WorkOrder(row(Status::Wsch, 2))).await;
    let refusal = Refusal::new("order.status_changed_meanwhile")
        .with("from", "APPR")
        .with("to", "INPRG")
        .with("now", "WSCH");
    let verdict = Verdict {
        intent,
        order: order(),
        decision: Decision::Case {
            refusal,
            owner: Role::Planner,
        },
        at: now(),
    };
    bench.hear(4, Row::Verdict(verdict)).await;
    let page = bench.order().await;
    assert_eq!(page.row.status, "WSCH");
    let change = page.transition.unwrap();
    assert_eq!(change.state, ChangeState::Attention);
    assert_eq!(change.owner.as_deref(), Some("planner"));
}

#[tokio::test]
async fn a_closed_order_takes_no_facts_and_says_why() {
    let bench = Bench::at_work().await;
    bench.hear(3, Row::WorkOrder(row(Status::Close, 2))).await;
    let page = bench.order().await;
    assert!(page.actions.is_empty());
    assert_eq!(page.locked_reason.unwrap().code, "order.not_open_for_work");
    let refused = bench.desk.write_note(note("Too late.")).await;
    assert_eq!(code(refused), "order.not_open_for_work");
}

#[tokio::test]
async fn every_change_is_told_with_its_order() {
    let bench = Bench::at_work().await;
    let mut changes = bench.desk.changes();
    bench.desk.tick_step(tick(1)).await.unwrap();
    let told = changes.recv().await.unwrap();
    assert!(told.shell);
    assert_eq!(told.orders, [order_id()]);
}

#[tokio::test]
async fn search_finds_the_order_and_says_what_the_laptop_holds() {
    let bench = Bench::at_work().await;
    let found = bench.desk.search("104".to_owned()).await.unwrap();
    assert_eq!(found.orders[0].number, "10427");
    assert_eq!(found.holds, "Hall 3");
    let nothing = bench.desk.search("turbine".to_owned()).await.unwrap();
    assert!(nothing.orders.is_empty());
}

fn outcome(subject: Subject, outcome: Outcome) -> Row {
    Row::Outcome(OutcomeRow {
        order: order(),
        subject,
        outside: Outside::Erp,
        outcome,
        at: now(),
    })
}
