//! Words for cases: a desk in a folder of its own, enrolled, with one order as a hub sends it.

use std::collections::BTreeMap;
use std::sync::Arc;

use fettle_desk::identity::OpenKey;
use fettle_desk::keyring::{KeyPlace, ReplicaFiles, open_root};
use fettle_desk::laptop::Laptop;
use fettle_desk::person::Admission;
use fettle_desk::pinning::Fingerprint;
use fettle_desk::platform::{Clock, Reading};
use fettle_desk::transport::HubAddress;
use fettle_desk::view::{OrderView, ProblemView, Shell, UnlockInput};
use fettle_desk::{Desk, Settings};
use fettle_document::{Edit, WorkOrderDocument, WorkOrderPlan};
use fettle_domain::device::Device;
use fettle_domain::feed::Feed;
use fettle_domain::item::Item;
use fettle_domain::person::{ActorRow, Person, Role};
use fettle_domain::plant::{Area, Plant};
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_domain::work_order::official::CmmsAnswer;
use fettle_domain::work_order::{
    OfficialStatus, PartLine, PartLineSource, Priority, Status, Step, StepKind, Task, WorkOrderRow,
    WorkOrderType,
};
use fettle_domain::{
    ActorId, AreaId, Decimal, DeviceId, ItemId, PartLineId, PersonId, PlantId, Quantity, Refusal,
    StepId, TaskId, Timestamp, Unit, WorkOrderId,
};
use fettle_replica::{Replica, ReplicaKey};
use fettle_sync::exchange::{Acknowledged, Cursor, DownHead, FeedItem, Slice};
use fettle_sync::request::{HexKey, Session};
use tempfile::TempDir;
use uuid::Uuid;

use crate::clock::MovedClock;

pub(crate) const WORK: u32 = 1;
const ACTORS: u32 = 2;
const ITEMS: u32 = 3;
const STOCK: u32 = 4;
const DEVICE: u32 = 5;
const ASSETS: u32 = 6;
pub(crate) const PIN: &str = "246810";

/// A desk on a folder, with its clock.
pub(crate) struct Bench {
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<MovedClock>,
    folder: TempDir,
}

impl Bench {
    /// Not enrolled yet.
    pub(crate) async fn empty() -> Self {
        let clock = Arc::new(MovedClock::at(Reading {
            at: now(),
            boot_id: 1,
            boot_ms: 1_000_000,
        }));
        let folder = tempfile::tempdir().unwrap();
        let desk = open(&folder, &clock).await;
        Self {
            desk,
            clock,
            folder,
        }
    }

    /// Ana works; one approved order is hers.
    pub(crate) async fn at_work() -> Self {
        Self::at_work_as(&[Role::Technician]).await
    }

    /// The same with other roles.
    pub(crate) async fn at_work_as(roles: &[Role]) -> Self {
        let bench = Self::empty().await;
        let mut admission = admission();
        admission.session.person.roles = roles.to_vec();
        bench.desk.admit(admission).await.unwrap();
        bench.desk.set_pin(PIN.to_owned()).await.unwrap();
        bench.fill().await;
        bench
    }

    pub(crate) async fn reopen(&mut self) {
        self.desk = open(&self.folder, &self.clock).await;
    }

    pub(crate) async fn unlock(&self, pin: &str) -> Result<Shell, ProblemView> {
        let person_id = ana().to_string();
        let pin = pin.to_owned();
        self.desk.unlock(UnlockInput { person_id, pin }).await
    }

