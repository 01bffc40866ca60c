//! Intents: claims on something shared, which the hub decides exactly once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::CaseClaim;
use crate::person::Role;
use crate::work_order::status::Status;
use crate::{
    ActorId, ChangeHash, CorrelationId, DeviceTime, DocumentId, IntentId, Refusal, Timestamp,
    WorkOrderId,
};

/// A claim with everything the hub needs to decide it the same way again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Intent {
    /// Identity: the same id has the same verdict for ever.
    pub id: IntentId,
    /// What is claimed.
    pub claim: Claim,
    /// What must have arrived before it can be decided.
    pub depends_on: Vec<Dependency>,
    /// Version of the charter the desk decided under.
    pub charter_version: u32,
    /// Author.
    pub actor: ActorId,
    /// Device clock when it was made.
    pub made: DeviceTime,
    /// The click it came from.
    pub correlation_id: CorrelationId,
}

/// What an intent claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// A work order's status changes.
    Transition(Transition),
    /// A person decides about an exception case.
    Case(CaseClaim),
}

impl Claim {
    /// The order the claim concerns.
    #[must_use]
    pub fn order(&self) -> WorkOrderId {
        match self {
            Self::Transition(transition) => transition.order,
            Self::Case(claim) => claim.order,
        }
    }
}

/// A change of a work order's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transition {
    /// Which order.
    pub order: WorkOrderId,
    /// Status it starts from, my own pending claims included.
    pub from: Status,
    /// Status claimed.
    pub to: Status,
    /// Revision of the official row the claim was made on.
    pub based_on: u32,
    /// Reason in the person's words, where the transition needs one.
    pub reason: Option<String>,
}

/// Something an intent was made on top of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dependency {
    /// A change of a document.
    Change {
        /// Document.
        document: DocumentId,
        /// Change.
        hash: ChangeHash,
    },
    /// An earlier intent.
    Intent(IntentId),
}

/// What the hub decided about an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// The intent.
    pub intent: IntentId,
    /// Order it concerns.
    pub order: WorkOrderId,
    /// The decision.
    pub decision: Decision,
    /// When, by the hub's clock.
    pub at: Timestamp,
}

/// The decision of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The claim holds.
    Accepted,
    /// The rule says no.
    Refused(Refusal),
    /// Two claims race: a person decides, the facts are kept.
    Case {
        /// Why.
        refusal: Refusal,
        /// Who decides.
        owner: Role,
    },
}
