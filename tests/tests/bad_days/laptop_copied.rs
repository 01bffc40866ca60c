//! A laptop whose disk was copied or set back: separate epochs, nothing lost, nothing doubled.

use fettle_domain::work_order::Status;
use fettle_hub::store::Store;

use crate::world::World;

#[tokio::test]
async fn two_copies_of_a_laptop_both_send_all_they_have() {
    let mut world = World::new().await;
    let mut first = world.laptop("kowalska").await;
    let order = first.started(&world).await;
    first.note(order, 1, "before the copy");
    first.settle(&world).await;
    first.note(order, 2, "unsent when it was copied");
    let mut second = first.copy();
    first.note(order, 3, "on the first");
    first.labour(order, 4);
    second.note(order, 5, "on the second");
    second.labour(order, 6);
    second.claim(order, Status::Comp, 7);
    first.settle(&world).await;
    second.settle(&world).await;
    first.settle(&world).await;
    world.carry().await;
    assert_ne!(first.who.actor, second.who.actor);
    assert!(second.who.device.epoch > first.who.device.epoch);
    let all = [
        "before the copy",
        "on the first",
        "on the second",
        "unsent when it was copied",
    ];
    assert_eq!(first.notes(order), all);
    assert_eq!(second.notes(order), all);
    assert_eq!(first.content(order).labour.len(), 2);
    first.settle(&world).await;
    second.settle(&world).await;
    assert_eq!(
        first.replica.heads().unwrap(),
        second.replica.heads().unwrap()
    );
    assert_eq!(first.order(order).line.official, Status::Comp);
    assert!(world.erp_documents().iter().all(|count| *count == 1));
    // Both go on, and the hub keeps nothing aside.
    first.note(order, 8, "later, first");
    second.note(order, 9, "later, second");
    first.settle(&world).await;
    second.settle(&world).await;
    let totals = world.store.totals().await.unwrap();
    assert_eq!((totals.quarantined, totals.held_changes), (0, 0));
}

#[tokio::test]
async fn a_copy_that_reads_before_it_sends_keeps_its_own_work_too() {
    let mut world = World::new().await;
    let mut first = world.laptop("kowalska").await;
    let order = first.started(&world).await;
    let mut second = first.copy();
    // The hub has the first one's change under the very number the second one uses.
    first.note(order, 1, "on the first");
    first.settle(&world).await;
    second.note(order, 2, "on the second");
    second.note(order, 3, "and more");
    second.settle(&world).await;
    first.settle(&world).await;
    assert_eq!(
        second.notes(order),
        ["and more", "on the first", "on the second"]
    );
    assert_eq!(
        first.replica.heads().unwrap(),
        second.replica.heads().unwrap()
    );
    assert!(second.sent_at(order, "on the second").is_some());
}

#[tokio::test]
async fn a_laptop_with_an_older_disk_gets_its_work_back_and_sends_the_new() {
    let mut world = World::new().await;
    let mut laptop = world.laptop("kowalska").await;
    let order = laptop.started(&world).await;
    laptop.note(order, 1, "monday");
    laptop.settle(&world).await;
    laptop.note(order, 2, "saved when the disk was copied");
    let mut older = laptop.copy();
    laptop.settle(&world).await;
    laptop.note(order, 3, "tuesday");
    laptop.labour(order, 4);
    laptop.settle(&world).await;
    drop(laptop);
    older.note(order, 5, "after the disk was set back");
    older.settle(&world).await;
    older.settle(&world).await;
    world.carry().await;
    assert_eq!(
        older.notes(order),
        [
            "after the disk was set back",
            "monday",
            "saved when the disk was copied",
            "tuesday"
        ]
    );
    assert_eq!(older.content(order).labour.len(), 1);
    assert!(world.erp_documents().iter().all(|count| *count == 1));
    let cold = world.laptop("novak").await;
    assert_eq!(
        older.replica.heads().unwrap(),
        cold.replica.heads().unwrap()
    );
}

#[tokio::test]
async fn an_epoch_is_asked_for_with_the_persons_own_key() {
    use fettle_sync::epoch::EpochRequest;
    use fettle_sync::reader::Challenge;
    let mut world = World::new().await;
    let (mine, other) = (world.laptop("kowalska").await, world.laptop("ode").await);
    let now = crate::world::now();
    let session = world.store.authenticate(mine.who.token.clone(), now).await;
    let session = session.unwrap().unwrap();
    let signed = |key: &ed25519_dalek::SigningKey, actor| {
        let challenge = Challenge::of_session(&mine.who.token);
        EpochRequest::signed(&challenge, mine.who.device.id, actor, 1, key)
    };
    let cases = [
        (signed(&other.who.key, mine.who.actor), "epoch.signature"),
        (signed(&other.who.key, other.who.actor), "actor.unknown"),
    ];
    for (request, code) in cases {
        let asked = world.store.begin_epoch(session.clone(), request, now).await;
        assert_eq!(asked.unwrap().unwrap_err().code, code);
    }
    // Two copies that ask are given two epochs.
    let mut given = Vec::new();
    for _ in 0..2 {
        let request = signed(&mine.who.key, mine.who.actor);
        let asked = world.store.begin_epoch(session.clone(), request, now).await;
        given.push(asked.unwrap().unwrap());
    }
    assert_eq!(
        given
            .iter()
            .map(|answer| answer.device.epoch)
            .collect::<Vec<_>>(),
        [2, 3]
    );
    assert_ne!(given[0].actor, given[1].actor);
    assert_ne!(given[0].device.code, given[1].device.code);
}
