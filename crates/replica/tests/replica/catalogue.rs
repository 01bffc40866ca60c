//! The catalogue: items found by what people type, in the order of rank, whatever came first.

use fettle_domain::feed::Feed;
use fettle_domain::item::{AbcClass, Item, ItemCriticality};
use fettle_domain::row::{Removed, Row};
use fettle_domain::stock::StockBalance;
use fettle_domain::{Decimal, ExternalId, ItemId, Unit};
use fettle_replica::{Paging, Replica};
use fettle_sync::exchange::FeedItem;
use uuid::Uuid;

use crate::build::{head, key, now, official, plant, slice};

const ITEMS: u32 = 11;
const STOCK: u32 = 12;

fn empty(folder: &std::path::Path) -> Replica {
    let replica = Replica::open(folder, &key()).unwrap();
    let feeds = [(ITEMS, Feed::Items(plant())), (STOCK, Feed::Stock(plant()))];
    replica.apply_head(&head(&feeds)).unwrap();
    replica
}

fn id(number: u128) -> ItemId {
    ItemId(Uuid::from_u128(0x900 + number))
}

fn item(id_number: u128, number: &str, description: &str) -> Item {
    Item {
        id: id(id_number),
        external_ids: vec![ExternalId {
            system: "erp".to_owned(),
            kind: "item".to_owned(),
            value: number.to_owned(),
        }],
        number: number.to_owned(),
        description: description.to_owned(),
        manufacturer: "Nordlager".to_owned(),
        part_number: format!("{number}.NL"),
        unit: Unit::piece(),
        class: "bearing".to_owned(),
        criticality: None,
        lead_time_days: Some(14),
        is_inactive: false,
        abc: None,
        substitutes: vec![],
        superseded_by: None,
    }
}

fn balance(id_number: u128, bin: &str, on_hand: i64) -> StockBalance {
    StockBalance {
        item: id(id_number),
        plant: plant(),
        storeroom: "01".to_owned(),
        bin: bin.to_owned(),
        unit: Unit::piece(),
        on_hand: Decimal::from(on_hand),
        hard_reserved: Decimal::from(0),
        soft_reserved: Decimal::from(0),
        reorder_point: Some(Decimal::from(4)),
        as_of: now(),
        includes: vec![],
    }
}

/// Applies rows of one feed with versions that count up from one.
fn apply(replica: &Replica, feed: u32, from: u64, rows: Vec<Row>) {
    let items: Vec<FeedItem> = (from..)
        .zip(rows)
        .map(|(version, row)| official(version, row))
        .collect();
    let through = from + items.len() as u64 - 1;
    replica.apply_slice(&slice(feed, through, items)).unwrap();
}

fn numbers(replica: &Replica, query: &str) -> Vec<String> {
    let found = replica.search_items(query, Paging::first(50)).unwrap();
    found
        .page
        .rows
        .into_iter()
        .map(|item| item.number)
        .collect()
}

fn listed(replica: &Replica) -> Vec<String> {
    let page = replica.items_page(Paging::first(50)).unwrap();
    page.rows.into_iter().map(|item| item.number).collect()
}

fn bearings() -> Vec<Row> {
    let vital = Item {
        criticality: Some(ItemCriticality::Vital),
        ..item(1, "1001-6310", "Deep groove ball bearing 6310-2Z/C3")
    };
    let with_substitute = Item {
        substitutes: vec![id(1)],
        ..item(2, "2002-7000", "Roller, sealed")
    };
    let much_used = Item {
        abc: Some(AbcClass::A),
        ..item(3, "1009 3310", "Bearing cover 6310")
    };
    vec![
        Row::Item(with_substitute),
        Row::Item(vital),
        Row::Item(much_used),
    ]
}

#[test]
fn an_item_comes_back_as_it_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    let sent = Item {
        criticality: Some(ItemCriticality::Essential),
        abc: Some(AbcClass::B),
        is_inactive: true,
        lead_time_days: None,
        substitutes: vec![id(7), id(6)],
        superseded_by: Some(id(7)),
        ..item(5, "1-2", "Übermaß \"quoted\"")
    };
    let stock = StockBalance {
        on_hand: Decimal::of_parts(125, 1),
        reorder_point: None,
        includes: vec![
            fettle_domain::EffectId(Uuid::from_u128(1)),
            fettle_domain::EffectId(Uuid::from_u128(2)),
        ],
        ..balance(5, "A/1", 0)
    };
    apply(&replica, STOCK, 1, vec![Row::Stock(stock.clone())]);
    apply(&replica, ITEMS, 1, vec![Row::Item(sent.clone())]);
    assert_eq!(replica.item(id(5)).unwrap(), Some(sent));
    assert_eq!(replica.stock_of(id(5)).unwrap(), vec![stock]);
}

