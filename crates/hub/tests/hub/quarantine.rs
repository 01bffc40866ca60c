//! Work of a revoked laptop or a disabled person: kept aside, released by an administrator.

use fettle_domain::intent::{Decision, Dependency};
use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_domain::{IntentId, Refusal, Timestamp};
use fettle_hub::clock::now;
use fettle_hub::core::{Kept, Release};
use fettle_hub::store::Store;
use fettle_sync::bundle::{Bundle, BundleHead};
use fettle_sync::exchange::{Push, PushItem};
use uuid::Uuid;

use crate::desk::Desk;
use crate::effect::work;
use crate::world::{World, bundle_secret};

const START: u128 = 0x51;

/// Half an hour, a part and the wish to start the order, all unsent.
async fn unsent(world: &World) -> (Desk, Push) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp);
    let mut items = work(&mut desk, &order);
    let claim = desk.intent(&order, Status::Inprg, START);
    items.push(PushItem::Intent(claim));
    let push = desk.push(items);
    (desk, push)
}

async fn disable(world: &World) {
    let disable = world
        .store
        .write(|core| core.set_person_disabled("kowalska", true, now()));
    disable.await.unwrap().unwrap();
}

async fn kept(world: &World) -> Vec<Kept> {
    let read = world.store.read(|core| core.quarantined());
    read.await.unwrap()
}

async fn release(world: &World, whose: &'static str) -> Release {
    let reason = "spoke to her, it is her work";
    let released = world
        .store
        .write(move |core| core.release(whose, reason, now()));
    released.await.unwrap().unwrap()
}

async fn documents(world: &World) -> Vec<u64> {
    world.carry().await;
    world.erp_documents()
}

fn kinds(kept: &[Kept]) -> Vec<&'static str> {
    kept.iter().map(|kept| kept.kind).collect()
}

#[tokio::test]
async fn work_of_a_revoked_laptop_comes_by_bundle_and_is_released_as_facts() {
    let world = World::new().await;
    let (desk, push) = unsent(&world).await;
    let carrier = world.desk("ode", 2).await;
    let revoke = |at: Timestamp| {
        world
            .store
            .write(move |core| core.revoke_device("HW-1", at))
    };
    revoke(now()).await.unwrap().unwrap();
    // Its own line is dead.
    let refused = world.store.authenticate(desk.token.clone(), now()).await;
    assert_eq!(refused.unwrap().unwrap_err().code, "device.revoked");
    let mut bundle = Bundle::new(BundleHead {
        device: Some(desk.info.device.id),
        made: now(),
    });
    bundle.pushes = vec![push];
    let bytes = bundle.seal(bundle_secret().public(), [1; 32]).unwrap();
    let carried = |bytes| world.store.bundle(carrier.info.clone(), bytes, now());
    let report = carried(bytes.clone()).await.unwrap().unwrap();
    assert_eq!((report.taken, report.set_aside.len()), (3, 3));
    let aside = kept(&world).await;
    assert_eq!(kinds(&aside), ["change", "change", "intent"]);
    assert!(
        aside
            .iter()
            .all(|kept| kept.refusal.code == "device.revoked")
    );
    assert!(
        aside
            .iter()
            .all(|kept| kept.device == "HW-1" && !kept.order.is_empty())
    );
    assert_eq!(documents(&world).await, [] as [u64; 0]);

    let release_one = release(&world, "HW-1").await;
    assert_eq!(kinds(&release_one.released), ["change", "change"]);
    assert_eq!(release_one.stays[0].1.code, "quarantine.claim_stays");
    assert_eq!(documents(&world).await, [1, 1]);
    // Once more, and the same file once more: nothing is doubled, the claim stays for ever.
    let again = release(&world, "HW-1").await;
    assert_eq!((again.released.len(), again.stays.len()), (0, 1));
    assert_eq!(carried(bytes).await.unwrap().unwrap().taken, 0);
    assert_eq!(documents(&world).await, [1, 1]);
    let aside = kept(&world).await;
    assert_eq!(kinds(&aside), ["intent"]);
    assert_eq!(aside[0].refusal.code, "device.revoked");
    // What it stood for as well is settled with the claim, by the case's owner.
    let open = open_cases(&world).await;
    assert!(open.iter().all(|code| code == "device.revoked"), "{open:?}");
    assert_eq!(open.len(), 1);
}

