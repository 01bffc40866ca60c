//! What is fuzzed: every decoder that bytes from outside reach first, and what is done next with
//! what it lets through.
//!
//! Checksums and compression would keep a fuzzer outside for ever. So where bytes carry one, the
//! input is also taken for what stands inside, and wrapped as an attacker would wrap it.

use std::collections::BTreeMap;

use fettle_document::{Authors, VerifiedChange, WorkOrderDocument, check_rights, hydrate};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::row::Row;
use fettle_domain::{PersonId, Timestamp};
use fettle_sync::PROTOCOL_VERSION;
use fettle_sync::exchange::{Cursor, Down, Push, Up, UpExchange, UpHead};
use fettle_sync::frame::{Decoder, encode, from_cbor};
use fettle_sync::problem::Problem;
use fettle_sync::request::{EnrolAnswer, EnrolRequest, EnrolmentCode, Session, SignInRequest};
use sha2::{Digest, Sha256};

/// Takes any bytes and panics when a promise does not hold.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name, which is also the name of its folder of inputs.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("change", change),
    ("document", document),
    ("down", down),
    ("sign_in", sign_in),
    ("up", up),
];

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_DOCUMENT: u8 = 0;
const CHUNK_CHANGE: u8 = 1;

/// A change: what passes the check is taken by a document or leaves it as it was.
fn change(bytes: &[u8]) {
    take_change(bytes);
    take_change(&sealed(CHUNK_CHANGE, bytes));
}

fn take_change(bytes: &[u8]) {
    let Ok(change) = VerifiedChange::check(bytes) else {
        return;
    };
    assert_eq!(change.bytes(), bytes, "a change keeps its bytes");
    let mut document = WorkOrderDocument::new();
    let before = document.save().to_vec();
    let author = ActorRow {
        actor: change.actor(),
        person: Some(PersonId(Default::default())),
        device: None,
        roles: vec![Role::Technician, Role::Planner],
        valid_from: Timestamp::from_ms(0),
        earlier: vec![],
        device_name: None,
    };
    let mut authors = Authors::default();
    authors.insert(author.clone());
    let is_allowed = check_rights(&document, &change, &author, &authors).is_ok();
    match document.apply(std::slice::from_ref(&change)) {
        Ok(applied) => {
            assert_eq!(applied.newly.is_empty(), !applied.missing.is_empty());
            if is_allowed {
                let _ = hydrate(&document, &authors);
            }
            let saved = document.save();
            let loaded = WorkOrderDocument::load(saved).expect("what is saved is loaded");
            assert_eq!(loaded.heads(), document.heads());
        }
        Err(_) => assert_eq!(document.save(), before, "a document is as it was"),
    }
}

/// A whole document, as a base or a stored one.
fn document(bytes: &[u8]) {
    take_document(bytes);
    take_document(&sealed(CHUNK_DOCUMENT, bytes));
}

fn take_document(bytes: &[u8]) {
    let Ok(document) = WorkOrderDocument::load(bytes) else {
        return;
    };
    let _ = document.heads();
    for change in document.changes_after(&[]) {
        let _ = VerifiedChange::check(&change.bytes);
    }
}

/// A request of a desk: what is read of it is written and read the same again.
fn up(bytes: &[u8]) {
    let _ = UpExchange::decode(bytes);
    let _ = from_cbor::<UpHead>(bytes);
    if let Ok(up) = from_cbor::<Up>(bytes) {
        again(&up);
    }
    let mut request = head();
    request.extend(packed(bytes));
    if let Ok(exchange) = UpExchange::decode(&request) {
        assert!(exchange.pushes.len() <= 1);
        for push in &exchange.pushes {
            take_push(push);
        }
    }
}

fn take_push(push: &Push) {
    for item in &push.items {
        let _ = item.linked(|_| [0; 32]);
    }
    again(&Up::Push(push.clone()));
}

/// An answer of a hub, and a row as files keep it.
fn down(bytes: &[u8]) {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    while let Ok(Some(_)) = decoder.next_frame::<Down>() {}
    if let Ok(down) = from_cbor::<Down>(bytes) {
        again(&down);
    }
    if let Ok(row) = from_cbor::<Row>(bytes) {
        let _ = (row.key(), row.noun(), row.order(), row.is_restricted());
    }
    let mut decoder = Decoder::default();
    decoder.push(&packed(bytes));
    let _ = decoder.next_frame::<Down>();
}

fn again<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let frame = match encode(value) {
        Ok(frame) => frame,
        // What was read from fewer bytes than a frame may have, may still not fit into one.
        Err(_) => return,
    };
    let mut decoder = Decoder::default();
    decoder.push(&frame);
    let read = decoder.next_frame::<T>().expect("what is written is read");
    assert_eq!(read.as_ref(), Some(value));
}

/// Everything JSON around sign-in and enrolment, and the code people type.
fn sign_in(bytes: &[u8]) {
    let _ = serde_json::from_slice::<SignInRequest>(bytes);
    let _ = serde_json::from_slice::<Session>(bytes);
    let _ = serde_json::from_slice::<EnrolAnswer>(bytes);
    let _ = serde_json::from_slice::<Problem>(bytes);
    if let Ok(request) = serde_json::from_slice::<EnrolRequest>(bytes) {
        keeps_code(&request.code);
    }
    if let Some(code) = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok())
    {
        keeps_code(&code);
    }
}

fn keeps_code(code: &EnrolmentCode) {
    let again: EnrolmentCode = code.to_string().parse().expect("a code reads as printed");
    assert!(again == *code);
}

/// A chunk of Automerge's with the checksum its content has.
fn sealed(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut inner = vec![kind];
    let mut length = content.len();
    while length >= 0x80 {
        inner.push(length as u8 | 0x80);
        length >>= 7;
    }
    inner.push(length as u8);
    inner.extend_from_slice(content);
    let mut chunk = MAGIC.to_vec();
    chunk.extend_from_slice(&Sha256::digest(&inner)[..4]);
    chunk.extend(inner);
    chunk
}

/// The smallest head an exchange begins with.
fn head() -> Vec<u8> {
    encode(&Up::Head(UpHead {
        log_epoch: None,
        device_time: Timestamp::from_ms(0),
        cursors: BTreeMap::from([(1, Cursor::NOTHING)]),
        budget_bytes: 1,
        reader: None,
    }))
    .expect("a head is a frame")
}

/// A frame that holds these bytes.
fn packed(raw: &[u8]) -> Vec<u8> {
    let packed = zstd::bulk::compress(raw, 1).expect("anything is compressed");
    let mut frame = vec![b'F'];
    frame.extend(PROTOCOL_VERSION.to_be_bytes());
    frame.extend((packed.len() as u32).to_be_bytes());
    frame.extend((raw.len() as u32).to_be_bytes());
    frame.extend(packed);
    frame
}
