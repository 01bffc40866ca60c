//! View models: what a screen shows, already decided and worded by code.
//!
//! Output types derive `Serialize` only, inputs `Deserialize` only, so that the generated
//! TypeScript has one type each. Times cross as UTC milliseconds in `f64` (exact to the year
//! 287396), quantities and readings as decimal text. No screen computes a state from parts.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where the desk is in its life on this laptop; decides the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No hub yet: sign in with an enrolment code.
    Enrol,
    /// Somebody signed in who has no PIN on this laptop yet.
    SetPin,
    /// Nobody is unlocked: choose a person, enter the PIN.
    Locked,
    /// A person is working.
    Open,
    /// The replica cannot be opened or a fault stops everything; `Shell::trouble` says what to do.
    Trouble,
}

/// The frame around every screen.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Shell {
    /// Which screen family to show.
    pub stage: Stage,
    /// Laptop name given at enrolment, such as `HW-14`.
    pub laptop: Option<String>,
    /// Plant of this laptop.
    pub plant: Option<PlantView>,
    /// Who is unlocked.
    pub person: Option<PersonView>,
    /// Who can unlock here, with unsent counts; shown on the lock screen.
    pub people: Vec<LockPersonView>,
    /// The sync pill.
    pub link: LinkView,
    /// First copy, while it runs.
    pub fill: Option<FillView>,
    /// `day`, `night` or `sun`.
    pub theme: String,
    /// `desk`, `touch` or `glove`.
    pub density: String,
    /// Number of changes not yet sent by this laptop.
    pub unsent: u32,
    /// Why the desk cannot work at all.
    pub trouble: Option<ProblemView>,
}

/// Plant code and name.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlantView {
    /// Code such as `1200`.
    pub code: String,
    /// Name such as `Havel Works`.
    pub name: String,
    /// IANA time zone all times of this plant are shown in.
    pub time_zone: String,
}

/// The person at work.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PersonView {
    /// Person id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Two letters for the avatar.
    pub initials: String,
    /// Craft or role line, such as `Mechanical 2`.
    pub craft: String,
}

/// One tile of the lock screen.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LockPersonView {
    /// Person id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Two letters for the avatar.
    pub initials: String,
    /// Changes of this person not yet sent.
    pub unsent: u32,
    /// Start of this person's running labour, UTC ms.
    pub labour_since: Option<f64>,
    /// Earliest time another PIN may be tried, UTC ms.
    pub wait_until: Option<f64>,
    /// Until when the PIN opens this person's work without a connection, UTC ms.
    pub offline_until: Option<f64>,
}

/// State of the link, re-evaluated by use, never latched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// The last exchange ended well and nothing is unsent.
    UpToDate,
    /// An exchange works at this moment or will at once.
    Exchanging,
    /// The hub could not be reached.
    NoConnection,
    /// The hub answered; an outside system does not.
    OutsideNotAnswering,
    /// The hub refuses this laptop or its people; `LinkView::reason` says why.
    Refused,
}

/// The sync pill: state, since when, how many changes wait.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LinkView {
    /// What the pill shows.
    pub state: LinkState,
    /// Start of this state, UTC ms.
    pub since: f64,
    /// Last exchange that ended well, UTC ms.
    pub last_exchange: Option<f64>,
    /// Name of the system that does not answer (`ERP` or `CMMS`).
    pub system: Option<String>,
    /// Why the hub refuses, for `Refused`.
    pub reason: Option<ProblemView>,
    /// Changes saved on this laptop and not sent.
    pub unsent: u32,
    /// True after five minutes with unsent changes and no connection.
    pub is_raised: bool,
    /// Number of changes that need attention.
    pub attention: u32,
}

/// Progress of the first copy.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FillView {
    /// Rows applied so far.
    pub done: u32,
    /// Rows in the base the hub announced.
    pub total: u32,
    /// True when the person's own orders are here and work can start.
    pub is_usable: bool,
    /// True when everything is here.
    pub is_complete: bool,
}

