//! What an outside system refuses: a case with an owner, sent again or dropped, once.

use fettle_document::Edit;
use fettle_domain::case::{CaseAction, CaseState, CaseStep, ExceptionCase, Settlement};
use fettle_domain::effect::{CASE_AFTER_FAILURES, NextStep, Rejection, RejectionClass};
use fettle_domain::intent::Decision;
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, Row, Subject};
use fettle_domain::work_order::{LabourEntry, LabourKind, Status, WorkOrderRow};
use fettle_domain::{EntryId, IntentId, Timestamp, WorkOrderId};
use fettle_hub::clock::now;
use fettle_hub::effect::Outcome as Answered;
use fettle_hub::effects::perform;
use fettle_hub::store::Store;
use fettle_sync::exchange::PushItem;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::{Trouble, World};

const LABOUR: EntryId = EntryId(Uuid::from_u128(1));

/// Half an hour of somebody's work.
pub(crate) fn labour(desk: &mut Desk, order: WorkOrderId, id: EntryId) -> PushItem {
    let entry = LabourEntry {
        person: desk.info.person,
        kind: LabourKind::Regular,
        task: None,
        start: time(31),
        end: Some(time(1)),
        reversal_of: None,
    };
    let edit = Edit::PutLabour {
        id,
        entry,
        is_closed: true,
    };
    desk.edit(order, &[edit])
}

/// Opens or closes the month the labour falls into.
fn period(world: &World, is_open: bool) {
    let month: String = time(1).at.to_string().chars().take(7).collect();
    let body = format!("{{\"FiscalPeriod\":\"{month}\",\"IsOpen\":{is_open}}}");
    world.erp_admin("/admin/period", &body);
}

/// Labour of Kowalska that the ERP refused because the month is closed.
async fn refused(world: &World) -> (Desk, WorkOrderRow) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp);
    period(world, false);
    let item = labour(&mut desk, order.id, LABOUR);
    desk.send(world, vec![item]).await;
    world.carry().await;
    desk.sync(world).await;
    (desk, order)
}

async fn owner(world: &World, account: &str, number: u8) -> Desk {
    let mut desk = world.desk(account, number).await;
    desk.sync(world).await;
    desk
}

fn only_case(desk: &Desk, order: WorkOrderId) -> ExceptionCase {
    let cases = desk.cases(order);
    assert_eq!(cases.len(), 1, "{cases:#?}");
    cases[0].clone()
}

fn outcome(desk: &Desk, order: WorkOrderId, subject: Subject) -> Option<Outcome> {
    let outcomes = desk.outcomes(order);
    let found = outcomes.iter().find(|row| row.subject == subject);
    found.map(|row| row.outcome.clone())
}

/// Claims something about a case and hears what the hub decided.
async fn decide(
    world: &World,
    desk: &mut Desk,
    case: &ExceptionCase,
    action: CaseAction,
    id: u128,
) -> Result<(), String> {
    let item = desk.about(case, action, id);
    desk.send(world, vec![item]).await;
    desk.sync(world).await;
    let key = format!("verdict/{}", IntentId(Uuid::from_u128(id)));
    match &desk.rows[&key].1 {
        Row::Verdict(verdict) => match &verdict.decision {
            Decision::Accepted => Ok(()),
            Decision::Refused(refusal) => Err(refusal.code.clone()),
            Decision::Case { .. } => panic!("a case about a case"),
        },
        _ => panic!("no verdict"),
    }
}

fn drop_it(reason: &str) -> CaseAction {
    CaseAction::Discard {
        reason: reason.to_owned(),
    }
}

