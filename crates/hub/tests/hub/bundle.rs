//! Bundles: unsent work that came as a file counts as if its laptop had sent it, once.

use std::process::Command;

use fettle_domain::ActorId;
use fettle_domain::work_order::Status;
use fettle_hub::clock::now;
use fettle_hub::core::BundleReport;
use fettle_hub::store::Store;
use fettle_sync::bundle::{BUNDLE_MEDIA_TYPE, BUNDLE_PATH, Bundle, BundleHead, Ending, TornPush};
use fettle_sync::exchange::Push;
use fettle_sync::request::HexKey;

use crate::desk::Desk;
use crate::effect::work;
use crate::served::{Served, Told};
use crate::world::{World, bundle_secret};

fn sealed(desk: &Desk, pushes: Vec<Push>, torn: Vec<TornPush>) -> Vec<u8> {
    let mut bundle = Bundle::new(BundleHead {
        device: Some(desk.info.device.id),
        made: now(),
    });
    bundle.pushes = pushes;
    bundle.torn = torn;
    bundle.seal(bundle_secret().public(), [1; 32]).unwrap()
}

/// Kowalska's laptop with half an hour and a part that were never sent.
async fn unsent(world: &World) -> (Desk, Push) {
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(world).await;
    let order = desk.mine(Status::Disp);
    let items = work(&mut desk, &order);
    let push = desk.push(items);
    (desk, push)
}

async fn carry(world: &World, by: &Desk, bytes: Vec<u8>) -> BundleReport {
    let taken = world.store.bundle(by.info.clone(), bytes, now()).await;
    taken.unwrap().unwrap()
}

#[tokio::test]
async fn work_carried_by_another_laptop_reaches_the_erp_once() {
    let world = World::new().await;
    let (mut desk, push) = unsent(&world).await;
    let carrier = world.desk("ode", 2).await;
    let bytes = sealed(&desk, vec![push.clone()], Vec::new());
    let first = carry(&world, &carrier, bytes.clone()).await;
    assert_eq!((first.items, first.taken), (2, 2));
    assert_eq!(first.ending, Ending::Whole);
    // The same file a second time, then the laptop itself, late.
    let second = carry(&world, &carrier, bytes).await;
    assert_eq!((second.items, second.taken), (2, 0));
    let (head, _) = desk.exchange(&world, vec![push]).await;
    assert_eq!(head.acknowledged[0].through, 2);
    world.carry().await;
    assert_eq!(world.erp_documents(), [1, 1]);
}

#[tokio::test]
async fn a_cut_file_gives_what_came_before_and_the_whole_one_the_rest() {
    let world = World::new().await;
    let (mut desk, push) = unsent(&world).await;
    let order = desk.mine_or_any();
    let note = desk.note(&order, "Seal face worn");
    let later = desk.push(vec![note]);
    let bytes = sealed(&desk, vec![push, later], Vec::new());
    let carrier = world.desk("ode", 2).await;
    // Without its last frame and half of the one before.
    let cut = carry(&world, &carrier, bytes[..bytes.len() - 60].to_vec()).await;
    assert_eq!((cut.taken, cut.ending), (2, Ending::Cut));
    let whole = carry(&world, &carrier, bytes).await;
    assert_eq!((whole.taken, whole.ending), (1, Ending::Whole));
}

#[tokio::test]
async fn what_follows_on_lost_items_is_taken_and_the_gap_stays_open() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let orders: Vec<_> = desk.orders().map(|row| row.id).take(60).collect();
    let mut has_document = orders
        .into_iter()
        .filter(|id| desk.documents.contains_key(&(*id).into()))
        .collect::<Vec<_>>()
        .into_iter();
    let (one, other) = (has_document.next().unwrap(), has_document.next().unwrap());
    let known = world.store.totals().await.unwrap().changes;
    let lost = desk.note(&one, "on the page that cannot be read");
    let lost = desk.push(vec![lost]);
    let before = desk.position.link;
    let kept = desk.note(&other, "on the next page");
    let kept = desk.push(vec![kept]);
    let torn = TornPush {
        before,
        push: kept.clone(),
    };
    let carrier = world.desk("ode", 2).await;
    let bytes = sealed(&desk, Vec::new(), vec![torn]);
    assert_eq!(carry(&world, &carrier, bytes.clone()).await.taken, 1);
    assert_eq!(carry(&world, &carrier, bytes).await.taken, 0);
    // The hub never says it has what was lost; should it turn up after all, it is taken.
    let acknowledged = desk.exchange(&world, vec![kept]).await.0.acknowledged;
    assert_eq!(acknowledged[0].through, 0);
    let acknowledged = desk.exchange(&world, vec![lost]).await.0.acknowledged;
    assert_eq!(acknowledged[0].through, 2);
    let totals = world.store.totals().await.unwrap();
    assert_eq!((totals.changes - known, totals.held_changes), (2, 0));
}

#[tokio::test]
async fn a_gap_is_no_way_around_the_signature() {
    let world = World::new().await;
    let (desk, push) = unsent(&world).await;
    let torn = TornPush {
        before: fettle_sync::chain::Link([7; 32]),
        push,
    };
    let carrier = world.desk("ode", 2).await;
    // At the beginning of a chain the hub knows the link itself.
    let bytes = sealed(&desk, Vec::new(), vec![torn.clone()]);
    let mut moved = torn;
    moved.push.first = 5;
    assert_eq!(carry(&world, &carrier, bytes).await.taken, 2);
    let moved = carry(&world, &carrier, sealed(&desk, Vec::new(), vec![moved])).await;
    assert_eq!(moved.taken, 0);
    assert_eq!(moved.stopped[0].1.code, "chain.signature");
}

