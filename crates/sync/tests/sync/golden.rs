//! Frames of every released protocol version: what was once written is read for ever.
//!
//! A new version adds a folder; files of an older one are never written again. `FETTLE_GOLDEN=write`
//! writes the files of the present version where they are missing.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use fettle_domain::asset::{Asset, AssetStatus};
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::feed::Feed;
use fettle_domain::intent::{Claim, Decision, Dependency, Intent, Transition, Verdict};
use fettle_domain::item::{Item, ItemCriticality};
use fettle_domain::location::{Criticality, FunctionalLocation};
use fettle_domain::money::{Currency, Money, UnitPrice};
use fettle_domain::person::{ActorRow, Person, Role};
use fettle_domain::plant::{Area, Neighbour, Plant};
use fettle_domain::price::{CostElement, ElementCost, ItemPrice, OrderCost, PriceSource};
use fettle_domain::record::Record;
use fettle_domain::row::{Outcome, OutcomeRow, Row, Subject};
use fettle_domain::stock::StockBalance;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus, Permit, WorkOrderRow};
use fettle_domain::work_order::{Status, WorkOrderType};
use fettle_domain::{
    ActorId, AreaId, AssetId, ChangeHash, CorrelationId, Decimal, DeviceId, DeviceTime, DocumentId,
    EntryId, ExternalId, IntentId, ItemId, LocationId, PersonId, PlantId, Quantity, RecordId,
    Refusal, Timestamp, Unit, WorkOrderId,
};
use fettle_sync::chain::LinkSignature;
use fettle_sync::exchange::{
    Acknowledged, Cursor, Down, DownHead, FeedItem, Push, PushItem, Slice, Up, UpHead,
};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::reader::{Reader, ReaderAnswer, ReaderProof};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use uuid::Uuid;

fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, value: &T) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden/v1")
        .join(name);
    if !path.exists() && std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write") {
        fs::write(&path, encode(value).unwrap()).unwrap();
    }
    let mut decoder = Decoder::default();
    decoder.push(&fs::read(&path).unwrap());
    assert_eq!(
        decoder.next_frame::<T>().unwrap().as_ref(),
        Some(value),
        "{name}"
    );
    assert!(decoder.is_empty(), "{name}");
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn time(minute: i64) -> Timestamp {
    Timestamp::from_ms(1_764_000_000_000 + minute * 60_000)
}

fn device_time() -> DeviceTime {
    DeviceTime {
        at: time(1),
        offset_ms: Some(-250),
        boot_id: 77,
        boot_ms: 123_456,
    }
}

fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

fn area() -> AreaId {
    AreaId::new("HALL-3").unwrap()
}

fn intent() -> Intent {
    Intent {
        id: IntentId(id(10)),
        claim: Claim::Transition(Transition {
            order: WorkOrderId(id(1)),
            from: Status::Inprg,
            to: Status::Hold,
            based_on: 3,
            reason: Some("no crane".to_owned()),
        }),
        depends_on: vec![
            Dependency::Change {
                document: DocumentId(id(1)),
                hash: ChangeHash([5; 32]),
            },
            Dependency::Intent(IntentId(id(9))),
        ],
        charter_version: 1,
        actor: ActorId([1; 16]),
        made: device_time(),
        correlation_id: CorrelationId(id(11)),
    }
}

#[test]
fn what_a_desk_sends() {
    check(
        "up-head.frame",
        &Up::Head(UpHead {
            log_epoch: Some(2),
            device_time: time(1),
            cursors: BTreeMap::from([
                (1, Cursor::At(42)),
                (
                    2,
                    Cursor::Fill {
                        through: 40,
                        after: "open/1".to_owned(),
                        log: None,
                    },
                ),
            ]),
            budget_bytes: 4_000_000,
            reader: Some(Reader {
                actor: ActorId([1; 16]),
                proof: Some(ReaderProof([8; 64])),
                cursors: BTreeMap::from([(3, Cursor::At(7))]),
            }),
            asks_sums: false,
        }),
    );
    let record = Record {
        id: RecordId(id(20)),
        plant: plant(),
        kind: "hand_over_note".to_owned(),
        content: "{\"text\":\"pump 2 runs warm\"}".to_owned(),
        actor: ActorId([1; 16]),
        written: device_time(),
        correlation_id: CorrelationId(id(21)),
    };
    check(
        "up-push.frame",
        &Up::Push(Push {
            actor: ActorId([1; 16]),
            first: 17,
            items: vec![
                PushItem::Change(DocumentId(id(1)), ByteBuf::from(vec![1, 2, 3])),
                PushItem::Intent(intent()),
                PushItem::Record(record),
            ],
            signature: LinkSignature([9; 64]),
        }),
    );
}