#[tokio::test]
async fn a_posting_into_a_closed_month_is_a_case_and_one_replay_posts_it_once() {
    let world = World::new().await;
    let (mut desk, order) = refused(&world).await;
    let case = only_case(&desk, order.id);
    assert_eq!(case.owner, Role::IntegrationOwner);
    assert_eq!(case.class, Some(RejectionClass::ProcessState));
    assert_eq!(case.author, Some(desk.info.person));
    assert_eq!(case.due.ms_since(case.opened), 8 * 3_600_000);
    assert_eq!((case.attempts, case.state.clone()), (1, CaseState::Open));
    let said = case.events[0].words.clone().unwrap();
    assert!(said.contains("is not open"), "{said}");

    period(&world, true);
    let mut okafor = owner(&world, "okafor", 2).await;
    let replay = CaseAction::Replay;
    let first = decide(&world, &mut okafor, &case, replay.clone(), 10).await;
    let second = decide(&world, &mut okafor, &case, replay.clone(), 11).await;
    assert_eq!(first, Ok(()));
    assert_eq!(second, Err("case.sent_again".to_owned()));
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1]);
    let told = outcome(&desk, order.id, Subject::Entry(LABOUR));
    assert!(matches!(told, Some(Outcome::Accepted { .. })), "{told:?}");
    let settled = only_case(&desk, order.id);
    let resolution = settled.resolution.clone().unwrap();
    assert_eq!(settled.state, CaseState::Resolved);
    assert_eq!(
        (resolution.how, resolution.by),
        (Settlement::Posted, Some(okafor.info.person))
    );
    let third = decide(&world, &mut okafor, &case, replay, 12).await;
    assert_eq!(third, Err("case.settled".to_owned()));
    world.carry().await;
    assert_eq!(world.erp_documents(), [1]);
}

#[tokio::test]
async fn what_is_sent_again_too_early_comes_back_to_whoever_sent_it() {
    let world = World::new().await;
    let (mut desk, order) = refused(&world).await;
    let case = only_case(&desk, order.id);
    let mut okafor = owner(&world, "okafor", 2).await;
    let replayed = decide(&world, &mut okafor, &case, CaseAction::Replay, 10).await;
    assert_eq!(replayed, Ok(()));
    desk.sync(&world).await;
    let waits = only_case(&desk, order.id);
    assert_eq!(waits.holder(), Some(okafor.info.person));
    assert!(matches!(waits.state, CaseState::WaitingOn { .. }));
    world.carry().await;
    desk.sync(&world).await;
    let again = only_case(&desk, order.id);
    assert_eq!(
        again.state,
        CaseState::Working {
            by: okafor.info.person
        }
    );
    assert_eq!((again.opened, again.due), (case.opened, case.due));
    assert!(again.attempts > case.attempts);
    let steps: Vec<CaseStep> = again.events.iter().map(|event| event.what).collect();
    assert_eq!(
        steps,
        [CaseStep::Opened, CaseStep::SentAgain, CaseStep::Again]
    );
    assert_eq!(world.erp_documents(), [] as [u64; 0]);
}

#[tokio::test]
async fn a_replay_that_is_killed_or_loses_its_answer_posts_once() {
    let world = World::new().await;
    let (desk, order) = refused(&world).await;
    let case = only_case(&desk, order.id);
    period(&world, true);
    let mut okafor = owner(&world, "okafor", 2).await;
    decide(&world, &mut okafor, &case, CaseAction::Replay, 10)
        .await
        .unwrap();
    // It is searched first; then the posting is made and the hub dies before it hears.
    let mut at = now();
    loop {
        let claimed = world.store.claim_effects(at, 8).await.unwrap().remove(0);
        let outcome = perform(&world.systems, &claimed).await;
        if claimed.step == NextStep::Send {
            assert!(matches!(outcome, Answered::Posted { .. }));
            break;
        }
        assert_eq!(outcome, Answered::NotThere);
        let told = world
            .store
            .effect_answered(claimed.id, claimed.attempt, outcome, at);
        told.await.unwrap();
        at = at.plus_ms(70_000);
    }
    world.store.recover_effects(at).await.unwrap();
    world.erp.trouble(Trouble::LostAnswer);
    world.carry().await;
    assert_eq!(world.erp_documents(), [1]);
    let read = world.store.read(move |core| core.open_cases());
    assert_eq!(read.await.unwrap(), []);
}

