//! Damaged files: a catalogue is made anew, of a work file every readable item goes on.

use std::collections::BTreeSet;
use std::path::Path;

use fettle_domain::asset::{Asset, AssetStatus};
use fettle_domain::location::Criticality;
use fettle_domain::row::Row;
use fettle_domain::{AssetId, Refusal};
use fettle_replica::{OpenFault, Paging, Replica, ReplicaKey, Salvage};
use fettle_sync::chain::{Link, Position};
use fettle_sync::exchange::{Cursor, Push, Slice};
use uuid::Uuid;

use crate::build::{
    ASSETS, acknowledged, actor, area, filled, key, note, now, official, order, plant, public_key,
    slice, start, tick,
};

const PAGE: usize = 4096;

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        }
    }
    to
}

fn pages(file: &Path) -> usize {
    std::fs::read(file).unwrap().len() / PAGE
}

/// Flips one bit in the middle of a page, counted from 0.
fn flip(file: &Path, page: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[page * PAGE + PAGE / 2] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

pub(crate) fn asset(number: u128) -> Asset {
    Asset {
        id: AssetId(Uuid::from_u128(0x9000 + number)),
        external_ids: vec![],
        tag: format!("P-{number}"),
        serial: String::new(),
        name: format!(
            "Feedwater pump {number} {}",
            "of the boiler house ".repeat(8)
        ),
        manufacturer: "KSB".to_owned(),
        model: "Multitec".to_owned(),
        class: "PU".to_owned(),
        plant: plant(),
        area: area(),
        location: None,
        parent: None,
        criticality: Criticality::A,
        status: Some(AssetStatus::Operating),
    }
}

fn assets() -> Slice {
    let rows = (1..=120).map(|number| {
        let version = u64::try_from(number).unwrap();
        official(version, Row::Asset(asset(number)))
    });
    slice(ASSETS, 120, rows.collect())
}

fn catalogued() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    replica.apply_slice(&assets()).unwrap();
    tick(&replica, 1);
    folder
}

#[test]
fn a_catalogue_damaged_anywhere_is_filled_again_and_people_go_on_working() {
    let whole = catalogued();
    let file = |folder: &Path| folder.join("catalogue.db");
    let mut was_found_while_running = false;
    for page in 0..pages(&file(whole.path())) {
        let folder = copy(whole.path());
        flip(&file(folder.path()), page);
        let replica = Replica::open(folder.path(), &key()).unwrap();
        was_found_while_running |= !folder.path().join("catalogue.damaged").exists();
        // Whatever is asked is answered: the row, or that it is not on this laptop yet.
        for number in 1..=120 {
            let found = replica.asset(asset(number).id).unwrap();
            assert!(found.is_none_or(|found| found == asset(number)));
        }
        replica
            .search_assets("feedwater", Paging::first(200))
            .unwrap();
        tick(&replica, 2);
        let head = replica.up_head(now(), 1000).unwrap();
        if head.cursors[&ASSETS] == Cursor::NOTHING {
            assert!(folder.path().join("catalogue.damaged").exists());
        }
        replica.apply_slice(&assets()).unwrap();
        assert_eq!(
            replica
                .search_assets("feedwater", Paging::first(200))
                .unwrap()
                .page
                .rows
                .len(),
            120
        );
        assert_eq!(replica.asset(asset(77).id).unwrap(), Some(asset(77)));
        assert_eq!(replica.unsent().unwrap(), 2);
    }
    assert!(was_found_while_running);
}

#[test]
fn a_rebuild_that_was_killed_goes_on_at_the_next_start() {
    let whole = catalogued();
    let damaged = whole.path().join("catalogue.db");
    for state in ["moved", "moved beside its log", "empty", "half a page"] {
        let folder = copy(whole.path());
        let catalogue = folder.path().join("catalogue.db");
        std::fs::rename(&catalogue, folder.path().join("catalogue.damaged")).unwrap();
        match state {
            "moved beside its log" => {
                let log = folder.path().join("catalogue.db-wal");
                std::fs::write(log, std::fs::read(&damaged).unwrap()).unwrap();
            }
            "empty" => std::fs::write(&catalogue, []).unwrap(),
            "half a page" => std::fs::write(&catalogue, [0x55; 2048]).unwrap(),
            _ => {}
        }
        let replica = Replica::open(folder.path(), &key()).unwrap();
        assert_eq!(replica.asset(asset(1).id).unwrap(), None, "{state}");
        replica.apply_slice(&assets()).unwrap();
        assert_eq!(replica.asset(asset(1).id).unwrap(), Some(asset(1)));
        assert_eq!(replica.unsent().unwrap(), 1);
    }
}

