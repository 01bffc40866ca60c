//! Claims: accepted, refused, raced, waiting; once for ever.

use fettle_connectors::{Method, Request, Transport};
use fettle_domain::IntentId;
use fettle_domain::case::CaseAction;
use fettle_domain::intent::{Decision, Dependency};
use fettle_domain::person::Role;
use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_domain::work_order::official::CmmsAnswer;
use fettle_hub::clock::now;
use fettle_sync::exchange::{Acknowledged, PushItem};
use uuid::Uuid;

use crate::desk::Desk;
use crate::world::World;

fn decision(desk: &Desk, id: u128) -> Option<Decision> {
    let key = format!("verdict/{}", uuid::Uuid::from_u128(id));
    desk.rows.get(&key).map(|(_, row)| match row {
        Row::Verdict(verdict) => verdict.decision.clone(),
        _ => panic!("a verdict"),
    })
}

#[tokio::test]
async fn an_accepted_transition_goes_to_the_cmms_once() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    let intent = desk.intent(&order, Status::Inprg, 1);
    let push = desk.push(vec![PushItem::Intent(intent)]);
    for _ in 0..3 {
        desk.exchange(&world, vec![push.clone()]).await;
    }
    assert_eq!(decision(&desk, 1), Some(Decision::Accepted));
    let status = desk.order(order.id).status.clone();
    assert_eq!(
        (status.status, status.cmms),
        (Status::Inprg, CmmsAnswer::Pending)
    );
    // What is read while the change is on its way does not take it back.
    world.poll().await;
    world.carry().await;
    world.poll().await;
    desk.sync(&world).await;
    let status = desk.order(order.id).status.clone();
    assert_eq!(
        (status.status, status.cmms),
        (Status::Inprg, CmmsAnswer::Accepted)
    );
    assert_eq!(world.cmms.posts(), 1);
    assert_eq!(desk.outcomes(order.id).len(), 1);
}

#[tokio::test]
async fn an_illegal_claim_is_refused_and_a_raced_one_becomes_a_case() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = mine.mine(Status::Disp);
    let illegal = mine.intent(&order, Status::Comp, 1);
    mine.send(&world, vec![PushItem::Intent(illegal)]).await;
    assert!(
        matches!(decision(&mine, 1), Some(Decision::Refused(refusal))
        if refusal.code == "order.transition_illegal")
    );
    let first = mine.intent(&order, Status::Inprg, 2);
    mine.send(&world, vec![PushItem::Intent(first)]).await;
    let late = other.intent(&order, Status::Inprg, 3);
    other.send(&world, vec![PushItem::Intent(late)]).await;
    assert!(matches!(decision(&other, 3), Some(Decision::Case { .. })));
}

#[tokio::test]
async fn a_claim_waits_for_what_it_depends_on() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = mine.mine(Status::Disp);
    let start = mine.intent(&order, Status::Inprg, 1);
    let mut finish = other.intent(&order, Status::Inprg, 2);
    finish.depends_on = vec![Dependency::Intent(start.id)];
    let told = other.send(&world, vec![PushItem::Intent(finish)]).await;
    assert_eq!((told.through, told.waiting), (1, vec![1]));
    assert_eq!(decision(&other, 2), None);
    mine.send(&world, vec![PushItem::Intent(start)]).await;
    other.sync(&world).await;
    assert!(matches!(decision(&other, 2), Some(Decision::Case { .. })));
}

/// Taken, and nothing of it in quarantine: what could be done when it was done gets an answer.
fn check_heard(told: &Acknowledged) {
    assert_eq!((told.quarantined.len(), &told.stopped), (0, &None));
}