#[tokio::test]
async fn only_the_owner_or_the_integration_owner_sends_again_or_drops() {
    let world = World::new().await;
    let (mut desk, order) = refused(&world).await;
    let case = only_case(&desk, order.id);
    let not_yours = Err("case.not_yours".to_owned());
    let mut own = async |action, id| decide(&world, &mut desk, &case, action, id).await;
    assert_eq!(own(CaseAction::Replay, 10).await, not_yours);
    assert_eq!(own(drop_it("Mine"), 11).await, not_yours);
    let mut sommer = owner(&world, "sommer", 2).await;
    let of_stores = decide(&world, &mut sommer, &case, CaseAction::Replay, 12).await;
    assert_eq!(of_stores, not_yours);
    assert_eq!(world.erp.posts(), 1);
}

#[tokio::test]
async fn what_is_dropped_needs_a_reason_tells_its_author_and_is_never_sent_again() {
    let world = World::new().await;
    let (mut desk, order) = refused(&world).await;
    let case = only_case(&desk, order.id);
    let mut okafor = owner(&world, "okafor", 2).await;
    let mut drop = async |reason, id| decide(&world, &mut okafor, &case, drop_it(reason), id).await;
    assert_eq!(drop("  ", 10).await, Err("case.reason_missing".to_owned()));
    assert_eq!(drop("On the sheet of October", 11).await, Ok(()));
    assert_eq!(drop("Again", 12).await, Err("case.settled".to_owned()));
    period(&world, true);
    // The same fact, sent once more by its laptop, does not bring it back.
    world.carry().await;
    let note = desk.note(&order.id, "And the seal");
    desk.send(&world, vec![note]).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!((world.erp.posts(), world.erp_documents()), (1, vec![]));
    let told = outcome(&desk, order.id, Subject::Entry(LABOUR));
    assert_eq!(
        told,
        Some(Outcome::Discarded {
            reason: "On the sheet of October".to_owned(),
            by: okafor.info.person
        })
    );
    let settled = only_case(&desk, order.id);
    assert_eq!(settled.state, CaseState::Waived);
}

#[tokio::test]
async fn other_facts_and_other_orders_flow_while_one_is_refused() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let first = desk.mine(Status::Disp);
    let number = first.number.clone().unwrap();
    world.erp_admin("/admin/order", &format!("{{\"OrderNumber\":\"{number}\"}}"));
    let second = desk
        .orders()
        .find(|row| {
            row.id != first.id
                && row.cost_centre.is_some()
                && row.status.status.takes_facts()
                && desk.documents.contains_key(&row.id.into())
        })
        .unwrap()
        .clone();
    let other = EntryId(Uuid::from_u128(2));
    let items = vec![
        labour(&mut desk, first.id, LABOUR),
        labour(&mut desk, second.id, other),
        PushItem::Intent(desk.intent(&first, Status::Inprg, 1)),
    ];
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    let told = |order, subject| outcome(&desk, order, subject);
    assert!(matches!(
        told(first.id, Subject::Entry(LABOUR)),
        Some(Outcome::Refused { .. })
    ));
    assert!(matches!(
        told(second.id, Subject::Entry(other)),
        Some(Outcome::Accepted { .. })
    ));
    // The order's own status does not rest on its labour.
    assert!(matches!(
        told(first.id, Subject::Intent(IntentId(Uuid::from_u128(1)))),
        Some(Outcome::Accepted { .. })
    ));
    assert_eq!(only_case(&desk, first.id).blocks, []);
    assert_eq!(desk.cases(second.id), [] as [&ExceptionCase; 0]);
}