/// A shift of Ana's: some of it sent, the rest not.
fn worked() -> (tempfile::TempDir, u64, u64) {
    worked_until(70)
}

/// The same with so many notes.
fn worked_until(notes: u128) -> (tempfile::TempDir, u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    replica.put_setting("laptop", b"enrolled").unwrap();
    for number in 0..10 {
        note(&replica, number, &format!("Sent note {number}"));
    }
    replica.acknowledge(&[acknowledged(10)], now()).unwrap();
    tick(&replica, 1);
    start(&replica);
    for number in 10..notes {
        note(
            &replica,
            number,
            &format!("Note {number}: {}", "bearing hot ".repeat(9)),
        );
    }
    let last = replica.chain(actor()).unwrap().count;
    (folder, 10, last)
}

/// Places a push stands for, after its signature was verified.
fn verified(push: &Push, before: Link) -> BTreeSet<u64> {
    let mut position = Position {
        count: push.first - 1,
        link: before,
    };
    let mut places = BTreeSet::new();
    for item in &push.items {
        let linked = item.linked(hash).unwrap();
        position = position.extend(linked.kind, linked.id, &linked.hash);
        places.insert(position.count);
    }
    assert!(position.is_signed_by(public_key(), &push.signature));
    places
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let change = fettle_document::VerifiedChange::check(bytes).unwrap();
    change.hash().0
}

/// Places that arrive and places that are named as lost.
fn sorted(salvage: &Salvage) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let torn = salvage.torn.iter();
    let arrives = torn.flat_map(|torn| verified(&torn.push, torn.before));
    let lost = salvage
        .lost
        .iter()
        .flat_map(|(_, first, last)| *first..=*last);
    (arrives.collect(), lost.collect())
}

#[test]
fn a_page_damaged_anywhere_costs_at_most_what_lies_on_it_and_that_is_named() {
    let (whole, sent, last) = worked();
    let file = |folder: &Path| folder.join("work.db");
    let all: BTreeSet<u64> = (sent + 1..=last).collect();
    let untouched = Replica::salvage(whole.path(), &key()).unwrap();
    assert_eq!(untouched.items() as u64, last - sent);
    assert_eq!((untouched.torn.len(), untouched.lost.len()), (0, 0));
    let (mut cost_something, mut recovered) = (0, 0);
    for page in 0..pages(&file(whole.path())) {
        let folder = copy(whole.path());
        flip(&file(folder.path()), page);
        let before = std::fs::read(file(folder.path())).unwrap();
        let salvage = Replica::salvage(folder.path(), &key()).unwrap();
        assert_eq!(std::fs::read(file(folder.path())).unwrap(), before);
        if salvage.torn.is_empty() && salvage.lost.is_empty() {
            assert_eq!(salvage.items(), all.len(), "page {page}");
            continue;
        }
        let (arrives, lost) = sorted(&salvage);
        assert!(arrives.is_disjoint(&lost), "page {page}");
        assert_eq!(
            arrives.union(&lost).copied().collect::<BTreeSet<_>>(),
            all,
            "page {page}"
        );
        // A page holds some dozen items; their documents and the chain bring most of them back.
        assert!(lost.len() <= 40, "page {page}: {lost:?}");
        cost_something += usize::from(!lost.is_empty());
        recovered += usize::from(lost.is_empty());
        assert!(salvage.settings.iter().any(|(name, _)| name == "laptop") || page == 0);
    }
    assert!(
        recovered > 0,
        "no page's items were recovered from their documents"
    );
    assert!(
        cost_something <= recovered,
        "{cost_something} of {recovered}"
    );
}

#[test]
fn what_is_lost_is_named_in_its_authors_words() {
    // More than lies on the first pages, of which a copy is kept.
    let (whole, sent, last) = worked_until(400);
    let file = whole.path().join("work.db");
    let mut named = 0;
    for first in 0..4 {
        let folder = copy(whole.path());
        // Many pages at once: documents and outbox both.
        for page in (first..pages(&file)).step_by(3).filter(|page| *page > 0) {
            flip(&folder.path().join("work.db"), page);
        }
        let Ok(salvage) = Replica::salvage(folder.path(), &key()) else {
            continue;
        };
        // How far it was sent may have been lost, too.
        assert!(salvage.items() as u64 + salvage.lost_items() <= last);
        assert!(salvage.items() as u64 <= last - sent);
        for words in &salvage.words {
            let is_known = words.order == "WO-10427" || words.order == order().to_string();
            assert!(is_known && !words.words.is_empty());
            named += 1;
        }
    }
    assert!(named > 0);
}

