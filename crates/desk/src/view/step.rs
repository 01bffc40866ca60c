//! Tasks and checklist steps, and what is recorded of them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::ChangeView;

/// One task with its checklist.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TaskView {
    /// Task id.
    pub id: String,
    /// Number within the order, such as `10`.
    pub number: u32,
    /// Text.
    pub text: String,
    /// Steps.
    pub steps: Vec<StepView>,
}

/// What a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Tick only.
    Tick,
    /// A measured value.
    Value,
    /// A text.
    Text,
}

/// One checklist step.
#[derive(Debug, Clone, Serialize, Type)]
pub struct StepView {
    /// Step id.
    pub id: String,
    /// What it asks for.
    pub kind: StepKind,
    /// Text.
    pub text: String,
    /// Unit of the value, such as `mm`.
    pub unit: Option<String>,
    /// Lower limit as decimal text.
    pub lower: Option<String>,
    /// Upper limit as decimal text.
    pub upper: Option<String>,
    /// Increment of the plus and minus buttons as decimal text.
    pub increment: Option<String>,
    /// True when the step is done.
    pub is_done: bool,
    /// Values recorded; more than one means *Two versions*.
    pub results: Vec<ResultView>,
    /// Where this step's newest change is.
    pub change: Option<ChangeView>,
}

/// One recorded result of a step.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ResultView {
    /// Value as decimal text.
    pub value: Option<String>,
    /// Text result.
    pub text: Option<String>,
    /// True when inside the limits; a tick passes.
    pub is_pass: bool,
    /// Who recorded it.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// Laptop it was recorded on.
    pub laptop: String,
}

/// Tick or untick a step.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct TickStepInput {
    /// Work order id.
    pub order_id: String,
    /// Step id.
    pub step_id: String,
    /// New state.
    pub is_done: bool,
}

/// Record a step's value or text.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct RecordStepInput {
    /// Work order id.
    pub order_id: String,
    /// Step id.
    pub step_id: String,
    /// Value as typed; `,` and `.` are both decimal signs.
    pub value: Option<String>,
    /// Text as typed.
    pub text: Option<String>,
}