/// Sets an order to closed in the CMMS behind the hub's back.
async fn close_in_cmms(world: &World, order: &WorkOrderRow) {
    use fettle_connectors::{Method, Request, Transport};
    let close = Request {
        method: Method::Post,
        path: format!("/admin/close/{}", order.number.as_deref().unwrap()),
        headers: Vec::new(),
        body: b"{}".to_vec(),
    };
    assert_eq!(world.cmms.call(close).await.unwrap().status, 200);
}

#[tokio::test]
async fn only_what_rests_on_a_refused_start_waits_and_the_case_names_it() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    close_in_cmms(&world, &order).await;
    let posts = world.cmms.posts();
    let start = desk.intent(&order, Status::Inprg, 1);
    let mut started = order.clone();
    started.status.status = Status::Inprg;
    let finish = desk.intent(&started, Status::Comp, 2);
    let items = vec![
        PushItem::Intent(start),
        labour(&mut desk, order.id, LABOUR),
        PushItem::Intent(finish),
    ];
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    let case = only_case(&desk, order.id);
    let finish = Subject::Intent(IntentId(Uuid::from_u128(2)));
    assert_eq!(case.owner, Role::Planner);
    assert_eq!(case.blocks, [finish]);
    assert_eq!(world.cmms.posts() - posts, 1, "the finish is not sent");
    assert_eq!(outcome(&desk, order.id, finish), None);
    assert!(matches!(
        outcome(&desk, order.id, Subject::Entry(LABOUR)),
        Some(Outcome::Accepted { .. })
    ));
    // What the CMMS says meanwhile is believed: nothing of ours is on its way.
    world.poll().await;
    desk.sync(&world).await;
    assert_eq!(desk.order(order.id).status.status, Status::Close);
    // Given up, it lets go what waited behind it.
    let mut okafor = owner(&world, "okafor", 2).await;
    let dropped = decide(
        &world,
        &mut okafor,
        &case,
        drop_it("Closed by the office"),
        10,
    )
    .await;
    assert_eq!(dropped, Ok(()));
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.cmms.posts() - posts, 2);
    assert!(matches!(
        outcome(&desk, order.id, finish),
        Some(Outcome::Refused { .. })
    ));
    assert_eq!(desk.cases(order.id).len(), 2);
}

/// What an outside system answers to the one effect there is, at its time, until `until`.
async fn answer_until(world: &World, outcome: &Answered, from: Timestamp, until: Timestamp) -> u32 {
    let (mut at, mut times) = (from, 0);
    while at < until {
        for claimed in world.store.claim_effects(at, 8).await.unwrap() {
            times += 1;
            let told = outcome.clone();
            let told = world
                .store
                .effect_answered(claimed.id, claimed.attempt, told, at);
            told.await.unwrap();
        }
        let next = world.store.next_effect_due().await.unwrap();
        at = next.map_or(until, |next| next.max(at.plus_ms(1)));
    }
    times
}

async fn one_labour(world: &World) -> (Desk, WorkOrderId) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp).id;
    let item = labour(&mut desk, order, LABOUR);
    desk.send(world, vec![item]).await;
    (desk, order)
}

#[tokio::test]
async fn a_night_without_the_erp_burns_nothing_and_opens_no_case() {
    let world = World::new().await;
    let (mut desk, order) = one_labour(&world).await;
    let (evening, hour) = (now(), 3_600_000);
    let morning = evening.plus_ms(10 * hour);
    let down = Answered::NotSent {
        seen: "connection refused".to_owned(),
    };
    let times = answer_until(&world, &down, evening, morning).await;
    assert!((500..700).contains(&times), "looked {times} times");
    desk.sync(&world).await;
    assert_eq!(desk.cases(order), [] as [&ExceptionCase; 0]);
    let due = world.store.next_effect_due().await.unwrap().unwrap();
    assert!(due.ms_since(morning) < 72_000, "found back in a minute");
    let claimed = world.store.claim_effects(due, 8).await.unwrap().remove(0);
    assert_eq!(claimed.step, NextStep::Send);
    let outcome = perform(&world.systems, &claimed).await;
    let told = world
        .store
        .effect_answered(claimed.id, claimed.attempt, outcome, due);
    told.await.unwrap();
    assert_eq!(world.erp_documents(), [1]);
}

