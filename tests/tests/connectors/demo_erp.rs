//! The built-in ERP through its connector: masters, postings, refusals, search.

use fettle_connectors::{
    ConfirmLabour, DemoErp, GoodsMovement, GoodsMovements, LabourConfirmation, MaterialMasters,
    Movement, OrderCosts, Posting,
};
use fettle_demo::System;
use fettle_domain::effect::{Reference, RejectionClass};
use fettle_domain::work_order::LabourKind;
use fettle_domain::{Decimal, PlantId, Quantity};

use crate::demo_systems::{inline_erp, reference, served, today};

fn issue(reference: Reference) -> GoodsMovement {
    GoodsMovement {
        reference,
        movement: Movement::Issue,
        order: "4182207".to_owned(),
        item: "1004-2217".to_owned(),
        plant: PlantId::new("1200").unwrap(),
        storeroom: "01".to_owned(),
        bin: "C-14".to_owned(),
        quantity: Quantity::pieces(1),
        cost_centre: "1200300".to_owned(),
        person: Some("104417".to_owned()),
        at: today(),
    }
}

fn labour(reference: Reference) -> LabourConfirmation {
    LabourConfirmation {
        reference,
        reversal_of: None,
        order: "4182207".to_owned(),
        plant: PlantId::new("1200").unwrap(),
        task: Some(10),
        person: "104417".to_owned(),
        kind: LabourKind::Regular,
        minutes: 42,
        cost_centre: "1200300".to_owned(),
        at: today(),
    }
}

fn number_of(posting: Posting) -> String {
    match posting {
        Posting::Posted { number } => number,
        Posting::Rejected(_) | Posting::Unknown { .. } | Posting::NotSent { .. } => {
            panic!("not posted: {posting:?}")
        }
    }
}

async fn on_hand(erp: &DemoErp) -> (Decimal, Vec<Reference>) {
    let mut since = None;
    loop {
        let page = erp.stock(since.as_ref()).await.unwrap();
        let mut rows = page.rows.into_iter();
        let found = rows.find(|row| {
            (row.item.as_str(), row.bin.as_str(), row.plant.as_str())
                == ("1004-2217", "C-14", "1200")
        });
        if let Some(row) = found {
            return (row.on_hand, row.includes);
        }
        assert!(page.has_more, "no stock row");
        since = Some(page.next);
    }
}