    pub(crate) async fn order(&self) -> OrderView {
        self.desk.order(order_id()).await.unwrap()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn key_file(&self) -> std::path::PathBuf {
        self.folder.path().join("key")
    }

    /// The store behind the desk, to apply what a hub would send.
    pub(crate) async fn replica(&self) -> Replica {
        let place = KeyPlace::File(self.key_file());
        let root = open_root(place, ReplicaFiles::Present).await.unwrap();
        let key = ReplicaKey::new(*root.replica_key());
        Replica::open(&self.folder.path().join("replica"), &key).unwrap()
    }

    pub(crate) async fn fill(&self) {
        let replica = self.replica().await;
        replica.apply_head(&head(vec![])).unwrap();
        let actor = Row::Actor(ActorRow {
            actor: hub_actor(),
            person: None,
            device: None,
            roles: vec![Role::Cmms],
            valid_from: now(),
            earlier: vec![],
            device_name: None,
        });
        let slices = [
            slice(ACTORS, vec![official(1, actor)]),
            slice(ITEMS, vec![official(1, Row::Item(seal()))]),
            slice(STOCK, vec![official(1, Row::Stock(balance()))]),
            slice(
                WORK,
                vec![
                    FeedItem::Base(order().into(), document().save().to_vec().into()),
                    official(2, Row::WorkOrder(row(Status::Appr, 1))),
                ],
            ),
        ];
        for slice in &slices {
            replica.apply_slice(slice).unwrap();
        }
    }

    /// Ana starts the order.
    pub(crate) async fn start_order(&self) {
        self.desk.start_order(order_id()).await.unwrap();
    }

    /// The company says that photos keep where they were taken.
    pub(crate) async fn keep_positions(&self) {
        let head = DownHead {
            keeps_position: true,
            ..head(vec![])
        };
        self.replica().await.apply_head(&head).unwrap();
    }

    /// The hub acknowledges everything of Ana.
    pub(crate) async fn acknowledge(&self) {
        self.keep_aside(vec![]).await;
    }

    /// The hub acknowledges everything of Ana and keeps some of it aside.
    pub(crate) async fn keep_aside(&self, quarantined: Vec<(u64, Refusal)>) {
        let acknowledged = Acknowledged {
            actor: actor(),
            through: 1_000,
            quarantined,
            waiting: vec![],
            stopped: None,
            compensated: Vec::new(),
        };
        let replica = self.replica().await;
        let head = head(vec![acknowledged]);
        replica.apply_head(&head).unwrap();
    }

    /// The order goes to another area.
    pub(crate) async fn leaves(&self) {
        let replica = self.replica().await;
        let left = vec![FeedItem::Leave(order().into())];
        replica.apply_slice(&slice(WORK, left)).unwrap();
    }

    /// What somebody else wrote without knowing of anything made here comes from the hub.
    pub(crate) async fn hear_edits(&self, by: u8, role: Role, edits: &[Edit]) {
        let other = ActorId([by; 16]);
        let row = Row::Actor(ActorRow {
            actor: other,
            person: Some(PersonId(Uuid::from_u128(by.into()))),
            device: Some(DeviceId(Uuid::from_u128(by.into()))),
            roles: vec![role],
            valid_from: now(),
            earlier: vec![],
            device_name: Some(format!("HW-{by}")),
        });
        let change = document().edit(other, now(), edits).unwrap().unwrap();
        let change = FeedItem::Change(order().into(), change.bytes.into());
        let replica = self.replica().await;
        for slice in [
            slice(ACTORS, vec![official(u64::from(by), row)]),
            slice(WORK, vec![change]),
        ] {
            replica.apply_slice(&slice).unwrap();
        }
    }

    /// The hub says something in the work feed.
    pub(crate) async fn hear(&self, version: u64, row: Row) {
        let replica = self.replica().await;
        let feed = match &row {
            Row::Verdict(_) => DEVICE,
            Row::Asset(_) | Row::Import(_) => ASSETS,
            Row::Item(_) => ITEMS,
            Row::Stock(_) => STOCK,
            _ => WORK,
        };
        replica
            .apply_slice(&slice(feed, vec![official(version, row)]))
            .unwrap();
    }
}

async fn open(folder: &TempDir, clock: &Arc<MovedClock>) -> Desk {
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        key_file: Some(folder.path().join("key")),
    };
    Desk::open_with(settings, Arc::clone(clock) as Arc<dyn Clock>).await
}

pub(crate) fn ana() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

pub(crate) fn actor() -> ActorId {
    ActorId([1; 16])
}

fn hub_actor() -> ActorId {
    ActorId([2; 16])
}

pub(crate) fn order() -> WorkOrderId {
    WorkOrderId(Uuid::from_u128(0x100))
}

pub(crate) fn order_id() -> String {
    order().to_string()
}

pub(crate) fn step_id(number: u128) -> String {
    step(number).to_string()
}

fn step(number: u128) -> StepId {
    StepId(Uuid::from_u128(0x200 + number))
}

pub(crate) fn item_id() -> String {
    ItemId(Uuid::from_u128(0x500)).to_string()
}

pub(crate) fn part_line_id() -> String {
    PartLineId(Uuid::from_u128(0x600)).to_string()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

pub(crate) fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

pub(crate) fn area() -> AreaId {
    AreaId::new("HALL-3").unwrap()
}

fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(0x700))
}

pub(crate) fn admission() -> Admission {
    let person = Person {
        id: ana(),
        external_ids: vec![],
        name: "Ana Ruiz".to_owned(),
        craft: "Mechanical 2".to_owned(),
        plant: plant(),
        crew: None,
        roles: vec![Role::Technician],
        is_disabled: false,
    };
    Admission {
        laptop: Some(laptop()),
        session: Session {
            token: HexKey([3; 32]),
            expires: now().plus_ms(86_400_000),
            person,
            actor: actor(),
            chain_count: 0,
            offline_days: 7,
            hub_time: now(),
            bundle_key: None,
        },
        key: OpenKey::generate().unwrap(),
    }
}