/// Causes of the cases that wait for somebody.
async fn open_cases(world: &World) -> Vec<String> {
    let cases = world.store.read(|core| core.all_cases()).await.unwrap();
    let open = cases.into_iter().filter(|case| !case.is_settled());
    open.map(|case| case.cause.code).collect()
}

#[tokio::test]
async fn released_facts_reach_the_other_laptops() {
    let world = World::new().await;
    let (mut desk, push) = unsent(&world).await;
    let mut other = world.desk("ode", 2).await;
    other.sync(&world).await;
    disable(&world).await;
    let before = other.changes_received;
    let (head, _) = desk.exchange(&world, vec![push]).await;
    assert_eq!(head.acknowledged[0].quarantined.len(), 3);
    other.sync(&world).await;
    assert_eq!(other.changes_received, before);
    release(&world, "kowalska").await;
    other.sync(&world).await;
    assert_eq!(other.changes_received, before + 2);
    // And the laptop it came from hears that it counts after all.
    let own = desk.changes_received;
    desk.sync(&world).await;
    assert_eq!(desk.changes_received, own + 2);
}

#[tokio::test]
async fn others_on_the_laptop_of_a_disabled_person_go_on() {
    let world = World::new().await;
    let (mut desk, push) = unsent(&world).await;
    disable(&world).await;
    let refused = world.store.authenticate(desk.token.clone(), now()).await;
    assert_eq!(refused.unwrap().unwrap_err().code, "sign_in.disabled");
    // A colleague's session carries what she had not sent.
    let mut carrier = world.desk("ode", 2).await;
    carrier.sync(&world).await;
    let (head, _) = carrier.exchange(&world, vec![push]).await;
    assert_eq!(head.acknowledged[0].through, 3);
    let order = carrier.mine_or_any();
    let note = carrier.note(&order, "goes on");
    assert_eq!(carrier.send(&world, vec![note]).await.quarantined, vec![]);
    desk.sync(&world).await;
}

#[tokio::test]
async fn what_is_kept_aside_can_be_read_before_it_is_released() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    disable(&world).await;
    let order = desk.mine_or_any();
    let note = desk.note(&order, "Seal face worn, replaced it");
    desk.send(&world, vec![note]).await;
    let name = kept(&world).await[0].name.clone();
    assert_eq!(open_cases(&world).await, ["author.disabled"]);
    let shown = world
        .store
        .write(move |core| core.show_quarantined(&name))
        .await;
    let shown = shown.unwrap().unwrap();
    assert!(shown.text.contains("Seal face worn"), "{}", shown.text);
    assert_eq!(release(&world, "HW-1").await.released.len(), 1);
    assert_eq!(open_cases(&world).await, [] as [String; 0]);
    let unknown = world
        .store
        .write(|core| core.release("HW-77", "no such laptop", now()))
        .await;
    assert_eq!(unknown.unwrap().unwrap_err().code, "quarantine.unknown");
    let silent = world
        .store
        .write(|core| core.release("kowalska", " ", now()))
        .await;
    let refusal = silent.unwrap().unwrap_err();
    assert_eq!(refusal.code, "quarantine.reason_missing");
}

/// Found by seeds 154 and 226 of the simulation: it waited for ever.
#[tokio::test]
async fn a_claim_that_follows_one_kept_aside_is_told_so() {
    let world = World::new().await;
    let (mut desk, push) = unsent(&world).await;
    let mut other = world.desk("ode", 2).await;
    other.sync(&world).await;
    disable(&world).await;
    desk.exchange(&world, vec![push]).await;
    let order = desk.mine(Status::Disp);
    let mut follows = other.intent(&order, Status::Comp, 0x52);
    follows.depends_on = vec![Dependency::Intent(IntentId(Uuid::from_u128(START)))];
    let told = other.send(&world, vec![PushItem::Intent(follows)]).await;
    assert_eq!(told.waiting, Vec::<u64>::new());
    other.sync(&world).await;
    let key = format!("verdict/{}", Uuid::from_u128(0x52));
    let Some((_, Row::Verdict(verdict))) = other.rows.get(&key) else {
        panic!("the claim has a verdict");
    };
    let refusal = Refusal::new("intent.dependency_quarantined").with("reason", "author.disabled");
    assert_eq!(verdict.decision, Decision::Refused(refusal));
}