#[test]
fn what_a_hub_answers() {
    check(
        "down-head.frame",
        &Down::Head(DownHead {
            log_epoch: 2,
            hub_time: time(2),
            feeds: Some(BTreeMap::from([
                (1, Feed::Work(plant(), area())),
                (2, Feed::Device(DeviceId(id(5)))),
            ])),
            acknowledged: vec![Acknowledged {
                actor: ActorId([1; 16]),
                through: 19,
                quarantined: vec![(18, Refusal::new("change.too_large").with("limit", 5))],
                waiting: vec![19],
                stopped: Some(Refusal::new("push.signature_wrong")),
                compensated: Vec::new(),
            }],
            fill_remaining: 7,
            backed_up_through: Some(time(0)),
            reader: Some(ReaderAnswer::Feeds(BTreeMap::from([
                (3, Feed::Prices(plant())),
                (4, Feed::Costs(plant())),
                (5, Feed::Person(PersonId(id(2)))),
            ]))),
            keeps_position: false,
            offers_taken: 0,
            anew: Vec::new(),
            sums: BTreeMap::new(),
            ended_since: None,
        }),
    );
    for (name, answer) in [
        ("down-head-proof-wanted.frame", ReaderAnswer::ProofWanted),
        (
            "down-head-reader-refused.frame",
            ReaderAnswer::Refused(Refusal::new("reader.signature")),
        ),
    ] {
        check(
            name,
            &Down::Head(DownHead {
                log_epoch: 2,
                hub_time: time(2),
                feeds: None,
                acknowledged: Vec::new(),
                fill_remaining: 0,
                backed_up_through: None,
                reader: Some(answer),
                keeps_position: false,
                offers_taken: 0,
                anew: Vec::new(),
                sums: BTreeMap::new(),
                ended_since: None,
            }),
        );
    }
    check("down-end.frame", &Down::End { has_more: true });
    check(
        "down-slice.frame",
        &Down::Slice(Slice {
            feed: 1,
            items: feed_items(),
            cursor: Cursor::At(60),
            proof: None,
        }),
    );
}

fn feed_items() -> Vec<FeedItem> {
    let document = DocumentId(id(1));
    let mut items = vec![
        FeedItem::Change(document, ByteBuf::from(vec![4, 5])),
        FeedItem::Base(document, ByteBuf::from(vec![6])),
        FeedItem::Enter(document),
        FeedItem::Leave(document),
    ];
    items.extend(
        (1..)
            .zip(rows())
            .map(|(number, row)| FeedItem::Row(number, Box::new(row))),
    );
    items
}

fn euros(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::new("EUR").unwrap(),
    }
}

