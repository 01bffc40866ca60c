//! Committing: durable, signed, cut at commits, shown with where it is.

use fettle_domain::Refusal;
use fettle_domain::intent::Dependency;
use fettle_domain::work_order::Status;
use fettle_replica::{OpenFault, Replica, ReplicaKey};
use fettle_sync::chain::Position;
use fettle_sync::exchange::PushItem;

use crate::build::{
    acknowledged, actor, ana, filled, key, note, now, order, public_key, start, start_intent, tick,
};

#[test]
fn a_commit_is_there_after_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let killed = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    // Files as they lie on the disk at this moment: what a killed program leaves behind.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), killed.path().join(entry.file_name())).unwrap();
    }
    let reopened = Replica::open(killed.path(), &key()).unwrap();
    let stored = reopened.order(order()).unwrap().unwrap();
    assert_eq!(stored.line.steps_done, 1);
    assert_eq!(stored.line.unsent, 1);
    assert_eq!(reopened.chain(actor()).unwrap().count, 1);
    assert_eq!(
        reopened.pushes(1_000_000).unwrap(),
        replica.pushes(1_000_000).unwrap()
    );
}

#[test]
fn another_key_is_refused_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    tick(&filled(folder.path()), 1);
    let refused = Replica::open(folder.path(), &ReplicaKey::new([8; 32]));
    assert!(matches!(refused, Err(OpenFault::WrongKey)));
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.unsent().unwrap(), 1);
}

#[test]
fn a_damaged_file_is_told_from_another_key() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    let path = folder.path().join("work.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..512].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let opened = Replica::open(folder.path(), &key());
    assert!(matches!(opened, Err(OpenFault::Damaged)), "{opened:?}");
}

#[test]
fn a_damaged_catalogue_is_set_aside_and_costs_no_work() {
    let folder = tempfile::tempdir().unwrap();
    tick(&filled(folder.path()), 1);
    let path = folder.path().join("catalogue.db");
    std::fs::write(&path, vec![0x55; 4096]).unwrap();
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.unsent().unwrap(), 1);
}

#[test]
fn every_push_ends_at_a_commit_and_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    start(&replica);
    note(&replica, 1, "Seal face worn");
    for budget in [0, 200, 400, 800, 100_000] {
        let mut position = Position::start(actor());
        for push in replica.pushes(budget).unwrap() {
            assert_eq!(push.first, position.count + 1);
            for item in &push.items {
                let linked = item.linked(hash).unwrap();
                position = position.extend(linked.kind, linked.id, &linked.hash);
            }
            assert!(position.is_signed_by(public_key(), &push.signature));
        }
        // The start is change and claim in one commit: never cut between them.
        assert!([1, 3, 4].contains(&position.count), "{}", position.count);
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    fettle_document::VerifiedChange::check(bytes)
        .unwrap()
        .hash()
        .0
}

#[test]
fn a_claim_depends_on_the_change_of_its_commit_and_shows_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let committed = start(&replica);
    let stored = replica.order(order()).unwrap().unwrap();
    assert_eq!(stored.line.status, Status::Inprg);
    assert_eq!(stored.line.official, Status::Appr);
    let dependency = Dependency::Change {
        document: order().into(),
        hash: committed.change.unwrap(),
    };
    assert_eq!(stored.claims[0].intent.depends_on, vec![dependency]);
    assert_eq!(stored.claims[0].intent.id, start_intent().id);
    let pushes = replica.pushes(1_000_000).unwrap();
    assert!(matches!(pushes[0].items[1], PushItem::Intent(_)));
}

#[test]
fn what_the_hub_acknowledged_is_sent_and_what_it_keeps_apart_needs_attention() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    tick(&replica, 1);
    note(&replica, 1, "Seal face worn");
    let mut answer = acknowledged(2);
    answer.quarantined = vec![(2, Refusal::new("document.too_large"))];
    replica.acknowledge(&[answer], now()).unwrap();
    let stored = replica.order(order()).unwrap().unwrap();
    assert_eq!((stored.line.unsent, stored.line.attention), (0, 1));
    assert!(replica.pushes(1_000_000).unwrap().is_empty());
    let open = replica.open_changes().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].words, "Seal face worn");
    assert_eq!(replica.unsent_by_person().unwrap().get(&ana()), None);
}
