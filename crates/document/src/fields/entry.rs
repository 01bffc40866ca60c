//! Results, entries and links as fields.

use automerge::ScalarValue;
use fettle_domain::work_order::step::SecondSignature;
use fettle_domain::work_order::wish::Proposal;
use fettle_domain::work_order::{
    DowntimeEvent, FailureReport, LabourEntry, LabourKind, Link, LinkKind, Note, PartUsed, Photo,
    Priority, Reading,
};
use fettle_domain::{EntryId, ItemId, PartLineId, PersonId, Quantity, TaskId, Unit, WorkOrderId};

use super::{Fields, Read, settlement};
use crate::edit::StepEntry;

pub(crate) fn of_step_entry(entry: &StepEntry) -> Fields {
    let mut fields = Fields::default();
    fields.flag("is_done", entry.is_done);
    fields.decimal("value", entry.value);
    fields.optional_text("unit", entry.unit.as_ref().map(|unit| unit.0.as_str()));
    fields.optional_text("text", entry.text.as_deref());
    // Content hashes hold no space, so one scalar holds them all.
    let photos = entry.photos.join(" ");
    fields.optional_text("photos", (!photos.is_empty()).then_some(&photos));
    fields.optional_text("scanned_code", entry.scanned_code.as_deref());
    let second = entry.second_signature.as_ref();
    fields.id("second_person", second.map(|second| second.person.0));
    let signature = second.map(|second| second.signature.as_str());
    fields.optional_text("second_signature", signature);
    fields.optional_text("permit", entry.permit_acknowledged.as_deref());
    fields.device_time("at", Some(entry.at));
    fields
}

pub(crate) fn step_entry(fields: &impl Read) -> Option<StepEntry> {
    let second_signature = fields
        .id("second_person")
        .zip(fields.text("second_signature"))
        .map(|(person, signature)| SecondSignature {
            person: PersonId(person),
            signature,
        });
    Some(StepEntry {
        is_done: fields.flag("is_done")?,
        value: fields.decimal("value"),
        unit: fields.text("unit").map(Unit),
        text: fields.text("text"),
        photos: fields
            .text("photos")
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        scanned_code: fields.text("scanned_code"),
        second_signature,
        permit_acknowledged: fields.text("permit"),
        at: fields.device_time("at")?,
    })
}

pub(crate) fn of_labour(entry: &LabourEntry) -> Fields {
    let mut fields = Fields::default();
    fields.id("person", Some(entry.person.0));
    fields.text("kind", labour_word(entry.kind));
    fields.id("task", entry.task.map(|id| id.0));
    fields.device_time("start", Some(entry.start));
    fields.device_time("end", entry.end);
    fields.id("reversal_of", entry.reversal_of.map(|id| id.0));
    fields
}

pub(crate) fn labour(fields: &impl Read) -> Option<LabourEntry> {
    const KINDS: [LabourKind; 5] = [
        LabourKind::Regular,
        LabourKind::Overtime,
        LabourKind::Travel,
        LabourKind::WaitingForPart,
        LabourKind::WaitingForPermit,
    ];
    let word = fields.text("kind")?;
    Some(LabourEntry {
        person: PersonId(fields.id("person")?),
        kind: KINDS.into_iter().find(|kind| labour_word(*kind) == word)?,
        task: fields.id("task").map(TaskId),
        start: fields.device_time("start")?,
        end: fields.device_time("end"),
        reversal_of: fields.id("reversal_of").map(EntryId),
    })
}

fn labour_word(kind: LabourKind) -> &'static str {
    match kind {
        LabourKind::Regular => "regular",
        LabourKind::Overtime => "overtime",
        LabourKind::Travel => "travel",
        LabourKind::WaitingForPart => "waiting_for_part",
        LabourKind::WaitingForPermit => "waiting_for_permit",
    }
}

pub(crate) fn of_part_used(entry: &PartUsed) -> Fields {
    let mut fields = Fields::default();
    fields.id("item", Some(entry.item.0));
    fields.id("part_line", entry.part_line.map(|id| id.0));
    fields.text("storeroom", &entry.storeroom);
    fields.text("bin", &entry.bin);
    fields.decimal("quantity", Some(entry.quantity.value));
    fields.text("unit", &entry.quantity.unit.0);
    fields.optional_text("reservation", entry.reservation.as_deref());
    fields.optional_text("lease", entry.lease.as_deref());
    fields.id("reversal_of", entry.reversal_of.map(|id| id.0));
    fields.device_time("at", Some(entry.at));
    fields
}

pub(crate) fn part_used(fields: &impl Read) -> Option<PartUsed> {
    Some(PartUsed {
        item: ItemId(fields.id("item")?),
        part_line: fields.id("part_line").map(PartLineId),
        storeroom: fields.text("storeroom").unwrap_or_default(),
        bin: fields.text("bin").unwrap_or_default(),
        quantity: Quantity {
            value: fields.decimal("quantity")?,
            unit: Unit(fields.text("unit")?),
        },
        reservation: fields.text("reservation"),
        lease: fields.text("lease"),
        reversal_of: fields.id("reversal_of").map(EntryId),
        at: fields.device_time("at")?,
    })
}

