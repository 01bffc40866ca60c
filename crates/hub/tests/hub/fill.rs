//! First fill: in a stated order, with the log beside it; sealed orders, folding, tombstones, sums.

use fettle_document::hydrate;
use fettle_domain::person::ActorRow;
use fettle_domain::row::{Row, sealed_key};
use fettle_domain::work_order::{SealedOrder, WorkOrderRow};
use fettle_domain::{Day, WorkOrderId};
use fettle_hub::clock::now;
use fettle_hub::store::Store;
use fettle_sync::exchange::Cursor;
use serde_json::json;

use crate::desk::Desk;
use crate::world::World;

const DAY_MS: i64 = 86_400_000;

/// An order that was over when the hub first read it.
fn over(desk: &Desk) -> WorkOrderRow {
    let mut orders = desk.orders();
    let found = orders.find(|row| sealed(desk, row.id).is_some());
    found.unwrap().clone()
}

fn sealed(desk: &Desk, order: WorkOrderId) -> Option<&SealedOrder> {
    match desk.rows.get(&sealed_key(order)) {
        Some((_, Row::Sealed(sealed))) => Some(sealed),
        _ => None,
    }
}

/// Begins the document of an order that this desk has only rows of, and notes something.
fn late_note(desk: &mut Desk, order: WorkOrderId) -> fettle_sync::exchange::PushItem {
    desk.documents.entry(order.into()).or_default();
    desk.note(&order, "the noise is back")
}

#[tokio::test]
async fn an_order_that_is_over_opens_again_when_somebody_writes_about_it() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = over(&mine).id;
    let content = sealed(&other, order).unwrap().content.clone();
    let item = late_note(&mut mine, order);
    let told = mine.send(&world, vec![item]).await;
    assert!(told.quarantined.is_empty(), "{told:?}");
    other.sync(&world).await;
    assert_eq!(sealed(&other, order), None);
    let authors = other.rows.values().filter_map(|(_, row)| match row {
        Row::Actor(actor) => Some(actor.clone()),
        _ => None,
    });
    let authors: fettle_document::Authors =
        authors.collect::<Vec<ActorRow>>().into_iter().collect();
    let opened = hydrate(&other.documents[&order.into()], &authors);
    assert_eq!(opened.notes[0].entry.text, "the noise is back");
    assert_eq!(opened.description, content.description);
    assert_eq!(opened.tasks, content.tasks);
    assert_eq!(opened, world.held(order).await.content);
}

#[tokio::test]
async fn an_order_the_cmms_takes_up_again_is_an_order_like_any_other() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = over(&desk);
    world.office(&order, json!({ "status": "INPRG", "description": "Again" }));
    world.poll().await;
    desk.sync(&world).await;
    assert_eq!(sealed(&desk, order.id), None);
    assert_eq!(desk.order(order.id).title, "Again");
    assert!(desk.documents.contains_key(&order.id.into()));
    // And closed once more it keeps the document it has now.
    world.office(&order, json!({ "status": "CLOSE" }));
    world.poll().await;
    desk.sync(&world).await;
    assert_eq!(sealed(&desk, order.id), None);
}

#[tokio::test]
async fn what_the_cmms_still_changes_about_an_order_that_is_over_comes_as_its_row() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = over(&desk);
    let text = "Found afterwards: loose bolt.";
    world.office(&order, json!({ "description_longdescription": text }));
    world.poll().await;
    desk.sync(&world).await;
    assert_eq!(sealed(&desk, order.id).unwrap().content.description, text);
    assert!(!desk.documents.contains_key(&order.id.into()));
}