/// A clear answer to bad input or a fault: the UI switches on `code`, never on text.
#[derive(Debug, Clone, Serialize, Type, PartialEq, Eq)]
pub struct ProblemView {
    /// Stable code such as `step.value_out_of_range`; names the Fluent message.
    pub code: String,
    /// Arguments of the message, name and value.
    pub arguments: Vec<ArgumentView>,
}

/// One argument of a message.
#[derive(Debug, Clone, Serialize, Type, PartialEq, Eq)]
pub struct ArgumentView {
    /// Name in the Fluent message.
    pub name: String,
    /// Value as text.
    pub value: String,
}

/// The four states of a change, DOMAIN section 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Saved on this laptop.
    Saved,
    /// Sent.
    Sent,
    /// Accepted by ERP or CMMS.
    Accepted,
    /// Needs attention.
    Attention,
}

/// Where one change is, with the document number or the person who has it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChangeView {
    /// One of the four states.
    pub state: ChangeState,
    /// `ERP` or `CMMS`, for `Accepted` and `Attention`.
    pub system: Option<String>,
    /// Document number of the outside system.
    pub number: Option<String>,
    /// Why it needs attention.
    pub reason: Option<ProblemView>,
    /// Role that has it, for `Attention`; a Fluent message `role-<owner>` names it.
    pub owner: Option<String>,
    /// When this state was reached, UTC ms.
    pub at: f64,
}

/// My work, in its groups.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MyWorkView {
    /// Groups in order; empty ones are left out.
    pub groups: Vec<WorkGroupView>,
}

/// Kind of a group of My work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WorkGroup {
    /// Orders in progress.
    InProgress,
    /// Approved, scheduled or dispatched orders.
    Next,
    /// Orders on hold.
    OnHold,
    /// Orders waiting for parts.
    WaitingForParts,
    /// Finished today, still to be sent or accepted.
    Finished,
}

/// One group with its rows.
#[derive(Debug, Clone, Serialize, Type)]
pub struct WorkGroupView {
    /// Kind.
    pub kind: WorkGroup,
    /// Rows, most urgent first.
    pub orders: Vec<OrderRowView>,
}

/// One row of an order list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct OrderRowView {
    /// Work order id.
    pub id: String,
    /// CMMS number, or the local reference until there is one.
    pub number: String,
    /// Short text.
    pub title: String,
    /// 1 (highest) to 4.
    pub priority: u8,
    /// Official status with my pending claim over it, such as `INPRG`.
    pub status: String,
    /// Asset tag and name.
    pub asset: String,
    /// Location name.
    pub location: String,
    /// Required finish, UTC ms.
    pub due: Option<f64>,
    /// Steps done and in all.
    pub steps_done: u32,
    /// Steps in all.
    pub steps_total: u32,
    /// Part lines of the order.
    pub parts_total: u32,
    /// Part lines with something taken.
    pub parts_taken: u32,
    /// Start of the signed-in person's running labour, UTC ms.
    pub labour_since: Option<f64>,
    /// Changes of this order saved here and not sent.
    pub unsent: u32,
    /// Changes of this order that need attention.
    pub attention: u32,
}

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
    /// Planned part lines, and parts taken without a line.
    pub parts: Vec<PartView>,
    /// Labour, newest first.
    pub labour: Vec<LabourView>,
    /// Notes, newest first.
    pub notes: Vec<NoteView>,
    /// Unsent and attention rows of this order, oldest first.
    pub unsent: Vec<UnsentView>,
    /// What the person may do now: `start`, `hold`, `resume`, `finish`, `work`.
    pub actions: Vec<String>,
    /// Why the order cannot be worked on, when `actions` lacks `work`.
    pub locked_reason: Option<ProblemView>,
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

