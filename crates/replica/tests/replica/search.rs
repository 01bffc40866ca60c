//! Search: words by their beginning, numbers with and without dashes.

use fettle_domain::asset::Asset;
use fettle_domain::location::{Criticality, FunctionalLocation};
use fettle_domain::row::Row;
use fettle_domain::work_order::{Recorded, SealedOrder, Status, WorkOrderContent, WorkOrderRow};
use fettle_domain::{AssetId, Day, LocationId, WorkOrderId};
use fettle_replica::{OrderLine, Paging, Replica};
use uuid::Uuid;

use crate::build::{ASSETS, WORK, area, filled, official, plant, row, slice};

fn pump() -> Asset {
    Asset {
        id: AssetId(Uuid::from_u128(0x300)),
        external_ids: vec![],
        plant: plant(),
        area: area(),
        tag: "P-204A".to_owned(),
        name: "Feedwater pump".to_owned(),
        class: "PU".to_owned(),
        location: None,
        parent: None,
        manufacturer: "Königsberg".to_owned(),
        model: "CX 40-200".to_owned(),
        serial: "88-1203".to_owned(),
        criticality: Criticality::A,
        status: None,
    }
}

fn with_pump(folder: &std::path::Path) -> Replica {
    let replica = filled(folder);
    let came = vec![official(1, Row::Asset(pump()))];
    replica.apply_slice(&slice(ASSETS, 1, came)).unwrap();
    replica
}

fn check(query: &str, orders: usize, assets: usize) {
    let folder = tempfile::tempdir().unwrap();
    let replica = with_pump(folder.path());
    assert_eq!(
        replica
            .search_orders(query, Paging::first(20))
            .unwrap()
            .page
            .rows
            .len(),
        orders,
        "orders of {query:?}"
    );
    let found = replica
        .search_assets(query, Paging::first(20))
        .unwrap()
        .page
        .rows;
    assert_eq!(found.len(), assets, "assets of {query:?}");
    assert!(found.iter().all(|(_, open)| *open == 1));
}

#[test]
fn a_number_is_found_with_and_without_its_dashes() {
    check("WO-10427", 1, 0);
    check("wo10427", 1, 0);
    check("P-204", 1, 1);
    check("p204a", 1, 1);
    check("CX40", 1, 1);
    check("881203", 1, 1);
}

#[test]
fn words_are_found_by_their_beginning_and_all_must_be_there() {
    check("mech seal", 1, 0);
    check("seal leaks", 1, 0);
    check("konigs", 1, 1);
    check("mech turbine", 0, 0);
}

#[test]
fn what_people_type_is_never_a_search_language() {
    check("", 0, 0);
    check("\"", 0, 0);
    check("* OR -", 0, 0);
    check("NEAR(seal) \"", 0, 0);
    check("plain:seal", 0, 0);
}

/// An order of its own, open or closed, filed under a day.
fn order_row(number: u128, status: Status, day: i32) -> Vec<Row> {
    let id = WorkOrderId(Uuid::from_u128(0x10_000 + number));
    let official = WorkOrderRow {
        id,
        number: Some(format!("WO-{number}")),
        title: "Exchange conveyor belt".to_owned(),
        asset: None,
        ..row(status, 1)
    };
    let sealed = SealedOrder {
        order: id,
        content: WorkOrderContent::default(),
        recorded: Some(Recorded {
            on: Some(Day::from_days(day)),
            ..Recorded::default()
        }),
        heads: vec![],
    };
    vec![Row::WorkOrder(official), Row::Sealed(Box::new(sealed))]
}

fn numbers(lines: Vec<OrderLine>) -> Vec<String> {
    lines.into_iter().map(|line| line.number).collect()
}

#[test]
fn open_orders_come_first_and_the_newest_of_each_kind_before_older_ones() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let rows = [
        (1, Status::Close, 19_000),
        (2, Status::Appr, 18_000),
        (3, Status::Close, 20_000),
        (4, Status::Inprg, 18_500),
    ];
    let rows = rows
        .into_iter()
        .flat_map(|(number, status, day)| order_row(number, status, day));
    let items = (3..).zip(rows).map(|(version, row)| official(version, row));
    replica
        .apply_slice(&slice(WORK, 20, items.collect()))
        .unwrap();
    let ranked = ["WO-4", "WO-2", "WO-3", "WO-1"];
    let found = replica
        .search_orders("conveyor", Paging::first(20))
        .unwrap();
    assert_eq!(numbers(found.page.rows), ranked);
    let listed = numbers(replica.orders_page(Paging::first(20)).unwrap().rows);
    assert_eq!(listed[1..], ranked);
    // An order that ends moves behind those that are open.
    let ended = official(30, order_row(4, Status::Close, 18_500)[0].clone());
    replica.apply_slice(&slice(WORK, 30, vec![ended])).unwrap();
    let found = replica.search_orders("belt", Paging::first(20)).unwrap();
    assert_eq!(numbers(found.page.rows), ["WO-2", "WO-3", "WO-1", "WO-4"]);
    assert_eq!(found.total.count, 4);
}

#[test]
fn a_typo_in_the_word_of_an_order_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    let replica = with_pump(folder.path());
    let found = replica
        .search_orders("mechancial seal", Paging::first(20))
        .unwrap();
    assert_eq!(numbers(found.page.rows), ["WO-10427"]);
    assert_eq!(found.meant.as_deref(), Some("mechanical seal"));
}

#[test]
fn pages_of_orders_go_through_all_of_them_once() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    // All filed under one day: their places differ by arrival alone.
    let rows = (0..40).flat_map(|number| order_row(number, Status::Close, 19_000));
    let items = (3..).zip(rows).map(|(version, row)| official(version, row));
    replica
        .apply_slice(&slice(WORK, 90, items.collect()))
        .unwrap();
    let mut seen = Vec::new();
    let mut paging = Some(Paging::first(9));
    while let Some(asked) = paging {
        let page = replica.orders_page(asked).unwrap();
        assert!(page.rows.len() <= 9);
        paging = page.next.map(|key| Paging {
            after: Some(key.to_string().parse().unwrap()),
            limit: 9,
        });
        seen.extend(numbers(page.rows));
    }
    assert_eq!(seen.len(), 41);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 41);
}

#[test]
fn the_location_of_an_asset_finds_it_whichever_came_first() {
    for asset_first in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let replica = filled(folder.path());
        let place = LocationId(Uuid::from_u128(0x800));
        let location = Row::Location(FunctionalLocation {
            id: place,
            external_ids: vec![],
            plant: plant(),
            area: area(),
            code: "H3-BOIL-02".to_owned(),
            name: "Boiler house".to_owned(),
            parent: None,
            criticality: Criticality::B,
            cost_centre: None,
        });
        let pump = Row::Asset(Asset {
            location: Some(place),
            ..pump()
        });
        let mut rows = [pump, location];
        if !asset_first {
            rows.reverse();
        }
        for (version, row) in (1..).zip(rows) {
            let came = slice(ASSETS, version, vec![official(version, row)]);
            replica.apply_slice(&came).unwrap();
        }
        for typed in ["h3boil02", "boiler", "H3-BOIL"] {
            let found = replica.search_assets(typed, Paging::first(5)).unwrap();
            assert_eq!(found.page.rows.len(), 1, "{typed}");
        }
    }
}
