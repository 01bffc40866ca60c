//! Orders that move to another area or plant while laptops are away.

use fettle_document::Edit;
use fettle_domain::intent::Decision;
use fettle_domain::row::Row;
use fettle_domain::work_order::{LabourEntry, LabourKind, Status, WorkOrderRow};
use fettle_domain::{AreaId, Decimal, EntryId};
use fettle_sync::exchange::PushItem;
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::effect::work;
use crate::world::World;

struct Scene {
    world: World,
    /// A laptop of the area the order is in, and the one of the area it goes to.
    here: Desk,
    there: Desk,
    /// A laptop with both areas.
    both: Desk,
    order: WorkOrderRow,
    other_area: String,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let mut both = world.desk("kowalska", 1).await;
        both.sync(&world).await;
        let order = both.mine(Status::Disp);
        let areas = both.rows.values().find_map(|(_, row)| match row {
            Row::Plant(plant) if plant.id == order.plant => Some(plant.areas.clone()),
            _ => None,
        });
        let areas = areas.unwrap();
        let mut others = areas.iter().filter(|other| other.id != order.area);
        let other_area = others.next().unwrap().id.as_str().to_owned();
        let mut here = world.desk_in("ode", 2, vec![order.area.clone()]).await;
        let mut there = world
            .desk_in("novak", 3, vec![AreaId::new(&other_area).unwrap()])
            .await;
        here.sync(&world).await;
        there.sync(&world).await;
        assert!(here.documents.contains_key(&order.id.into()));
        assert!(!there.documents.contains_key(&order.id.into()));
        Self {
            world,
            here,
            there,
            both,
            order,
            other_area,
        }
    }

    /// The office gives the order to an area.
    async fn moves_to(&self, area: &str) {
        self.world.office(&self.order, json!({ "sector": area }));
        self.world.poll().await;
    }

    fn labour(&mut self) -> PushItem {
        let labour = Edit::PutLabour {
            id: EntryId(Uuid::from_u128(61)),
            entry: LabourEntry {
                person: self.here.info.person,
                kind: LabourKind::Regular,
                task: None,
                start: time(31),
                end: Some(time(1)),
                reversal_of: None,
            },
            is_closed: true,
        };
        self.here.edit(self.order.id, &[labour])
    }

    fn holders(&self) -> [bool; 3] {
        [&self.here, &self.there, &self.both]
            .map(|desk| desk.documents.contains_key(&self.order.id.into()))
    }

    async fn sync_all(&mut self) {
        self.here.sync(&self.world).await;
        self.there.sync(&self.world).await;
        self.both.sync(&self.world).await;
    }
}

#[tokio::test]
async fn work_on_an_order_that_moved_meanwhile_arrives_before_it_leaves() {
    let mut scene = Scene::new().await;
    let work = scene.labour();
    let claim = PushItem::Intent(scene.here.intent(&scene.order, Status::Inprg, 1));
    let other = scene.other_area.clone();
    scene.moves_to(&other).await;
    let told = scene.here.send(&scene.world, vec![work, claim]).await;
    assert_eq!((told.quarantined.len(), told.waiting.len()), (0, 0));
    scene.sync_all().await;
    assert_eq!(scene.holders(), [false, true, true]);
    let held = scene.world.held(scene.order.id).await;
    assert_eq!(held.content.labour.len(), 1);
    assert_eq!(held.row.status.status, Status::Inprg);
    assert_eq!(
        scene.there.order(scene.order.id).status.status,
        Status::Inprg
    );
    // What the new area's laptop has is what the hub has: base and log in one.
    let document = &scene.there.documents[&scene.order.id.into()];
    let both = &scene.both.documents[&scene.order.id.into()];
    assert_eq!(document.heads(), both.heads());
    scene.world.carry().await;
    assert_eq!(scene.world.erp_documents(), [1]);
}

