//! Failure reports of an order: each is its author's own, and the office names the official one.

use crate::person::Role;
use crate::work_order::settlement::{Settlement, is_office};
use crate::work_order::work::{Authored, FailureReport, Note};
use crate::{ActorId, EntryId, Refusal, Timestamp};

/// The official report: the one the office named last, else the only one there is.
///
/// `is_office` says whether a planner or supervisor stood behind an actor at a moment.
#[must_use]
pub fn official<'a>(
    reports: &'a [Authored<FailureReport>],
    notes: &[Authored<Note>],
    is_office: impl Fn(ActorId, Timestamp) -> bool,
) -> Option<&'a Authored<FailureReport>> {
    let named = notes
        .iter()
        .rev()
        .find_map(|note| match note.entry.settles {
            Some(Settlement::FailureReport(id))
                if note.is_closed && is_office(note.actor, note.entry.at.corrected()) =>
            {
                reports.iter().find(|report| report.id == id)
            }
            Some(Settlement::FailureReport(_) | Settlement::Step(_)) | None => None,
        });
    named.or(match reports {
        [only] => Some(only),
        [] | [_, _, ..] => None,
    })
}

/// Whether somebody with these roles may name a report the official one.
///
/// # Errors
/// `failure.naming_not_yours`, `entry.unknown`.
pub fn check_naming<'a>(
    reports: &'a [Authored<FailureReport>],
    id: EntryId,
    roles: &[Role],
) -> Result<&'a Authored<FailureReport>, Refusal> {
    if !is_office(roles) {
        return Err(Refusal::new("failure.naming_not_yours"));
    }
    let report = reports.iter().find(|report| report.id == id);
    report.ok_or_else(|| Refusal::new("entry.unknown").with("entry", id))
}