/// A planned part line or a part taken without one.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PartView {
    /// Part line id, or the entry id for a part taken without a line.
    pub id: String,
    /// Item id.
    pub item_id: String,
    /// Item number.
    pub item: String,
    /// Item description; empty while the master is not yet on this laptop.
    pub description: String,
    /// Planned quantity as decimal text; `None` without a line.
    pub planned: Option<String>,
    /// Quantity taken as decimal text.
    pub taken: String,
    /// Unit such as `EA`.
    pub unit: String,
    /// Bins with a balance in the own plant.
    pub bins: Vec<BinView>,
    /// Time of the stock figures, UTC ms; `None` when never checked.
    pub as_of: Option<f64>,
    /// True when the figures are older than the charter's limit.
    pub is_stale: bool,
    /// Parts taken from this line, newest first.
    pub used: Vec<PartUsedView>,
}

/// Stock of one bin.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BinView {
    /// Storeroom and bin, such as `C-14`.
    pub bin: String,
    /// On hand as decimal text.
    pub on_hand: String,
}

/// One part taken.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PartUsedView {
    /// Entry id.
    pub id: String,
    /// Quantity as decimal text.
    pub quantity: String,
    /// Bin it came from.
    pub bin: String,
    /// Who took it.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// Where the change is.
    pub change: ChangeView,
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
    /// Where the change is.
    pub change: ChangeView,
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

/// What kind of change a row of the unsent list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum UnsentKind {
    /// Steps ticked or measured.
    Step,
    /// A note.
    Note,
    /// Labour, running or stopped.
    Labour,
    /// A part taken.
    Part,
    /// A transition such as finish or hold.
    Transition,
}

/// One row of the list *Saved on this laptop, not sent yet*.
#[derive(Debug, Clone, Serialize, Type)]
pub struct UnsentView {
    /// Order it belongs to.
    pub order_id: String,
    /// Order number for the list of all orders.
    pub order_number: String,
    /// Kind.
    pub kind: UnsentKind,
    /// Words of the row: the step text, the note's beginning, the part, the target status.
    pub text: String,
    /// Where it is.
    pub change: ChangeView,
    /// Who made it.
    pub by: String,
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

/// Search answer over own orders and assets.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SearchView {
    /// The query answered, so that a late answer is thrown away.
    pub query: String,
    /// Orders found.
    pub orders: Vec<OrderRowView>,
    /// Assets found.
    pub assets: Vec<AssetRowView>,
    /// Areas this laptop holds, for the empty answer.
    pub holds: String,
}

/// One asset of a search answer.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AssetRowView {
    /// Asset id.
    pub id: String,
    /// Tag.
    pub tag: String,
    /// Name or model.
    pub name: String,
    /// Location name.
    pub location: String,
    /// Open orders on this laptop.
    pub open_orders: u32,
}

/// Sign-in, first or later. The hub address and code are needed only to enrol.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SignInInput {
    /// Address of the hub such as `https://hub.example:8443`, to enrol.
    pub hub: Option<String>,
    /// Enrolment code, to enrol.
    pub code: Option<String>,
    /// Account name.
    pub account: String,
    /// Password; never stored.
    pub password: String,
}

/// A person and a PIN.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct UnlockInput {
    /// Person id.
    pub person_id: String,
    /// Six digits.
    pub pin: String,
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

/// Write a note.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct WriteNoteInput {
    /// Work order id.
    pub order_id: String,
    /// Text as typed.
    pub text: String,
}

/// Take a part.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct TakePartInput {
    /// Work order id.
    pub order_id: String,
    /// Part line, when the part is planned.
    pub part_line_id: Option<String>,
    /// Item id.
    pub item_id: String,
    /// Bin it came from.
    pub bin: String,
    /// Quantity as typed.
    pub quantity: String,
}

/// Hold an order with a reason.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct HoldInput {
    /// Work order id.
    pub order_id: String,
    /// Reason as typed.
    pub reason: String,
}

/// Theme and density, stored per laptop and person.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct LookInput {
    /// `day`, `night` or `sun`.
    pub theme: String,
    /// `desk`, `touch` or `glove`.
    pub density: String,
}

/// What changed: the UI re-reads just these. Emitted as the event `changed`.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChangedView {
    /// True when the frame (link, people, fill, look) changed.
    pub shell: bool,
    /// Ids of work orders that changed; lists re-read when not empty.
    pub orders: Vec<String>,
}
