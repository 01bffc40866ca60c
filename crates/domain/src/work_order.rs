//! The work order: what the rules and screens see, joined from the document and official rows.

pub mod failure_report;
pub mod finish;
pub mod merge;
pub mod official;
pub mod overlap;
pub mod photo;
pub mod plan;
pub mod posting;
pub mod reversal;
pub mod sealed;
pub mod settlement;
pub mod status;
pub mod step;
pub mod transition;
pub mod wish;
pub mod work;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use finish::{FinishCheck, check_finish};
pub use merge::{PlanChange, PlanField, PlanValue, SharedPlan, merge_plan};
pub use official::{Document, OfficialStatus, Permit, WorkOrderRow, WorkOrderType};
pub use plan::{PartLine, PartLineSource, Priority, Step, StepKind, Task};
pub use sealed::{Recorded, SealedOrder};
pub use settlement::{Choice, Clash, ResultId, Settled, Settlement, StepSettlement};
pub use status::Status;
pub use step::{StepResult, StepState, Verdict as StepVerdict};
pub use work::{
    Authored, DowntimeEvent, FailureReport, LabourEntry, LabourKind, Link, LinkKind, Note,
    PartUsed, Photo, Reading,
};

use crate::{Timestamp, WorkOrderId};

/// What people observe, do and plan together: the content of the order's document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkOrderContent {
    /// Priority, owned by the planner.
    pub priority: Option<Priority>,
    /// Required start.
    pub required_start: Option<Timestamp>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
    /// When work began, as observed.
    pub actual_start: Option<Timestamp>,
    /// When work ended, as observed.
    pub actual_finish: Option<Timestamp>,
    /// Description.
    pub description: String,
    /// Instructions.
    pub instructions: String,
    /// Tasks in order.
    pub tasks: Vec<Task>,
    /// What is no longer planned though somebody recorded results of it: the steps with results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_tasks: Vec<Task>,
    /// Results by step; more than one where people recorded different ones.
    pub results: Vec<StepState>,
    /// Planned part lines.
    pub part_lines: Vec<PartLine>,
    /// Labour.
    pub labour: Vec<Authored<LabourEntry>>,
    /// Parts used.
    pub parts_used: Vec<Authored<PartUsed>>,
    /// Meter readings.
    pub readings: Vec<Authored<Reading>>,
    /// Notes.
    pub notes: Vec<Authored<Note>>,
    /// Photos.
    pub photos: Vec<Authored<Photo>>,
    /// Failure reports.
    pub failure_reports: Vec<Authored<FailureReport>>,
    /// Downtime.
    pub downtime: Vec<Authored<DowntimeEvent>>,
    /// Links to continuation and follow-up orders.
    pub links: Vec<Link>,
}

/// A work order as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkOrder {
    /// Identity.
    pub id: WorkOrderId,
    /// What only an authority may say.
    pub row: WorkOrderRow,
    /// What people write together.
    pub content: WorkOrderContent,
}
