//! The link: what the desk knows of it by using it. Never latched, re-evaluated by every event.

use fettle_domain::{Refusal, Timestamp};

use crate::limits::{BAD_LINK_BUDGET_BYTES, EXCHANGE_BUDGET_BYTES};

/// Something the desk learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEvent {
    /// An exchange began.
    Began,
    /// An exchange ended well; true when the hub has more.
    Exchanged {
        /// True when another exchange should follow at once.
        has_more: bool,
    },
    /// The hub could not be reached, or its answer was cut.
    Lost,
    /// The hub answered and refused.
    Refused(Refusal),
    /// Something was committed on this laptop.
    Committed,
    /// A person asked for an exchange, or the system says that a network came up.
    Asked,
}

/// What the pill shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing is known yet.
    Unknown,
    /// The last exchange ended well.
    Connected,
    /// The last exchange did not reach the hub.
    NoConnection,
    /// The last exchange was refused.
    Refused(Refusal),
}

/// State of the link and when to try next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What the pill shows.
    pub state: LinkState,
    /// Since when.
    pub since: Timestamp,
    /// Last exchange that ended well.
    pub last_exchange: Option<Timestamp>,
    /// When the next exchange is due.
    pub due: Timestamp,
    /// True while one is under way.
    pub is_exchanging: bool,
    failures: u32,
    budget_bytes: usize,
}

/// Wait after an exchange that ended well with nothing more to do: 15 s.
pub const IDLE_MS: i64 = 15_000;
/// Wait after the first failed exchange: 1 s, doubling.
pub const RETRY_FIRST_MS: i64 = 1_000;
/// Longest wait between tries: 30 s, so that a link that is back is noticed soon.
pub const RETRY_LONGEST_MS: i64 = 30_000;
/// What an exchange that ended well multiplies the budget by.
const BUDGET_GROWTH: usize = 4;
/// Wait after a refusal: 60 s. A refusal ends by something done at the hub.
pub const REFUSED_MS: i64 = 60_000;

impl Link {
    /// A link nothing is known of; the first exchange is due at once.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            state: LinkState::Unknown,
            since: now,
            last_exchange: None,
            due: now,
            is_exchanging: false,
            failures: 0,
            budget_bytes: EXCHANGE_BUDGET_BYTES,
        }
    }

    /// Bytes the next exchange may carry in one direction: few after a link has failed, and more
    /// with each exchange that ends well.
    #[must_use]
    pub fn budget_bytes(&self) -> usize {
        self.budget_bytes
    }

    /// Takes note of an event.
    pub fn on(&mut self, event: LinkEvent, now: Timestamp) {
        match event {
            LinkEvent::Began => self.is_exchanging = true,
            LinkEvent::Exchanged { has_more } => {
                self.end(LinkState::Connected, now);
                self.failures = 0;
                let more = self.budget_bytes.saturating_mul(BUDGET_GROWTH);
                self.budget_bytes = more.min(EXCHANGE_BUDGET_BYTES);
                self.last_exchange = Some(now);
                self.due = if has_more { now } else { now.plus_ms(IDLE_MS) };
            }
            LinkEvent::Lost => {
                self.end(LinkState::NoConnection, now);
                let wait = RETRY_FIRST_MS << self.failures.min(5);
                self.failures = self.failures.saturating_add(1);
                self.budget_bytes = BAD_LINK_BUDGET_BYTES;
                self.due = now.plus_ms(wait.min(RETRY_LONGEST_MS));
            }
            LinkEvent::Refused(refusal) => {
                self.end(LinkState::Refused(refusal), now);
                self.failures = 0;
                self.due = now.plus_ms(REFUSED_MS);
            }
            // A commit does not shorten the back-off of a dead link; a person's wish does.
            LinkEvent::Committed => {
                if self.state == LinkState::Connected {
                    self.due = now;
                }
            }
            LinkEvent::Asked => self.due = now,
        }
    }

    fn end(&mut self, state: LinkState, now: Timestamp) {
        self.is_exchanging = false;
        if self.state != state {
            self.since = now;
            self.state = state;
        }
    }
}