#[test]
fn a_number_is_found_with_and_without_dashes_dots_and_spaces() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(&replica, ITEMS, 1, bearings());
    for typed in [
        "1001-6310",
        "10016310",
        "1001.6310",
        "1001 6310",
        "1001-63",
        "100163",
        "1001-6310.nl",
        "10016310NL",
        "63102z",
    ] {
        let found = numbers(&replica, typed);
        assert!(
            found.contains(&"1001-6310".to_owned()),
            "{typed}: {found:?}"
        );
    }
    for typed in ["10093310", "1009-3310", "1009 33"] {
        assert_eq!(numbers(&replica, typed), ["1009 3310"], "{typed}");
    }
}

#[test]
fn the_number_of_a_substitute_finds_the_item_whichever_came_first() {
    for order in [[0, 1], [1, 0]] {
        let folder = tempfile::tempdir().unwrap();
        let replica = empty(folder.path());
        for (version, place) in (1..).zip(order) {
            apply(&replica, ITEMS, version, vec![bearings()[place].clone()]);
        }
        let mut found = numbers(&replica, "10016310");
        found.sort();
        assert_eq!(found, ["1001-6310", "2002-7000"]);
        // The substitute gets another number.
        let renamed = Row::Item(item(1, "5555", "Ball bearing"));
        apply(&replica, ITEMS, 8, vec![renamed]);
        assert_eq!(numbers(&replica, "10016310"), Vec::<String>::new());
        assert_eq!(numbers(&replica, "5555").len(), 2);
    }
}

#[test]
fn words_are_found_without_case_and_accents_and_by_their_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(
        &replica,
        ITEMS,
        1,
        vec![Row::Item(item(1, "7", "Öldichtung Größe 40"))],
    );
    for typed in [
        "öldichtung",
        "OLDICHTUNG",
        "oldich",
        "nord öl",
        "gro",
        "grösse",
    ] {
        assert_eq!(numbers(&replica, typed), ["7"], "{typed}");
    }
}

#[test]
fn a_typo_finds_what_was_meant_and_says_so_and_only_when_nothing_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(&replica, ITEMS, 1, bearings());
    let search = |typed| replica.search_items(typed, Paging::first(50)).unwrap();
    for typed in ["baering", "beering", "bearingg", "nordlagr"] {
        let found = search(typed);
        assert!(found.total.count > 0, "{typed}");
        assert!(found.meant.is_some(), "{typed}");
    }
    assert_eq!(search("baering").meant.as_deref(), Some("bearing"));
    assert_eq!(search("bearing").meant, None);
    assert_eq!(search("gearbox").total.count, 0);
    // A number that is not there is not another number.
    assert_eq!(search("1001-6311").total.count, 0);
}

#[test]
fn what_is_stocked_here_comes_first_whichever_feed_came_first() {
    for stock_first in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let replica = empty(folder.path());
        let stock = || apply(&replica, STOCK, 1, vec![Row::Stock(balance(2, "C-11", 4))]);
        if stock_first {
            stock();
        }
        apply(&replica, ITEMS, 1, bearings());
        if !stock_first {
            stock();
        }
        // Stocked, then the much used one, then the vital one.
        let ranked = ["2002-7000", "1009 3310", "1001-6310"];
        assert_eq!(listed(&replica), ranked);
        assert_eq!(numbers(&replica, "bearing"), ranked);
    }
}

#[test]
fn an_item_whose_last_bin_is_given_up_stands_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(&replica, STOCK, 1, vec![Row::Stock(balance(2, "C-11", 0))]);
    apply(&replica, ITEMS, 1, bearings());
    // An empty bin is a bin.
    assert_eq!(listed(&replica)[0], "2002-7000");
    let gone = Row::Removed(Removed {
        key: Row::Stock(balance(2, "C-11", 0)).key(),
        order: None,
        at: now(),
    });
    apply(&replica, STOCK, 2, vec![gone]);
    assert_eq!(listed(&replica), ["1009 3310", "1001-6310", "2002-7000"]);
    assert_eq!(replica.stock_of(id(2)).unwrap(), vec![]);
    assert_eq!(numbers(&replica, "roller"), ["2002-7000"]);
}

