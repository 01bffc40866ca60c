//! Claims that race: the planner's word settles them, and the facts were kept all along.

use fettle_domain::case::{CaseAction, CaseState, ExceptionCase, Settlement};
use fettle_domain::intent::Decision;
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, Row, Subject};
use fettle_domain::work_order::official::CmmsAnswer;
use fettle_domain::work_order::{Status, WorkOrderRow};
use fettle_domain::{IntentId, WorkOrderId};
use fettle_sync::exchange::PushItem;
use uuid::Uuid;

use crate::desk::Desk;
use crate::world::World;

/// Two people on one order in progress: Ode holds it, then Kowalska's finish arrives.
struct Raced {
    world: World,
    kowalska: Desk,
    ode: Desk,
    order: WorkOrderId,
}

const FINISH: IntentId = IntentId(Uuid::from_u128(3));

fn claim(
    desk: &Desk,
    order: &WorkOrderRow,
    to: Status,
    id: u128,
    reason: Option<&str>,
) -> PushItem {
    let mut intent = desk.intent(order, to, id);
    if let fettle_domain::intent::Claim::Transition(transition) = &mut intent.claim {
        transition.reason = reason.map(str::to_owned);
    }
    PushItem::Intent(intent)
}

async fn finish_against_hold() -> Raced {
    let world = World::new().await;
    let mut kowalska = world.desk("kowalska", 1).await;
    let mut ode = world.desk("ode", 2).await;
    kowalska.sync(&world).await;
    let order = kowalska.mine(Status::Disp);
    let start = claim(&kowalska, &order, Status::Inprg, 1, None);
    kowalska.send(&world, vec![start]).await;
    world.carry().await;
    kowalska.sync(&world).await;
    ode.sync(&world).await;
    let started = kowalska.order(order.id).clone();
    let hold = claim(&ode, &started, Status::Hold, 2, Some("Waits for the crane"));
    ode.send(&world, vec![hold]).await;
    let note = kowalska.note(&order.id, "Bearing is in, runs smooth");
    let finish = claim(&kowalska, &started, Status::Comp, 3, None);
    kowalska.send(&world, vec![note, finish]).await;
    world.carry().await;
    kowalska.sync(&world).await;
    ode.sync(&world).await;
    Raced {
        world,
        kowalska,
        ode,
        order: order.id,
    }
}

fn only_case(desk: &Desk, order: WorkOrderId) -> ExceptionCase {
    let cases = desk.cases(order);
    assert_eq!(cases.len(), 1, "{cases:#?}");
    cases[0].clone()
}

fn decision(desk: &Desk, id: u128) -> Decision {
    let key = format!("verdict/{}", IntentId(Uuid::from_u128(id)));
    match &desk.rows[&key].1 {
        Row::Verdict(verdict) => verdict.decision.clone(),
        _ => panic!("a verdict"),
    }
}

async fn told(raced: &mut Raced) {
    raced.world.carry().await;
    raced.world.poll().await;
    raced.kowalska.sync(&raced.world).await;
    raced.ode.sync(&raced.world).await;
}

#[tokio::test]
async fn both_people_see_who_has_finish_against_hold_and_the_note_is_kept() {
    let raced = finish_against_hold().await;
    assert!(matches!(
        decision(&raced.kowalska, 3),
        Decision::Case { .. }
    ));
    let mine = only_case(&raced.kowalska, raced.order);
    assert_eq!(mine, only_case(&raced.ode, raced.order));
    assert_eq!(mine.owner, Role::Planner);
    assert_eq!(mine.cause.code, "order.status_changed_meanwhile");
    assert_eq!(mine.author, Some(raced.kowalska.info.person));
    let planner = raced.kowalska.order(raced.order).planner;
    assert_eq!(mine.holder(), planner, "the order's planner has it");
    let order = raced.order;
    let read = raced.world.store.read(move |core| core.work_order(order));
    let held = read.await.unwrap().unwrap();
    assert_eq!(held.row.status.status, Status::Hold);
    assert_eq!(
        held.content.notes[0].entry.text,
        "Bearing is in, runs smooth"
    );
}

