//! Facts that arrive when their order is closed or cancelled: kept always, posted by the planner.

use fettle_document::Edit;
use fettle_domain::case::{CaseAction, CaseSubject, ExceptionCase};
use fettle_domain::person::Role;
use fettle_domain::work_order::{LabourEntry, LabourKind, Status, WorkOrderRow};
use fettle_domain::{EntryId, Refusal};
use fettle_hub::clock::now;
use fettle_sync::exchange::PushItem;
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::World;

const LABOUR: EntryId = EntryId(Uuid::from_u128(41));

/// Half an hour of work.
fn labour(desk: &mut Desk, order: &WorkOrderRow, id: EntryId) -> PushItem {
    let labour = Edit::PutLabour {
        id,
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
    desk.edit(order.id, &[labour])
}

/// Work of a laptop that was away while the office set a status.
async fn worked_late(status: &str) -> (World, Desk, WorkOrderRow) {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    let work = labour(&mut desk, &order, LABOUR);
    world.office(&order, json!({ "status": status }));
    world.poll().await;
    let told = desk.send(&world, vec![work]).await;
    assert_eq!((told.quarantined.len(), &told.stopped), (0, &None));
    world.carry().await;
    desk.sync(&world).await;
    (world, desk, order)
}

fn cases(desk: &Desk) -> Vec<&ExceptionCase> {
    let rows = desk.rows.values().filter_map(|(_, row)| match row {
        fettle_domain::row::Row::Case(case) => Some(case),
        _ => None,
    });
    rows.filter(|case| !case.is_settled()).collect()
}

async fn act(world: &World, case: &ExceptionCase, action: CaseAction) -> Result<(), Refusal> {
    let id = case.id;
    let person = fettle_domain::PersonId(Uuid::from_u128(9));
    let acted = world
        .store
        .write(move |core| core.act_on_case(id, &action, (person, &[Role::Planner]), now()));
    acted.await.unwrap().map(drop)
}

#[tokio::test]
async fn late_hours_on_a_closed_or_cancelled_order_are_kept_and_not_posted() {
    for status in ["CLOSE", "CAN"] {
        let (world, desk, order) = worked_late(status).await;
        assert_eq!(world.held(order.id).await.content.labour.len(), 1);
        assert_eq!(world.erp_documents(), [] as [u64; 0]);
        // The person sees on the laptop who has it.
        let open = cases(&desk);
        let [case] = &open[..] else {
            panic!("{open:?}")
        };
        assert_eq!(case.subject, CaseSubject::Entry(LABOUR));
        assert_eq!(case.cause.code, "order.fact_late");
        assert_eq!(
            (case.owner, case.author),
            (Role::Planner, Some(desk.info.person))
        );
    }
}

#[tokio::test]
async fn late_hours_on_a_completed_order_are_costs_like_any_other() {
    let (world, desk, _) = worked_late("COMP").await;
    assert_eq!(world.erp_documents(), [1]);
    assert!(cases(&desk).is_empty());
}

#[tokio::test]
async fn taken_up_again_the_planner_has_late_hours_posted_once() {
    let (world, mut desk, order) = worked_late("CLOSE").await;
    let case = cases(&desk)[0].clone();
    let early = act(&world, &case, CaseAction::Accept).await;
    assert_eq!(early.unwrap_err().code, "case.order_still_ended");
    world.office(&order, json!({ "status": "COMP" }));
    world.poll().await;
    // Taking it up again posts nothing by itself: the planner may have settled it otherwise.
    let note = desk.note(&order.id, "Seal face worn");
    desk.send(&world, vec![note]).await;
    world.carry().await;
    assert_eq!(world.erp_documents(), [] as [u64; 0]);
    act(&world, &case, CaseAction::Accept).await.unwrap();
    assert_eq!(
        act(&world, &case, CaseAction::Accept)
            .await
            .unwrap_err()
            .code,
        "case.settled"
    );
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1]);
    assert!(cases(&desk).is_empty());
    assert_eq!(desk.outcomes(order.id).len(), 1);
}

#[tokio::test]
async fn what_the_planner_settled_otherwise_is_never_posted() {
    let (world, mut desk, order) = worked_late("CLOSE").await;
    let case = cases(&desk)[0].clone();
    let reject = CaseAction::Reject {
        reason: "Booked on the follow-up 4182300".to_owned(),
    };
    act(&world, &case, reject).await.unwrap();
    world.office(&order, json!({ "status": "COMP" }));
    world.poll().await;
    let more = labour(&mut desk, &order, EntryId(Uuid::from_u128(42)));
    desk.send(&world, vec![more]).await;
    world.carry().await;
    desk.sync(&world).await;
    // Only what was written after it was taken up again.
    assert_eq!(world.erp_documents(), [1]);
    assert!(cases(&desk).is_empty());
    assert_eq!(world.held(order.id).await.content.labour.len(), 2);
}

#[tokio::test]
async fn what_was_recorded_before_the_order_closed_goes_its_way() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp);
    let work = labour(&mut desk, &order, LABOUR);
    desk.send(&world, vec![work]).await;
    world.office(&order, json!({ "status": "CLOSE" }));
    world.poll().await;
    let note = desk.note(&order.id, "Seal face worn");
    desk.send(&world, vec![note]).await;
    world.carry().await;
    desk.sync(&world).await;
    assert_eq!(world.erp_documents(), [1]);
    assert!(cases(&desk).is_empty());
}
