//! The order page, without its steps and parts.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::{ChangeView, UnsentView};
use super::failure_report::FailureReportView;
use super::my_work::OrderRowView;
use super::part::PartView;
use super::photo::PhotoView;
use super::problem::ProblemView;
use super::step::TaskView;

/// The whole order page.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OrderView {
    /// Head, as in the list.
    pub row: OrderRowView,
    /// Type such as `corrective`.
    pub kind: String,
    /// Description text.
    pub description: String,
    /// Job plan and revision, such as `JP-0117, rev 4`.
    pub job_plan: Option<String>,
    /// Downtime start of the asset, UTC ms, while it is down.
    pub down_since: Option<f64>,
    /// Permit lines.
    pub permits: Vec<PermitView>,
    /// State of the official status: the pending or last transition.
    pub transition: Option<ChangeView>,
    /// Tasks with their steps, in order.
    pub tasks: Vec<TaskView>,
    /// Tasks and steps the CMMS took out of the plan after something was recorded of them.
    pub removed_tasks: Vec<TaskView>,
    /// Planned part lines, and parts taken without a line.
    pub parts: Vec<PartView>,
    /// Labour, newest first; what takes labour back is beside what it takes back.
    pub labour: Vec<LabourView>,
    /// Failure reports, oldest first.
    pub failure_reports: Vec<FailureReportView>,
    /// Notes, newest first.
    pub notes: Vec<NoteView>,
    /// Photos and files, newest first.
    pub photos: Vec<PhotoView>,
    /// Unsent and attention rows of this order, oldest first; what was set aside stays once settled.
    pub unsent: Vec<UnsentView>,
    /// What the person may do now: `start`, `hold`, `resume`, `finish`, `work`.
    pub actions: Vec<String>,
    /// Why the order cannot be worked on, when `actions` lacks `work`.
    pub locked_reason: Option<ProblemView>,
    /// What the person may do about priority and dates.
    pub plan_action: Option<PlanAction>,
}

/// What a person may do about priority and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PlanAction {
    /// Change them.
    Change,
    /// Propose a change to the planner.
    Propose,
}

/// A permit, read only.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PermitView {
    /// Number such as `PTW-8831`.
    pub number: String,
    /// Kind such as `hot work`.
    pub kind: String,
    /// End of validity, UTC ms.
    pub ends: Option<f64>,
}

/// One labour entry.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LabourView {
    /// Entry id.
    pub id: String,
    /// Who worked.
    pub by: String,
    /// Start, UTC ms.
    pub start: f64,
    /// End, UTC ms; `None` while it runs.
    pub end: Option<f64>,
    /// True when wall clock and boot clock disagree: "check the time".
    pub is_time_doubtful: bool,
    /// True when it overlaps other labour of the same person; it only warns.
    pub is_overlapping: bool,
    /// True when the person at work may take it back.
    pub may_take_back: bool,
    /// The entry that took it back.
    pub taken_back: Option<TakenBackView>,
    /// Where the change is.
    pub change: ChangeView,
}

/// The reversing entry of something taken back.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TakenBackView {
    /// Entry id.
    pub id: String,
    /// When, UTC ms.
    pub at: f64,
    /// Where the reversing entry is.
    pub change: ChangeView,
}

/// Take back labour or a part.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct TakeBackInput {
    /// Work order id.
    pub order_id: String,
    /// Entry id.
    pub entry_id: String,
    /// Labour alone: the right minutes as typed, recorded in its place.
    pub minutes: Option<String>,
}

/// One note.
#[derive(Debug, Clone, Serialize, Type)]
pub struct NoteView {
    /// Entry id.
    pub id: String,
    /// Text.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// Where the change is.
    pub change: ChangeView,
}

/// Write a note.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct WriteNoteInput {
    /// Work order id.
    pub order_id: String,
    /// Text as typed.
    pub text: String,
}

/// Change or propose priority and required finish; what is not given stays.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct ChangePlanInput {
    /// Work order id.
    pub order_id: String,
    /// Priority, 1 to 4.
    pub priority: Option<u8>,
    /// Required finish, UTC ms.
    pub required_finish: Option<f64>,
    /// Why, as typed; of a proposal.
    pub reason: String,
}

/// Hold an order with a reason.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct HoldInput {
    /// Work order id.
    pub order_id: String,
    /// Reason as typed.
    pub reason: String,
}

/// What Finish shows before it commits.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FinishView {
    /// Steps without a result, as text.
    pub open_steps: Vec<String>,
    /// Steps whose value is outside the limits.
    pub failed_steps: Vec<String>,
    /// Part lines from which nothing was taken.
    pub untaken_parts: Vec<String>,
    /// True when the person's labour runs; finishing stops it.
    pub is_labour_running: bool,
    /// True when nothing forbids finishing.
    pub can_finish: bool,
}