#[tokio::test]
async fn what_happens_while_the_base_fills_comes_before_the_rest_of_it() {
    let world = World::new().await;
    let mut other = world.desk("ode", 2).await;
    other.sync(&world).await;
    let order = other.mine_or_any();
    let mut filling = world.desk("kowalska", 1).await;
    filling.budget_bytes = 1;
    // Until the base of some work feed is half way.
    let half_way = |desk: &Desk| {
        let is_fill = |cursor: &Cursor| matches!(cursor, Cursor::Fill { .. });
        desk.head().cursors.values().any(is_fill)
    };
    for _ in 0..200 {
        if half_way(&filling) {
            break;
        }
        assert!(
            filling.exchange(&world, Vec::new()).await.1,
            "no base is ever half way"
        );
    }
    world.office(
        &filling.orders().next().unwrap().clone(),
        json!({ "description": "Meanwhile" }),
    );
    world.poll().await;
    let item = other.note(&order, "while the other one fills");
    other.send(&world, vec![item]).await;
    filling.exchange(&world, Vec::new()).await;
    assert!(half_way(&filling), "the base is not through yet");
    assert!(filling.orders().any(|row| row.title == "Meanwhile"));
    filling.budget_bytes = 4_000_000;
    filling.sync(&world).await;
    assert!(!half_way(&filling));
    let notes = hydrate(
        &filling.documents[&order.into()],
        &fettle_document::Authors::default(),
    );
    assert_eq!(notes.notes[0].entry.text, "while the other one fills");
}

#[tokio::test]
async fn the_changes_of_an_order_are_folded_into_its_document_once_they_are_many() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = mine.mine_or_any();
    let count = 70;
    for number in 0..count {
        let id = fettle_domain::EntryId(uuid::Uuid::from_u128(1_000 + number));
        let entry = fettle_domain::work_order::Note {
            text: format!("note {number}"),
            at: crate::desk::time(1),
            proposes: None,
            settles: None,
        };
        let item = mine.edit(order, &[fettle_document::Edit::PutNote { id, entry }]);
        let told = mine.send(&world, vec![item]).await;
        assert!(told.quarantined.is_empty());
    }
    let before = other.changes_received;
    other.sync(&world).await;
    let came_alone = other.changes_received - before;
    assert!(came_alone < 10, "{came_alone} changes came on their own");
    let notes = hydrate(
        &other.documents[&order.into()],
        &fettle_document::Authors::default(),
    )
    .notes;
    assert_eq!(notes.len(), usize::try_from(count).unwrap());
}

#[tokio::test]
async fn a_desk_that_was_away_for_longer_than_tombstones_are_kept_reads_the_feed_anew() {
    let world = World::new().await;
    let (mut mine, mut away) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    away.sync(&world).await;
    let order = over(&mine).id;
    let item = late_note(&mut mine, order);
    mine.send(&world, vec![item]).await;
    mine.sync(&world).await;
    let (head, _) = away.exchange(&world, Vec::new()).await;
    assert!(head.anew.is_empty(), "{:?}", head.anew);
    let (item, mut late) = (over(&mine).id, world.desk("ode", 3).await);
    late.sync(&world).await;
    let item = late_note(&mut mine, item);
    mine.send(&world, vec![item]).await;
    mine.sync(&world).await;
    assert!(
        !world
            .store
            .compact(now().plus_ms(91 * DAY_MS))
            .await
            .unwrap()
    );
    // Who has seen the tombstone goes on, who has not begins the feed anew.
    let (head, _) = mine.exchange(&world, Vec::new()).await;
    assert!(head.anew.is_empty(), "{:?}", head.anew);
    let (head, has_more) = late.exchange(&world, Vec::new()).await;
    assert_eq!(head.anew.len(), 1);
    assert!(has_more);
    let feed = head.anew[0];
    assert!(
        matches!(late.head().cursors[&feed], Cursor::At(1..)),
        "nothing of it was sent"
    );
}

#[tokio::test]
async fn laptops_get_orders_that_are_over_for_the_years_of_the_policy() {
    let world = World::keeping_years(Some(1)).await;
    let mut desk = world.desk("kowalska", 1).await;
    let (head, _) = desk.exchange(&world, Vec::new()).await;
    let since = head.ended_since.unwrap();
    let days = Day::of(now()).days() - since.days();
    assert!((365..=397).contains(&days), "{days} days");
    assert_eq!(since.parts().2, 1, "the first of a month");
    desk.sync(&world).await;
    let all = World::new().await;
    let mut every = all.desk("kowalska", 1).await;
    every.sync(&all).await;
    let ended = |desk: &Desk| -> Vec<Day> {
        let sealed = desk.rows.values().filter_map(|(_, row)| match row {
            Row::Sealed(sealed) => sealed.ended_on(),
            _ => None,
        });
        sealed.collect()
    };
    assert!(ended(&desk).iter().all(|day| *day >= since));
    let recent = ended(&every).into_iter().filter(|day| *day >= since);
    assert_eq!(ended(&desk).len(), recent.count());
}