#[tokio::test]
async fn an_accepted_finish_goes_by_work_in_progress_and_stands_in_the_cmms_once() {
    let mut raced = finish_against_hold().await;
    let case = only_case(&raced.kowalska, raced.order);
    let not_yours = raced.kowalska.about(&case, CaseAction::Accept, 20);
    raced.kowalska.send(&raced.world, vec![not_yours]).await;
    assert!(matches!(
        decision(&raced.kowalska, 20),
        Decision::Refused(_)
    ));

    let mut brandt = raced.world.desk("brandt", 3).await;
    brandt.sync(&raced.world).await;
    let posts = raced.world.cmms.posts();
    let accept = brandt.about(&case, CaseAction::Accept, 21);
    let twice = brandt.about(&case, CaseAction::Accept, 22);
    brandt.send(&raced.world, vec![accept, twice]).await;
    brandt.sync(&raced.world).await;
    assert_eq!(decision(&brandt, 21), Decision::Accepted);
    assert!(matches!(decision(&brandt, 22), Decision::Refused(refusal)
        if refusal.code == "case.settled"));
    told(&mut raced).await;
    let status = raced.ode.order(raced.order).status.clone();
    assert_eq!(
        (status.status, status.cmms),
        (Status::Comp, CmmsAnswer::Accepted)
    );
    assert_eq!(
        raced.world.cmms.posts() - posts,
        2,
        "resumed, then finished"
    );
    let outcomes = raced.kowalska.outcomes(raced.order);
    let finish = outcomes
        .iter()
        .find(|row| row.subject == Subject::Intent(FINISH));
    assert!(matches!(finish.unwrap().outcome, Outcome::Accepted { .. }));
    let settled = only_case(&raced.ode, raced.order);
    let resolution = settled.resolution.unwrap();
    assert_eq!(
        (resolution.how, resolution.by),
        (Settlement::Accepted, Some(brandt.info.person))
    );
}

#[tokio::test]
async fn a_rejected_finish_changes_nothing_and_both_read_why() {
    let mut raced = finish_against_hold().await;
    let case = only_case(&raced.kowalska, raced.order);
    let mut brandt = raced.world.desk("brandt", 3).await;
    brandt.sync(&raced.world).await;
    let posts = raced.world.cmms.posts();
    let reject = |reason: &str| CaseAction::Reject {
        reason: reason.to_owned(),
    };
    let without = brandt.about(&case, reject(""), 20);
    let with = brandt.about(&case, reject("The crane comes first"), 21);
    brandt.send(&raced.world, vec![without, with]).await;
    brandt.sync(&raced.world).await;
    assert!(matches!(decision(&brandt, 20), Decision::Refused(refusal)
        if refusal.code == "case.reason_missing"));
    assert_eq!(decision(&brandt, 21), Decision::Accepted);
    told(&mut raced).await;
    assert_eq!(raced.world.cmms.posts(), posts);
    assert_eq!(raced.ode.order(raced.order).status.status, Status::Hold);
    for desk in [&raced.kowalska, &raced.ode] {
        let settled = only_case(desk, raced.order);
        assert_eq!(settled.state, CaseState::Resolved);
        let resolution = settled.resolution.unwrap();
        assert_eq!(resolution.how, Settlement::Rejected);
        assert_eq!(resolution.reason.as_deref(), Some("The crane comes first"));
    }
}

#[tokio::test]
async fn a_laptop_shut_out_has_one_case_for_all_it_sends_on_an_order() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let order = desk.mine(Status::Disp).id;
    let disable =
        |core: fettle_hub::core::Core<'_>| core.set_person_disabled("kowalska", true, desk_now());
    world.store.write(disable).await.unwrap().unwrap();
    let first = desk.note(&order, "Seal worn");
    let claimed = desk.order(order).clone();
    let second = claim(&desk, &claimed, Status::Inprg, 1, None);
    let told = desk.send(&world, vec![first, second]).await;
    assert_eq!(told.quarantined.len(), 2);
    let mut ode = world.desk("ode", 2).await;
    ode.sync(&world).await;
    let case = only_case(&ode, order);
    assert_eq!(case.cause.code, "author.disabled");
    assert_eq!(case.owner, Role::Administrator);
}

fn desk_now() -> fettle_domain::Timestamp {
    fettle_hub::clock::now()
}
