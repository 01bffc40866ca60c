//! Effects: calls to outside systems, each for one business fact, at most once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EffectId, PersonId};

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
    /// Its author took the fact back before it stood outside; never sent again. What takes it back
    /// is not sent either.
    TakenBack,
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
            Self::Posted { .. } | Self::Rejected(_) | Self::Discarded { .. } | Self::TakenBack => {
                true
            }
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
/// A call that was under way when the hub stopped counts as unknown. A fresh effect is not searched
/// for, because no call with its reference can have left this hub; unless the hub was restored, see
/// [`first_step_after_restore`].
#[must_use]
pub fn next_step(state: &EffectState) -> NextStep {
    match state {
        EffectState::Recorded => NextStep::Send,
        EffectState::Sending | EffectState::Unknown => NextStep::Search,
        EffectState::Posted { .. }
        | EffectState::Rejected(_)
        | EffectState::Discarded { .. }
        | EffectState::TakenBack => NextStep::Rest,
    }
}

/// What becomes of an effect and of the one that takes it back, by the state of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeBack {
    /// It stands outside: it is reversed there.
    Reverse,
    /// It is known not to stand outside: neither is sent any more.
    CancelBoth,
    /// It may be on its way: the reversal waits until that is known.
    Wait,
    /// It was given up: there is nothing to reverse.
    CancelReversal,
}

/// The rule that makes of a fact and its reversal two documents outside, or none, never one.
#[must_use]
pub fn take_back(taken_back: &EffectState) -> TakeBack {
    match taken_back {
        EffectState::Posted { .. } => TakeBack::Reverse,
        EffectState::Recorded | EffectState::Rejected(_) => TakeBack::CancelBoth,
        EffectState::Sending | EffectState::Unknown => TakeBack::Wait,
        EffectState::Discarded { .. } | EffectState::TakenBack => TakeBack::CancelReversal,
    }
}

/// What a hub that was restored from a backup does first: it cannot know what it sent between the
/// backup and the restore, so it looks for whatever it has not looked for since.
#[must_use]
pub fn first_step_after_restore(step: NextStep, is_looked_for: bool) -> NextStep {
    match step {
        NextStep::Send if !is_looked_for => NextStep::Search,
        NextStep::Send => NextStep::Send,
        NextStep::Search => NextStep::Search,
        NextStep::Rest => NextStep::Rest,
    }
}

/// Who is asked first when an outside system refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It is sent again by itself on the schedule; a case is opened once that takes long.
    Again,
    /// It rests and a person has it at once: nothing changes unless somebody changes it.
    Person,
}

/// What a refusal of a class leads to.
///
/// A fault of software passes or is repaired, and what failed because something before it failed
/// succeeds once that does. Every other class names something a person must change first.
#[must_use]
pub fn remedy(class: RejectionClass) -> Remedy {
    match class {
        RejectionClass::Software | RejectionClass::Consequential => Remedy::Again,
        RejectionClass::MasterData
        | RejectionClass::TransactionData
        | RejectionClass::ProcessState
        | RejectionClass::Authorisation
        | RejectionClass::SchemaDrift => Remedy::Person,
    }
}

/// The published schedule: the wait after each failure in a row, in seconds. After the last one it
/// is tried once a day, for ever.
pub const RETRY_SCHEDULE_S: [u32; 10] = [
    1,
    5,
    15,
    60,
    5 * 60,
    15 * 60,
    3_600,
    2 * 3_600,
    6 * 3_600,
    24 * 3_600,
];

/// Failures in a row after which a person has it as well: the waits have grown to an hour.
pub const CASE_AFTER_FAILURES: u32 = 7;

/// How long it may be unknown whether something arrived before a person has it: one hour.
pub const UNKNOWN_MAX_MS: i64 = 3_600_000;

/// Longest wait before a system that was not reached is tried again: about a minute.
const OUTAGE_MAX_S: u32 = 64;

/// Wait after failure number `failure` (from 1) of an effect, by [`RETRY_SCHEDULE_S`] with jitter.
#[must_use]
pub fn retry_after_ms(effect: EffectId, failure: u32) -> i64 {
    let last = RETRY_SCHEDULE_S.len() - 1;
    let place = usize::try_from(failure.saturating_sub(1)).unwrap_or(last);
    with_jitter(RETRY_SCHEDULE_S[place.min(last)], effect, failure)
}

/// Wait before a system that was not reached is tried again, after so many times in a row.
///
/// The system is down and not the call at fault: this counts no failure, and once the system is
/// back everything goes within about a minute, however long it was away.
#[must_use]
pub fn outage_retry_after_ms(effect: EffectId, times: u32) -> i64 {
    let doubled = 1_u32 << times.saturating_sub(1).min(OUTAGE_MAX_S.ilog2());
    with_jitter(doubled, effect, times)
}

/// Up to a tenth more, so that what failed together is not tried together. The same effect and
/// number give the same wait.
fn with_jitter(seconds: u32, effect: EffectId, number: u32) -> i64 {
    let wait_ms = i64::from(seconds) * 1_000;
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 jitter of a retry");
    hasher.update(effect.0.as_bytes());
    hasher.update(&number.to_be_bytes());
    let mut bits = [0; 2];
    hasher.finalize_xof().fill(&mut bits);
    wait_ms + wait_ms * i64::from(u16::from_be_bytes(bits)) / i64::from(u16::MAX) / 10
}
