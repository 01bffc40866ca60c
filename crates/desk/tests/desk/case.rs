//! Exceptions on the desk: whose they are, what may be done, and that it works without a hub.

use fettle_desk::view::{
    CaseKind, CaseStage, ChangeState, DecideCaseInput, ProblemView, TakePartInput,
};
use fettle_domain::case::{
    CaseEvent, CaseState, CaseStep, CaseSubject, ExceptionCase, Resolution, Settlement, case_id,
};
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::intent::{Claim, Decision, Verdict};
use fettle_domain::person::{Person, Role};
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::{EffectId, EntryId, IntentId, PersonId, Refusal, Timestamp};
use uuid::Uuid;

use crate::attention::who_has_it;
use crate::build::{Bench, ana, item_id, now, order, order_id, part_line_id, plant};

pub(crate) const LENZ: PersonId = PersonId(Uuid::from_u128(0x900));
const HOUR_MS: i64 = 3_600_000;

/// A case of the storekeeper about a part taken, opened some hours ago and due after four.
pub(crate) fn part_case(entry: u128, hours: i64, message: &str) -> ExceptionCase {
    let subject = CaseSubject::Effect {
        effect: EffectId(Uuid::from_u128(entry)),
        subject: Subject::Entry(EntryId(Uuid::from_u128(entry))),
    };
    let cause = Refusal::new("effect.refused")
        .with("outside", "ERP")
        .with("code", "STOCK_SHORT")
        .with("message", message);
    let opened = now().plus_ms(-hours * HOUR_MS);
    ExceptionCase {
        id: case_id(Some(order()), Some(Outside::Erp), &subject, &cause.code),
        plant: plant(),
        order: Some(order()),
        subject,
        cause,
        class: Some(RejectionClass::TransactionData),
        outside: Some(Outside::Erp),
        owner: Role::Storekeeper,
        author: Some(LENZ),
        opened,
        due: opened.plus_ms(4 * HOUR_MS),
        state: CaseState::Open,
        attempts: 1,
        blocks: vec![],
        resolution: None,
        events: vec![CaseEvent {
            at: opened,
            what: CaseStep::Opened,
            by: None,
            words: Some(message.to_owned()),
        }],
    }
}

fn decide(case: &ExceptionCase, action: &str, reason: &str) -> DecideCaseInput {
    DecideCaseInput {
        case_id: case.id.to_string(),
        order_id: order_id(),
        action: action.to_owned(),
        reason: reason.to_owned(),
    }
}

fn code<T>(answer: Result<T, ProblemView>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(problem) => problem.code,
    }
}

pub(crate) fn lenz() -> Row {
    Row::Person(Person {
        id: LENZ,
        external_ids: vec![],
        name: "M. Lenz".to_owned(),
        craft: "Stores".to_owned(),
        plant: plant(),
        crew: None,
        roles: vec![Role::Storekeeper],
        is_disabled: false,
    })
}

pub(crate) async fn hear_case(bench: &Bench, version: u64, case: &ExceptionCase) {
    bench.hear(version, Row::Case(case.clone())).await;
}

#[tokio::test]
async fn a_technician_has_no_exceptions_page_and_decides_nothing() {
    let bench = Bench::at_work().await;
    let case = part_case(1, 1, "bin C-09 holds 1 EA");
    hear_case(&bench, 3, &case).await;
    assert_eq!(bench.desk.shell().await.unwrap().cases, None);
    assert_eq!(bench.desk.cases().await.unwrap().open, 0);
    let seen = bench.desk.case(case.id.to_string()).await;
    assert_eq!(code(seen), "case.not_yours");
    let decided = bench.desk.decide_case(decide(&case, "replay", "")).await;
    assert_eq!(code(decided), "case.not_yours");
}