#[tokio::test]
async fn a_stranger_in_a_bundle_is_named_and_holds_up_nobody() {
    let world = World::new().await;
    let (desk, push) = unsent(&world).await;
    let stranger = Push {
        actor: ActorId([9; 16]),
        ..push.clone()
    };
    let carrier = world.desk("ode", 2).await;
    let bytes = sealed(&desk, vec![stranger, push], Vec::new());
    let report = carry(&world, &carrier, bytes).await;
    assert_eq!(report.taken, 2);
    assert_eq!(report.stopped[0].1.code, "actor.unknown");
}

async fn hand_in(served: &Served, token: &HexKey, body: Vec<u8>) -> Told {
    let request = served.client.post(served.url(BUNDLE_PATH));
    let request = request.header("content-type", BUNDLE_MEDIA_TYPE).body(body);
    Told::of(request.bearer_auth(String::from(token.clone()))).await
}

#[tokio::test]
async fn another_laptop_hands_a_bundle_in_and_is_told_nothing_of_what_it_holds() {
    let served = Served::new().await;
    let (desk, push) = unsent(&served.world).await;
    let carrier = served.world.desk("ode", 2).await;
    let bytes = sealed(&desk, vec![push], Vec::new());
    let told = hand_in(&served, &carrier.token, bytes.clone()).await.json();
    let expected = serde_json::json!({
        "items": 2, "taken": 2, "set_aside": 0, "lost": 0, "stopped": null, "ending": "whole",
    });
    assert_eq!(told, expected);
    let cases: [(Vec<u8>, u16, &str); 4] = [
        (b"%PDF-1.7 a manual".to_vec(), 422, "bundle.not_one"),
        (bytes[..40].to_vec(), 422, "bundle.cut"),
        (
            [&bytes[..9], &[2], &bytes[10..]].concat(),
            422,
            "bundle.too_new",
        ),
        (
            [&bytes[..10], &[0; 8], &bytes[18..]].concat(),
            422,
            "bundle.other_hub",
        ),
    ];
    for (body, status, code) in cases {
        let told = hand_in(&served, &carrier.token, body).await;
        assert_eq!(told.refused(), (status, code.to_owned()));
    }
    let told = hand_in(&served, &HexKey([0; 32]), bytes).await;
    assert_eq!(told.refused(), (401, "sign_in.expired".to_owned()));
    served.stop().await;
}

#[tokio::test]
async fn an_administrator_takes_a_bundle_by_hand() {
    let world = World::new().await;
    let (desk, push) = unsent(&world).await;
    let folder = world.folder.path();
    // The key this world's laptops seal to, where the program keeps it.
    let key = fettle_hub::bundle_key::read_or_make(folder).unwrap();
    let again = fettle_hub::bundle_key::read_or_make(folder).unwrap();
    assert_eq!(key.public(), again.public());
    let mut bundle = Bundle::new(BundleHead {
        device: Some(desk.info.device.id),
        made: now(),
    });
    bundle.pushes = vec![push];
    let file = folder.join("HW-1.fettle");
    std::fs::write(&file, bundle.seal(key.public(), [1; 32]).unwrap()).unwrap();
    for expected in ["2 items, 2 new, 0 known", "2 items, 0 new, 2 known"] {
        let said = Command::new(env!("CARGO_BIN_EXE_fettle-hub"))
            .args(["bundle", "accept"])
            .arg(&file)
            .arg("--data")
            .arg(folder)
            .output()
            .unwrap();
        let words = String::from_utf8(said.stdout).unwrap();
        assert!(said.status.success() && words.contains(expected), "{words}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.join("bundle-key")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn what_a_damaged_laptop_lost_is_a_case_until_it_turns_up() {
    let world = World::new().await;
    let (desk, push) = unsent(&world).await;
    let carrier = world.desk("ode", 2).await;
    let mut bundle = Bundle::new(BundleHead {
        device: Some(desk.info.device.id),
        made: now(),
    });
    bundle.lost.places = vec![(desk.actor, 1, 2)];
    let bytes = bundle.seal(bundle_secret().public(), [1; 32]).unwrap();
    for _ in 0..2 {
        carry(&world, &carrier, bytes.clone()).await;
        let cases = world.store.read(|core| core.all_cases()).await.unwrap();
        let lost: Vec<_> = cases
            .iter()
            .filter(|case| case.cause.code == "item.lost")
            .collect();
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].author, Some(desk.info.person));
    }
    // Sent by the laptop after all before its file arrives: nothing is missing.
    let mut other = world.desk("ode", 3).await;
    other.sync(&world).await;
    other.exchange(&world, vec![push]).await;
    let known = world
        .store
        .read(|core| core.all_cases())
        .await
        .unwrap()
        .len();
    carry(&world, &carrier, bytes).await;
    let cases = world.store.read(|core| core.all_cases()).await.unwrap();
    assert_eq!(cases.len(), known);
}