fn laptop() -> Laptop {
    Laptop {
        hub: HubAddress::new("https://127.0.0.1:9").unwrap(),
        certificate: Fingerprint([4; 32]),
        device: Device {
            id: device(),
            name: "HW-14".to_owned(),
            code: "14".to_owned(),
            epoch: 1,
            plant: plant(),
            areas: vec![area()],
            enrolled_by: None,
            enrolled_at: now(),
            revoked_at: None,
        },
        plant: Plant {
            id: plant(),
            external_ids: vec![],
            name: "Havel Works".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            areas: vec![Area {
                id: area(),
                name: "Hall 3".to_owned(),
            }],
            neighbours: vec![],
        },
        secret: HexKey([5; 32]),
    }
}

/// The official row of the order.
pub(crate) fn row(status: Status, revision: u32) -> WorkOrderRow {
    WorkOrderRow {
        id: order(),
        external_ids: vec![],
        number: Some("10427".to_owned()),
        local_reference: None,
        plant: plant(),
        area: area(),
        title: "Replace mechanical seal".to_owned(),
        kind: WorkOrderType::Corrective,
        status: OfficialStatus {
            status,
            revision,
            cmms: CmmsAnswer::Accepted,
        },
        asset: None,
        location: None,
        cost_centre: None,
        job_plan: None,
        crew: None,
        assignees: vec![ana()],
        planner: None,
        scheduled_start: None,
        scheduled_finish: None,
        permits: vec![],
        down_since: None,
        changed: now().plus_ms(i64::from(revision)),
    }
}

fn document() -> WorkOrderDocument {
    let value = StepKind::Value {
        unit: Unit("MMT".to_owned()),
        lower: None,
        upper: Some("0.05".parse::<Decimal>().unwrap()),
    };
    let steps = [(1, StepKind::Tick), (2, value)].map(|(number, kind)| Step {
        id: step(number),
        order_key: format!("a{number}"),
        text: format!("Step {number}"),
        kind,
    });
    let plan = WorkOrderPlan {
        priority: Some(Priority::clamped(2)),
        description: "Seal of the feedwater pump leaks".to_owned(),
        tasks: vec![Task {
            id: TaskId(Uuid::from_u128(0x400)),
            number: 10,
            text: "Exchange the seal".to_owned(),
            craft: "Mechanical".to_owned(),
            planned_minutes: 90,
            headcount: 1,
            predecessor: None,
            steps: steps.to_vec(),
        }],
        part_lines: vec![PartLine {
            id: PartLineId(Uuid::from_u128(0x600)),
            item: seal().id,
            quantity: Quantity::pieces(2),
            need_date: None,
            is_critical: true,
            source: PartLineSource::BillOfMaterial,
            is_substitute_allowed: false,
        }],
        ..WorkOrderPlan::default()
    };
    let mut document = WorkOrderDocument::new();
    let edit = Edit::CreateWorkOrder(Box::new(plan));
    document.edit(hub_actor(), now(), &[edit]).unwrap();
    document
}

pub(crate) fn seal() -> Item {
    Item {
        id: ItemId(Uuid::from_u128(0x500)),
        external_ids: vec![],
        number: "4471".to_owned(),
        description: "Mechanical seal 32 mm".to_owned(),
        manufacturer: String::new(),
        part_number: String::new(),
        unit: Unit::piece(),
        class: "seal".to_owned(),
        criticality: None,
        lead_time_days: None,
        is_inactive: false,
        abc: None,
        substitutes: Vec::new(),
        superseded_by: None,
    }
}

pub(crate) fn balance() -> StockBalance {
    StockBalance {
        item: seal().id,
        plant: plant(),
        storeroom: "SR1".to_owned(),
        bin: "C-14".to_owned(),
        unit: Unit::piece(),
        on_hand: 5.into(),
        hard_reserved: Decimal::ZERO,
        soft_reserved: Decimal::ZERO,
        reorder_point: None,
        as_of: now(),
        includes: vec![],
    }
}

fn head(acknowledged: Vec<Acknowledged>) -> DownHead {
    let feeds = BTreeMap::from([
        (WORK, Feed::Work(plant(), area())),
        (ACTORS, Feed::Actors),
        (ITEMS, Feed::Items(plant())),
        (STOCK, Feed::Stock(plant())),
        (DEVICE, Feed::Device(device())),
        (ASSETS, Feed::Assets(plant())),
    ]);
    DownHead {
        log_epoch: 1,
        hub_time: now(),
        feeds: Some(feeds),
        acknowledged,
        fill_remaining: 0,
        backed_up_through: None,
        reader: None,
        keeps_position: false,
        offers_taken: 0,
        anew: Vec::new(),
        sums: BTreeMap::new(),
        ended_since: None,
    }
}

fn slice(feed: u32, items: Vec<FeedItem>) -> Slice {
    Slice {
        feed,
        items,
        cursor: Cursor::At(1),
        proof: None,
    }
}

fn official(version: u64, row: Row) -> FeedItem {
    FeedItem::Row(version, Box::new(row))
}
