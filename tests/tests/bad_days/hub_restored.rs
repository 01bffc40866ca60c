//! A hub restored from yesterday's backup: what it lost comes back from the laptops, whoever wrote
//! it, and nothing is posted twice.

use fettle_domain::intent::Decision;
use fettle_domain::work_order::Status;
use fettle_hub::store::Store;

use crate::world::World;

#[tokio::test]
async fn everything_comes_back_and_nothing_is_posted_twice() {
    let mut world = World::new().await;
    let (mut mine, mut other) = (world.laptop("kowalska").await, world.laptop("ode").await);
    let order = mine.started(&world).await;
    mine.note(order, 1, "before the backup");
    mine.settle(&world).await;
    let yesterday = world.back_up();
    // A day's work: facts that are posted, a claim that the CMMS took, the other's note on top.
    mine.note(order, 2, "after the backup");
    mine.labour(order, 3);
    mine.claim(order, Status::Comp, 4);
    mine.settle(&world).await;
    other.settle(&world).await;
    other.note(order, 5, "on top of it");
    other.settle(&world).await;
    mine.settle(&world).await;
    world.carry().await;
    mine.settle(&world).await;
    let posted = world.erp_documents();
    assert!(posted.iter().all(|count| *count == 1) && !posted.is_empty());
    let accepted = mine.order(order).outcomes.len();
    assert_eq!(accepted, 3);

    world.restore(&yesterday).await;
    // The first exchange finds another log: *Sent* falls back, and nothing is hidden meanwhile.
    mine.exchange(&world).await;
    assert!(mine.replica.is_hub_restored().unwrap());
    assert_eq!(mine.sent_at(order, "after the backup"), None);
    assert_eq!(mine.notes(order).len(), 3);
    mine.note(order, 6, "work goes on");
    mine.settle(&world).await;
    assert!(!mine.replica.is_hub_restored().unwrap());
    assert!(mine.sent_at(order, "after the backup").is_some());
    other.settle(&world).await;
    mine.settle(&world).await;
    other.settle(&world).await;
    world.carry().await;
    mine.settle(&world).await;
    other.settle(&world).await;

    assert_eq!(
        mine.replica.heads().unwrap(),
        other.replica.heads().unwrap()
    );
    assert_eq!(
        other.notes(order),
        [
            "after the backup",
            "before the backup",
            "on top of it",
            "work goes on"
        ]
    );
    assert_eq!(world.erp_documents(), posted, "nothing is posted twice");
    let held = mine.order(order);
    assert_eq!(
        held.outcomes.len(),
        accepted,
        "what was accepted is found again"
    );
    let verdict = held.claims[1].verdict.as_ref().unwrap();
    assert_eq!(verdict.decision, Decision::Accepted);
    assert_eq!(held.line.official, Status::Comp);
    let cold = world.laptop("novak").await;
    assert_eq!(cold.replica.heads().unwrap(), mine.replica.heads().unwrap());
}

#[tokio::test]
async fn a_laptop_gives_back_what_a_lost_one_wrote() {
    let mut world = World::new().await;
    let (mut mine, mut lost) = (world.laptop("kowalska").await, world.laptop("ode").await);
    let order = mine.started(&world).await;
    let yesterday = world.back_up();
    // Signed in after the backup: the restored hub does not know the key either.
    world.sign_in(&mut lost, "ode", 77).await;
    lost.note(order, 1, "written on a laptop that fell into the river");
    lost.labour(order, 2);
    lost.settle(&world).await;
    mine.settle(&world).await;
    world.carry().await;
    let posted = world.erp_documents();
    let author = mine.content(order).notes[0].person;
    drop(lost);

    world.restore(&yesterday).await;
    mine.settle(&world).await;
    world.carry().await;
    let cold = world.laptop("novak").await;
    assert_eq!(
        cold.notes(order),
        ["written on a laptop that fell into the river"]
    );
    assert_eq!(cold.content(order).notes[0].person, author);
    assert_eq!(cold.content(order).labour.len(), 1);
    assert_eq!(world.erp_documents(), posted);
    assert_eq!(mine.replica.heads().unwrap(), cold.replica.heads().unwrap());
}

#[tokio::test]
async fn two_restores_of_one_copy_lose_nothing() {
    let mut world = World::new().await;
    let (mut mine, mut other) = (world.laptop("kowalska").await, world.laptop("ode").await);
    let order = mine.started(&world).await;
    let yesterday = world.back_up();
    mine.note(order, 1, "one");
    mine.labour(order, 2);
    mine.settle(&world).await;
    world.carry().await;
    world.restore(&yesterday).await;
    mine.settle(&world).await;
    other.settle(&world).await;
    other.note(order, 3, "two");
    other.settle(&world).await;
    world.restore(&yesterday).await;
    other.note(order, 4, "three");
    for _ in 0..2 {
        other.settle(&world).await;
        mine.settle(&world).await;
    }
    world.carry().await;
    assert_eq!(mine.notes(order), ["one", "three", "two"]);
    assert_eq!(
        mine.replica.heads().unwrap(),
        other.replica.heads().unwrap()
    );
    assert!(world.erp_documents().iter().all(|count| *count == 1));
    let totals = world.store.totals().await.unwrap();
    assert_eq!((totals.quarantined, totals.held_changes), (0, 0));
}

#[tokio::test]
async fn what_was_under_way_when_the_hub_was_lost_is_looked_for_first() {
    let mut world = World::new().await;
    let mut mine = world.laptop("kowalska").await;
    let order = mine.started(&world).await;
    mine.labour(order, 1);
    mine.settle(&world).await;
    // Recorded in the backup, posted after it.
    let yesterday = world.back_up();
    world.carry().await;
    let posted = world.erp_documents();
    world.restore(&yesterday).await;
    world.carry().await;
    assert_eq!(world.erp_documents(), posted);
    mine.settle(&world).await;
    assert_eq!(mine.order(order).outcomes.len(), 2);
}

#[tokio::test]
async fn a_laptop_the_restored_hub_never_saw_enrols_again_and_brings_all_it_has() {
    let mut world = World::new().await;
    let mut other = world.laptop("ode").await;
    let yesterday = world.back_up();
    let mut mine = world.laptop("kowalska").await;
    let order = mine.started(&world).await;
    mine.note(order, 1, "sent before the restore");
    mine.labour(order, 2);
    mine.settle(&world).await;
    world.carry().await;
    mine.note(order, 3, "not sent");
    world.restore(&yesterday).await;
    let known = world
        .store
        .authenticate(mine.who.token.clone(), crate::world::now())
        .await;
    assert_eq!(known.unwrap().unwrap_err().code, "sign_in.expired");
    world.enrol_again(&mut mine, "kowalska", 99).await;
    mine.settle(&world).await;
    other.settle(&world).await;
    world.carry().await;
    mine.settle(&world).await;
    other.settle(&world).await;
    assert_eq!(other.notes(order), ["not sent", "sent before the restore"]);
    assert_eq!(
        mine.replica.heads().unwrap(),
        other.replica.heads().unwrap()
    );
    assert_eq!(mine.content(order).labour.len(), 1);
    assert!(world.erp_documents().iter().all(|count| *count == 1));
}
