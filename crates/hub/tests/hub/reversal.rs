//! What an author takes back: two documents in the ERP that add up to nothing, or none at all.

use fettle_document::Edit;
use fettle_domain::effect::Rejection;
use fettle_domain::row::{Outcome, Row, Subject};
use fettle_domain::stock::StockBalance;
use fettle_domain::work_order::{LabourEntry, LabourKind, PartUsed, Status, WorkOrderRow};
use fettle_domain::{Decimal, EntryId, Quantity, Unit};
use fettle_hub::clock::now;
use fettle_hub::effect::Outcome::{NotThere, Posted, Rejected, Unknown};
use fettle_hub::effects::perform;
use fettle_hub::store::Store;
use fettle_sync::exchange::PushItem;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::{Trouble, World};

const LABOUR: EntryId = EntryId(Uuid::from_u128(1));
const PART: EntryId = EntryId(Uuid::from_u128(2));
const LABOUR_BACK: EntryId = EntryId(Uuid::from_u128(3));
const PART_BACK: EntryId = EntryId(Uuid::from_u128(4));

fn labour(desk: &Desk, id: EntryId, reversal_of: Option<EntryId>) -> Edit {
    Edit::PutLabour {
        id,
        entry: LabourEntry {
            person: desk.info.person,
            kind: LabourKind::Regular,
            task: None,
            start: time(if reversal_of.is_some() { 0 } else { 31 }),
            end: Some(time(if reversal_of.is_some() { 0 } else { 1 })),
            reversal_of,
        },
        is_closed: true,
    }
}

fn balance(desk: &Desk) -> StockBalance {
    let mut rows = desk.rows.values();
    let found = rows.find_map(|(_, row)| match row {
        Row::Stock(balance)
            if balance.on_hand > Decimal::from(5) && balance.unit == Unit::piece() =>
        {
            Some(balance.clone())
        }
        _ => None,
    });
    found.unwrap()
}

fn part(desk: &Desk, id: EntryId, reversal_of: Option<EntryId>) -> Edit {
    let balance = balance(desk);
    Edit::PutPartUsed {
        id,
        entry: PartUsed {
            item: balance.item,
            part_line: None,
            storeroom: balance.storeroom,
            bin: balance.bin,
            quantity: Quantity::pieces(1),
            reservation: None,
            lease: None,
            reversal_of,
            at: time(2),
        },
    }
}

/// Half an hour of work and a part.
fn work(desk: &mut Desk, order: &WorkOrderRow) -> Vec<PushItem> {
    let edits = [labour(desk, LABOUR, None), part(desk, PART, None)];
    edits.map(|edit| desk.edit(order.id, &[edit])).into()
}

/// Both taken back.
fn back(desk: &mut Desk, order: &WorkOrderRow) -> Vec<PushItem> {
    let edits = [
        labour(desk, LABOUR_BACK, Some(LABOUR)),
        part(desk, PART_BACK, Some(PART)),
    ];
    edits.map(|edit| desk.edit(order.id, &[edit])).into()
}

async fn at_work(world: &World) -> (Desk, WorkOrderRow) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp);
    (desk, order)
}

fn told(desk: &Desk, order: &WorkOrderRow, entry: EntryId) -> Option<Outcome> {
    let outcomes = desk.outcomes(order.id);
    let found = outcomes
        .iter()
        .find(|row| row.subject == Subject::Entry(entry));
    found.map(|row| row.outcome.clone())
}

fn is_accepted(desk: &Desk, order: &WorkOrderRow, entry: EntryId) -> bool {
    matches!(told(desk, order, entry), Some(Outcome::Accepted { number }) if !number.is_empty())
}

/// What the ERP charges to the order, by element.
fn charged(world: &World, order: &WorkOrderRow) -> Vec<Decimal> {
    let text = world.erp_admin("/api/OrderCost?$since=0&$top=500", "");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut rows = json["value"].as_array().unwrap().iter();
    let number = order.number.as_deref().unwrap();
    let row = rows.find(|row| row["OrderNumber"] == number);
    let figure = |name: &str| row.map_or("0", |row| row[name].as_str().unwrap());
    ["LaborActual", "MaterialActual"]
        .map(|name| figure(name).parse().unwrap())
        .into()
}