pub(crate) fn of_reading(entry: &Reading) -> Fields {
    let mut fields = Fields::default();
    fields.text("meter", &entry.meter);
    fields.decimal("value", Some(entry.value));
    fields.text("unit", &entry.unit.0);
    fields.id("reversal_of", entry.reversal_of.map(|id| id.0));
    fields.device_time("at", Some(entry.at));
    fields
}

pub(crate) fn reading(fields: &impl Read) -> Option<Reading> {
    Some(Reading {
        meter: fields.text("meter")?,
        value: fields.decimal("value")?,
        unit: Unit(fields.text("unit")?),
        at: fields.device_time("at")?,
        reversal_of: fields.id("reversal_of").map(EntryId),
    })
}

pub(crate) fn of_note(entry: &Note) -> Fields {
    let mut fields = Fields::default();
    fields.text("text", &entry.text);
    fields.device_time("at", Some(entry.at));
    settlement::put(&mut fields, entry.settles.as_ref());
    if let Some(proposal) = entry.proposes {
        let priority = proposal.priority.map(|level| u64::from(level.number()));
        fields.put("proposes_priority", priority.map(ScalarValue::Uint));
        fields.moment("proposes_finish", proposal.required_finish);
    }
    fields
}

pub(crate) fn note(fields: &impl Read) -> Option<Note> {
    Some(Note {
        text: fields.text("text")?,
        at: fields.device_time("at")?,
        settles: settlement::read(fields),
        proposes: proposal(fields),
    })
}

fn proposal(fields: &impl Read) -> Option<Proposal> {
    let priority = fields.number("proposes_priority");
    let priority = priority.and_then(|number| u8::try_from(number).ok());
    let proposal = Proposal {
        priority: priority.and_then(|number| Priority::try_from(number).ok()),
        required_finish: fields.moment("proposes_finish"),
    };
    (!proposal.wanted().is_empty()).then_some(proposal)
}

pub(crate) fn of_photo(entry: &Photo) -> Fields {
    let mut fields = Fields::default();
    fields.text("content", &entry.content);
    fields.number("size_bytes", entry.size_bytes);
    fields.text("caption", &entry.caption);
    fields.device_time("at", Some(entry.at));
    fields.optional_text("thumbnail", entry.thumbnail.as_deref());
    fields.optional_text("media_type", entry.media_type.as_deref());
    fields.id("reversal_of", entry.reversal_of.map(|id| id.0));
    fields
}

pub(crate) fn photo(fields: &impl Read) -> Option<Photo> {
    Some(Photo {
        content: fields.text("content")?,
        size_bytes: fields.number("size_bytes")?,
        caption: fields.text("caption").unwrap_or_default(),
        at: fields.device_time("at")?,
        thumbnail: fields.text("thumbnail"),
        media_type: fields.text("media_type"),
        reversal_of: fields.id("reversal_of").map(EntryId),
    })
}

pub(crate) fn of_failure_report(entry: &FailureReport) -> Fields {
    let mut fields = Fields::default();
    fields.text("mode", &entry.mode);
    fields.optional_text("mechanism", entry.mechanism.as_deref());
    fields.optional_text("cause", entry.cause.as_deref());
    fields.optional_text("component", entry.component.as_deref());
    fields.optional_text("detection", entry.detection.as_deref());
    fields.optional_text("activity", entry.activity.as_deref());
    fields.optional_text("remedy", entry.remedy.as_deref());
    fields.moment("occurred", entry.occurred);
    fields.device_time("at", Some(entry.at));
    fields
}

pub(crate) fn failure_report(fields: &impl Read) -> Option<FailureReport> {
    Some(FailureReport {
        mode: fields.text("mode")?,
        mechanism: fields.text("mechanism"),
        cause: fields.text("cause"),
        component: fields.text("component"),
        detection: fields.text("detection"),
        activity: fields.text("activity"),
        remedy: fields.text("remedy"),
        occurred: fields.moment("occurred"),
        at: fields.device_time("at")?,
    })
}

pub(crate) fn of_downtime(entry: &DowntimeEvent) -> Fields {
    let mut fields = Fields::default();
    fields.moment("start", Some(entry.start));
    fields.moment("end", entry.end);
    fields.flag("is_planned", entry.is_planned);
    fields
}

pub(crate) fn downtime(fields: &impl Read) -> Option<DowntimeEvent> {
    Some(DowntimeEvent {
        start: fields.moment("start")?,
        end: fields.moment("end"),
        is_planned: fields.flag("is_planned").unwrap_or(false),
    })
}

pub(crate) fn of_link(link: &Link) -> Fields {
    let mut fields = Fields::default();
    fields.text(
        "kind",
        match link.kind {
            LinkKind::Continuation => "continuation",
            LinkKind::FollowUp => "follow_up",
        },
    );
    fields.id("order", Some(link.order.0));
    fields
}

pub(crate) fn link(id: EntryId, fields: &impl Read) -> Option<Link> {
    Some(Link {
        id,
        kind: match fields.text("kind")?.as_str() {
            "continuation" => LinkKind::Continuation,
            "follow_up" => LinkKind::FollowUp,
            _ => return None,
        },
        order: WorkOrderId(fields.id("order")?),
    })
}
