//! The history of an asset: a line for every order that is over, and the tree it stands in.

use fettle_domain::asset::Asset;
use fettle_domain::location::{Criticality, FunctionalLocation};
use fettle_domain::row::Row;
use fettle_domain::work_order::{Recorded, SealedOrder, Status, WorkOrderContent};
use fettle_domain::{AssetId, LocationId, WorkOrderId};
use fettle_replica::Replica;
use uuid::Uuid;

use crate::build::{ASSETS, WORK, area, filled, now, official, plant, row, slice};

fn asset() -> AssetId {
    AssetId(Uuid::from_u128(0x300))
}

/// An order that never had a document.
fn order() -> WorkOrderId {
    WorkOrderId(Uuid::from_u128(0x101))
}

/// The order as a file of history has it: without a document and without a finish.
fn sealed(recorded: Option<Recorded>, finished: bool) -> Row {
    Row::Sealed(Box::new(SealedOrder {
        order: order(),
        content: WorkOrderContent {
            actual_finish: finished.then(now),
            ..WorkOrderContent::default()
        },
        recorded,
        heads: vec![],
    }))
}

fn hear(replica: &Replica, version: u64, status: Status, sealed: Row) {
    let mut order_row = row(status, 1);
    order_row.id = order();
    let rows = vec![
        official(version, Row::WorkOrder(order_row)),
        official(version, sealed),
    ];
    replica.apply_slice(&slice(WORK, version, rows)).unwrap();
}

#[test]
fn an_order_of_a_file_has_the_words_and_the_day_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let recorded = Recorded {
        on: Some("2011-10-18".parse().unwrap()),
        kind: Some("PM01".to_owned()),
        system: Some("Engine_Radiator".to_owned()),
        mode: Some("Leak".to_owned()),
        ..Recorded::default()
    };
    hear(&replica, 101, Status::Close, sealed(Some(recorded), false));
    let lines = replica.history(asset()).unwrap();
    let line = &lines[0];
    assert_eq!(
        (line.day.to_string(), &*line.kind),
        ("2011-10-18".to_owned(), "PM01")
    );
    assert_eq!(line.systems, ["Engine", "Radiator"]);
    assert_eq!(line.modes, ["Leak"]);
    assert!(line.is_corrective && !line.has_status);
    let days = replica.history_days(asset()).unwrap();
    assert_eq!(days, [(order(), line.day)]);
}

#[test]
fn an_order_of_our_own_stands_on_the_day_it_was_finished() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    hear(&replica, 101, Status::Close, sealed(None, true));
    let lines = replica.history(asset()).unwrap();
    assert_eq!(lines[0].day.start(), fettle_domain::Day::of(now()).start());
    assert!(lines[0].has_status && lines[0].modes.is_empty());
    assert_eq!(lines[0].kind, "corrective");
}

#[test]
fn what_is_not_over_or_was_cancelled_is_no_history() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    hear(&replica, 101, Status::Inprg, sealed(None, true));
    assert!(replica.history(asset()).unwrap().is_empty());
    let recorded = Recorded {
        on: Some("2011-10-18".parse().unwrap()),
        ..Recorded::default()
    };
    hear(
        &replica,
        102,
        Status::Can,
        sealed(Some(recorded.clone()), true),
    );
    assert!(replica.history(asset()).unwrap().is_empty());
    hear(
        &replica,
        103,
        Status::Close,
        sealed(Some(recorded.clone()), true),
    );
    assert_eq!(replica.history(asset()).unwrap().len(), 1);
    // An order that is over no longer is history no longer.
    hear(&replica, 104, Status::Inprg, sealed(None, false));
    assert!(replica.history(asset()).unwrap().is_empty());
}

#[test]
fn rebuilding_leaves_the_history_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    hear(&replica, 101, Status::Close, sealed(None, true));
    let before = replica.history(asset()).unwrap();
    replica.rebuild().unwrap();
    assert_eq!(replica.history(asset()).unwrap(), before);
}

fn location(n: u128, code: &str, parent: Option<u128>) -> Row {
    Row::Location(FunctionalLocation {
        id: LocationId(Uuid::from_u128(n)),
        external_ids: vec![],
        plant: plant(),
        area: area(),
        code: code.to_owned(),
        name: String::new(),
        parent: parent.map(|n| LocationId(Uuid::from_u128(n))),
        criticality: Criticality::B,
        cost_centre: None,
    })
}

fn pump(n: u128, tag: &str, location: Option<u128>, parent: Option<u128>) -> Row {
    Row::Asset(Asset {
        id: AssetId(Uuid::from_u128(n)),
        external_ids: vec![],
        plant: plant(),
        area: area(),
        tag: tag.to_owned(),
        name: String::new(),
        class: "PU".to_owned(),
        location: location.map(|n| LocationId(Uuid::from_u128(n))),
        parent: parent.map(|n| AssetId(Uuid::from_u128(n))),
        manufacturer: String::new(),
        model: String::new(),
        serial: String::new(),
        criticality: Criticality::A,
        status: None,
    })
}

#[test]
fn the_tree_goes_from_locations_to_assets_to_their_parts() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let rows = [
        location(1, "HALL", None),
        location(3, "HALL-2", Some(1)),
        location(2, "HALL-1", Some(1)),
        pump(10, "P-1", Some(2), None),
        pump(11, "P-1-M", Some(2), Some(10)),
        pump(12, "P-9", None, None),
    ];
    let rows = rows.into_iter().map(|row| official(1, row)).collect();
    replica.apply_slice(&slice(ASSETS, 1, rows)).unwrap();
    let codes = |below: Option<u128>| {
        let below = below.map(|n| LocationId(Uuid::from_u128(n)));
        let locations = replica.locations_below(below, 10).unwrap();
        locations.into_iter().map(|at| at.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(None), ["HALL"]);
    assert_eq!(codes(Some(1)), ["HALL-1", "HALL-2"]);
    let tags = |assets: Vec<Asset>| assets.into_iter().map(|of| of.tag).collect::<Vec<_>>();
    let hall = Some(LocationId(Uuid::from_u128(2)));
    assert_eq!(tags(replica.assets_in(hall, 10).unwrap()), ["P-1"]);
    assert_eq!(tags(replica.assets_in(None, 10).unwrap()), ["P-9"]);
    let pump = AssetId(Uuid::from_u128(10));
    assert_eq!(tags(replica.parts_of_asset(pump, 10).unwrap()), ["P-1-M"]);
    assert_eq!(
        tags(replica.assets_of_class("PU", 10).unwrap()),
        ["P-1", "P-1-M", "P-9"]
    );
    assert_eq!(tags(replica.assets_of_class("PU", 1).unwrap()), ["P-1"]);
}
