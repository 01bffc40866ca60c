//! Claims: accepted, refused, raced, waiting; once for ever.

use fettle_domain::intent::{Decision, Dependency};
use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_domain::work_order::official::CmmsAnswer;
use fettle_sync::exchange::PushItem;

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
