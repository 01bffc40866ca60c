//! The sync pill: what the link and the outbox mean to people.

use fettle_domain::{Refusal, Timestamp};
use fettle_sync::link::{Link, LinkState as Known};

use crate::person::shell::ms;
use crate::trouble::problem;
use crate::view::{LinkState, LinkView};

/// How long changes wait without a connection before the pill is raised: five minutes.
const RAISED_MS: i64 = 5 * 60_000;

/// What waits on this laptop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) is_hub_restored: bool,
    pub(crate) unsent: u32,
    pub(crate) oldest: Option<Timestamp>,
    pub(crate) attention: u32,
}

/// The pill at a moment.
pub(crate) fn link_view(link: &Link, waiting: Waiting, now: Timestamp) -> LinkView {
    let (state, reason) = match &link.state {
        Known::Unknown => (LinkState::Exchanging, None),
        Known::Connected if waiting.unsent > 0 => (LinkState::Exchanging, None),
        Known::Connected => (LinkState::UpToDate, None),
        Known::NoConnection => (LinkState::NoConnection, None),
        Known::Refused(refusal) => (LinkState::Refused, Some(problem(refusal))),
    };
    let waits_since = waiting.oldest.map_or(now, |oldest| oldest.max(link.since));
    LinkView {
        state,
        since: ms(link.since),
        last_exchange: link.last_exchange.map(ms),
        reason,
        unsent: waiting.unsent,
        is_raised: state == LinkState::NoConnection && now.ms_since(waits_since) >= RAISED_MS,
        attention: waiting.attention,
        notice: waiting
            .is_hub_restored
            .then(|| problem(&Refusal::new("hub.restored"))),
        disk: None,
    }
}
