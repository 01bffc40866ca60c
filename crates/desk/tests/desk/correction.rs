//! Two versions of a step, what a person takes back, and failure reports.

use fettle_desk::view::{
    ChangeState, ChoiceKind, ClashState, NameReportInput, ProblemView, RecordStepInput,
    ReportFailureInput, SettleStepInput, StepView, TakeBackInput, TakePartInput, TickStepInput,
    UnsentKind,
};
use fettle_document::{Edit, StepEntry};
use fettle_domain::effect::Outside;
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::work_order::FailureReport;
use fettle_domain::{DeviceTime, EntryId, StepId};
use uuid::Uuid;

use crate::build::{Bench, item_id, now, order, order_id, part_line_id, step_id};

const BEN: u8 = 40;

fn at() -> DeviceTime {
    DeviceTime {
        at: now(),
        offset_ms: Some(0),
        boot_id: 9,
        boot_ms: 1,
    }
}

fn measured(value: &str) -> Edit {
    Edit::RecordStep {
        step: step_id(2).parse::<StepId>().unwrap(),
        entry: Box::new(StepEntry {
            is_done: true,
            value: Some(value.parse().unwrap()),
            unit: None,
            text: None,
            photos: vec![],
            scanned_code: None,
            second_signature: None,
            permit_acknowledged: None,
            at: at(),
        }),
    }
}

/// Ana records one value, and Ben's comes from the hub.
async fn clash(role: Role, mine: &str, theirs: &str) -> Bench {
    let bench = Bench::at_work_as(&[role]).await;
    let input = RecordStepInput {
        order_id: order_id(),
        step_id: step_id(2),
        value: Some(mine.to_owned()),
        text: None,
    };
    bench.desk.record_step(input).await.unwrap();
    bench
        .hear_edits(BEN, Role::Technician, &[measured(theirs)])
        .await;
    bench
}

async fn step(bench: &Bench) -> StepView {
    bench.order().await.tasks[0].steps[1].clone()
}

fn values(step: &StepView) -> Vec<&str> {
    let mut values: Vec<&str> = step
        .results
        .iter()
        .filter_map(|result| result.value.as_deref())
        .collect();
    values.sort_unstable();
    values
}

async fn settle(
    bench: &Bench,
    choice: ChoiceKind,
    value: Option<&str>,
    reason: &str,
) -> Result<(), ProblemView> {
    let view = step(bench).await;
    let result = view
        .results
        .iter()
        .find(|result| result.value.as_deref() == value);
    let input = SettleStepInput {
        order_id: order_id(),
        step_id: step_id(2),
        choice,
        result_id: value.and(result).map(|result| result.id.clone()),
        reason: reason.to_owned(),
    };
    bench.desk.settle_step(input).await.map(|_| ())
}

async fn clashes(bench: &Bench) -> u32 {
    bench.order().await.row.clashes
}

