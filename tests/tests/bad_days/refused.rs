//! Work the hub cannot take as it is: put back or kept as words, and the good work beside it sent.

use fettle_document::Edit;
use fettle_domain::case::{Resolution, Settlement};
use fettle_domain::person::Role;
use fettle_domain::work_order::{Priority, Status};
use fettle_hub::store::Store;

use crate::world::{World, now};

#[tokio::test]
async fn a_planner_who_lost_the_role_meanwhile_is_told_and_the_plan_stands() {
    let mut world = World::new().await;
    let mut planner = world.laptop("brandt").await;
    let mut other = world.laptop("kowalska").await;
    let order = other.started(&world).await;
    let before = planner.content(order).priority;
    let wanted = Priority::clamped(if before == Some(Priority::clamped(1)) {
        2
    } else {
        1
    });
    assert!(planner.who.person.roles.contains(&Role::Planner));
    let set = |core: fettle_hub::core::Core<'_>| {
        core.set_person_roles("brandt", &[Role::Technician], now())
    };
    world.write(set).await.unwrap();
    // Without a network: the laptop still knows the planner's role.
    planner.edit(order, 1, Edit::SetPriority(wanted), "priority");
    planner.note(order, 2, "because it gets hot");
    planner.settle(&world).await;
    other.settle(&world).await;
    let told = planner.change(order, "priority");
    assert_eq!(told.compensated.unwrap().code, "document.field_protected");
    assert_eq!(told.quarantined, None);
    assert_eq!(
        planner.change(order, "because it gets hot").compensated,
        None
    );
    assert_eq!(planner.content(order).priority, before);
    assert_eq!(other.content(order).priority, before);
    assert_eq!(other.notes(order), ["because it gets hot"]);
    assert_eq!(
        planner.replica.heads().unwrap(),
        other.replica.heads().unwrap()
    );
    assert_eq!(planner.replica.attention().unwrap(), 1);
    // Once somebody has decided about it, it is over on the laptop, too.
    let open = world.store.read(|core| core.open_cases()).await.unwrap();
    assert_eq!(open.len(), 1);
    let ended = Resolution {
        by: Some(planner.who.person.id),
        at: now(),
        how: Settlement::Accepted,
        reason: None,
    };
    let settle = move |core: fettle_hub::core::Core<'_>| core.resolve_case(open[0].id, ended);
    world.store.write(settle).await.unwrap();
    planner.settle(&world).await;
    assert_eq!(planner.replica.attention().unwrap(), 0);
    assert_eq!(planner.replica.open_changes().unwrap().len(), 0);
    let totals = world.store.totals().await.unwrap();
    assert_eq!(totals.quarantined, 0);
}

/// A text that fills a third of a document.
fn long(letter: char) -> String {
    std::iter::repeat_n(letter, 300_000).collect()
}

#[tokio::test]
async fn good_work_on_top_of_something_the_hub_keeps_aside_is_made_again() {
    let mut world = World::new().await;
    let mut mine = world.laptop("kowalska").await;
    let mut other = world.laptop("ode").await;
    let order = mine.started(&world).await;
    // Each laptop stays within its limit; together they do not.
    other.note(order, 1, &long('a'));
    other.note(order, 2, &long('b'));
    mine.note(order, 3, &long('c'));
    mine.note(order, 4, &long('d'));
    mine.note(order, 5, "on top");
    mine.labour(order, 6);
    mine.claim(order, Status::Comp, 7);
    other.settle(&world).await;
    mine.settle(&world).await;
    world.carry().await;
    mine.settle(&world).await;
    other.settle(&world).await;
    let kept = mine.change(order, &long('d'));
    assert_eq!(kept.quarantined.unwrap().code, "document.too_large");
    assert_eq!(
        mine.notes(order),
        [long('a'), long('b'), long('c'), "on top".to_owned()]
    );
    assert_eq!(mine.notes(order), other.notes(order));
    assert_eq!(
        mine.replica.heads().unwrap(),
        other.replica.heads().unwrap()
    );
    assert!(mine.sent_at(order, "on top").is_some());
    assert_eq!(mine.order(order).line.official, Status::Comp);
    assert!(world.erp_documents().iter().all(|count| *count == 1));
    assert_eq!(mine.replica.attention().unwrap(), 1);
    // The order is full; work on any other goes on under the new actor.
    let next = mine.mine(Status::Disp)[0];
    mine.note(next, 8, "and on");
    mine.settle(&world).await;
    assert_eq!(mine.change(next, "and on").quarantined, None);
}

#[tokio::test]
async fn the_next_shift_signs_its_own_work_anew() {
    let mut world = World::new().await;
    let mut shared = world.laptop("kowalska").await;
    let order = shared.started(&world).await;
    let mut copy = shared.copy();
    shared.note(order, 1, "on the first");
    shared.settle(&world).await;
    // On the copy the early shift writes, then the late one on top of it.
    copy.note(order, 2, "early shift");
    let early = copy.who.clone();
    world.sign_in(&mut copy, "ode", 90).await;
    copy.note(order, 3, "late shift, on top");
    let late = copy.who.clone();
    // The early one is back first; the late one's work waits for its key.
    copy.who = early;
    copy.who.token = late.token.clone();
    for _ in 0..4 {
        copy.exchange(&world).await;
    }
    assert!(copy.sent_at(order, "early shift").is_some());
    assert_eq!(copy.sent_at(order, "late shift, on top"), None);
    let device = copy.who.device.clone();
    copy.who = late;
    copy.who.device = device;
    copy.settle(&world).await;
    shared.settle(&world).await;
    assert_eq!(
        shared.notes(order),
        ["early shift", "late shift, on top", "on the first"]
    );
    assert_eq!(
        copy.replica.heads().unwrap(),
        shared.replica.heads().unwrap()
    );
    assert_eq!(shared.content(order).notes.len(), 3);
}
