//! What was observed and done: the entries of an order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attachment::MediaType;
use crate::work_order::settlement::Settlement;
use crate::work_order::wish::Proposal;
use crate::{
    ActorId, ContentHash, Decimal, DeviceTime, EntryId, ItemId, PartLineId, PersonId, Quantity,
    TaskId, Timestamp, Unit, WorkOrderId,
};

/// An entry with its author. Open until its author closes it, then immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Authored<T> {
    /// Identity; the idempotency key of its effects.
    pub id: EntryId,
    /// True when the author is done with it; effects derive from closed entries alone.
    pub is_closed: bool,
    /// Author.
    pub actor: ActorId,
    /// Person behind the author, when the actor is known here.
    pub person: Option<PersonId>,
    /// What it says.
    pub entry: T,
}

/// What time was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabourKind {
    /// Regular hours.
    Regular,
    /// Overtime.
    Overtime,
    /// Travel.
    Travel,
    /// Waiting for a part.
    WaitingForPart,
    /// Waiting for a permit.
    WaitingForPermit,
}

/// Time a person worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabourEntry {
    /// Who worked.
    pub person: PersonId,
    /// Kind.
    pub kind: LabourKind,
    /// Task worked on.
    pub task: Option<TaskId>,
    /// Start.
    pub start: DeviceTime,
    /// End; `None` while it runs.
    pub end: Option<DeviceTime>,
    /// Entry this one takes back.
    pub reversal_of: Option<EntryId>,
}

/// A part taken and fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartUsed {
    /// Item.
    pub item: ItemId,
    /// Part line it was planned on.
    pub part_line: Option<PartLineId>,
    /// Storeroom it came from.
    pub storeroom: String,
    /// Bin it came from.
    pub bin: String,
    /// How much.
    pub quantity: Quantity,
    /// Reservation it was taken on, the ERP's number.
    pub reservation: Option<String>,
    /// Lease it was taken against.
    pub lease: Option<String>,
    /// Entry this one takes back.
    pub reversal_of: Option<EntryId>,
    /// When.
    pub at: DeviceTime,
}

/// A meter reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// Meter name, such as `running hours`.
    pub meter: String,
    /// Value.
    pub value: Decimal,
    /// Unit.
    pub unit: Unit,
    /// When.
    pub at: DeviceTime,
    /// Entry this one takes back.
    pub reversal_of: Option<EntryId>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Text; the reason of a settlement, which may be empty.
    pub text: String,
    /// When.
    pub at: DeviceTime,
    /// What it settles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settlement>,
    /// What it proposes to the planner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposes: Option<Proposal>,
}

/// A photo or file, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    /// BLAKE3 of the content, in hexadecimal.
    pub content: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Caption.
    pub caption: String,
    /// When.
    pub at: DeviceTime,
    /// BLAKE3 of its thumbnail, in hexadecimal; `None` where none can be drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// What the content is, such as `image/jpeg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Entry this one takes back: that photo is hidden and stays in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal_of: Option<EntryId>,
}

impl Photo {
    /// What it is, as far as its author said.
    #[must_use]
    pub fn kind(&self) -> Option<MediaType> {
        MediaType::from_name(self.media_type.as_deref()?)
    }

    /// The contents it names: the thumbnail first, which is smaller and wanted sooner. A reversing
    /// entry names none.
    pub fn contents(&self) -> impl Iterator<Item = ContentHash> {
        let is_photo = self.reversal_of.is_none();
        let names = self.thumbnail.as_deref().into_iter();
        names
            .chain([self.content.as_str()])
            .filter(move |_| is_photo)
            .filter_map(|name| name.parse().ok())
    }
}

/// A failure report in the codes of ISO 14224.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailureReport {
    /// Failure mode (what RCM calls the effect).
    pub mode: String,
    /// Mechanism.
    pub mechanism: Option<String>,
    /// Cause.
    pub cause: Option<String>,
    /// Component.
    pub component: Option<String>,
    /// Detection method.
    pub detection: Option<String>,
    /// Activity carried out.
    pub activity: Option<String>,
    /// Remedy in words.
    pub remedy: Option<String>,
    /// When it occurred.
    pub occurred: Option<Timestamp>,
    /// When it was reported.
    pub at: DeviceTime,
}

/// Time an asset was down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DowntimeEvent {
    /// Start.
    pub start: Timestamp,
    /// End; `None` while it lasts.
    pub end: Option<Timestamp>,
    /// True when it was planned.
    pub is_planned: bool,
}

/// How another order belongs to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The other order continues this one.
    Continuation,
    /// The other order follows from this one.
    FollowUp,
}

/// A link to another order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Identity.
    pub id: EntryId,
    /// Kind.
    pub kind: LinkKind,
    /// The other order.
    pub order: WorkOrderId,
}
