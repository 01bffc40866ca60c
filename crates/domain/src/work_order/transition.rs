//! Deciding a claimed transition: the same function on the desk and on the hub.

use crate::intent::Transition;
use crate::person::Role;
use crate::work_order::official::OfficialStatus;
use crate::work_order::status::Status;
use crate::{PersonId, Refusal};

/// What the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct TransitionState<'a> {
    /// The official status now.
    pub official: &'a OfficialStatus,
    /// Who made each accepted transition after the revision the claim was based on; `None` for the CMMS.
    pub since: &'a [Option<PersonId>],
}

/// The outcome of a claim that is not plainly refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The status changes.
    Accepted,
    /// Somebody else changed the status meanwhile: the planner decides, facts are kept.
    Race(Refusal),
}

/// Decides a transition claimed by `person` with `roles`.
///
/// Legal pairs are [`super::status::LIFE_CYCLE`]. A claim on the current revision is accepted or
/// refused. A claim on an older one is accepted only if every transition since is the author's
/// own; otherwise it is a race.
///
/// # Errors
/// A [`Refusal`] when the pair is not legal, the roles do not allow it, or a reason is missing.
pub fn decide_transition(
    transition: &Transition,
    state: TransitionState<'_>,
    roles: &[Role],
    person: PersonId,
) -> Result<Outcome, Refusal> {
    check_legal(transition, roles)?;
    let is_own_since = state.since.iter().all(|author| *author == Some(person));
    let is_current = transition.based_on == state.official.revision || is_own_since;
    if is_current && transition.from == state.official.status {
        Ok(Outcome::Accepted)
    } else {
        Ok(Outcome::Race(race(transition, state.official.status)))
    }
}

fn check_legal(transition: &Transition, roles: &[Role]) -> Result<(), Refusal> {
    let legal = transition
        .from
        .transition_to(transition.to)
        .ok_or_else(|| {
            Refusal::new("order.transition_illegal")
                .with("from", transition.from.word())
                .with("to", transition.to.word())
        })?;
    if !roles.iter().any(|role| legal.roles.contains(role)) {
        return Err(Refusal::new("order.transition_not_yours")
            .with("from", transition.from.word())
            .with("to", transition.to.word()));
    }
    if legal.needs_reason
        && transition
            .reason
            .as_deref()
            .is_none_or(|r| r.trim().is_empty())
    {
        return Err(Refusal::new("order.reason_missing").with("to", transition.to.word()));
    }
    Ok(())
}

fn race(transition: &Transition, now: Status) -> Refusal {
    Refusal::new("order.status_changed_meanwhile")
        .with("from", transition.from.word())
        .with("to", transition.to.word())
        .with("now", now.word())
}

/// The way a raced claim takes once a person accepts it: the statuses from the official one to the
/// one claimed, straight or through the one the claim started from. Empty when it is there already.
///
/// `HOLD → COMP` is not legal, so finished work on an order that was put on hold meanwhile goes
/// back to `INPRG` first.
///
/// # Errors
/// A [`Refusal`] when no legal way leads there for these roles, or it needs a reason the claim
/// does not give.
pub fn way_of_accepted(
    transition: &Transition,
    official: Status,
    roles: &[Role],
) -> Result<Vec<Status>, Refusal> {
    let Transition { from, to, .. } = *transition;
    if official == to {
        return Ok(Vec::new());
    }
    let way = if official.transition_to(to).is_some() {
        vec![to]
    } else {
        vec![from, to]
    };
    let mut at = official;
    for next in &way {
        let step = Transition {
            from: at,
            to: *next,
            ..transition.clone()
        };
        check_legal(&step, roles)?;
        at = *next;
    }
    Ok(way)
}