#[tokio::test]
async fn a_storekeeper_sees_their_own_by_cause_with_what_is_overdue() {
    let bench = Bench::at_work_as(&[Role::Storekeeper]).await;
    let planners = ExceptionCase {
        owner: Role::Planner,
        ..part_case(9, 1, "not theirs")
    };
    hear_case(&bench, 3, &part_case(1, 5, "bin C-09 holds 1 EA")).await;
    hear_case(&bench, 4, &part_case(2, 1, "bin C-11 holds 0 EA")).await;
    hear_case(&bench, 5, &planners).await;
    assert_eq!(bench.desk.shell().await.unwrap().cases, Some(2));
    let page = bench.desk.cases().await.unwrap();
    assert_eq!((page.open, page.overdue, page.groups.len()), (2, 1, 1));
    let group = &page.groups[0];
    assert_eq!(
        (group.rows.len(), group.overdue, group.owner.as_str()),
        (2, 1, "storekeeper")
    );
    // Two bins: what they share is the code, not the words about one of them.
    let named: Vec<&str> = group
        .cause
        .arguments
        .iter()
        .map(|argument| argument.name.as_str())
        .collect();
    assert_eq!(named, ["outside", "code"]);
}

#[tokio::test]
async fn an_integration_owner_sees_everybodys() {
    let bench = Bench::at_work_as(&[Role::IntegrationOwner]).await;
    hear_case(&bench, 3, &part_case(1, 1, "bin C-09 holds 1 EA")).await;
    assert_eq!(bench.desk.cases().await.unwrap().open, 1);
}

#[tokio::test]
async fn what_is_decided_offline_is_saved_sent_and_not_decided_twice() {
    let bench = Bench::at_work_as(&[Role::Storekeeper]).await;
    let case = part_case(1, 1, "bin C-09 holds 1 EA");
    hear_case(&bench, 3, &case).await;
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    assert_eq!(view.actions, ["replay", "take", "discard"]);
    let without = bench.desk.decide_case(decide(&case, "discard", " ")).await;
    assert_eq!(code(without), "case.reason_missing");
    let unfit = bench.desk.decide_case(decide(&case, "accept", "")).await;
    assert_eq!(code(unfit), "case.action_does_not_fit");
    let saved = bench.desk.decide_case(decide(&case, "replay", "")).await;
    assert_eq!(saved.unwrap().state, ChangeState::Saved);
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    assert_eq!(view.row.decided.unwrap().state, ChangeState::Saved);
    assert_eq!(view.actions, [] as [&str; 0]);
    let unsent = bench.desk.unsent().await.unwrap();
    assert_eq!(unsent[0].text, "replay");
    bench.acknowledge().await;
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    assert_eq!(view.row.decided.unwrap().state, ChangeState::Sent);
    // The hub carried it out: the case itself says so.
    let stored = bench.replica().await.order(order()).unwrap().unwrap();
    let Claim::Case(claim) = &stored.claims[0].intent.claim else {
        panic!("a decision about a case");
    };
    assert_eq!(claim.case, case.id);
    let verdict = Verdict {
        intent: stored.claims[0].intent.id,
        order: order(),
        decision: Decision::Accepted,
        at: now(),
    };
    bench.hear(4, Row::Verdict(verdict)).await;
    let waits = ExceptionCase {
        state: CaseState::WaitingOn {
            outside: Outside::Erp,
            by: ana(),
        },
        ..case.clone()
    };
    hear_case(&bench, 5, &waits).await;
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    assert_eq!(view.row.stage, CaseStage::SentAgain);
    assert!(view.row.decided.is_none());
    assert_eq!(view.row.holder.as_deref(), Some("Ana Ruiz"));
}

#[tokio::test]
async fn a_decision_the_hub_refused_is_said_and_may_be_made_again() {
    let bench = Bench::at_work_as(&[Role::Storekeeper]).await;
    let case = part_case(1, 1, "bin C-09 holds 1 EA");
    hear_case(&bench, 3, &case).await;
    let dropped = decide(&case, "discard", "Counted again");
    bench.desk.decide_case(dropped).await.unwrap();
    bench.acknowledge().await;
    let stored = bench.replica().await.order(order()).unwrap().unwrap();
    let verdict = Verdict {
        intent: stored.claims[0].intent.id,
        order: order(),
        decision: Decision::Refused(Refusal::new("case.may_have_arrived")),
        at: now(),
    };
    bench.hear(4, Row::Verdict(verdict)).await;
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    let decided = view.row.decided.unwrap();
    assert_eq!(decided.state, ChangeState::Attention);
    assert_eq!(decided.reason.unwrap().code, "case.may_have_arrived");
    assert_eq!(view.actions, ["replay", "take", "discard"]);
}

