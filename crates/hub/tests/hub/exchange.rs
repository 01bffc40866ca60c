//! Exchanges: fill, changes, duplicates, chains, held and quarantined items.

use fettle_document::Edit;
use fettle_domain::row::sealed_key;
use fettle_domain::work_order::{Note, Priority, Status};
use fettle_domain::{EntryId, WorkOrderId};
use fettle_hub::store::Store;
use fettle_sync::exchange::{PushItem, UpExchange};
use serde_bytes::ByteBuf;
use uuid::Uuid;

use crate::desk::{request, time};
use crate::world::World;

fn note(id: u128, text: &str) -> Edit {
    Edit::PutNote {
        id: EntryId(Uuid::from_u128(id)),
        entry: Note {
            text: text.to_owned(),
            at: time(1),
            proposes: None,
            settles: None,
        },
    }
}

#[tokio::test]
async fn a_cold_desk_gets_rows_and_documents_and_then_nothing() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.budget_bytes = 20_000;
    let (head, has_more) = desk.exchange(&world, Vec::new()).await;
    assert!(has_more && head.fill_remaining > 0 && head.feeds.is_some());
    desk.sync(&world).await;
    let orders = desk.orders().count();
    assert!(orders > 10, "{orders}");
    for row in desk.orders() {
        let has_document = desk.documents.contains_key(&row.id.into());
        let is_sealed = desk.rows.contains_key(&sealed_key(row.id));
        assert_eq!(is_sealed, row.status.status.is_ended(), "{row:?}");
        assert_ne!(has_document, is_sealed, "{row:?}");
    }
    let (head, has_more) = desk.exchange(&world, Vec::new()).await;
    assert!(!has_more);
    assert_eq!((head.fill_remaining, head.feeds), (0, None));
}

#[tokio::test]
async fn a_change_is_acknowledged_and_reaches_the_other_desk_once() {
    let world = World::new().await;
    let (mut mine, mut other) = (world.desk("kowalska", 1).await, world.desk("ode", 2).await);
    mine.sync(&world).await;
    other.sync(&world).await;
    let order = mine.mine(Status::Disp).id;
    let item = mine.edit(order, &[note(1, "seal weeps")]);
    let push = mine.push(vec![item]);
    let before = mine.changes_received;
    for _ in 0..10 {
        let (head, _) = mine.exchange(&world, vec![push.clone()]).await;
        let told = &head.acknowledged[0];
        assert_eq!((told.through, &told.stopped), (1, &None));
        assert!(told.quarantined.is_empty());
    }
    assert_eq!(
        mine.changes_received, before,
        "own changes are not sent back"
    );
    other.sync(&world).await;
    assert_eq!(other.changes_received, 1);
    assert_eq!(
        other.documents[&order.into()].heads(),
        mine.documents[&order.into()].heads()
    );
    // A desk restored from a backup asks again and gets its own work back.
    let mut restored = world.desk("kowalska", 3).await;
    restored.sync(&world).await;
    assert_eq!(
        restored.documents[&order.into()].heads(),
        mine.documents[&order.into()].heads()
    );
}

#[tokio::test]
async fn a_push_goes_no_further_than_its_chain_and_signature() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let (one, two) = (
        desk.edit(order, &[note(1, "one")]),
        desk.edit(order, &[note(2, "two")]),
    );
    let start = desk.position;
    let first = desk.push(vec![one]);
    let second = desk.push(vec![two.clone()]);
    let stopped = |head: fettle_sync::exchange::DownHead| {
        let told = &head.acknowledged[0];
        (
            told.through,
            told.stopped.clone().map(|refusal| refusal.code),
        )
    };
    let (head, _) = desk.exchange(&world, vec![second.clone()]).await;
    assert_eq!(stopped(head), (0, Some("chain.gap".to_owned())));
    let mut forged = first.clone();
    forged.signature.0[7] ^= 1;
    let (head, _) = desk.exchange(&world, vec![forged]).await;
    assert_eq!(stopped(head), (0, Some("chain.signature".to_owned())));
    let (head, _) = desk.exchange(&world, vec![first.clone(), second]).await;
    assert_eq!(stopped(head), (2, None));
    // The same place in the chain with other content: a cloned replica.
    desk.position = start;
    let fork = desk.push(vec![two]);
    let (head, _) = desk.exchange(&world, vec![fork]).await;
    // Of what another copy wrote nothing is acknowledged to this one.
    assert_eq!(stopped(head), (0, Some("chain.fork".to_owned())));
    let mut stranger = first;
    stranger.actor.0[0] ^= 1;
    let (head, _) = desk.exchange(&world, vec![stranger]).await;
    assert_eq!(stopped(head), (0, Some("actor.unknown".to_owned())));
}