#[tokio::test]
async fn masters_come_page_by_page_and_then_only_what_changed() {
    let demo = served(System::Erp).await;
    let erp = DemoErp::new(demo.transport.clone());
    let mut items = Vec::new();
    let mut since = None;
    loop {
        let page = erp.items(since.as_ref()).await.unwrap();
        items.extend(page.rows);
        since = Some(page.next);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(items.len(), 300);
    let seal = items.iter().find(|item| item.number == "1004-2217");
    assert_eq!(seal.map(|item| item.unit.0.as_str()), Some("C62"));
    assert!(erp.items(since.as_ref()).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn an_issue_over_the_wire_gets_a_number_and_lowers_the_balance_that_names_it() {
    let demo = served(System::Erp).await;
    let erp = DemoErp::new(demo.transport.clone());
    let mine = reference("issue");
    let (before, _) = on_hand(&erp).await;
    assert_eq!(erp.find_movement(&mine).await, Ok(None));
    let number = number_of(erp.post_movement(&issue(mine.clone())).await);
    assert!(number.starts_with("49"));
    assert_eq!(erp.find_movement(&mine).await, Ok(Some(number.clone())));
    let (after, includes) = on_hand(&erp).await;
    assert_eq!(after, before - Decimal::from(1));
    assert!(includes.contains(&mine));

    let reversal = |name: &str, of: &str| GoodsMovement {
        movement: Movement::Reversal { of: of.to_owned() },
        ..issue(reference(name))
    };
    let back = number_of(erp.post_movement(&reversal("back", &number)).await);
    assert_eq!(on_hand(&erp).await.0, before);
    use RejectionClass::{ProcessState, TransactionData};
    let cases = [
        (&number, ProcessState, "ALREADY_REVERSED"),
        (&back, TransactionData, "IS_REVERSAL"),
        (&"4".to_owned(), TransactionData, "UNKNOWN_DOCUMENT"),
    ];
    for (of, class, code) in cases {
        check_refused(&erp, &reversal(code, of), class, code).await;
    }
    assert_eq!(on_hand(&erp).await.0, before);
}

#[tokio::test]
async fn labour_over_the_wire_gets_a_number_and_is_found_by_reference() {
    let demo = served(System::Erp).await;
    let erp = DemoErp::new(demo.transport.clone());
    let mine = reference("labour");
    assert_eq!(erp.find_confirmation(&mine).await, Ok(None));
    let number = number_of(erp.confirm_labour(&labour(mine.clone())).await);
    assert!(number.starts_with("50"));
    assert_eq!(erp.find_confirmation(&mine).await, Ok(Some(number.clone())));
    let reversal = LabourConfirmation {
        reversal_of: Some(number),
        ..labour(reference("labour back"))
    };
    let part = LabourConfirmation {
        minutes: 41,
        reference: reference("labour back in part"),
        ..reversal.clone()
    };
    let Posting::Rejected(refused) = erp.confirm_labour(&part).await else {
        panic!("taken back in part");
    };
    assert_eq!(refused.code, "BAD_QUANTITY");
    number_of(erp.confirm_labour(&reversal).await);
    let twice = erp.confirm_labour(&reversal).await;
    assert!(
        matches!(&twice, Posting::Rejected(refused) if refused.code == "ALREADY_REVERSED"),
        "{twice:?}"
    );
    let costs = erp.costs(None).await.unwrap().rows;
    let cost = costs.iter().find(|cost| cost.order == "4182207").unwrap();
    assert!(
        cost.elements
            .iter()
            .all(|element| element.actual.minor == 0)
    );
}

#[tokio::test]
async fn every_kind_of_labour_is_taken() {
    let (erp, _) = inline_erp();
    let kinds = [
        LabourKind::Regular,
        LabourKind::Overtime,
        LabourKind::Travel,
        LabourKind::WaitingForPart,
        LabourKind::WaitingForPermit,
    ];
    for kind in kinds {
        let confirmation = LabourConfirmation {
            kind,
            ..labour(reference(&format!("{kind:?}")))
        };
        number_of(erp.confirm_labour(&confirmation).await);
    }
}

#[tokio::test]
async fn a_second_post_makes_a_second_document_and_the_first_is_found() {
    let (erp, _) = inline_erp();
    let mine = reference("twice");
    let first = number_of(erp.post_movement(&issue(mine.clone())).await);
    let second = number_of(erp.post_movement(&issue(mine.clone())).await);
    assert_ne!(first, second);
    assert_eq!(erp.find_movement(&mine).await, Ok(Some(first)));
}

#[tokio::test]
async fn a_refusal_carries_its_class_and_the_code_of_the_erp() {
    use RejectionClass::{MasterData, ProcessState, TransactionData};
    type Case = (fn(&mut GoodsMovement), RejectionClass, &'static str);
    let cases: [Case; 6] = [
        (
            |m| m.quantity = Quantity::pieces(900),
            TransactionData,
            "NOT_ENOUGH_STOCK",
        ),
        (
            |m| m.quantity.unit.0 = "KGM".to_owned(),
            TransactionData,
            "WRONG_UNIT",
        ),
        (
            |m| m.cost_centre = "9".to_owned(),
            MasterData,
            "UNKNOWN_COST_CENTRE",
        ),
        (
            |m| m.item = "none".to_owned(),
            MasterData,
            "UNKNOWN_MATERIAL",
        ),
        (|m| m.bin = "Z-99".to_owned(), MasterData, "UNKNOWN_BIN"),
        (
            |m| m.at = "2026-01-05T00:00:00Z".parse().unwrap(),
            ProcessState,
            "PERIOD_CLOSED",
        ),
    ];
    let (erp, admin) = inline_erp();
    for (change, class, code) in cases {
        let mut movement = issue(reference(code));
        change(&mut movement);
        check_refused(&erp, &movement, class, code).await;
    }
    let items = erp.items(None).await.unwrap();
    let inactive = items.rows.iter().find(|item| item.is_inactive).unwrap();
    let movement = GoodsMovement {
        item: inactive.number.clone(),
        ..issue(reference("inactive"))
    };
    check_refused(&erp, &movement, MasterData, "INACTIVE_MATERIAL").await;
    admin("/admin/order", r#"{"OrderNumber":"4182207"}"#);
    check_refused(
        &erp,
        &issue(reference("closed")),
        ProcessState,
        "ORDER_CLOSED",
    )
    .await;
}

async fn check_refused(erp: &DemoErp, movement: &GoodsMovement, class: RejectionClass, code: &str) {
    let posting = erp.post_movement(movement).await;
    let Posting::Rejected(rejection) = posting else {
        panic!("{code}: {posting:?}");
    };
    assert_eq!((rejection.class, rejection.code.as_str()), (class, code));
    assert_eq!(erp.find_movement(&movement.reference).await, Ok(None));
}