pub(crate) fn take() -> TakePartInput {
    TakePartInput {
        order_id: order_id(),
        part_line_id: Some(part_line_id()),
        item_id: item_id(),
        bin: "C-14".to_owned(),
        quantity: "1".to_owned(),
    }
}

/// A part Ana took that the ERP refused, and its case.
async fn refused_part(bench: &Bench) -> ExceptionCase {
    bench.desk.take_part(take()).await.unwrap();
    bench.acknowledge().await;
    let page = bench.order().await;
    let entry: EntryId = page.parts[0].used[0].id.parse().unwrap();
    let refused = Outcome::Refused {
        class: RejectionClass::TransactionData,
        code: "STOCK_SHORT".to_owned(),
        message: "bin C-14 holds 0 EA".to_owned(),
        owner: Role::Storekeeper,
    };
    bench
        .hear(3, outcome(Subject::Entry(entry), refused, now()))
        .await;
    let case = part_case(entry.0.as_u128(), 1, "bin C-14 holds 0 EA");
    hear_case(bench, 4, &case).await;
    case
}

fn outcome(subject: Subject, outcome: Outcome, at: Timestamp) -> Row {
    Row::Outcome(OutcomeRow {
        order: order(),
        subject,
        outside: Outside::Erp,
        outcome,
        at,
    })
}

