//! Where a change is, and the list of those not sent.

use serde::Serialize;
use specta::Type;

use super::case::BlockedView;
use super::problem::ProblemView;

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
    /// Why it needs attention, or how it ended where it was given up.
    pub reason: Option<ProblemView>,
    /// Role that has it, for `Attention`; a Fluent message `role-<owner>` names it.
    pub owner: Option<String>,
    /// Name of the person of that role who has it, once there is one.
    pub holder: Option<String>,
    /// Until when that is to be settled, UTC ms.
    pub due: Option<f64>,
    /// When this state was reached, UTC ms.
    pub at: f64,
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
    /// A failure report.
    FailureReport,
    /// A transition such as finish or hold.
    Transition,
    /// A decision about an exception case, or a case itself.
    Case,
    /// A photo or file.
    Photo,
    /// Priority or required finish.
    Plan,
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
    /// The words as they were typed, of what the hub keeps aside and nobody reads elsewhere.
    pub whole: Option<String>,
    /// What it is about, of a case that nothing made on this laptop stands for.
    pub about: Option<BlockedView>,
    /// Where it is.
    pub change: ChangeView,
    /// Who made it.
    pub by: String,
}
