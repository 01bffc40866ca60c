//! Prices and costs of the built-in ERP through its connector.

use fettle_connectors::{
    ConfirmLabour, Cursor, DemoErp, GoodsMovement, GoodsMovements, LabourConfirmation, Movement,
    OrderCosts, PriceList, PriceRecord,
};
use fettle_demo::System;
use fettle_domain::price::{CostElement, PriceSource};
use fettle_domain::work_order::LabourKind;
use fettle_domain::{Decimal, PlantId, Quantity};

use crate::demo_systems::{inline_erp, reference, served, today};

fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

/// Every price, and where to read on.
async fn prices(erp: &DemoErp) -> (Vec<PriceRecord>, Cursor) {
    let mut rows = Vec::new();
    let mut since = None;
    loop {
        let page = erp.prices(since.as_ref()).await.unwrap();
        rows.extend(page.rows);
        if !page.has_more {
            return (rows, page.next);
        }
        since = Some(page.next);
    }
}

#[tokio::test]
async fn prices_come_with_their_price_unit_and_then_only_what_changed() {
    let (erp, admin) = inline_erp();
    let (rows, since) = prices(&erp).await;
    let priced = |unit: i64| rows.iter().any(|row| row.price.per.value == unit.into());
    assert!(priced(1) && priced(100));
    assert!(rows.iter().all(|row| row.price.amount.is_positive()));
    assert!(erp.prices(Some(&since)).await.unwrap().rows.is_empty());
    admin(
        "/admin/price",
        r#"{"Material":"1011-0220","Plant":"1200","Price":"14.9","PriceUnit":"1","BaseUnit":"L",
            "Currency":"EUR","PriceControl":"V","ValidFrom":"2026-11-16T08:00:00Z"}"#,
    );
    let changed = erp.prices(Some(&since)).await.unwrap().rows;
    let [oil] = changed.as_slice() else {
        panic!("{changed:?}");
    };
    assert_eq!(
        (oil.item.as_str(), oil.plant.as_str()),
        ("1011-0220", "1200")
    );
    assert_eq!(oil.price.per.unit.0, "LTR");
    assert_eq!(oil.source, PriceSource::MovingAverage);
}

#[tokio::test]
async fn what_is_posted_over_the_wire_comes_back_as_costs_of_its_order() {
    let demo = served(System::Erp).await;
    let erp = DemoErp::new(demo.transport.clone());
    let start = erp.costs(None).await.unwrap();
    assert!(start.rows.is_empty() && !start.has_more);
    let movement = GoodsMovement {
        reference: reference("costed"),
        movement: Movement::Issue,
        order: "4182207".to_owned(),
        item: "1004-2217".to_owned(),
        plant: plant(),
        storeroom: "01".to_owned(),
        bin: "C-14".to_owned(),
        quantity: Quantity::pieces(2),
        cost_centre: "1200300".to_owned(),
        person: None,
        at: today(),
    };
    erp.post_movement(&movement).await;
    let labour = LabourConfirmation {
        reference: reference("hours"),
        reversal_of: None,
        order: "4182207".to_owned(),
        plant: plant(),
        task: None,
        person: "104417".to_owned(),
        kind: LabourKind::Regular,
        minutes: 90,
        cost_centre: "1200300".to_owned(),
        at: today(),
    };
    erp.confirm_labour(&labour).await;
    let (rows, _) = prices(&erp).await;
    let seal = rows
        .iter()
        .find(|row| row.item == "1004-2217" && row.plant == plant());
    let twice = Decimal(seal.unwrap().price.amount.0 * Decimal::from(2).0);
    let costs = erp.costs(Some(&start.next)).await.unwrap().rows;
    let [cost] = costs.as_slice() else {
        panic!("{costs:?}");
    };
    assert_eq!(
        (cost.order.as_str(), cost.plant.as_str()),
        ("4182207", "1200")
    );
    let actual = |element| {
        let found = cost.elements.iter().find(|cost| cost.element == element);
        found.unwrap().actual.to_decimal()
    };
    assert_eq!(actual(CostElement::Material), twice);
    assert_eq!(actual(CostElement::Labour), Decimal::from(87));
    assert!(cost.elements.iter().all(|cost| cost.planned.is_none()));
}
