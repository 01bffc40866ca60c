//! Effects: each business fact outside exactly once, whatever happens on the line.

use fettle_document::Edit;
use fettle_domain::effect::NextStep;
use fettle_domain::row::{Outcome, Row, Subject};
use fettle_domain::work_order::{LabourEntry, LabourKind, PartUsed, Status, WorkOrderRow};
use fettle_domain::{EntryId, Quantity};
use fettle_hub::effect::Outcome::{NotThere, Unknown};
use fettle_hub::store::Store;
use fettle_sync::exchange::PushItem;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::{Trouble, World};

const LABOUR: EntryId = EntryId(Uuid::from_u128(1));
const PART: EntryId = EntryId(Uuid::from_u128(2));

/// Half an hour of work and one part out of a bin that has it.
pub(crate) fn work(desk: &mut Desk, order: &WorkOrderRow) -> Vec<PushItem> {
    let labour = Edit::PutLabour {
        id: LABOUR,
        entry: LabourEntry {
            person: desk.info.person,
            kind: LabourKind::Regular,
            task: None,
            start: time(31),
            end: Some(time(1)),
            reversal_of: None,
        },
        is_closed: true,
    };
    let balance = desk
        .rows
        .values()
        .find_map(|(_, row)| match row {
            Row::Stock(balance)
                if balance.on_hand > fettle_domain::Decimal::from(5)
                    && balance.unit == fettle_domain::Unit::piece() =>
            {
                Some(balance.clone())
            }
            _ => None,
        })
        .unwrap();
    let part = Edit::PutPartUsed {
        id: PART,
        entry: PartUsed {
            item: balance.item,
            part_line: None,
            storeroom: balance.storeroom,
            bin: balance.bin,
            quantity: Quantity::pieces(1),
            reservation: None,
            lease: None,
            reversal_of: None,
            at: time(2),
        },
    };
    vec![desk.edit(order.id, &[labour]), desk.edit(order.id, &[part])]
}

async fn worked(world: &World) -> (Desk, WorkOrderRow) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp);
    let items = work(&mut desk, &order);
    let push = desk.push(items);
    // Sending it ten times more changes nothing.
    for _ in 0..11 {
        desk.exchange(world, vec![push.clone()]).await;
    }
    (desk, order)
}

fn outcome(desk: &Desk, order: &WorkOrderRow, entry: EntryId) -> Outcome {
    let outcomes = desk.outcomes(order.id);
    let found = outcomes
        .iter()
        .find(|row| row.subject == Subject::Entry(entry))
        .unwrap();
    found.outcome.clone()
}

#[tokio::test]
async fn labour_and_part_stand_in_the_erp_once_with_their_numbers() {
    let world = World::new().await;
    let (mut desk, order) = worked(&world).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1, 1]);
    for entry in [LABOUR, PART] {
        let told = outcome(&desk, &order, entry);
        assert!(
            matches!(&told, Outcome::Accepted { number } if !number.is_empty()),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn a_lost_answer_is_searched_and_not_sent_again() {
    let world = World::new().await;
    world.erp.trouble(Trouble::LostAnswer);
    world.erp.trouble(Trouble::LostAnswer);
    let (mut desk, order) = worked(&world).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp.posts(), 2);
    assert_eq!(world.erp_documents(), [1, 1]);
    assert!(matches!(
        outcome(&desk, &order, PART),
        Outcome::Accepted { .. }
    ));
}

#[tokio::test]
async fn what_never_left_is_tried_again() {
    let world = World::new().await;
    world.erp.trouble(Trouble::NotSent);
    world.erp.trouble(Trouble::NotSent);
    let (_, _) = worked(&world).await;
    world.carry().await;
    assert_eq!(world.erp.posts(), 4);
    assert_eq!(world.erp_documents(), [1, 1]);
}

#[tokio::test]
async fn an_effect_under_way_when_the_hub_died_is_searched_first() {
    let world = World::new().await;
    let (_, _) = worked(&world).await;
    let now = fettle_hub::clock::now();
    // The hub claims and dies: the posting may or may not have been made.
    let claimed = world.store.claim_effects(now, 1).await.unwrap();
    let made = fettle_hub::effects::perform(&world.systems, &claimed[0]).await;
    assert!(matches!(made, fettle_hub::effect::Outcome::Posted { .. }));
    world.store.recover_effects(now).await.unwrap();
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1]);
}

#[tokio::test]
async fn what_a_search_saw_is_as_old_as_its_beginning() {
    let world = World::settling(35_000).await;
    worked(&world).await;
    let (store, start) = (&world.store, fettle_hub::clock::now());
    let at = |seconds: i64| start.plus_ms(seconds * 1_000);
    let sent = store.claim_effects(at(0), 1).await.unwrap().remove(0);
    // The machine slept between claim and call: the request left long after it was claimed.
    let unknown = Unknown {
        seen: "timed out".to_owned(),
    };
    let answered = store.effect_answered(sent.id, sent.attempt, unknown, at(600));
    answered.await.unwrap();
    let claim = async |seconds| {
        let claimed = store.claim_effects(at(seconds), 8).await.unwrap();
        claimed
            .into_iter()
            .find(|claimed| claimed.id == sent.id)
            .unwrap()
    };
    // It looks while the request may still be under way, and tells a minute later.
    let search = claim(602).await;
    assert_eq!(search.step, NextStep::Search);
    let told = store.effect_answered(search.id, search.attempt, NotThere, at(662));
    told.await.unwrap();
    let again = claim(664).await;
    assert_eq!(
        again.step,
        NextStep::Search,
        "nothing is sent on an old look"
    );
    let told = store.effect_answered(again.id, again.attempt, NotThere, at(665));
    told.await.unwrap();
    assert_eq!(claim(667).await.step, NextStep::Send);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_class_and_owner() {
    let world = World::new().await;
    let (mut desk, order) = {
        let mut desk = world.desk("kowalska", 1).await;
        desk.sync(&world).await;
        let order = desk.mine(Status::Disp);
        (desk, order)
    };
    let number = order.number.clone().unwrap();
    world.erp_admin("/admin/order", &format!("{{\"OrderNumber\":\"{number}\"}}"));
    let items = work(&mut desk, &order);
    desk.send(&world, items).await;
    world.carry().await;
    desk.sync(&world).await;
    let told = outcome(&desk, &order, LABOUR);
    assert!(matches!(told, Outcome::Refused { .. }), "{told:?}");
    let totals = world.store.totals().await.unwrap();
    assert!(
        totals
            .effects
            .iter()
            .any(|(_, state, _)| state == "rejected")
    );
}