#[test]
fn what_is_removed_is_in_no_list_and_an_older_version_does_not_bring_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(&replica, ITEMS, 1, bearings());
    let gone = Row::Removed(Removed {
        key: format!("item/{}", id(1)),
        order: None,
        at: now(),
    });
    apply(&replica, ITEMS, 10, vec![gone]);
    assert_eq!(listed(&replica), ["1009 3310", "2002-7000"]);
    // Not under its substitute's name either.
    assert_eq!(numbers(&replica, "10016310"), Vec::<String>::new());
    apply(&replica, ITEMS, 2, bearings());
    assert_eq!(replica.item(id(1)).unwrap(), None);
    apply(&replica, ITEMS, 11, vec![bearings()[1].clone()]);
    assert_eq!(numbers(&replica, "10016310").len(), 2);
}

#[test]
fn applying_a_slice_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    apply(&replica, ITEMS, 1, bearings());
    let items: Vec<_> = (1..).zip(bearings()).collect();
    let items = items
        .into_iter()
        .map(|(version, row)| official(version, row));
    let touched = replica
        .apply_slice(&slice(ITEMS, 3, items.collect()))
        .unwrap();
    assert!(!touched.masters);
    assert_eq!(numbers(&replica, "bearing").len(), 3);
}

#[test]
fn the_very_word_comes_before_what_begins_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    let longer = Item {
        abc: Some(AbcClass::A),
        ..item(1, "4711-1", "Sealant")
    };
    let exact = item(2, "4711", "Seal");
    apply(
        &replica,
        ITEMS,
        1,
        vec![Row::Item(longer), Row::Item(exact)],
    );
    assert_eq!(numbers(&replica, "seal"), ["4711", "4711-1"]);
}

#[test]
fn pages_neither_skip_nor_repeat_while_rows_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    let row = |number: u128| {
        // Every third is exactly "seal", the others begin with it.
        let word = if number.is_multiple_of(3) {
            "Seal"
        } else {
            "Sealant"
        };
        Row::Item(item(number, &format!("N{number:03}"), word))
    };
    apply(&replica, ITEMS, 1, (0..60).map(row).collect());
    let mut seen_in_list = Vec::new();
    let mut seen_in_search = Vec::new();
    let (mut list, mut search) = (Some(Paging::first(7)), Some(Paging::first(7)));
    let next = |after| Paging {
        after: Some(after),
        limit: 7,
    };
    for round in 0_u64.. {
        if let Some(paging) = list {
            let page = replica.items_page(paging).unwrap();
            seen_in_list.extend(page.rows.into_iter().map(|item| item.id));
            list = page.next.map(next);
        }
        if let Some(paging) = search {
            let page = replica.search_items("seal", paging).unwrap().page;
            seen_in_search.extend(page.rows.into_iter().map(|item| item.id));
            search = page.next.map(next);
        }
        if list.is_none() && search.is_none() {
            break;
        }
        // More arrive between two pages, in front of what was read.
        let stocked = u128::from(1000 + round);
        apply(
            &replica,
            STOCK,
            round + 1,
            vec![Row::Stock(balance(stocked, "A", 1))],
        );
        apply(&replica, ITEMS, 100 + round, vec![row(stocked)]);
    }
    for seen in [&seen_in_list, &seen_in_search] {
        for number in 0..60 {
            let times = seen.iter().filter(|seen| **seen == id(number)).count();
            assert_eq!(times, 1, "item {number}");
        }
    }
}

#[test]
fn more_hits_than_are_counted_are_said_to_be_more() {
    let folder = tempfile::tempdir().unwrap();
    let replica = empty(folder.path());
    let rows = (0..1005).map(|number| Row::Item(item(number, &format!("N{number}"), "Bolt")));
    apply(&replica, ITEMS, 1, rows.collect());
    let total = replica
        .search_items("bolt", Paging::first(5))
        .unwrap()
        .total;
    assert_eq!((total.count, total.is_more), (1000, true));
    let total = replica
        .search_items("n100", Paging::first(5))
        .unwrap()
        .total;
    assert_eq!((total.count, total.is_more), (6, false));
    assert!(replica.count_items().unwrap().is_more);
}
