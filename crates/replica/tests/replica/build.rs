//! Words for cases: a replica in a folder of its own, filled by slices as a hub would send them.

use std::collections::BTreeMap;
use std::path::Path;

use ed25519_dalek::SigningKey;
use fettle_document::{Edit, StepEntry, WorkOrderDocument, WorkOrderPlan};
use fettle_domain::feed::Feed;
use fettle_domain::intent::{Claim, Intent, Transition};
use fettle_domain::person::{ActorRow, Person, Role};
use fettle_domain::row::Row;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::{
    Note, Priority, Status, Step, StepKind, Task, WorkOrderRow, WorkOrderType,
};
use fettle_domain::{
    ActorId, AreaId, AssetId, CorrelationId, DeviceTime, EntryId, IntentId, PersonId, PlantId,
    StepId, TaskId, Timestamp, WorkOrderId,
};
use fettle_replica::{Commit, Committed, Fault, Made, MadeKind, MadeSubject, Replica, ReplicaKey};
use fettle_sync::chain::{PersonKey, Position};
use fettle_sync::exchange::{Acknowledged, Cursor, DownHead, FeedItem, Slice};
use uuid::Uuid;

pub(crate) const WORK: u32 = 1;
pub(crate) const PEOPLE: u32 = 2;
pub(crate) const ACTORS: u32 = 3;
pub(crate) const ASSETS: u32 = 4;
pub(crate) const OTHER_WORK: u32 = 5;

pub(crate) fn key() -> ReplicaKey {
    ReplicaKey::new([7; 32])
}

pub(crate) fn person_key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

pub(crate) fn ana() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

pub(crate) fn actor() -> ActorId {
    ActorId([1; 16])
}

pub(crate) fn hub_actor() -> ActorId {
    ActorId([2; 16])
}

pub(crate) fn order() -> WorkOrderId {
    WorkOrderId(Uuid::from_u128(0x100))
}

