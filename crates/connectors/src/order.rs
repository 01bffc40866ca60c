//! Work orders of an outside maintenance system: reading changes, creating, status and facts.

use async_trait::async_trait;
use fettle_domain::effect::Reference;
use fettle_domain::work_order::{
    LabourKind, Permit, Priority, Recorded, Status, StepKind, WorkOrderType,
};
use fettle_domain::{AreaId, Decimal, PlantId, Quantity, Timestamp, Unit};

use crate::posting::{Cursor, Fault, Page, Posting};

/// Work orders of an outside maintenance system.
///
/// A `find_…` answers with the number of the first document that carries the reference, `None`
/// when there is none; it is asked before anything is sent a second time.
#[async_trait]
pub trait WorkOrders: Send + Sync {
    /// Orders changed after the cursor; `None` for every order from the start.
    async fn changed_since(&self, since: Option<&Cursor>) -> Result<Page<OrderRecord>, Fault>;
    /// One order by its number.
    async fn read_order(&self, number: &str) -> Result<Option<OrderRecord>, Fault>;
    /// Number of the order created under a reference.
    async fn find_order(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Creates an order.
    async fn create_order(&self, order: &NewOrder) -> Posting;
    /// Number of the status change made under a reference.
    async fn find_status_change(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Changes the status of an order.
    async fn set_status(&self, change: &StatusChange) -> Posting;
    /// Number of the work-log line written under a reference.
    async fn find_fact(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Writes a fact into the work log of an order.
    async fn report_fact(&self, report: &FactReport) -> Posting;
}

/// An order as the outside system states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// Number: the key.
    pub number: String,
    /// Stamp of this version of the row.
    pub row_stamp: String,
    /// Reference it was created under, when by us.
    pub reference: Option<Reference>,
    /// Plant.
    pub plant: PlantId,
    /// Area.
    pub area: AreaId,
    /// Short text.
    pub title: String,
    /// Long text.
    pub description: String,
    /// Instructions.
    pub instructions: String,
    /// Type.
    pub kind: WorkOrderType,
    /// Status.
    pub status: Status,
    /// Priority, when rated.
    pub priority: Option<Priority>,
    /// Key of the asset.
    pub asset: Option<String>,
    /// Key of the location.
    pub location: Option<String>,
    /// Cost centre of the ERP.
    pub cost_centre: Option<String>,
    /// Job plan and revision.
    pub job_plan: Option<String>,
    /// Code of the crew.
    pub crew: Option<String>,
    /// Employee numbers of the assignees.
    pub assignees: Vec<String>,
    /// Employee number of the planner.
    pub planner: Option<String>,
    /// Required start.
    pub required_start: Option<Timestamp>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
    /// Scheduled start.
    pub scheduled_start: Option<Timestamp>,
    /// Scheduled finish.
    pub scheduled_finish: Option<Timestamp>,
    /// Actual start.
    pub actual_start: Option<Timestamp>,
    /// Actual finish.
    pub actual_finish: Option<Timestamp>,
    /// Permits.
    pub permits: Vec<Permit>,
    /// Start of the downtime that still lasts.
    pub down_since: Option<Timestamp>,
    /// Tasks in order.
    pub tasks: Vec<TaskRecord>,
    /// Planned part lines.
    pub part_lines: Vec<PartLineRecord>,
    /// What the system recorded of how it went, in its own words, when it did.
    pub recorded: Option<Recorded>,
    /// Last change by the outside clock.
    pub changed: Timestamp,
}

/// A task of an outside order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRecord {
    /// Key, unique in the outside system.
    pub key: String,
    /// Number, such as 10.
    pub number: u32,
    /// Text.
    pub text: String,
    /// Craft.
    pub craft: String,
    /// Planned minutes.
    pub planned_minutes: u32,
    /// People needed.
    pub headcount: u32,
    /// Key of the task that comes first.
    pub predecessor: Option<String>,
    /// Checklist in order.
    pub steps: Vec<StepRecord>,
}

/// A checklist step of an outside task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    /// Key, unique in the outside system.
    pub key: String,
    /// Position within the task, rising.
    pub position: u32,
    /// Text.
    pub text: String,
    /// What it asks for.
    pub kind: StepKind,
}

