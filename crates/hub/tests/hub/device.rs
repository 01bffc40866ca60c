//! How far each device has come: noted when it moved, and not at every question.

use fettle_hub::clock::now;
use fettle_hub::core::Standing;
use fettle_hub::store::Store;
use fettle_sync::exchange::{Cursor, UpExchange};
use rusqlite::Connection;

use crate::desk::Desk;
use crate::world::World;

async fn standing(world: &World, desk: &Desk) -> Standing {
    let device = desk.info.device.id;
    let read = world.store.read(move |core| core.standing(device));
    read.await.unwrap()
}

/// What changes with every commit of somebody else.
fn commits(watch: &Connection) -> i64 {
    watch
        .pragma_query_value(None, "data_version", |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn a_device_that_has_fetched_everything_is_behind_by_nothing() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    assert_eq!(standing(&world, &mine).await.moved, None);
    mine.sync(&world).await;
    other.sync(&world).await;
    mine.exchange(&world, Vec::new()).await;
    let at_end = standing(&world, &mine).await;
    assert_eq!(at_end.behind, 0);
    assert!(at_end.moved.is_some());
    // Another desk's work puts it behind until it asks again.
    let order = other.mine_or_any();
    let edit = other.note(&order, "Seal face worn");
    other.send(&world, vec![edit]).await;
    assert_eq!(standing(&world, &mine).await.behind, 1);
    mine.exchange(&world, Vec::new()).await;
    mine.exchange(&world, Vec::new()).await;
    assert_eq!(standing(&world, &mine).await.behind, 0);
}

#[tokio::test]
async fn asking_for_news_writes_nothing_when_there_is_none() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    desk.exchange(&world, Vec::new()).await;
    let watch = Connection::open(&world.file).unwrap();
    let before = commits(&watch);
    for _ in 0..5 {
        desk.exchange(&world, Vec::new()).await;
    }
    assert_eq!(commits(&watch), before);
}

#[tokio::test]
async fn cursors_of_feeds_a_device_does_not_follow_are_not_kept() {
    let world = World::new().await;
    let desk = world.desk("kowalska", 1).await;
    let mut head = desk.head();
    head.cursors = (10_000..10_100).map(|feed| (feed, Cursor::At(7))).collect();
    let exchange = UpExchange {
        head,
        pushes: Vec::new(),
        offers: Vec::new(),
        is_cut: false,
    };
    let asked = world.store.exchange(desk.info.clone(), exchange, now());
    asked.await.unwrap();
    assert_eq!(standing(&world, &desk).await.moved, None);
}