pub(crate) fn step(number: u128) -> StepId {
    StepId(Uuid::from_u128(0x200 + number))
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

pub(crate) fn device_time() -> DeviceTime {
    DeviceTime {
        at: now(),
        offset_ms: Some(0),
        boot_id: 1,
        boot_ms: 1000,
    }
}

pub(crate) fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

pub(crate) fn area() -> AreaId {
    AreaId::new("HALL-3").unwrap()
}

/// The official row of the order.
pub(crate) fn row(status: Status, revision: u32) -> WorkOrderRow {
    WorkOrderRow {
        id: order(),
        external_ids: vec![],
        number: Some("WO-10427".to_owned()),
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
        asset: Some(AssetId(Uuid::from_u128(0x300))),
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

pub(crate) fn plan() -> Edit {
    let steps = [1, 2].map(|number| Step {
        id: step(number),
        order_key: format!("a{number}"),
        text: format!("Step {number}"),
        kind: StepKind::Tick,
    });
    Edit::CreateWorkOrder(Box::new(WorkOrderPlan {
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
        ..WorkOrderPlan::default()
    }))
}

/// The document as the hub made it.
pub(crate) fn hub_document() -> WorkOrderDocument {
    let mut document = WorkOrderDocument::new();
    document.edit(hub_actor(), now(), &[plan()]).unwrap();
    document
}

pub(crate) fn head(feeds: &[(u32, Feed)]) -> DownHead {
    DownHead {
        log_epoch: 1,
        hub_time: now(),
        feeds: Some(feeds.iter().cloned().collect::<BTreeMap<_, _>>()),
        acknowledged: vec![],
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

pub(crate) fn feeds() -> Vec<(u32, Feed)> {
    vec![
        (WORK, Feed::Work(plant(), area())),
        (PEOPLE, Feed::People),
        (ACTORS, Feed::Actors),
        (ASSETS, Feed::Assets(plant())),
        (
            OTHER_WORK,
            Feed::Work(plant(), AreaId::new("YARD").unwrap()),
        ),
    ]
}

pub(crate) fn slice(feed: u32, through: u64, items: Vec<FeedItem>) -> Slice {
    Slice {
        feed,
        items,
        cursor: Cursor::At(through),
        proof: None,
    }
}

pub(crate) fn official(version: u64, row: Row) -> FeedItem {
    FeedItem::Row(version, Box::new(row))
}

pub(crate) fn order_slice() -> Slice {
    slice(
        WORK,
        2,
        vec![
            FeedItem::Base(order().into(), hub_document().save().to_vec().into()),
            official(2, Row::WorkOrder(row(Status::Appr, 1))),
        ],
    )
}

/// A replica with Ana and one approved order assigned to her.
pub(crate) fn filled(folder: &Path) -> Replica {
    let replica = Replica::open(folder, &key()).unwrap();
    replica.apply_head(&head(&feeds())).unwrap();
    let person = Row::Person(Person {
        id: ana(),
        external_ids: vec![],
        name: "Ana Ruiz".to_owned(),
        craft: "Mechanical 2".to_owned(),
        plant: plant(),
        crew: None,
        roles: vec![Role::Technician],
        is_disabled: false,
    });
    let actor_row = |actor, person, role| {
        Row::Actor(ActorRow {
            actor,
            person,
            device: None,
            roles: vec![role],
            valid_from: now(),
            earlier: vec![],
            device_name: None,
        })
    };
    let actors = vec![
        official(1, actor_row(actor(), Some(ana()), Role::Technician)),
        official(2, actor_row(hub_actor(), None, Role::Cmms)),
    ];
    replica
        .apply_slice(&slice(PEOPLE, 1, vec![official(1, person)]))
        .unwrap();
    replica.apply_slice(&slice(ACTORS, 2, actors)).unwrap();
    replica.apply_slice(&order_slice()).unwrap();
    replica
}

/// What Ana commits on the order.
pub(crate) fn commit(
    replica: &Replica,
    edits: Vec<Edit>,
    intent: Option<Intent>,
    made: Vec<Made>,
) -> Result<Committed, Fault> {
    let key = person_key();
    replica.commit(&Commit {
        actor: actor(),
        person: ana(),
        sign: &|position: &Position| position.sign(&key),
        now: now(),
        order: Some(order()),
        edits,
        intent,
        records: vec![],
        made,
    })
}

pub(crate) fn tick(replica: &Replica, number: u128) -> Committed {
    let entry = StepEntry {
        is_done: true,
        value: None,
        unit: None,
        text: None,
        photos: vec![],
        scanned_code: None,
        second_signature: None,
        permit_acknowledged: None,
        at: device_time(),
    };
    let edit = Edit::RecordStep {
        step: step(number),
        entry: Box::new(entry),
    };
    let made = Made {
        kind: MadeKind::Step,
        subject: MadeSubject::Step(step(number)),
        words: format!("Step {number}"),
    };
    commit(replica, vec![edit], None, vec![made]).unwrap()
}

pub(crate) fn note(replica: &Replica, number: u128, text: &str) -> Committed {
    try_note(replica, number, text).unwrap()
}

pub(crate) fn try_note(replica: &Replica, number: u128, text: &str) -> Result<Committed, Fault> {
    let id = EntryId(Uuid::from_u128(0x500 + number));
    let edit = Edit::PutNote {
        id,
        entry: Note {
            text: text.to_owned(),
            at: device_time(),
            proposes: None,
            settles: None,
        },
    };
    let made = Made {
        kind: MadeKind::Note,
        subject: MadeSubject::Entry(id),
        words: text.chars().take(40).collect(),
    };
    commit(replica, vec![edit], None, vec![made])
}

pub(crate) fn start_intent() -> Intent {
    Intent {
        id: IntentId(Uuid::from_u128(0x600)),
        claim: Claim::Transition(Transition {
            order: order(),
            from: Status::Appr,
            to: Status::Inprg,
            based_on: 1,
            reason: None,
        }),
        depends_on: vec![],
        charter_version: 1,
        actor: actor(),
        made: device_time(),
        correlation_id: CorrelationId(Uuid::from_u128(0x700)),
    }
}

/// Ana starts the order: actual start and the claim in one commit.
pub(crate) fn start(replica: &Replica) -> Committed {
    let intent = start_intent();
    let made = Made {
        kind: MadeKind::Transition,
        subject: MadeSubject::Intent(intent.id),
        words: Status::Inprg.word().to_owned(),
    };
    let edit = Edit::SetTimes {
        actual_start: Some(now()),
        actual_finish: None,
    };
    commit(replica, vec![edit], Some(intent), vec![made]).unwrap()
}

pub(crate) fn acknowledged(through: u64) -> Acknowledged {
    Acknowledged {
        actor: actor(),
        through,
        quarantined: vec![],
        waiting: vec![],
        stopped: None,
        compensated: Vec::new(),
    }
}

pub(crate) fn public_key() -> PersonKey {
    PersonKey(person_key().verifying_key().to_bytes())
}
