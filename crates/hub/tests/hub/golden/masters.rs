//! What the outside systems stated when the files of the present version were written.

use fettle_connectors::{
    AssetRecord, CostRecord, ItemRecord, LocationRecord, OrderRecord, PartLineRecord, PersonRecord,
    PlantRecord, PriceRecord, StepRecord, StockRecord, TaskRecord,
};
use fettle_domain::asset::AssetStatus;
use fettle_domain::item::ItemCriticality;
use fettle_domain::location::Criticality;
use fettle_domain::money::{Currency, Money, UnitPrice};
use fettle_domain::person::Role;
use fettle_domain::plant::Area;
use fettle_domain::price::{CostElement, ElementCost, PriceSource};
use fettle_domain::work_order::{Priority, Status, StepKind, WorkOrderType};
use fettle_domain::{AreaId, Quantity, Unit};
use fettle_hub::core::Rows;

use super::fixture::{noon, plant};

pub(super) fn masters() -> Vec<(&'static str, Rows)> {
    vec![
        ("demo-cmms", Rows::Plants(vec![plant_record()])),
        (
            "demo-cmms",
            Rows::People(vec![
                person("104417", "kowalska", "J. Kowalska"),
                person("104900", "left", "P. Left"),
            ]),
        ),
        ("demo-cmms", Rows::Locations(vec![location()])),
        ("demo-cmms", Rows::Assets(vec![asset()])),
        ("demo-erp", Rows::Items(vec![item()])),
        ("demo-erp", Rows::Stock(vec![stock()])),
        ("demo-cmms", Rows::Orders(vec![order()])),
        ("demo-erp", Rows::Prices(vec![price()])),
        ("demo-cmms", Rows::Costs(vec![cost()])),
    ]
}

fn area() -> AreaId {
    AreaId::new("HALL-3").unwrap()
}

fn plant_record() -> PlantRecord {
    PlantRecord {
        code: plant(),
        name: "Havel Works".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        areas: vec![Area {
            id: area(),
            name: "Hall 3".to_owned(),
        }],
        neighbours: Vec::new(),
    }
}

fn person(number: &str, account: &str, name: &str) -> PersonRecord {
    PersonRecord {
        employee_number: number.to_owned(),
        account: account.to_owned(),
        name: name.to_owned(),
        craft: "Mechanical 2".to_owned(),
        plant: plant(),
        crew: None,
        roles: vec![Role::Technician],
        is_disabled: false,
    }
}

fn location() -> LocationRecord {
    LocationRecord {
        key: "1200-H3-COOL".to_owned(),
        plant: plant(),
        area: area(),
        name: "Cooling water".to_owned(),
        parent: None,
        criticality: Criticality::A,
        cost_centre: Some("1200300".to_owned()),
    }
}

fn asset() -> AssetRecord {
    AssetRecord {
        key: "A-1".to_owned(),
        plant: plant(),
        area: area(),
        tag: "P-204A".to_owned(),
        name: "Cooling water pump".to_owned(),
        class: "PU".to_owned(),
        location: Some("1200-H3-COOL".to_owned()),
        parent: None,
        manufacturer: "Sulzer".to_owned(),
        model: "AHLSTAR".to_owned(),
        serial: "77-1".to_owned(),
        criticality: Criticality::A,
        status: Some(AssetStatus::Operating),
    }
}

fn item() -> ItemRecord {
    ItemRecord {
        number: "1004-2217".to_owned(),
        description: "Mechanical seal".to_owned(),
        manufacturer: "Burgmann".to_owned(),
        part_number: "M7N-50".to_owned(),
        unit: Unit("C62".to_owned()),
        class: "SEAL".to_owned(),
        criticality: Some(ItemCriticality::Vital),
        lead_time_days: Some(21),
        is_inactive: false,
        abc: None,
        substitutes: Vec::new(),
        superseded_by: None,
        plants: Vec::new(),
    }
}

fn stock() -> StockRecord {
    StockRecord {
        item: "1004-2217".to_owned(),
        plant: plant(),
        storeroom: "01".to_owned(),
        bin: "C-14".to_owned(),
        unit: Unit("C62".to_owned()),
        on_hand: 2.into(),
        hard_reserved: 0.into(),
        soft_reserved: 0.into(),
        reorder_point: None,
        as_of: noon(),
        includes: Vec::new(),
    }
}

fn euro() -> Currency {
    Currency::new("EUR").unwrap()
}

fn price() -> PriceRecord {
    PriceRecord {
        item: "1004-2217".to_owned(),
        plant: plant(),
        price: UnitPrice {
            amount: "412.5".parse().unwrap(),
            currency: euro(),
            per: Quantity::pieces(1),
        },
        source: PriceSource::MovingAverage,
        as_of: noon(),
    }
}

fn cost() -> CostRecord {
    CostRecord {
        order: "4182207".to_owned(),
        plant: plant(),
        elements: vec![ElementCost {
            element: CostElement::Labour,
            planned: None,
            actual: Money {
                minor: 3_250,
                currency: euro(),
            },
        }],
        as_of: noon(),
    }
}

fn order() -> OrderRecord {
    let step = |position, text: &str, kind| StepRecord {
        key: format!("4182207/10/{position}"),
        position,
        text: text.to_owned(),
        kind,
    };
    OrderRecord {
        number: "4182207".to_owned(),
        row_stamp: "1".to_owned(),
        reference: None,
        plant: plant(),
        area: area(),
        title: "Seal weeps".to_owned(),
        description: "Drive end.".to_owned(),
        instructions: "Lock out first.".to_owned(),
        kind: WorkOrderType::Corrective,
        status: Status::Disp,
        priority: Some(Priority::clamped(2)),
        asset: Some("A-1".to_owned()),
        location: Some("1200-H3-COOL".to_owned()),
        cost_centre: Some("1200300".to_owned()),
        job_plan: None,
        crew: None,
        assignees: vec!["104417".to_owned()],
        planner: None,
        required_start: None,
        required_finish: Some(noon()),
        scheduled_start: None,
        scheduled_finish: None,
        actual_start: None,
        actual_finish: None,
        permits: Vec::new(),
        down_since: None,
        tasks: vec![TaskRecord {
            key: "4182207/10".to_owned(),
            number: 10,
            text: "Replace the seal".to_owned(),
            craft: "Mechanical".to_owned(),
            planned_minutes: 90,
            headcount: 1,
            predecessor: None,
            steps: vec![
                step(10, "Pump is isolated", StepKind::Tick),
                step(
                    20,
                    "Shaft run-out",
                    StepKind::Value {
                        unit: Unit("MMT".to_owned()),
                        lower: None,
                        upper: Some("0.05".parse().unwrap()),
                    },
                ),
            ],
        }],
        part_lines: vec![PartLineRecord {
            key: "4182207/M1".to_owned(),
            item: "1004-2217".to_owned(),
            quantity: Quantity::pieces(1),
            need_date: None,
            is_critical: true,
            is_substitute_allowed: false,
        }],
        recorded: None,
        changed: noon(),
    }
}