#[tokio::test]
async fn a_change_whose_dependency_is_missing_is_held_and_numbered_later() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    let mut carrier = world.desk("ode", 2).await;
    let mut third = world.desk("novak", 3).await;
    desk.sync(&world).await;
    carrier.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let first = desk.edit(order, &[note(1, "one")]);
    // The carrier saw the first change on the other laptop and writes on top of it.
    let PushItem::Change(_, bytes) = &first else {
        panic!("a change")
    };
    let change = fettle_document::VerifiedChange::check(bytes).unwrap();
    let document = carrier.documents.get_mut(&order.into()).unwrap();
    document.apply(&[change]).unwrap();
    let second = carrier.edit(order, &[note(2, "two")]);
    let told = carrier.send(&world, vec![second]).await;
    assert_eq!(told.through, 1);
    third.sync(&world).await;
    assert_eq!(
        world
            .store
            .read(|core| core.totals())
            .await
            .unwrap()
            .held_changes,
        1
    );
    desk.send(&world, vec![first]).await;
    third.sync(&world).await;
    assert_eq!(
        third.documents[&order.into()].heads(),
        carrier.documents[&order.into()].heads()
    );
    assert_eq!(
        world
            .store
            .read(|core| core.totals())
            .await
            .unwrap()
            .held_changes,
        0
    );
}

#[tokio::test]
async fn what_is_against_the_rules_is_put_back_or_kept_aside_and_the_rest_goes_on() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let own = desk.edit(order, &[note(1, "mine")]);
    // A technician sets the priority, which the planner owns.
    let ruled = desk.edit(order, &[Edit::SetPriority(Priority::clamped(1))]);
    let after = desk.edit(order, &[note(2, "on top")]);
    let unknown = match &own {
        PushItem::Change(_, bytes) => {
            let id = WorkOrderId(Uuid::from_u128(77));
            PushItem::Change(id.into(), ByteBuf::from(bytes.to_vec()))
        }
        _ => panic!("a change"),
    };
    let told = desk.send(&world, vec![own, ruled, after, unknown]).await;
    let codes = |refused: &[(u64, fettle_domain::Refusal)]| -> Vec<(u64, String)> {
        let code =
            |(position, refusal): &(u64, fettle_domain::Refusal)| (*position, refusal.code.clone());
        refused.iter().map(code).collect()
    };
    assert_eq!(told.through, 4);
    let put_back = [(2, "document.field_protected".to_owned())];
    assert_eq!(codes(&told.compensated), put_back);
    assert_eq!(
        codes(&told.quarantined),
        [(4, "document.unknown".to_owned())]
    );
}

#[tokio::test]
async fn work_of_a_disabled_person_is_kept_in_quarantine() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    let mut carrier = world.desk("ode", 2).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let item = desk.edit(order, &[note(1, "last one")]);
    let push = desk.push(vec![item]);
    let now = fettle_hub::clock::now();
    let disabled = world
        .store
        .write(move |core| core.set_person_disabled("kowalska", true, now))
        .await
        .unwrap();
    assert!(disabled.unwrap().is_disabled);
    let (head, _) = carrier.exchange(&world, vec![push]).await;
    let told = &head.acknowledged[0];
    assert_eq!(told.through, 1);
    assert_eq!(told.quarantined[0].1.code, "author.disabled");
}

#[tokio::test]
async fn another_epoch_gets_the_head_alone_and_pushes_nothing() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let item = desk.edit(order, &[note(1, "kept")]);
    desk.log_epoch = Some(99);
    let push = desk.push(vec![item]);
    let (head, has_more) = desk.exchange(&world, vec![push]).await;
    assert_eq!(head.log_epoch, 1);
    assert!(!has_more && head.acknowledged.is_empty() && head.feeds.is_none());
}

#[tokio::test]
async fn hostile_bytes_are_refused_without_a_trace() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let item = desk.edit(order, &[note(1, "true")]);
    let push = desk.push(vec![item]);
    let good = request(desk.head(), vec![push]);
    let before = world.store.read(|core| core.totals()).await.unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        if let Ok(exchange) = UpExchange::decode(&bytes) {
            let at = fettle_hub::clock::now();
            let session = desk.info.clone();
            world.store.exchange(session, exchange, at).await.unwrap();
        }
    }
    let after = world.store.read(|core| core.totals()).await.unwrap();
    // A flipped bit in the head leaves the push as its author signed it, which may be taken.
    assert!(after.changes <= before.changes + 1);
    assert_eq!(after.quarantined, before.quarantined);
}