#[tokio::test]
async fn what_stands_in_the_erp_is_reversed_there_once_and_costs_nothing() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    assert!(charged(&world, &order)[0] > Decimal::ZERO);
    let items = back(&mut desk, &order);
    let push = desk.push(items);
    // Sending it ten times more changes nothing.
    for _ in 0..11 {
        desk.exchange(&world, vec![push.clone()]).await;
    }
    world.carry().await;
    world.poll().await;
    let held = balance(&desk).on_hand;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1, 1, 1, 1]);
    assert_eq!(charged(&world, &order), [Decimal::ZERO, Decimal::ZERO]);
    assert_eq!(balance(&desk).on_hand, held);
    for entry in [LABOUR, PART, LABOUR_BACK, PART_BACK] {
        assert!(is_accepted(&desk, &order, entry), "{entry}");
    }
}

#[tokio::test]
async fn what_was_not_sent_yet_never_is_and_neither_is_its_reversal() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let mut items = work(&mut desk, &order);
    items.extend(back(&mut desk, &order));
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp.posts(), 0);
    for entry in [LABOUR, PART, LABOUR_BACK, PART_BACK] {
        assert_eq!(told(&desk, &order, entry), Some(Outcome::TakenBack));
    }
}

#[tokio::test]
async fn a_reversal_whose_answer_is_lost_is_searched_and_stands_once() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    let items = back(&mut desk, &order);
    desk.send(&world, items).await;
    for trouble in [Trouble::LostAnswer, Trouble::NotSent, Trouble::LostAnswer] {
        world.erp.trouble(trouble);
    }
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1, 1, 1, 1]);
    assert!(is_accepted(&desk, &order, LABOUR_BACK));
    assert!(is_accepted(&desk, &order, PART_BACK));
}

#[tokio::test]
async fn a_reversal_under_way_when_the_hub_died_is_searched_first() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    let items = back(&mut desk, &order);
    desk.send(&world, items).await;
    for effect in world.store.claim_effects(now(), 8).await.unwrap() {
        let made = perform(&world.systems, &effect).await;
        assert!(matches!(made, Posted { .. }), "{made:?}");
    }
    world.store.recover_effects(now()).await.unwrap();
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1, 1, 1]);
}

#[tokio::test]
async fn what_is_under_way_is_waited_for_and_then_reversed() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    let under_way = world.store.claim_effects(now(), 8).await.unwrap();
    assert_eq!(under_way.len(), 2);
    let items = back(&mut desk, &order);
    desk.send(&world, items).await;
    assert!(
        world
            .store
            .claim_effects(now(), 8)
            .await
            .unwrap()
            .is_empty()
    );
    for effect in under_way {
        let made = perform(&world.systems, &effect).await;
        let answered = world
            .store
            .effect_answered(effect.id, effect.attempt, made, now());
        answered.await.unwrap();
    }
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1, 1, 1]);
    assert_eq!(charged(&world, &order), [Decimal::ZERO, Decimal::ZERO]);
}

/// Labour alone: sent, unanswered and taken back meanwhile; then searched and not found.
async fn given_up(world: &World) -> (Desk, WorkOrderRow, fettle_hub::effect::Claimed) {
    let (mut desk, order) = at_work(world).await;
    let hours = labour(&desk, LABOUR, None);
    let item = desk.edit(order.id, &[hours]);
    desk.send(world, vec![item]).await;
    let (store, start) = (&world.store, now());
    let sent = store.claim_effects(start, 8).await.unwrap().remove(0);
    let unknown = Unknown {
        seen: "timed out".to_owned(),
    };
    let answered = store.effect_answered(sent.id, sent.attempt, unknown, start);
    answered.await.unwrap();
    let back = labour(&desk, LABOUR_BACK, Some(LABOUR));
    let item = desk.edit(order.id, &[back]);
    desk.send(world, vec![item]).await;
    let later = start.plus_ms(70_000);
    let search = store.claim_effects(later, 8).await.unwrap().remove(0);
    assert_eq!(search.id, sent.id, "the reversal waits");
    let told = store.effect_answered(search.id, search.attempt, NotThere, later);
    told.await.unwrap();
    (desk, order, sent)
}