#[test]
fn a_fresh_start_keeps_the_damaged_file_and_the_settings() {
    let (whole, ..) = worked();
    let damaged = std::fs::read(whole.path().join("work.db")).unwrap();
    let settings = vec![("laptop".to_owned(), b"enrolled".to_vec())];
    let aside = Replica::start_afresh(whole.path(), &key(), &settings, "damaged-1").unwrap();
    assert_eq!(std::fs::read(aside.join("work.db")).unwrap(), damaged);
    let replica = Replica::open(whole.path(), &key()).unwrap();
    assert_eq!(replica.unsent().unwrap(), 0);
    assert_eq!(replica.setting("laptop").unwrap().unwrap(), b"enrolled");
    assert_eq!(replica.all_orders().unwrap(), vec![]);
}

#[test]
fn a_fresh_start_that_was_killed_at_any_step_is_finished_or_not_begun() {
    let (whole, ..) = worked();
    let settings = vec![("laptop".to_owned(), b"enrolled".to_vec())];
    let done = copy(whole.path());
    Replica::start_afresh(done.path(), &key(), &settings, "damaged-1").unwrap();
    let fresh = std::fs::read(done.path().join("work.db")).unwrap();
    // Before the mark: the damaged file is the one that counts.
    let folder = copy(whole.path());
    std::fs::write(folder.path().join("work.fresh.db"), &fresh[..PAGE]).unwrap();
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert!(replica.unsent().unwrap() > 0);
    drop(replica);
    Replica::start_afresh(folder.path(), &key(), &settings, "damaged-1").unwrap();
    // After the mark: every step that may have been taken.
    for taken in 0..4 {
        let folder = copy(whole.path());
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("work.fresh.db"), &fresh).unwrap();
        std::fs::write(at("work.change"), "damaged-1").unwrap();
        std::fs::create_dir(at("damaged-1")).unwrap();
        if taken > 0 {
            std::fs::rename(at("work.head"), at("damaged-1/work.head")).unwrap();
        }
        if taken > 1 {
            std::fs::rename(at("work.db"), at("damaged-1/work.db")).unwrap();
        }
        if taken > 2 {
            std::fs::rename(at("work.fresh.db"), at("work.db")).unwrap();
        }
        assert!(Replica::exists(folder.path()));
        let replica = Replica::open(folder.path(), &key()).unwrap();
        assert_eq!(replica.unsent().unwrap(), 0, "{taken}");
        assert_eq!(replica.setting("laptop").unwrap().unwrap(), b"enrolled");
        assert!(at("damaged-1/work.db").exists() && !at("work.change").exists());
    }
}

#[test]
fn another_key_salvages_nothing_and_harms_nothing() {
    let (whole, sent, last) = worked();
    let other = Replica::salvage(whole.path(), &ReplicaKey::new([8; 32]));
    assert!(matches!(
        other,
        Err(OpenFault::Damaged | OpenFault::WrongKey)
    ));
    let replica = Replica::open(whole.path(), &key()).unwrap();
    assert_eq!(u64::from(replica.unsent().unwrap()), last - sent - 1);
}

#[test]
fn a_revoked_laptop_gives_up_what_can_be_read_and_nothing_unsent() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    replica.apply_slice(&assets()).unwrap();
    note(&replica, 1, "Not sent yet");
    let pushes = replica.pushes(1_000_000).unwrap();
    for _ in 0..2 {
        replica.wipe_readable().unwrap();
        assert_eq!(replica.asset(asset(1).id).unwrap(), None);
        assert_eq!(replica.pushes(1_000_000).unwrap(), pushes);
        assert_eq!(replica.all_orders().unwrap().len(), 1);
    }
    // Once the hub has it, by whatever way, nothing holds the order here any more.
    replica.acknowledge(&[acknowledged(1)], now()).unwrap();
    replica.wipe_readable().unwrap();
    assert_eq!(replica.all_orders().unwrap(), vec![]);
    drop(replica);
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.all_orders().unwrap(), vec![]);
}

#[test]
fn a_stored_value_that_is_none_is_no_damage_of_the_file() {
    let refusal: Refusal = fettle_replica::Fault::Stored("chain").refusal();
    assert_eq!(refusal.code, "replica.unreadable");
    let refusal = fettle_replica::Fault::Damaged.refusal();
    assert_eq!(refusal.code, "replica.damaged");
}
