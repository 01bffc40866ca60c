//! Words for cases: people with actors, and devices that hold a document.

use fettle_document::{Authors, Edit, NewChange, StepEntry, VerifiedChange, WorkOrderDocument};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::work_order::{LabourEntry, LabourKind, Note, PartLine, PartLineSource};
use fettle_domain::{
    ActorId, DeviceTime, EntryId, ItemId, PartLineId, PersonId, Quantity, StepId, Timestamp,
};
use uuid::Uuid;

pub(crate) const ANA: u8 = 1;
pub(crate) const BEN: u8 = 2;
pub(crate) const PIA: u8 = 3;

pub(crate) fn actor(of: u8) -> ActorId {
    ActorId([of; 16])
}

pub(crate) fn row(of: u8) -> ActorRow {
    let role = if of == PIA {
        Role::Planner
    } else {
        Role::Technician
    };
    ActorRow {
        actor: actor(of),
        person: Some(PersonId(Uuid::from_u128(of.into()))),
        device: None,
        roles: vec![role],
        valid_from: Timestamp::default(),
        earlier: vec![],
        device_name: None,
    }
}

/// Ana and Ben are technicians, Pia is the planner.
pub(crate) fn authors() -> Authors {
    [ANA, BEN, PIA].map(row).into_iter().collect()
}

pub(crate) fn at(ms: i64) -> DeviceTime {
    DeviceTime {
        at: Timestamp::from_ms(1_700_000_000_000 + ms),
        offset_ms: Some(40),
        boot_id: 7,
        boot_ms: 1_000,
    }
}

pub(crate) fn entry(number: u128) -> EntryId {
    EntryId(Uuid::from_u128(number))
}

pub(crate) fn note(number: u128, text: &str) -> Edit {
    Edit::PutNote {
        id: entry(number),
        entry: Note {
            text: text.to_owned(),
            at: at(0),
            proposes: None,
            settles: None,
        },
    }
}

pub(crate) fn labour(number: u128, of: u8, is_closed: bool) -> Edit {
    Edit::PutLabour {
        id: entry(number),
        entry: LabourEntry {
            person: PersonId(Uuid::from_u128(of.into())),
            kind: LabourKind::Regular,
            task: None,
            start: at(0),
            end: is_closed.then_some(at(60_000)),
            reversal_of: None,
        },
        is_closed,
    }
}

pub(crate) fn part_line(number: u128, pieces: i64) -> Edit {
    Edit::PutPartLine(PartLine {
        id: PartLineId(Uuid::from_u128(number)),
        item: ItemId(Uuid::from_u128(99)),
        quantity: Quantity::pieces(pieces),
        need_date: None,
        is_critical: true,
        source: PartLineSource::Manual,
        is_substitute_allowed: false,
    })
}

pub(crate) fn measured(step: u128, value: &str) -> Edit {
    measured_at(step, value, 0)
}

/// A value measured so many milliseconds into the case.
pub(crate) fn measured_at(step: u128, value: &str, ms: i64) -> Edit {
    Edit::RecordStep {
        step: StepId(Uuid::from_u128(step)),
        entry: Box::new(StepEntry {
            is_done: true,
            value: Some(value.parse().unwrap()),
            unit: None,
            text: None,
            photos: vec![],
            scanned_code: None,
            second_signature: None,
            permit_acknowledged: None,
            at: at(ms),
        }),
    }
}

pub(crate) fn write(document: &mut WorkOrderDocument, of: u8, edits: &[Edit]) -> NewChange {
    document
        .edit(actor(of), Timestamp::default(), edits)
        .unwrap()
        .unwrap()
}

pub(crate) fn verified(change: &NewChange) -> VerifiedChange {
    VerifiedChange::check(&change.bytes).unwrap()
}

pub(crate) fn send(from: &WorkOrderDocument, to: &mut WorkOrderDocument) {
    let changes: Vec<_> = from
        .changes_after(&to.heads())
        .iter()
        .map(verified)
        .collect();
    to.apply(&changes).unwrap();
}
