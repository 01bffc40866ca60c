//! Assets: their page, what is not recorded of them, and their orders.

use fettle_domain::AssetId;
use fettle_domain::asset::Asset;
use fettle_domain::location::Criticality;
use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use uuid::Uuid;

use crate::build::{Bench, area, order_id, plant, row};

fn pump() -> Asset {
    Asset {
        id: AssetId(Uuid::from_u128(0x800)),
        external_ids: vec![],
        plant: plant(),
        area: area(),
        tag: "P-204A".to_owned(),
        name: "Feedwater pump".to_owned(),
        class: "PU".to_owned(),
        location: None,
        parent: None,
        manufacturer: "Sulzer".to_owned(),
        model: String::new(),
        serial: String::new(),
        criticality: Criticality::A,
        status: None,
    }
}

#[tokio::test]
async fn a_found_asset_opens_with_its_orders_and_says_what_is_not_recorded() {
    let bench = Bench::at_work().await;
    bench.hear(1, Row::Asset(pump())).await;
    let mut official = row(Status::Appr, 2);
    official.asset = Some(pump().id);
    bench.hear(3, Row::WorkOrder(official)).await;
    let found = bench.desk.search("p204".to_owned()).await.unwrap();
    assert_eq!(found.assets[0].open_orders, 1);
    let page = bench.desk.asset(found.assets[0].id.clone()).await.unwrap();
    assert_eq!((&*page.tag, &*page.criticality), ("P-204A", "A"));
    assert_eq!(page.manufacturer.as_deref(), Some("Sulzer"));
    assert_eq!(
        (page.location, page.status, page.serial),
        (None, None, None)
    );
    assert_eq!(page.orders[0].id, order_id());
}

#[tokio::test]
async fn an_asset_that_is_not_here_is_said_to_be_unknown() {
    let bench = Bench::at_work().await;
    for id in ["nothing", &Uuid::from_u128(0x801).to_string()] {
        let refused = bench.desk.asset(id.to_owned()).await.unwrap_err();
        assert_eq!(refused.code, "asset.unknown");
    }
}