fn rows() -> Vec<Row> {
    vec![
        Row::Person(Person {
            id: PersonId(id(2)),
            external_ids: vec![ExternalId {
                system: "demo-cmms".to_owned(),
                kind: "person".to_owned(),
                value: "104417".to_owned(),
            }],
            name: "J. Kowalska".to_owned(),
            craft: "Mechanical 2".to_owned(),
            plant: plant(),
            crew: None,
            roles: vec![Role::Technician],
            is_disabled: false,
        }),
        Row::Actor(ActorRow {
            actor: ActorId([1; 16]),
            person: Some(PersonId(id(2))),
            device: Some(DeviceId(id(5))),
            roles: vec![Role::Technician, Role::Planner],
            valid_from: time(0),
            earlier: vec![],
            device_name: None,
        }),
        Row::Plant(Plant {
            id: plant(),
            external_ids: Vec::new(),
            name: "Havel Works".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            areas: vec![Area {
                id: area(),
                name: "Hall 3".to_owned(),
            }],
            neighbours: vec![Neighbour {
                plant: PlantId::new("1300").unwrap(),
                transit_minutes: 25,
            }],
        }),
        Row::Charter("version = 2".to_owned()),
        Row::Location(FunctionalLocation {
            id: LocationId(id(50)),
            external_ids: Vec::new(),
            plant: plant(),
            area: area(),
            code: "1200-H3-L0".to_owned(),
            name: "Hall 3, level 0".to_owned(),
            parent: None,
            criticality: Criticality::A,
            cost_centre: Some("1200300".to_owned()),
        }),
        Row::Asset(Asset {
            id: AssetId(id(51)),
            external_ids: Vec::new(),
            plant: plant(),
            area: area(),
            tag: "P-204A".to_owned(),
            name: "feedwater pump".to_owned(),
            class: "PU".to_owned(),
            location: Some(LocationId(id(50))),
            parent: None,
            manufacturer: "KSB".to_owned(),
            model: "HGM 4".to_owned(),
            serial: "97-2211".to_owned(),
            criticality: Criticality::A,
            status: Some(AssetStatus::Down),
        }),
        Row::Item(Item {
            id: ItemId(id(30)),
            external_ids: Vec::new(),
            number: "1001-6310".to_owned(),
            description: "Bearing 6310-2Z/C3".to_owned(),
            manufacturer: "SKF".to_owned(),
            part_number: "6310-2Z/C3".to_owned(),
            unit: Unit::piece(),
            class: "bearing".to_owned(),
            criticality: Some(ItemCriticality::Vital),
            lead_time_days: Some(12),
            is_inactive: false,
            abc: None,
            substitutes: Vec::new(),
            superseded_by: None,
        }),
        Row::Stock(StockBalance {
            item: ItemId(id(30)),
            plant: plant(),
            storeroom: "01".to_owned(),
            bin: "C-14".to_owned(),
            unit: Unit::piece(),
            on_hand: Decimal::from(3),
            hard_reserved: Decimal::from(1),
            soft_reserved: Decimal::ZERO,
            reorder_point: None,
            as_of: time(0),
            includes: Vec::new(),
        }),
        Row::WorkOrder(WorkOrderRow {
            id: WorkOrderId(id(1)),
            external_ids: Vec::new(),
            number: Some("4182207".to_owned()),
            local_reference: None,
            plant: plant(),
            area: area(),
            title: "Replace mechanical seal".to_owned(),
            kind: WorkOrderType::Corrective,
            status: OfficialStatus {
                status: Status::Disp,
                revision: 3,
                cmms: CmmsAnswer::Accepted,
            },
            asset: None,
            location: None,
            cost_centre: Some("1200300".to_owned()),
            job_plan: Some("JP-0117, rev 4".to_owned()),
            crew: None,
            assignees: vec![PersonId(id(2))],
            planner: None,
            scheduled_start: Some(time(5)),
            scheduled_finish: None,
            permits: vec![Permit {
                number: "PTW-8831".to_owned(),
                kind: "hot work".to_owned(),
                ends: Some(time(90)),
            }],
            down_since: Some(time(-60)),
            changed: time(0),
        }),
        Row::Outcome(OutcomeRow {
            order: WorkOrderId(id(1)),
            subject: Subject::Entry(EntryId(id(40))),
            outside: Outside::Erp,
            outcome: Outcome::Accepted {
                number: "4900001201".to_owned(),
            },
            at: time(3),
        }),
        Row::Outcome(OutcomeRow {
            order: WorkOrderId(id(1)),
            subject: Subject::Intent(IntentId(id(10))),
            outside: Outside::Cmms,
            outcome: Outcome::Refused {
                class: RejectionClass::ProcessState,
                code: "CLOSED_ORDER".to_owned(),
                message: "order is closed".to_owned(),
                owner: Role::Planner,
            },
            at: time(3),
        }),
        Row::Verdict(Verdict {
            intent: IntentId(id(10)),
            order: WorkOrderId(id(1)),
            decision: Decision::Case {
                refusal: Refusal::new("order.status_changed_meanwhile").with("now", "HOLD"),
                owner: Role::Planner,
            },
            at: time(4),
        }),
        Row::Price(ItemPrice {
            item: ItemId(id(30)),
            plant: plant(),
            price: UnitPrice {
                amount: "412.5".parse().unwrap(),
                currency: Currency::new("EUR").unwrap(),
                per: Quantity::pieces(10),
            },
            source: PriceSource::MovingAverage,
            as_of: time(0),
        }),
        Row::Cost(OrderCost {
            order: WorkOrderId(id(1)),
            plant: plant(),
            elements: vec![
                ElementCost {
                    element: CostElement::Labour,
                    planned: None,
                    actual: euros(8_700),
                },
                ElementCost {
                    element: CostElement::Material,
                    planned: Some(euros(5_000)),
                    actual: euros(-4_125),
                },
                ElementCost {
                    element: CostElement::Service,
                    planned: None,
                    actual: euros(0),
                },
            ],
            as_of: time(5),
        }),
    ]
}