#[tokio::test]
async fn moved_there_and_back_while_laptops_are_away_it_is_where_it_belongs() {
    let mut scene = Scene::new().await;
    let (area, other) = (scene.order.area.clone(), scene.other_area.clone());
    for _ in 0..3 {
        scene.moves_to(&other).await;
        scene.moves_to(area.as_str()).await;
    }
    let work = scene.labour();
    scene.here.send(&scene.world, vec![work]).await;
    scene.sync_all().await;
    assert_eq!(scene.holders(), [true, false, true]);
    let order = scene.order.id.into();
    assert_eq!(
        scene.here.documents[&order].heads(),
        scene.both.documents[&order].heads()
    );
    // And once more, now for good, each step seen by the laptops.
    scene.moves_to(&other).await;
    scene.sync_all().await;
    assert_eq!(scene.holders(), [false, true, true]);
    scene.moves_to(area.as_str()).await;
    scene.sync_all().await;
    assert_eq!(scene.holders(), [true, false, true]);
}

/// Everything on hand in the plant of a laptop.
fn stock(desk: &Desk) -> Decimal {
    let rows = desk.rows.values();
    rows.map(|(_, row)| match row {
        Row::Stock(balance) => balance.on_hand,
        _ => Decimal::ZERO,
    })
    .sum()
}

#[tokio::test]
async fn honest_work_on_an_order_that_went_to_another_plant_is_taken() {
    let mut scene = Scene::new().await;
    let before = stock(&scene.here);
    let work = work(&mut scene.here, &scene.order);
    let claim = PushItem::Intent(scene.here.intent(&scene.order, Status::Inprg, 1));
    scene
        .world
        .office(&scene.order, json!({ "siteid": "1300" }));
    scene.world.poll().await;
    let items = work.into_iter().chain([claim]).collect();
    let told = scene.here.send(&scene.world, items).await;
    assert_eq!(told.quarantined.len(), 0);
    scene.sync_all().await;
    // The part came out of the bin it was taken from, not out of one of the new plant.
    scene.world.carry().await;
    scene.world.poll().await;
    scene.here.sync(&scene.world).await;
    assert_eq!(scene.world.erp_documents(), [1, 1]);
    assert_eq!(stock(&scene.here) + Decimal::from(1), before);
    let held = scene.world.held(scene.order.id).await;
    assert_eq!(held.row.plant.as_str(), "1300");
    assert_eq!(held.content.labour.len(), 1);
    let key = format!("verdict/{}", Uuid::from_u128(1));
    let verdict = scene.here.rows.get(&key).map(|(_, row)| row.clone());
    assert!(
        matches!(&verdict, Some(Row::Verdict(verdict)) if verdict.decision == Decision::Accepted),
        "{verdict:?}"
    );
    assert_eq!(scene.holders(), [false, false, false]);
    // A laptop of a plant that never had it may not write on it.
    let mut stranger = scene.world.desk_at("wierzba", 4, "1400", Vec::new()).await;
    stranger.sync(&scene.world).await;
    let document = scene.both.documents.get(&scene.order.id.into()).cloned();
    stranger
        .documents
        .insert(scene.order.id.into(), document.unwrap_or_default());
    let foreign = stranger.note(&scene.order.id, "I was never there");
    let told = stranger.send(&scene.world, vec![foreign]).await;
    assert_eq!(told.quarantined[0].1.code, "document.out_of_scope");
}

#[tokio::test]
async fn an_order_given_to_somebody_else_keeps_what_was_done_and_both_see_it() {
    let mut scene = Scene::new().await;
    let mut holder = std::mem::replace(&mut scene.both, scene.world.desk("ebert", 5).await);
    // Kowalska starts it without a link; the office gives it to Ode.
    let start = PushItem::Intent(holder.intent(&scene.order, Status::Inprg, 7));
    let note = holder.note(&scene.order.id, "Guard is off, seal out");
    scene
        .world
        .office(&scene.order, json!({ "assignments": ["104402"] }));
    scene.world.poll().await;
    holder.send(&scene.world, vec![note, start]).await;
    holder.sync(&scene.world).await;
    scene.here.sync(&scene.world).await;
    for desk in [&holder, &scene.here] {
        let row = desk.order(scene.order.id);
        assert_eq!(row.status.status, Status::Inprg);
        assert_eq!(row.assignees, [scene.here.info.person]);
    }
    let order = scene.order.id.into();
    assert_eq!(
        holder.documents[&order].heads(),
        scene.here.documents[&order].heads()
    );
    let held = scene.world.held(scene.order.id).await;
    assert_eq!(held.content.notes.len(), 1);
}
