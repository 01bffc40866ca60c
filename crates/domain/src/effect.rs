//! Effects: calls to outside systems, each for one business fact, at most once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PersonId;

/// Our reference in the outside system: base32 of 80 bits of the business fact.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Reference(pub String);

impl Reference {
    /// The reference of a business fact, such as `labour` and an entry id: the same fact, the same reference.
    #[must_use]
    pub fn of_fact(kind: &str, fact: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 reference of a business fact");
        hasher.update(kind.as_bytes());
        hasher.update(&[0]);
        hasher.update(fact);
        let mut bits = [0; 10];
        hasher.finalize_xof().fill(&mut bits);
        Self(data_encoding::BASE32_NOPAD.encode(&bits))
    }
}

/// The outside system an effect goes to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// The maintenance system.
    Cmms,
    /// The business system.
    Erp,
}

impl Outside {
    /// The word people read.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cmms => "CMMS",
            Self::Erp => "ERP",
        }
    }
}

/// Why an outside system refused, by what must change before it can succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectionClass {
    /// A master record is missing or wrong (unknown cost centre).
    MasterData,
    /// The facts of the posting are wrong (not enough stock).
    TransactionData,
    /// The state forbids it now (closed period, closed order).
    ProcessState,
    /// We may not.
    Authorisation,
    /// The contract changed.
    SchemaDrift,
    /// A fault of software on either side.
    Software,
    /// Something it depends on failed.
    Consequential,
}

/// State of an effect, DOMAIN section 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// Recorded, not yet sent.
    Recorded,
    /// An attempt is under way; after a crash it counts as unknown.
    Sending,
    /// Posted under this document number.
    Posted {
        /// Number in the outside system.
        number: String,
    },
    /// Refused by the outside system.
    Rejected(Rejection),
    /// Sent, no answer: searched by reference before anything is sent again.
    Unknown,
    /// Given up by a person; never sent again.
    Discarded {
        /// Why, in the person's words.
        reason: String,
        /// Who.
        by: PersonId,
    },
}

/// What an outside system said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rejection {
    /// Class.
    pub class: RejectionClass,
    /// The system's own code.
    pub code: String,
    /// The system's own words.
    pub message: String,
}

impl EffectState {
    /// True when nothing more will be sent without a person.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Posted { .. } | Self::Rejected(_) | Self::Discarded { .. } => true,
            Self::Recorded | Self::Sending | Self::Unknown => false,
        }
    }
}

/// What the worker does next with an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Send it for the first time, or again because it is known not to be there.
    Send,
    /// Search by reference; only what is not there may be sent again.
    Search,
    /// Nothing: a number or a person's matter.
    Rest,
}

/// The rule that keeps an unanswered call from being repeated blindly.
///
/// A call that was under way when the hub stopped counts as unknown. Also the first attempt of
/// an outside system that restores from a backup would be caught by searching; it is not done
/// for a fresh effect because no call with its reference can have left this hub.
#[must_use]
pub fn next_step(state: &EffectState) -> NextStep {
    match state {
        EffectState::Recorded => NextStep::Send,
        EffectState::Sending | EffectState::Unknown => NextStep::Search,
        EffectState::Posted { .. } | EffectState::Rejected(_) | EffectState::Discarded { .. } => {
            NextStep::Rest
        }
    }
}

/// Wait before attempt `attempt` (1 is the first retry): 1 s doubling to at most 64 s.
#[must_use]
pub fn retry_after_ms(attempt: u32) -> i64 {
    RETRY_FIRST_MS << attempt.saturating_sub(1).min(RETRY_DOUBLINGS_MAX)
}

const RETRY_FIRST_MS: i64 = 1000;
const RETRY_DOUBLINGS_MAX: u32 = 6;
