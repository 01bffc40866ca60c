//! What the hub asks outside systems to do: the stored body, the call it becomes, what came of it.

use fettle_connectors::{GoodsMovement, LabourConfirmation, PlanUpdate, StatusChange};
use fettle_domain::charter::Domain;
use fettle_domain::effect::{NextStep, Outside, Reference, Rejection};
use fettle_domain::work_order::{LabourKind, PlanChange, Status};
use fettle_domain::{
    CorrelationId, EffectId, EntryId, ItemId, PersonId, PlantId, Quantity, TaskId, Timestamp,
};
use serde::{Deserialize, Serialize};

/// What is asked, in our own ids; outside keys are looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Set the status of the order in the CMMS.
    SetStatus {
        /// Status claimed.
        to: Status,
        /// Official revision this made.
        revision: u32,
        /// Reason in the person's words.
        reason: Option<String>,
        /// When it happened.
        at: Timestamp,
    },
    /// Change fields of the order's plan in the CMMS.
    ChangePlan {
        /// The fields, each over what the CMMS held when this was decided.
        changes: Vec<PlanChange>,
    },
    /// Confirm labour in the ERP.
    ConfirmLabour {
        /// Entry.
        entry: EntryId,
        /// Who worked.
        person: PersonId,
        /// Kind.
        kind: LabourKind,
        /// Task worked on.
        task: Option<TaskId>,
        /// Minutes worked, more than zero.
        minutes: u32,
        /// When the work ended.
        at: Timestamp,
        /// Plant it was made in; effects of an earlier version go where their order is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plant: Option<PlantId>,
    },
    /// Issue a part in the ERP.
    IssueGoods {
        /// Entry.
        entry: EntryId,
        /// Item.
        item: ItemId,
        /// Storeroom.
        storeroom: String,
        /// Bin.
        bin: String,
        /// How much.
        quantity: Quantity,
        /// Who took it.
        person: Option<PersonId>,
        /// When it was taken.
        at: Timestamp,
        /// Plant it was taken in; effects of an earlier version go where their order is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plant: Option<PlantId>,
    },
    /// Reverse a labour confirmation in the ERP.
    ReverseLabour {
        /// The reversing entry.
        entry: EntryId,
        /// Effect whose document is reversed.
        of: EffectId,
        /// Who took it back.
        person: Option<PersonId>,
        /// When it was taken back; names the posting date, for an earlier period may be closed.
        at: Timestamp,
    },
    /// Reverse a goods issue in the ERP.
    ReverseIssue {
        /// The reversing entry.
        entry: EntryId,
        /// Effect whose document is reversed.
        of: EffectId,
        /// Who took it back.
        person: Option<PersonId>,
        /// When it was taken back.
        at: Timestamp,
    },
}

impl Body {
    /// The effect whose document this one reverses.
    #[must_use]
    pub fn reverses(&self) -> Option<EffectId> {
        match self {
            Self::ReverseLabour { of, .. } | Self::ReverseIssue { of, .. } => Some(*of),
            Self::SetStatus { .. }
            | Self::ChangePlan { .. }
            | Self::ConfirmLabour { .. }
            | Self::IssueGoods { .. } => None,
        }
    }

    /// Effects of one lane of an order go one after the other, because a later one says what comes
    /// after an earlier one; without a lane each goes by itself.
    #[must_use]
    pub fn lane(&self) -> Option<&'static str> {
        match self {
            Self::SetStatus { .. } => Some("status"),
            Self::ChangePlan { .. } => Some("plan"),
            Self::ConfirmLabour { .. }
            | Self::IssueGoods { .. }
            | Self::ReverseLabour { .. }
            | Self::ReverseIssue { .. } => None,
        }
    }

    /// The charter's domain, which names who has it when it is refused, and until when.
    #[must_use]
    pub fn domain(&self) -> Domain {
        match self {
            Self::SetStatus { .. } => Domain::WorkOrderStatus,
            Self::ChangePlan { .. } => Domain::WorkOrderPlan,
            Self::ConfirmLabour { .. } | Self::ReverseLabour { .. } => Domain::Labour,
            Self::IssueGoods { .. } | Self::ReverseIssue { .. } => Domain::PartUsed,
        }
    }

    /// The fields of the plan it changes; none when it is no change of a plan.
    pub(crate) fn plan_changes(&self) -> &[PlanChange] {
        match self {
            Self::ChangePlan { changes } => changes,
            Self::SetStatus { .. }
            | Self::ConfirmLabour { .. }
            | Self::IssueGoods { .. }
            | Self::ReverseLabour { .. }
            | Self::ReverseIssue { .. } => &[],
        }
    }
}

/// A call in the outside system's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Set a status.
    SetStatus(StatusChange),
    /// Change a plan.
    ChangePlan(PlanUpdate),
    /// Confirm labour.
    ConfirmLabour(LabourConfirmation),
    /// Move goods.
    MoveGoods(GoodsMovement),
}

/// An effect that was claimed: its attempt is stored, the call comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Effect.
    pub id: EffectId,
    /// Number of the attempt.
    pub attempt: u32,
    /// Whether to search or to send.
    pub step: NextStep,
    /// Our reference.
    pub reference: Reference,
    /// Which system.
    pub outside: Outside,
    /// The call.
    pub call: Call,
    /// The click it came from.
    pub correlation: CorrelationId,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands there under this number: posted now, or found by its reference.
    Posted {
        /// Number.
        number: String,
    },
    /// Refused; for a status, what the CMMS holds instead, where it could be read.
    Rejected {
        /// Its words.
        rejection: Rejection,
        /// Status the CMMS holds.
        official: Option<Status>,
    },
    /// Sent without a usable answer.
    Unknown {
        /// What was seen.
        seen: String,
    },
    /// Never reached the system, or the search did not.
    NotSent {
        /// What was seen.
        seen: String,
    },
    /// Searched and not there.
    NotThere,
}
