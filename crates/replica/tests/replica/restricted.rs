//! The restricted file of a person: a file of its own, which holds what that person may read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fettle_domain::feed::Feed;
use fettle_domain::money::{Currency, Money, UnitPrice};
use fettle_domain::price::{CostElement, ElementCost, ItemPrice, OrderCost, PriceSource};
use fettle_domain::row::Row;
use fettle_domain::{Decimal, ItemId, PersonId, Quantity};
use fettle_replica::{Fault, Replica, ReplicaKey, Restricted};
use fettle_sync::exchange::Cursor;
use uuid::Uuid;

use crate::build::{ASSETS, WORK, ana, filled, key, now, official, order, plant, slice};

const PRICES: u32 = 21;
const COSTS: u32 = 22;

fn pin_key() -> ReplicaKey {
    ReplicaKey::new([3; 32])
}

fn item() -> ItemId {
    ItemId(Uuid::from_u128(0x500))
}

fn euro() -> Currency {
    Currency::new("EUR").unwrap()
}

fn price(cents: i64) -> ItemPrice {
    ItemPrice {
        item: item(),
        plant: plant(),
        price: UnitPrice {
            amount: Decimal::of_parts(cents, 2),
            currency: euro(),
            per: Quantity::pieces(1),
        },
        source: PriceSource::MovingAverage,
        as_of: now(),
    }
}

fn cost(cents: i64) -> OrderCost {
    OrderCost {
        order: order(),
        plant: plant(),
        elements: vec![ElementCost {
            element: CostElement::Labour,
            planned: None,
            actual: Money {
                minor: cents,
                currency: euro(),
            },
        }],
        as_of: now(),
    }
}

fn both() -> BTreeMap<u32, Feed> {
    BTreeMap::from([
        (PRICES, Feed::Prices(plant())),
        (COSTS, Feed::Costs(plant())),
    ])
}

fn open(replica: &Replica) -> Restricted {
    replica.open_restricted(ana(), &pin_key()).unwrap()
}

fn fill(restricted: &Restricted) {
    restricted.follow(&both()).unwrap();
    let prices = vec![official(4, Row::Price(price(18_450)))];
    assert!(
        restricted
            .apply_slice(&slice(PRICES, 4, prices))
            .unwrap()
            .masters
    );
    let costs = vec![official(2, Row::Cost(cost(8_700)))];
    let touched = restricted.apply_slice(&slice(COSTS, 2, costs)).unwrap();
    assert_eq!(touched.orders, vec![order()]);
}

#[test]
fn prices_and_costs_are_read_with_their_own_cursors_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let before = replica.up_head(now(), 1000).unwrap();
    let restricted = open(&replica);
    assert!(restricted.cursors().unwrap().is_empty());
    fill(&restricted);
    drop(restricted);
    let restricted = open(&replica);
    assert_eq!(restricted.price(item()).unwrap(), Some(price(18_450)));
    assert_eq!(restricted.cost(order()).unwrap(), Some(cost(8_700)));
    let cursors = BTreeMap::from([(PRICES, Cursor::At(4)), (COSTS, Cursor::At(2))]);
    assert_eq!(restricted.cursors().unwrap(), cursors);
    assert_eq!(replica.up_head(now(), 1000).unwrap(), before);
}

#[test]
fn an_older_version_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let restricted = open(&filled(folder.path()));
    fill(&restricted);
    let older = vec![official(3, Row::Price(price(1)))];
    let touched = restricted.apply_slice(&slice(PRICES, 4, older)).unwrap();
    assert!(!touched.masters);
    assert_eq!(restricted.price(item()).unwrap(), Some(price(18_450)));
}

#[test]
fn what_the_person_may_read_no_longer_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let restricted = open(&filled(folder.path()));
    fill(&restricted);
    let prices = BTreeMap::from([(PRICES, Feed::Prices(plant()))]);
    restricted.follow(&prices).unwrap();
    assert_eq!(restricted.cost(order()).unwrap(), None);
    assert_eq!(restricted.price(item()).unwrap(), Some(price(18_450)));
    // Given the right again, everything comes again from the beginning.
    restricted.follow(&both()).unwrap();
    assert_eq!(restricted.cursors().unwrap()[&COSTS], Cursor::NOTHING);
    restricted.follow(&BTreeMap::new()).unwrap();
    assert_eq!(restricted.price(item()).unwrap(), None);
}

#[test]
fn a_feed_holds_its_own_rows_alone() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let restricted = open(&replica);
    let priced = || vec![official(9, Row::Price(price(1)))];
    let unknown = restricted.apply_slice(&slice(PRICES, 9, priced()));
    assert!(matches!(unknown, Err(Fault::UnknownFeed(PRICES))));
    restricted.follow(&both()).unwrap();
    let mixed = restricted.apply_slice(&slice(COSTS, 9, priced()));
    assert!(matches!(mixed, Err(Fault::BadItem { feed: COSTS, .. })));
    assert_eq!(restricted.cursors().unwrap()[&COSTS], Cursor::NOTHING);
    // Neither file that everybody works with takes a price, whatever a hub sends.
    for feed in [WORK, ASSETS] {
        let refused = replica.apply_slice(&slice(feed, 9, priced()));
        assert!(matches!(refused, Err(Fault::BadItem { .. })));
    }
    let unnamed = replica.apply_slice(&slice(PRICES, 9, priced()));
    assert!(matches!(unnamed, Err(Fault::UnknownFeed(PRICES))));
}

#[test]
fn another_key_makes_the_file_anew_and_never_reads_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let restricted = open(&replica);
    fill(&restricted);
    drop(restricted);
    let other = ReplicaKey::new([4; 32]);
    let restricted = replica.open_restricted(ana(), &other).unwrap();
    assert_eq!(restricted.price(item()).unwrap(), None);
    assert!(restricted.cursors().unwrap().is_empty());
}

#[test]
fn a_dropped_file_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    assert!(replica.restricted_people().unwrap().is_empty());
    let restricted = open(&replica);
    fill(&restricted);
    assert_eq!(replica.restricted_people().unwrap(), [ana()]);
    drop(restricted);
    replica.drop_restricted(ana()).unwrap();
    replica
        .drop_restricted(PersonId(Uuid::from_u128(2)))
        .unwrap();
    assert!(replica.restricted_people().unwrap().is_empty());
    assert_eq!(open(&replica).price(item()).unwrap(), None);
}

/// The restricted file of format 1 with what [`fill`] writes.
fn golden() -> PathBuf {
    let name = format!("tests/replica/golden/format-1/{}", restricted_name());
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn restricted_name() -> String {
    format!("restricted/{}.db", ana())
}

#[test]
fn a_restricted_file_of_format_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let replica = Replica::open(folder.path(), &key()).unwrap();
    let file = folder.path().join(restricted_name());
    let is_asked = std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write");
    if is_asked && !golden().exists() {
        fill(&open(&replica));
        std::fs::create_dir_all(golden().parent().unwrap()).unwrap();
        std::fs::copy(&file, golden()).unwrap();
        replica.drop_restricted(ana()).unwrap();
    }
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::copy(golden(), &file).unwrap();
    let restricted = open(&replica);
    assert_eq!(restricted.price(item()).unwrap(), Some(price(18_450)));
    assert_eq!(restricted.cost(order()).unwrap(), Some(cost(8_700)));
}