#[tokio::test]
async fn needs_attention_names_the_person_who_took_it_and_the_drop_says_why() {
    let bench = Bench::at_work().await;
    let case = refused_part(&bench).await;
    let state = async || bench.order().await.parts[0].used[0].change.clone();
    let nobody = state().await;
    assert_eq!(
        (nobody.owner.as_deref(), nobody.holder),
        (Some("storekeeper"), None)
    );
    bench.hear(5, lenz()).await;
    let taken = ExceptionCase {
        state: CaseState::Working { by: LENZ },
        ..case.clone()
    };
    hear_case(&bench, 6, &taken).await;
    let taken = state().await;
    assert_eq!(taken.state, ChangeState::Attention);
    assert_eq!(taken.holder.as_deref(), Some("M. Lenz"));
    assert_eq!(taken.reason.unwrap().code, "erp.STOCK_SHORT");
    assert_eq!(bench.order().await.row.attention, 1);

    let reason = "Counted again, there was one".to_owned();
    let by = LENZ;
    let CaseSubject::Effect { subject, .. } = case.subject else {
        panic!("a posting");
    };
    let dropped = Outcome::Discarded {
        reason: reason.clone(),
        by,
    };
    bench
        .hear(7, outcome(subject, dropped, now().plus_ms(1)))
        .await;
    let settled = ExceptionCase {
        state: CaseState::Waived,
        resolution: Some(Resolution {
            by: Some(by),
            at: now(),
            how: Settlement::Discarded,
            reason: Some(reason),
        }),
        ..case.clone()
    };
    hear_case(&bench, 8, &settled).await;
    let dropped = state().await;
    assert_eq!(dropped.state, ChangeState::Sent);
    let said = dropped.reason.unwrap();
    assert_eq!(said.code, "effect.discarded");
    assert_eq!(said.arguments[0].value, "Counted again, there was one");
    assert_eq!(bench.order().await.row.attention, 0);
    assert_eq!(bench.desk.unsent().await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_waits_behind_a_refusal_says_so() {
    let bench = Bench::at_work().await;
    bench.desk.take_part(take()).await.unwrap();
    bench.acknowledge().await;
    let page = bench.order().await;
    let entry: EntryId = page.parts[0].used[0].id.parse().unwrap();
    let before = ExceptionCase {
        blocks: vec![Subject::Entry(entry)],
        ..part_case(77, 1, "period 2026-10 is not open")
    };
    hear_case(&bench, 3, &before).await;
    let change = bench.order().await.parts[0].used[0].change.clone();
    assert_eq!(change.state, ChangeState::Attention);
    assert_eq!(change.reason.unwrap().code, "effect.waits_behind");
}

/// A start of Ana's that raced, with its verdict and its case in either order.
pub(crate) async fn raced_start(bench: &Bench, is_case_first: bool) -> ExceptionCase {
    bench.desk.start_order(order_id()).await.unwrap();
    bench.acknowledge().await;
    let stored = bench.replica().await.order(order()).unwrap().unwrap();
    let intent: IntentId = stored.claims[0].intent.id;
    let refusal = Refusal::new("order.status_changed_meanwhile")
        .with("from", "APPR")
        .with("to", "INPRG")
        .with("now", "WSCH");
    let case = ExceptionCase {
        subject: CaseSubject::Intent(intent),
        cause: refusal.clone(),
        class: None,
        outside: None,
        owner: Role::Planner,
        ..part_case(5, 1, "")
    };
    let verdict = Row::Verdict(Verdict {
        intent,
        order: order(),
        decision: Decision::Case {
            refusal,
            owner: Role::Planner,
        },
        at: now(),
    });
    if is_case_first {
        hear_case(bench, 3, &case).await;
        bench.hear(4, verdict).await;
    } else {
        bench.hear(3, verdict).await;
        hear_case(bench, 4, &case).await;
    }
    case
}

#[tokio::test]
async fn a_race_needs_attention_once_until_the_planner_has_decided() {
    for is_case_first in [true, false] {
        let bench = Bench::at_work().await;
        let case = raced_start(&bench, is_case_first).await;
        assert_eq!(bench.order().await.row.attention, 1);
        assert_eq!(bench.desk.shell().await.unwrap().link.attention, 1);
        let list = bench.desk.unsent().await.unwrap();
        let page = bench.order().await;
        let shown = [&list[0].change, &page.unsent[0].change];
        assert_eq!((list.len(), page.unsent.len()), (1, 1));
        for change in shown.into_iter().chain(&page.transition) {
            assert_eq!(who_has_it(change), "planner by 4");
        }
        bench.hear(5, lenz()).await;
        let settled = ExceptionCase {
            state: CaseState::Resolved,
            resolution: Some(Resolution {
                by: Some(LENZ),
                at: now(),
                how: Settlement::Rejected,
                reason: Some("The crane comes first".to_owned()),
            }),
            ..case
        };
        hear_case(&bench, 6, &settled).await;
        let page = bench.order().await;
        assert_eq!(page.row.attention, 0);
        let said = page.transition.unwrap();
        assert_eq!(said.state, ChangeState::Sent);
        let reason = said.reason.unwrap();
        assert_eq!(reason.code, "case.rejected");
        let values: Vec<&str> = reason
            .arguments
            .iter()
            .map(|argument| argument.value.as_str())
            .collect();
        assert_eq!(values, ["M. Lenz", "The crane comes first"]);
        assert_eq!(bench.desk.unsent().await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn a_planner_sees_a_race_of_somebody_elses_laptop_and_may_accept_it() {
    let bench = Bench::at_work_as(&[Role::Planner]).await;
    let case = ExceptionCase {
        subject: CaseSubject::Intent(IntentId(Uuid::from_u128(0xabc))),
        cause: Refusal::new("order.status_changed_meanwhile")
            .with("from", "INPRG")
            .with("to", "COMP")
            .with("now", "HOLD"),
        owner: Role::Planner,
        outside: None,
        class: None,
        ..part_case(5, 1, "")
    };
    hear_case(&bench, 3, &case).await;
    assert_eq!(bench.order().await.row.attention, 1);
    let view = bench.desk.case(case.id.to_string()).await.unwrap();
    assert_eq!(
        (view.row.kind, view.row.text.as_str()),
        (CaseKind::Race, "COMP")
    );
    assert_eq!(view.actions, ["accept", "take", "reject"]);
}
