//! What the files of the present version hold: one of everything a hub keeps, at one moment.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use fettle_document::{Edit, WorkOrderDocument};
use fettle_domain::charter::Charter;
use fettle_domain::effect::{Rejection, RejectionClass};
use fettle_domain::intent::Dependency;
use fettle_domain::record::Record;
use fettle_domain::row::Row;
use fettle_domain::work_order::{LabourEntry, LabourKind, Note, PartUsed, Status};
use fettle_domain::{
    CorrelationId, DeviceTime, EntryId, IntentId, PlantId, Quantity, RecordId, Timestamp,
    WorkOrderId,
};
use fettle_hub::core::{Hub, Masters, NewCode, Policy, SecretBytes, hash_password};
use fettle_hub::effect::{Call, Outcome};
use fettle_sync::chain::Position;
use fettle_sync::exchange::{DownHead, Push, PushItem};
use fettle_sync::request::{Credentials, EnrolAnswer, EnrolRequest, HexKey};
use rusqlite::Connection;
use serde_bytes::ByteBuf;
use uuid::Uuid;

use crate::desk::{Desk, request};
use crate::world::PASSWORD;

/// The moment everything happens: 2026-11-25T12:00:00Z.
pub(super) fn noon() -> Timestamp {
    Timestamp::from_ms(1_795_608_000_000)
}
pub(super) const LABOUR: EntryId = EntryId(Uuid::from_u128(1));
pub(super) const PART: EntryId = EntryId(Uuid::from_u128(2));
pub(super) const CLAIM: IntentId = IntentId(Uuid::from_u128(3));

/// What a test needs of the desk that worked on the file.
pub(super) struct Written {
    /// The request with everything it pushed.
    pub(super) request: Vec<u8>,
    /// Where its chain ends.
    pub(super) position: Position,
}

