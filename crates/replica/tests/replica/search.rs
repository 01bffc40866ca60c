//! Search: words by their beginning, numbers with and without dashes.

use fettle_domain::AssetId;
use fettle_domain::asset::Asset;
use fettle_domain::location::Criticality;
use fettle_domain::row::Row;
use fettle_replica::Replica;
use uuid::Uuid;

use crate::build::{ASSETS, area, filled, official, plant, slice};

fn with_pump(folder: &std::path::Path) -> Replica {
    let replica = filled(folder);
    let pump = Row::Asset(Asset {
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
    });
    replica
        .apply_slice(&slice(ASSETS, 1, vec![official(1, pump)]))
        .unwrap();
    replica
}

fn check(query: &str, orders: usize, assets: usize) {
    let folder = tempfile::tempdir().unwrap();
    let replica = with_pump(folder.path());
    assert_eq!(
        replica.search_orders(query, 20).unwrap().len(),
        orders,
        "orders of {query:?}"
    );
    let found = replica.search_assets(query, 20).unwrap();
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