/// A planned part line of an outside order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLineRecord {
    /// Key, unique in the outside system.
    pub key: String,
    /// Item number of the ERP.
    pub item: String,
    /// Quantity.
    pub quantity: Quantity,
    /// When it is needed.
    pub need_date: Option<Timestamp>,
    /// True when the work cannot be done without it.
    pub is_critical: bool,
    /// True when a substitute may be used.
    pub is_substitute_allowed: bool,
}

/// An order to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Our reference.
    pub reference: Reference,
    /// Plant.
    pub plant: PlantId,
    /// Area.
    pub area: AreaId,
    /// Short text.
    pub title: String,
    /// Long text.
    pub description: String,
    /// Type.
    pub kind: WorkOrderType,
    /// Status it starts with: a closed order is history, an approved one is taken over as such.
    pub status: Status,
    /// Priority.
    pub priority: Option<Priority>,
    /// Key of the asset.
    pub asset: Option<String>,
    /// Key of the location.
    pub location: Option<String>,
    /// Cost centre of the ERP.
    pub cost_centre: Option<String>,
    /// Employee numbers of the assignees.
    pub assignees: Vec<String>,
    /// Employee number of the planner.
    pub planner: Option<String>,
    /// Required start.
    pub required_start: Option<Timestamp>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
    /// Actual start of history.
    pub actual_start: Option<Timestamp>,
    /// Actual finish of history.
    pub actual_finish: Option<Timestamp>,
    /// Tasks in order.
    pub tasks: Vec<NewTask>,
    /// Planned part lines.
    pub part_lines: Vec<NewPartLine>,
}

/// A task to be created with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Number, such as 10.
    pub number: u32,
    /// Text.
    pub text: String,
    /// Craft.
    pub craft: String,
    /// Planned minutes.
    pub planned_minutes: u32,
    /// People needed.
    pub headcount: u32,
    /// Checklist in order.
    pub steps: Vec<NewStep>,
}

/// A step to be created with its task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// Text.
    pub text: String,
    /// What it asks for.
    pub kind: StepKind,
}

/// A part line to be created with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartLine {
    /// Item number of the ERP.
    pub item: String,
    /// Quantity.
    pub quantity: Quantity,
    /// True when the work cannot be done without it.
    pub is_critical: bool,
}

/// A status to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// Our reference.
    pub reference: Reference,
    /// Number of the order.
    pub order: String,
    /// Status claimed.
    pub to: Status,
    /// Reason in the person's words.
    pub reason: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// Row stamp it was decided on; `None` reads the present one first.
    pub row_stamp: Option<String>,
}

/// A fact to be written into an order's work log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactReport {
    /// Our reference.
    pub reference: Reference,
    /// Number of the order.
    pub order: String,
    /// Employee number of the author, when known there.
    pub person: Option<String>,
    /// When it was observed or done.
    pub at: Timestamp,
    /// The fact.
    pub fact: Fact,
}

/// What was observed or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Result of a checklist step.
    Step {
        /// Key of the step.
        step: String,
        /// True when done.
        is_done: bool,
        /// Measured value.
        value: Option<Decimal>,
        /// Unit of the value.
        unit: Option<Unit>,
        /// Text.
        text: Option<String>,
    },
    /// A note.
    Note {
        /// Text.
        text: String,
    },
    /// Labour.
    Labour {
        /// Kind.
        kind: LabourKind,
        /// Key of the task.
        task: Option<String>,
        /// Minutes worked; negative takes back.
        minutes: i64,
    },
    /// A meter reading.
    Reading {
        /// Meter.
        meter: String,
        /// Value.
        value: Decimal,
        /// Unit.
        unit: Unit,
    },
    /// A failure report in the codes of ISO 14224.
    Failure {
        /// Failure mode.
        mode: String,
        /// Mechanism.
        mechanism: Option<String>,
        /// Cause.
        cause: Option<String>,
        /// Remedy in words.
        remedy: Option<String>,
    },
}
