//! What became of a call: the outcomes of writing and the faults of reading.

use fettle_domain::effect::Rejection;

/// Outcome of a call that creates or changes something outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posting {
    /// Done, under this document number.
    Posted {
        /// Number there: text of any length.
        number: String,
    },
    /// The outside system refused; nothing was done.
    Rejected(Rejection),
    /// Sent, but no usable answer: search by reference before sending again.
    Unknown {
        /// What was seen, for people.
        seen: String,
    },
    /// Never reached the system: may be sent again at once.
    NotSent {
        /// What was seen, for people.
        seen: String,
    },
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The system could not be reached.
    #[error("{system} cannot be reached: {seen}")]
    Unreachable {
        /// Which system.
        system: &'static str,
        /// What was seen.
        seen: String,
    },
    /// It was reached but did not answer usably in time.
    #[error("{system} did not answer: {seen}")]
    NoAnswer {
        /// Which system.
        system: &'static str,
        /// What was seen.
        seen: String,
    },
    /// It refused the question.
    #[error("{system} refused with {}: {}", rejection.code, rejection.message)]
    Refused {
        /// Which system.
        system: &'static str,
        /// Its answer.
        rejection: Rejection,
    },
    /// It answered something its contract does not allow.
    #[error("{system} answered what cannot be read: {seen}")]
    Payload {
        /// Which system.
        system: &'static str,
        /// What cannot be read.
        seen: String,
    },
}

/// A place in an outside system's list of changes: opaque, kept and handed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// One page of a list of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Rows in order of change.
    pub rows: Vec<T>,
    /// Where the next page starts; also valid when nothing is left.
    pub next: Cursor,
    /// True when the next page has rows already.
    pub has_more: bool,
}
