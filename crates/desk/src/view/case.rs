//! Exceptions: what waits for a person, grouped by cause, and one case with what may be done.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::ChangeView;
use super::problem::ProblemView;

/// The exceptions page of the person at work.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CasesView {
    /// Cases that are not settled, one group per cause, the one due first on top.
    pub groups: Vec<CaseGroupView>,
    /// Cases settled in the last day, the newest on top.
    pub settled: Vec<CaseRowView>,
    /// How many are not settled.
    pub open: u32,
    /// How many of these are overdue.
    pub overdue: u32,
    /// When the hub was last heard, UTC ms; what is newer is not here yet.
    pub as_of: Option<f64>,
}

/// Cases with one cause.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CaseGroupView {
    /// Identity of the group.
    pub key: String,
    /// The cause they share.
    pub cause: ProblemView,
    /// Role that has them; a Fluent message `role-<owner>` names it.
    pub owner: String,
    /// When the oldest was opened, UTC ms.
    pub oldest: f64,
    /// When the first is due, UTC ms.
    pub due: f64,
    /// How many are overdue.
    pub overdue: u32,
    /// The cases, the one due first on top.
    pub rows: Vec<CaseRowView>,
}

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Labour that was not posted.
    Labour,
    /// A part that was not posted.
    Part,
    /// A status that was not taken over.
    Status,
    /// A claim that raced with another.
    Race,
    /// Entries of the order that clash.
    Entry,
    /// Results of a step that clash.
    Step,
    /// A field of the order that clashes.
    Field,
    /// What the hub keeps aside.
    KeptAside,
}

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CaseStage {
    /// A role has it.
    Open,
    /// A person has it.
    Taken,
    /// It was sent again and waits for the outside system.
    SentAgain,
    /// It is settled.
    Settled,
    /// It was dropped.
    Dropped,
}

/// One case as the list shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CaseRowView {
    /// Case id.
    pub id: String,
    /// Order id.
    pub order_id: String,
    /// Order number.
    pub order_number: String,
    /// The order's short text.
    pub order_title: String,
    /// What it is about.
    pub kind: CaseKind,
    /// The part with its quantity, the status, the step's text or the field; empty for labour.
    pub text: String,
    /// Minutes of labour.
    pub minutes: Option<u32>,
    /// Who wrote the fact or made the claim; empty while unknown here.
    pub by: String,
    /// Role that has it.
    pub owner: String,
    /// Person who has it, once there is one.
    pub holder: Option<String>,
    /// When it was opened, UTC ms.
    pub opened: f64,
    /// When it is overdue, UTC ms.
    pub due: f64,
    /// True when nobody settled it in time.
    pub is_overdue: bool,
    /// How far it is.
    pub stage: CaseStage,
    /// Where the newest decision made on this laptop is, while the hub has not carried it out.
    pub decided: Option<ChangeView>,
    /// When it was settled, UTC ms.
    pub settled_at: Option<f64>,
}

/// One case with all there is to say.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CaseView {
    /// As the list shows it.
    pub row: CaseRowView,
    /// Why.
    pub cause: ProblemView,
    /// `ERP` or `CMMS`, where one of them takes part.
    pub system: Option<String>,
    /// The system's own code.
    pub code: Option<String>,
    /// How often it was asked.
    pub attempts: u32,
    /// What waits until it is settled.
    pub blocks: Vec<BlockedView>,
    /// What happened, oldest first.
    pub events: Vec<CaseEventView>,
    /// What the person may do: `take`, `replay`, `discard`, `accept`, `reject`.
    pub actions: Vec<String>,
}

/// Something that waits behind a case.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BlockedView {
    /// What it is.
    pub kind: CaseKind,
    /// The part with its quantity or the status; empty for labour.
    pub text: String,
    /// Minutes of labour.
    pub minutes: Option<u32>,
}

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CaseEventKind {
    /// It happened: the work was done or the claim made.
    Made,
    /// It came to a person.
    Opened,
    /// A person took it.
    Taken,
    /// A person sent it again.
    SentAgain,
    /// It was refused or clashed again.
    Again,
    /// It stands in the outside system.
    Posted,
    /// It was dropped.
    Discarded,
    /// The claim was accepted.
    Accepted,
    /// The claim was not accepted.
    Rejected,
    /// It was settled where it clashed.
    Overtaken,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CaseEventView {
    /// What.
    pub kind: CaseEventKind,
    /// When, UTC ms.
    pub at: f64,
    /// Who; empty when no person of ours.
    pub by: String,
    /// The outside's own words or the person's reason.
    pub words: Option<String>,
}

/// A person's decision about a case.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct DecideCaseInput {
    /// Case id.
    pub case_id: String,
    /// Order id.
    pub order_id: String,
    /// `take`, `replay`, `discard`, `accept` or `reject`.
    pub action: String,
    /// Why, for `discard` and `reject`.
    pub reason: String,
}
