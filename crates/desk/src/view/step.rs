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
    /// Whether two versions stand, and what the person may choose.
    pub clash: Option<ClashView>,
    /// Versions of a clash that do not stand any more.
    pub history: Vec<ResultView>,
    /// What people chose, in the order it was seen.
    pub choices: Vec<ChoiceView>,
    /// Where this step's newest change is.
    pub change: Option<ChangeView>,
}

/// Where two versions of a step are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClashState {
    /// Nobody has chosen.
    Open,
    /// The planner was asked.
    Asked,
    /// Both are kept.
    Kept,
}

/// What can be chosen about two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// Both stand.
    KeepBoth,
    /// One of the passing ones counts.
    Use,
    /// A failing one does not count, for a reason.
    SetAside,
    /// The planner decides.
    Ask,
}

/// Two versions of a step.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ClashView {
    /// Where it is.
    pub state: ClashState,
    /// What the person at work may choose now.
    pub may: Vec<ChoiceKind>,
    /// Role that has it; a Fluent message `role-<owner>` names it.
    pub owner: Option<String>,
}

/// One choice somebody made about a step.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChoiceView {
    /// Note that says it.
    pub id: String,
    /// What was chosen.
    pub kind: ChoiceKind,
    /// The value it is about, as it is shown, for `use` and `set_aside`.
    pub value: Option<String>,
    /// Who chose.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// Reason in their words; may be empty.
    pub reason: String,
}

/// Choose about two versions of a step.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SettleStepInput {
    /// Work order id.
    pub order_id: String,
    /// Step id.
    pub step_id: String,
    /// Choice.
    pub choice: ChoiceKind,
    /// The result it is about, for `use` and `set_aside`.
    pub result_id: Option<String>,
    /// Reason as typed; empty where none is needed.
    pub reason: String,
}

/// Which limit a value is beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Under the lower one.
    Lower,
    /// Over the upper one.
    Upper,
}

/// One recorded result of a step.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ResultView {
    /// Identity of the recording.
    pub id: String,
    /// True when the person at work recorded it.
    pub is_mine: bool,
    /// The limit it is beyond.
    pub beyond: Option<Beyond>,
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