#[tokio::test]
async fn what_stays_unknown_for_an_hour_is_a_case_that_ends_by_itself() {
    let world = World::new().await;
    world.erp.trouble(Trouble::LostAnswer);
    let (mut desk, order) = one_labour(&world).await;
    let start = now();
    let claimed = world.store.claim_effects(start, 8).await.unwrap().remove(0);
    let lost = perform(&world.systems, &claimed).await;
    assert!(matches!(lost, Answered::Unknown { .. }));
    let told = world
        .store
        .effect_answered(claimed.id, claimed.attempt, lost, start);
    told.await.unwrap();
    let down = Answered::NotSent {
        seen: "connection refused".to_owned(),
    };
    let minute = |minutes: i64| start.plus_ms(minutes * 60_000);
    answer_until(&world, &down, start, minute(55)).await;
    desk.sync(&world).await;
    assert_eq!(desk.cases(order), [] as [&ExceptionCase; 0]);
    answer_until(&world, &down, minute(55), minute(300)).await;
    desk.sync(&world).await;
    let case = only_case(&desk, order);
    assert_eq!(case.cause.code, "effect.unknown");
    assert_eq!(case.events.len(), 1, "it is said once");
    let mut okafor = owner(&world, "okafor", 2).await;
    let dropped = decide(&world, &mut okafor, &case, drop_it("Lost"), 10).await;
    assert_eq!(dropped, Err("case.may_have_arrived".to_owned()));
    // The ERP is back and is found to have it.
    let due = world.store.next_effect_due().await.unwrap().unwrap();
    let claimed = world.store.claim_effects(due, 8).await.unwrap().remove(0);
    let found = perform(&world.systems, &claimed).await;
    let told = world
        .store
        .effect_answered(claimed.id, claimed.attempt, found, due);
    told.await.unwrap();
    desk.sync(&world).await;
    let settled = only_case(&desk, order);
    let resolution = settled.resolution.unwrap();
    assert_eq!((resolution.how, resolution.by), (Settlement::Posted, None));
    assert_eq!(world.erp_documents(), [1]);
}

#[tokio::test]
async fn a_fault_of_software_is_tried_again_by_itself_and_shown_once_it_lasts() {
    let world = World::new().await;
    let (mut desk, order) = one_labour(&world).await;
    let fault = Answered::Rejected {
        rejection: Rejection {
            class: RejectionClass::Software,
            code: "INTERNAL".to_owned(),
            message: "unexpected state".to_owned(),
        },
        official: None,
    };
    let mut at = now();
    for failure in 1..=CASE_AFTER_FAILURES + 3 {
        let claimed = world.store.claim_effects(at, 8).await.unwrap().remove(0);
        let told = world
            .store
            .effect_answered(claimed.id, claimed.attempt, fault.clone(), at);
        told.await.unwrap();
        desk.sync(&world).await;
        let is_shown = failure >= CASE_AFTER_FAILURES;
        assert_eq!(desk.cases(order).len(), usize::from(is_shown), "{failure}");
        at = world.store.next_effect_due().await.unwrap().unwrap();
    }
    let case = only_case(&desk, order);
    assert_eq!(case.attempts, CASE_AFTER_FAILURES + 3);
    // Repaired: it goes by itself, and nobody has anything left to do.
    let claimed = world.store.claim_effects(at, 8).await.unwrap().remove(0);
    let outcome = perform(&world.systems, &claimed).await;
    let told = world
        .store
        .effect_answered(claimed.id, claimed.attempt, outcome, at);
    told.await.unwrap();
    desk.sync(&world).await;
    assert!(only_case(&desk, order).is_settled());
    assert_eq!(world.erp_documents(), [1]);
}