pub(super) fn policy() -> Arc<Policy> {
    Arc::new(Policy {
        demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
        ..Policy::new(Charter::embedded().unwrap())
    })
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

pub(super) fn credentials() -> Credentials {
    credentials_of("kowalska")
}

fn credentials_of(account: &str) -> Credentials {
    Credentials {
        account: account.to_owned(),
        password: PASSWORD.to_owned(),
    }
}

/// Tables and indexes of a file.
pub(super) fn tables(file: &Path) -> BTreeMap<String, Option<String>> {
    let connection = Connection::open(file).unwrap();
    let mut statement = connection
        .prepare("SELECT type || ' ' || name, sql FROM sqlite_schema")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Fills a new file.
pub(super) fn write(file: &Path) -> Written {
    let mut hub = Hub::open(Some(file), policy()).unwrap();
    for (system, rows) in super::masters::masters() {
        let masters = Masters {
            system: system.to_owned(),
            rows,
        };
        hub.ingest(&masters, noon(), noon()).unwrap();
    }
    for number in 1..=3 {
        make_code(&mut hub, number);
    }
    let enrolled = enrol(&mut hub, 1, "kowalska");
    enrol(&mut hub, 2, "left");
    let info = hub
        .read(|core| core.authenticate(&enrolled.session.token, noon()))
        .unwrap()
        .unwrap();
    let mut desk = Desk::new(enrolled, info, key());
    exchange(&mut hub, &mut desk, Vec::new());
    let items = work(&mut desk);
    let push = desk.push(items);
    let request = request(desk.head(), vec![push]);
    let told = hub.exchange(&desk.info, &request, noon()).unwrap();
    desk.read(&told);
    // One after the other: postings of one order wait for each other.
    for _ in 0..2 {
        answer_the_erp(&mut hub);
    }
    exchange(&mut hub, &mut desk, Vec::new());
    hub.write(|core| core.revoke_device("HW-2", noon()))
        .unwrap()
        .unwrap();
    hub.write(|core| core.set_person_disabled("left", true, noon()))
        .unwrap()
        .unwrap();
    hub.write(|core| core.note_backup(noon(), Path::new("copy.db")))
        .unwrap();
    Written {
        request,
        position: desk.position,
    }
}

fn make_code(hub: &mut Hub, number: u8) {
    let new = NewCode {
        name: format!("HW-{number}"),
        plant: plant(),
        areas: Vec::new(),
        random: [number; 8],
        fingerprint: [9; 32],
    };
    // A day is not enough for a file that is kept for years.
    let later = noon().plus_ms(24 * 3_600_000);
    hub.write(|core| core.make_code(&new, later))
        .unwrap()
        .unwrap();
}

/// Enrols a device with the code of its number.
pub(super) fn enrol(hub: &mut Hub, number: u8, account: &str) -> EnrolAnswer {
    let key = SigningKey::from_bytes(&[number; 32]);
    let request = EnrolRequest {
        code: fettle_sync::request::EnrolmentCode::new([number; 8], &[9; 32]),
        credentials: credentials_of(account),
        person_key: HexKey(key.verifying_key().to_bytes()),
    };
    let secrets = [
        SecretBytes([number * 10 + 1; 32]),
        SecretBytes([number * 10 + 2; 32]),
    ];
    hub.write(|core| core.enrol(&request, true, secrets, noon()))
        .unwrap()
        .unwrap()
}

pub(super) fn exchange(hub: &mut Hub, desk: &mut Desk, pushes: Vec<Push>) -> DownHead {
    let request = request(desk.head(), pushes);
    let told = hub.exchange(&desk.info, &request, noon()).unwrap();
    desk.read(&told).0
}

fn device_time() -> DeviceTime {
    DeviceTime {
        at: noon(),
        offset_ms: Some(0),
        boot_id: 1,
        boot_ms: 1_000,
    }
}

pub(super) fn plant() -> PlantId {
    PlantId::new("1200").unwrap()
}

fn edit(desk: &mut Desk, order: WorkOrderId, edit: Edit) -> PushItem {
    let document: &mut WorkOrderDocument = desk.documents.get_mut(&order.into()).unwrap();
    let change = document.edit(desk.actor, noon(), &[edit]).unwrap().unwrap();
    PushItem::Change(order.into(), ByteBuf::from(change.bytes))
}

pub(super) fn note(desk: &mut Desk, order: WorkOrderId, id: u128, text: &str) -> PushItem {
    let entry = Note {
        text: text.to_owned(),
        at: device_time(),
        proposes: None,
        settles: None,
    };
    let id = EntryId(Uuid::from_u128(id));
    edit(desk, order, Edit::PutNote { id, entry })
}

/// Facts that are posted and refused, a claim, and what waits, is held and is quarantined.
fn work(desk: &mut Desk) -> Vec<PushItem> {
    let order = desk.orders().next().unwrap().clone();
    let (person, actor) = (desk.info.person, desk.actor);
    let written = note(desk, order.id, 4, "Seal face worn");
    let labour = Edit::PutLabour {
        id: LABOUR,
        entry: LabourEntry {
            person,
            kind: LabourKind::Regular,
            task: None,
            start: DeviceTime {
                at: noon().plus_ms(-1_800_000),
                ..device_time()
            },
            end: Some(device_time()),
            reversal_of: None,
        },
        is_closed: true,
    };
    let labour = edit(desk, order.id, labour);
    let item = desk.rows.values().find_map(|(_, row)| match row {
        Row::Item(item) => Some(item.id),
        _ => None,
    });
    let part = Edit::PutPartUsed {
        id: PART,
        entry: PartUsed {
            item: item.unwrap(),
            part_line: None,
            storeroom: "01".to_owned(),
            bin: "C-14".to_owned(),
            quantity: Quantity::pieces(1),
            reservation: None,
            lease: None,
            reversal_of: None,
            at: device_time(),
        },
    };
    let part = edit(desk, order.id, part);
    let intent = |id: u128| {
        let mut intent = desk.intent(&order, Status::Inprg, id);
        intent.made = device_time();
        intent
    };
    let claim = intent(3);
    let mut waiting = intent(5);
    waiting.depends_on = vec![Dependency::Intent(IntentId(Uuid::from_u128(99)))];
    let mut foreign = intent(6);
    foreign.actor.0[0] ^= 1;
    let record = Record {
        id: RecordId(Uuid::from_u128(7)),
        plant: plant(),
        kind: "hand_over_note".to_owned(),
        content: "{\"text\":\"Pump runs again\"}".to_owned(),
        actor,
        written: device_time(),
        correlation_id: CorrelationId(Uuid::from_u128(8)),
    };
    // The change before it is not sent: it is held until that one comes.
    drop(note(desk, order.id, 10, "Never sent"));
    let held = note(desk, order.id, 11, "Held");
    vec![
        written,
        labour,
        part,
        PushItem::Intent(claim),
        PushItem::Intent(waiting),
        PushItem::Intent(foreign),
        PushItem::Record(record),
        held,
    ]
}

/// The ERP took the labour and refused the part; what goes to the CMMS is not answered yet.
fn answer_the_erp(hub: &mut Hub) {
    for claimed in hub.due_effects(noon(), 8).unwrap() {
        let outcome = match &claimed.call {
            Call::ConfirmLabour(_) => Outcome::Posted {
                number: "5000000401".to_owned(),
            },
            Call::MoveGoods(_) => Outcome::Rejected {
                rejection: Rejection {
                    class: RejectionClass::TransactionData,
                    code: "NOT_ENOUGH_STOCK".to_owned(),
                    message: "only 0 pieces are there".to_owned(),
                },
                official: None,
            },
            Call::SetStatus(_) | Call::ChangePlan(_) => Outcome::NotSent {
                seen: "no connection".to_owned(),
            },
        };
        hub.effect_answered(&claimed, &outcome, noon()).unwrap();
    }
}