#[tokio::test]
async fn what_turns_out_not_to_be_there_is_not_sent_again() {
    let world = World::new().await;
    let (mut desk, order, _) = given_up(&world).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp.posts(), 0);
    assert_eq!(told(&desk, &order, LABOUR), Some(Outcome::TakenBack));
}

#[tokio::test]
async fn what_arrives_after_it_was_given_up_is_reversed_all_the_same() {
    let world = World::new().await;
    let (mut desk, order, sent) = given_up(&world).await;
    // The request was on its way longer than anybody believed possible.
    let made = perform(&world.systems, &sent).await;
    let answered = world
        .store
        .effect_answered(sent.id, sent.attempt, made, now());
    answered.await.unwrap();
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1, 1]);
    assert_eq!(charged(&world, &order)[0], Decimal::ZERO);
    assert!(is_accepted(&desk, &order, LABOUR) && is_accepted(&desk, &order, LABOUR_BACK));
}

#[tokio::test]
async fn what_the_erp_refused_and_its_author_takes_back_troubles_nobody_any_more() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let number = order.number.clone().unwrap();
    world.erp_admin("/admin/order", &format!("{{\"OrderNumber\":\"{number}\"}}"));
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    assert!(matches!(
        told(&desk, &order, LABOUR),
        Some(Outcome::Refused { .. })
    ));
    let items = back(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), Vec::<u64>::new());
    assert_eq!(told(&desk, &order, LABOUR), Some(Outcome::TakenBack));
    let open = world.store.write(|core| core.open_cases()).await.unwrap();
    assert_eq!(open, []);
}

#[tokio::test]
async fn a_reversal_that_is_refused_needs_attention_and_the_first_document_stands() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    let number = order.number.clone().unwrap();
    world.erp_admin("/admin/order", &format!("{{\"OrderNumber\":\"{number}\"}}"));
    let items = back(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1, 1]);
    assert!(is_accepted(&desk, &order, LABOUR));
    assert!(matches!(
        told(&desk, &order, LABOUR_BACK),
        Some(Outcome::Refused { .. })
    ));
}

#[tokio::test]
async fn two_laptops_of_a_person_that_take_back_at_once_make_one_reversal() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    let mut other = world.desk("kowalska", 2).await;
    other.sync(&world).await;
    let first = labour(&desk, LABOUR_BACK, Some(LABOUR));
    let second = labour(&other, EntryId(Uuid::from_u128(9)), Some(LABOUR));
    let items = vec![desk.edit(order.id, &[first])];
    desk.send(&world, items).await;
    let items = vec![other.edit(order.id, &[second])];
    other.send(&world, items).await;
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1, 1]);
    assert_eq!(charged(&world, &order)[0], Decimal::ZERO);
}

#[tokio::test]
async fn nobody_takes_back_what_somebody_else_did() {
    let world = World::new().await;
    let (mut desk, order) = at_work(&world).await;
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    let mut other = world.desk("ode", 2).await;
    other.sync(&world).await;
    let items = back(&mut other, &order);
    other.send(&world, items).await;
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1]);
}

#[tokio::test]
async fn a_refused_answer_for_what_was_taken_back_changes_nothing() {
    let world = World::new().await;
    let (mut desk, order, sent) = given_up(&world).await;
    let rejection = Rejection {
        class: fettle_domain::effect::RejectionClass::ProcessState,
        code: "PERIOD_CLOSED".to_owned(),
        message: "late".to_owned(),
    };
    let refused = Rejected {
        rejection,
        official: None,
    };
    let answered = world
        .store
        .effect_answered(sent.id, sent.attempt, refused, now());
    answered.await.unwrap();
    desk.sync(&world).await;
    assert_eq!(told(&desk, &order, LABOUR), Some(Outcome::TakenBack));
}
