//! Edits: what a person or the hub writes into a work order, one Automerge change at a time.

use fettle_domain::work_order::{
    DowntimeEvent, FailureReport, LabourEntry, Link, Note, PartLine, PartUsed, Photo, Priority,
    Reading, StepResult, Task,
};
use fettle_domain::{
    Decimal, DeviceTime, EntryId, PartLineId, StepId, TaskId, Timestamp, Unit,
    work_order::step::SecondSignature,
};

/// What is planned when an order is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkOrderPlan {
    /// Priority.
    pub priority: Option<Priority>,
    /// Required start.
    pub required_start: Option<Timestamp>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
    /// Description.
    pub description: String,
    /// Instructions.
    pub instructions: String,
    /// Tasks with their steps.
    pub tasks: Vec<Task>,
    /// Part lines.
    pub part_lines: Vec<PartLine>,
}

/// What is recorded of a step; the author is the actor of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepEntry {
    /// True when the step is ticked.
    pub is_done: bool,
    /// Measured value.
    pub value: Option<Decimal>,
    /// Unit of the value.
    pub unit: Option<Unit>,
    /// Text.
    pub text: Option<String>,
    /// Content hashes of photos, in hexadecimal.
    pub photos: Vec<String>,
    /// Code read from a label.
    pub scanned_code: Option<String>,
    /// Second signature.
    pub second_signature: Option<SecondSignature>,
    /// Number of the permit whose state was acknowledged.
    pub permit_acknowledged: Option<String>,
    /// Device clock when it was recorded.
    pub at: DeviceTime,
}

impl From<StepResult> for StepEntry {
    fn from(result: StepResult) -> Self {
        Self {
            is_done: result.is_done,
            value: result.value,
            unit: result.unit,
            text: result.text,
            photos: result.photos,
            scanned_code: result.scanned_code,
            second_signature: result.second_signature,
            permit_acknowledged: result.permit_acknowledged,
            at: result.at,
        }
    }
}

/// One thing to write. Several of them make one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Writes the plan of a new order.
    CreateWorkOrder(Box<WorkOrderPlan>),
    /// Sets the priority.
    SetPriority(Priority),
    /// Sets the required dates.
    SetRequired {
        /// Start.
        start: Option<Timestamp>,
        /// Finish.
        finish: Option<Timestamp>,
    },
    /// Sets when work began and ended, as observed.
    SetTimes {
        /// Start.
        actual_start: Option<Timestamp>,
        /// Finish.
        actual_finish: Option<Timestamp>,
    },
    /// Replaces a piece of the description; positions count Unicode code points.
    SpliceDescription {
        /// Where.
        position: usize,
        /// How many characters go.
        delete: usize,
        /// What comes instead.
        insert: String,
    },
    /// Rewrites the description, touching only what differs.
    SetDescription(String),
    /// Rewrites the instructions, touching only what differs.
    SetInstructions(String),
    /// Writes a task and its steps.
    PutTask(Task),
    /// Takes a task out of the plan; what was recorded of its steps stays.
    RemoveTask(TaskId),
    /// Takes a step out of a task; what was recorded of it stays.
    RemoveStep {
        /// Task.
        task: TaskId,
        /// Step.
        step: StepId,
    },
    /// Writes a part line.
    PutPartLine(PartLine),
    /// Takes a part line out of the plan; what was taken of it stays.
    RemovePartLine(PartLineId),
    /// Records a step.
    RecordStep {
        /// Step.
        step: StepId,
        /// What was recorded.
        entry: Box<StepEntry>,
    },
    /// Writes labour.
    PutLabour {
        /// Identity.
        id: EntryId,
        /// Labour.
        entry: LabourEntry,
        /// True when the author is done with it.
        is_closed: bool,
    },
    /// Ends running labour and closes it.
    CloseLabour {
        /// Identity.
        id: EntryId,
        /// End.
        end: DeviceTime,
    },
    /// Writes a part used; closed at once.
    PutPartUsed {
        /// Identity.
        id: EntryId,
        /// Part used.
        entry: PartUsed,
    },
    /// Writes a reading; closed at once.
    PutReading {
        /// Identity.
        id: EntryId,
        /// Reading.
        entry: Reading,
    },
    /// Writes a note; closed at once.
    PutNote {
        /// Identity.
        id: EntryId,
        /// Note.
        entry: Note,
    },
    /// Writes a photo; closed at once.
    PutPhoto {
        /// Identity.
        id: EntryId,
        /// Photo.
        entry: Photo,
    },
    /// Writes a failure report.
    PutFailureReport {
        /// Identity.
        id: EntryId,
        /// Report.
        entry: FailureReport,
        /// True when the author is done with it.
        is_closed: bool,
    },
    /// Writes downtime.
    PutDowntime {
        /// Identity.
        id: EntryId,
        /// Downtime.
        entry: DowntimeEvent,
        /// True when the author is done with it.
        is_closed: bool,
    },
    /// Writes a link to another order.
    PutLink(Link),
}