#[tokio::test]
async fn a_claim_by_a_role_that_was_taken_away_meanwhile_is_refused() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    let set = |core: fettle_hub::core::Core<'_>| {
        core.set_person_roles("kowalska", &[Role::Storekeeper], now())
    };
    world.store.write(set).await.unwrap().unwrap();
    let claim = desk.intent(&order, Status::Inprg, 1);
    let told = desk.send(&world, vec![PushItem::Intent(claim)]).await;
    check_heard(&told);
    assert!(
        matches!(decision(&desk, 1), Some(Decision::Refused(refusal))
        if refusal.code == "order.transition_not_yours")
    );
    // The work may be done all the same: the planner decides, on every laptop.
    let mut planner = world.desk("brandt", 2).await;
    planner.sync(&world).await;
    let case = planner.cases(order.id)[0].clone();
    assert_eq!(case.cause.code, "order.claim_refused");
    assert_eq!((case.owner, case.is_settled()), (Role::Planner, false));
    let accept = planner.about(&case, CaseAction::Accept, 20);
    planner.send(&world, vec![accept]).await;
    desk.sync(&world).await;
    assert_eq!(desk.order(order.id).status.status, Status::Inprg);
    assert!(desk.cases(order.id)[0].is_settled());
}

#[tokio::test]
async fn a_claim_on_an_order_the_office_closed_meanwhile_is_the_planners_and_facts_are_kept() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    let close = Request {
        method: Method::Post,
        path: format!("/admin/close/{}", order.number.as_deref().unwrap()),
        headers: Vec::new(),
        body: b"{}".to_vec(),
    };
    assert_eq!(world.cmms.call(close).await.unwrap().status, 200);
    world.poll().await;
    let claim = PushItem::Intent(desk.intent(&order, Status::Inprg, 1));
    let note = desk.note(&order.id, "Seal face worn");
    let told = desk.send(&world, vec![note, claim]).await;
    check_heard(&told);
    let Some(Decision::Case { refusal, owner }) = decision(&desk, 1) else {
        panic!("no case");
    };
    assert_eq!(
        (refusal.code.as_str(), owner),
        ("order.status_changed_meanwhile", Role::Planner)
    );
    let read = world.store.read(move |core| core.work_order(order.id));
    let held = read.await.unwrap().unwrap();
    assert_eq!(held.content.notes[0].entry.text, "Seal face worn");
    assert_eq!(held.row.status.status, Status::Close);
}

#[tokio::test]
async fn a_claim_on_an_order_nobody_knows_is_refused() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let mut order = desk.mine(Status::Disp);
    order.id = fettle_domain::WorkOrderId(Uuid::from_u128(404));
    let claim = desk.intent(&order, Status::Inprg, 1);
    let told = desk.send(&world, vec![PushItem::Intent(claim)]).await;
    check_heard(&told);
    assert!(
        matches!(decision(&desk, 1), Some(Decision::Refused(refusal))
        if refusal.code == "order.unknown")
    );
}

#[tokio::test]
async fn a_claim_that_waited_while_its_author_was_disabled_is_refused() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = mine.mine(Status::Disp);
    let first = mine.intent(&order, Status::Inprg, 1);
    let mut waits = other.intent(&order, Status::Inprg, 2);
    waits.depends_on = vec![Dependency::Intent(first.id)];
    let told = other.send(&world, vec![PushItem::Intent(waits)]).await;
    assert_eq!(told.waiting, [1]);
    let disable = |core: fettle_hub::core::Core<'_>| core.set_person_disabled("ode", true, now());
    world.store.write(disable).await.unwrap().unwrap();
    mine.send(&world, vec![PushItem::Intent(first)]).await;
    assert_eq!(decision(&mine, 1), Some(Decision::Accepted));
    other.sync(&world).await;
    assert!(
        matches!(decision(&other, 2), Some(Decision::Refused(refusal))
        if refusal.code == "author.disabled")
    );
}

#[tokio::test]
async fn claims_that_wait_for_ever_hold_up_nobody_else() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    let order = mine.mine(Status::Disp);
    let never = Dependency::Intent(IntentId(Uuid::from_u128(404)));
    let waiting = (1000..2100).map(|id| {
        let mut claim = other.intent(&order, Status::Inprg, id);
        claim.depends_on = vec![never.clone()];
        PushItem::Intent(claim)
    });
    let waiting: Vec<_> = waiting.collect();
    let told = other.send(&world, waiting).await;
    assert_eq!(told.waiting.len(), 1100);
    let claim = mine.intent(&order, Status::Inprg, 1);
    mine.send(&world, vec![PushItem::Intent(claim)]).await;
    assert_eq!(decision(&mine, 1), Some(Decision::Accepted));
}