#[tokio::test]
async fn a_technician_sees_both_values_and_keeps_both_or_asks() {
    let bench = clash(Role::Technician, "0.03", "0.07").await;
    let view = step(&bench).await;
    assert_eq!(values(&view), ["0.03", "0.07"]);
    let mine = view.results.iter().find(|result| result.is_mine).unwrap();
    assert_eq!((mine.value.as_deref(), mine.is_pass), (Some("0.03"), true));
    let laptops: Vec<&str> = view.results.iter().map(|one| one.laptop.as_str()).collect();
    assert!(
        laptops.contains(&"HW-14") && laptops.contains(&"HW-40"),
        "{laptops:?}"
    );
    let shown = view.clash.unwrap();
    assert_eq!(shown.state, ClashState::Open);
    assert_eq!(shown.may, [ChoiceKind::KeepBoth, ChoiceKind::Ask]);
    assert_eq!(shown.owner.as_deref(), Some("planner"));
    assert_eq!(clashes(&bench).await, 1);
    for (choice, code) in [
        (ChoiceKind::Use, "step.fail_stands"),
        (ChoiceKind::SetAside, "step.set_aside_not_yours"),
    ] {
        let refused = settle(&bench, choice, Some("0.07"), "mine is right").await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    settle(&bench, ChoiceKind::KeepBoth, None, "")
        .await
        .unwrap();
    let view = step(&bench).await;
    assert_eq!(view.clash.unwrap().state, ClashState::Kept);
    assert_eq!(view.choices.len(), 1);
    assert_eq!(view.change.unwrap().state, ChangeState::Saved);
    assert_eq!(clashes(&bench).await, 0);
    assert_eq!(bench.order().await.notes.len(), 0, "no note of its own");
    // The rest of the order goes on, and the fail is shown before finishing.
    let tick = TickStepInput {
        order_id: order_id(),
        step_id: step_id(1),
        is_done: true,
    };
    bench.desk.tick_step(tick).await.unwrap();
    let check = bench.desk.finish_check(order_id()).await.unwrap();
    assert_eq!(check.failed_steps, ["Step 2"]);
}

#[tokio::test]
async fn of_two_passing_values_one_is_used_and_the_other_stays_in_the_history() {
    let bench = clash(Role::Technician, "0.03", "0.04").await;
    let may = step(&bench).await.clash.unwrap().may;
    assert_eq!(
        may,
        [ChoiceKind::KeepBoth, ChoiceKind::Use, ChoiceKind::Ask]
    );
    settle(&bench, ChoiceKind::Use, Some("0.04"), "")
        .await
        .unwrap();
    let view = step(&bench).await;
    assert_eq!(values(&view), ["0.04"]);
    assert!(view.clash.is_none());
    assert_eq!(view.history[0].value.as_deref(), Some("0.03"));
    assert_eq!(view.choices[0].value.as_deref(), Some("0.04 mm"));
}

#[tokio::test]
async fn a_supervisor_sets_a_failing_value_aside_with_a_reason() {
    let bench = clash(Role::Supervisor, "0.03", "0.07").await;
    let may = step(&bench).await.clash.unwrap().may;
    assert_eq!(may, [ChoiceKind::KeepBoth, ChoiceKind::SetAside]);
    let silent = settle(&bench, ChoiceKind::SetAside, Some("0.07"), " ").await;
    assert_eq!(silent.unwrap_err().code, "step.reason_missing");
    settle(
        &bench,
        ChoiceKind::SetAside,
        Some("0.07"),
        "Gauge out of date",
    )
    .await
    .unwrap();
    let view = step(&bench).await;
    assert_eq!(values(&view), ["0.03"]);
    assert_eq!(view.choices[0].reason, "Gauge out of date");
    assert_eq!(view.history[0].value.as_deref(), Some("0.07"));
}

#[tokio::test]
async fn measuring_again_does_not_remove_what_failed() {
    let bench = clash(Role::Technician, "0.03", "0.07").await;
    let input = RecordStepInput {
        order_id: order_id(),
        step_id: step_id(2),
        value: Some("0.02".to_owned()),
        text: None,
    };
    bench.desk.record_step(input).await.unwrap();
    assert_eq!(values(&step(&bench).await), ["0.02", "0.07"]);
}

async fn take_back(bench: &Bench, entry: &str, minutes: Option<&str>) -> Result<(), String> {
    let input = TakeBackInput {
        order_id: order_id(),
        entry_id: entry.to_owned(),
        minutes: minutes.map(str::to_owned),
    };
    let answer = bench.desk.take_back(input).await;
    answer.map(|_| ()).map_err(|problem| problem.code)
}

#[tokio::test]
async fn wrong_hours_are_taken_back_and_the_right_ones_recorded() {
    let bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    let running = bench.order().await.labour.remove(0);
    assert!(!running.may_take_back);
    let open = take_back(&bench, &running.id, None).await;
    assert_eq!(open, Err("entry.open".to_owned()));
    bench.clock.pass_ms(90 * 60_000);
    bench.desk.stop_labour(order_id()).await.unwrap();
    let bad = take_back(&bench, &running.id, Some("an hour")).await;
    assert_eq!(bad, Err("labour.minutes_not_possible".to_owned()));
    take_back(&bench, &running.id, Some("45")).await.unwrap();

    let labour = bench.order().await.labour;
    assert_eq!(labour.len(), 2);
    let (right, wrong) = (&labour[0], &labour[1]);
    assert_eq!(right.end.unwrap() - right.start, 45.0 * 60_000.0);
    assert!(
        !right.is_overlapping,
        "what was taken back overlaps nothing"
    );
    let back = wrong.taken_back.as_ref().unwrap();
    assert_eq!(back.change.state, ChangeState::Saved);
    assert!(!wrong.may_take_back && right.may_take_back);
    let twice = take_back(&bench, &wrong.id, None).await;
    assert_eq!(twice, Err("entry.taken_back".to_owned()));
    let of_reversal = take_back(&bench, &back.id, None).await;
    assert_eq!(of_reversal, Err("entry.is_reversal".to_owned()));

    bench.acknowledge().await;
    let posted = |id: &str, number: &str| {
        Row::Outcome(OutcomeRow {
            order: order(),
            subject: Subject::Entry(id.parse::<EntryId>().unwrap()),
            outside: Outside::Erp,
            outcome: Outcome::Accepted {
                number: number.to_owned(),
            },
            at: now(),
        })
    };
    bench.hear(7, posted(&wrong.id, "5000000412")).await;
    bench.hear(8, posted(&back.id, "5000000413")).await;
    let wrong = bench.order().await.labour.remove(1);
    assert_eq!(wrong.change.number.as_deref(), Some("5000000412"));
    let back = wrong.taken_back.unwrap();
    assert_eq!(back.change.number.as_deref(), Some("5000000413"));
}

#[tokio::test]
async fn what_was_taken_back_before_it_was_posted_says_so_at_both_entries() {
    let bench = Bench::at_work().await;
    bench.desk.start_labour(order_id()).await.unwrap();
    bench.clock.pass_ms(20 * 60_000);
    bench.desk.stop_labour(order_id()).await.unwrap();
    let wrong = bench.order().await.labour.remove(0);
    take_back(&bench, &wrong.id, None).await.unwrap();
    bench.acknowledge().await;
    let back = bench.order().await.labour.remove(0).taken_back.unwrap();
    for (version, id) in [(7, &wrong.id), (8, &back.id)] {
        let cancelled = OutcomeRow {
            order: order(),
            subject: Subject::Entry(id.parse::<EntryId>().unwrap()),
            outside: Outside::Erp,
            outcome: Outcome::TakenBack,
            at: now(),
        };
        bench.hear(version, Row::Outcome(cancelled)).await;
    }
    let wrong = bench.order().await.labour.remove(0);
    for change in [wrong.change, wrong.taken_back.unwrap().change] {
        assert_eq!(change.state, ChangeState::Sent);
        assert_eq!(change.reason.unwrap().code, "effect.taken_back");
    }
}

#[tokio::test]
async fn a_wrong_part_is_taken_back_and_its_line_is_open_again() {
    let bench = Bench::at_work().await;
    let take = TakePartInput {
        order_id: order_id(),
        part_line_id: Some(part_line_id()),
        item_id: item_id(),
        bin: "C-14".to_owned(),
        quantity: "2".to_owned(),
    };
    bench.desk.take_part(take).await.unwrap();
    let used = bench.order().await.parts[0].used.remove(0);
    take_back(&bench, &used.id, None).await.unwrap();
    let page = bench.order().await;
    assert_eq!(
        (page.row.parts_taken, page.parts[0].taken.as_str()),
        (0, "0")
    );
    assert_eq!(page.parts[0].used.len(), 1);
    assert!(page.parts[0].used[0].taken_back.is_some());
    // The stock figure is the ERP's until the ERP says otherwise.
    assert_eq!(page.parts[0].bins[0].on_hand, "5");
    assert_eq!(page.unsent.len(), 2);
}

fn report(mode: &str) -> ReportFailureInput {
    ReportFailureInput {
        order_id: order_id(),
        mode: mode.to_owned(),
        part: "bearing".to_owned(),
        cause: "3.4".to_owned(),
        text: "Blue all around.".to_owned(),
    }
}

fn other_report() -> Edit {
    Edit::PutFailureReport {
        id: EntryId(Uuid::from_u128(0x900)),
        entry: FailureReport {
            mode: "VIB".to_owned(),
            mechanism: None,
            cause: None,
            component: None,
            detection: None,
            activity: None,
            remedy: None,
            occurred: None,
            at: at(),
        },
        is_closed: true,
    }
}

#[tokio::test]
async fn a_failure_is_reported_in_the_codes_of_the_asset() {
    let bench = Bench::at_work().await;
    let codes = bench.desk.failure_codes(order_id()).await.unwrap();
    assert!(codes.modes.iter().any(|mode| mode.code == "OHE"));
    let unknown = bench.desk.report_failure(report("hot")).await;
    assert_eq!(unknown.unwrap_err().code, "failure.code_unknown");
    bench.desk.report_failure(report("OHE")).await.unwrap();
    let page = bench.order().await;
    let told = &page.failure_reports[0];
    assert_eq!(
        (told.mode.as_str(), told.part.as_deref()),
        ("Runs hot", Some("Bearing"))
    );
    assert_eq!(told.cause.as_deref(), Some("Wear as expected"));
    assert!(
        told.is_official && !told.may_name,
        "the only one is the official one"
    );
    assert_eq!(page.unsent[0].kind, UnsentKind::FailureReport);
}

#[tokio::test]
async fn of_two_reports_the_planner_names_the_official_one() {
    for (role, expected) in [
        (Role::Technician, Err("failure.naming_not_yours".to_owned())),
        (Role::Planner, Ok(())),
    ] {
        let bench = Bench::at_work_as(&[role]).await;
        bench.desk.report_failure(report("OHE")).await.unwrap();
        bench
            .hear_edits(BEN, Role::Technician, &[other_report()])
            .await;
        let reports = bench.order().await.failure_reports;
        assert_eq!(reports.len(), 2);
        assert!(reports.iter().all(|report| !report.is_official));
        let other = reports.iter().find(|report| report.mode == "Vibration");
        let input = NameReportInput {
            order_id: order_id(),
            report_id: other.unwrap().id.clone(),
        };
        let named = bench.desk.name_report(input).await;
        assert_eq!(named.map(|_| ()).map_err(|problem| problem.code), expected);
        let reports = bench.order().await.failure_reports;
        let official = reports.iter().filter(|report| report.is_official);
        assert_eq!(official.count(), usize::from(expected.is_ok()));
    }
}
