//! Claims: each waits for what it depends on and is then decided once, for ever.

use fettle_document::Authors;
use fettle_domain::case::CaseClaim;
use fettle_domain::charter::Domain;
use fettle_domain::feed::Feed;
use fettle_domain::intent::{Claim, Decision, Dependency, Intent, Transition, Verdict};
use fettle_domain::refusal_answer::rests_on_kept_aside;
use fettle_domain::row::{Row, Subject};
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::posting::transition_reference;
use fettle_domain::work_order::transition::{Outcome, TransitionState, decide_transition};
use fettle_domain::{PersonId, Refusal, Timestamp};

use super::race::StatusCall;
use super::{Core, StoreFault};
use crate::table;
use crate::table::accept::Known;
use crate::table::actor::Stored as Author;

/// Most claims of one actor looked at in one exchange: whoever lets thousands wait holds up their
/// own and nobody else's.
const WAITING_OF_ACTOR_MAX: u32 = 64;
/// Most claims looked at in one exchange: bounds its work.
const WAITING_MAX: u32 = 4096;

enum Readiness {
    Ready,
    Waits,
    Refused(Refusal),
}

fn rests_on(kept_aside: &Refusal) -> Readiness {
    let code = "intent.dependency_quarantined";
    Readiness::Refused(rests_on_kept_aside(code, kept_aside))
}

impl Core<'_> {
    /// Keeps a claim; a refusal says why it is quarantined.
    pub(crate) fn take_intent(
        &self,
        author: &Author,
        intent: &Intent,
        position: u64,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        if intent.actor != author.actor {
            return Ok(Some(Refusal::new("intent.other_author")));
        }
        table::intent::put(self.connection, intent, intent.claim.order(), position, now)?;
        Ok(None)
    }

    /// Decides every claim whose dependencies are here.
    pub(crate) fn decide_waiting(&self, now: Timestamp) -> Result<(), StoreFault> {
        loop {
            let mut has_moved = false;
            for intent in self.waiting()? {
                let decision = match self.readiness(&intent)? {
                    Readiness::Waits => continue,
                    Readiness::Refused(refusal) => Decision::Refused(refusal),
                    Readiness::Ready => self.decide(&intent, now)?,
                };
                self.give_verdict(&intent, decision, now)?;
                has_moved = true;
            }
            if !has_moved {
                return Ok(());
            }
        }
    }

    fn waiting(&self) -> Result<Vec<Intent>, StoreFault> {
        let (of_actor, all) = (WAITING_OF_ACTOR_MAX, WAITING_MAX);
        Ok(table::intent::waiting(self.connection, of_actor, all)?)
    }

    fn readiness(&self, intent: &Intent) -> Result<Readiness, StoreFault> {
        for dependency in &intent.depends_on {
            match dependency {
                Dependency::Change { document, hash } => {
                    if table::accept::find(self.connection, *document, *hash)?
                        == Some(Known::Numbered)
                    {
                        continue;
                    }
                    let reason = table::quarantine::reason(self.connection, document.0, &hash.0)?;
                    return Ok(reason.map_or(Readiness::Waits, |reason| rests_on(&reason)));
                }
                Dependency::Intent(id) => {
                    if matches!(table::intent::find(self.connection, *id)?, Some(Some(_))) {
                        continue;
                    }
                    let reason = table::quarantine::reason_of_intent(self.connection, *id)?;
                    return Ok(reason.map_or(Readiness::Waits, |reason| rests_on(&reason)));
                }
            }
        }
        Ok(Readiness::Ready)
    }

    fn decide(&self, intent: &Intent, now: Timestamp) -> Result<Decision, StoreFault> {
        // It may have waited since its author could still be heard.
        if let Some(author) = table::actor::get(self.connection, intent.actor)?
            && let Some(refusal) = self.barred(&author)?
        {
            return Ok(Decision::Refused(refusal));
        }
        if let Claim::Transition(transition) = &intent.claim
            && let Some(given) = table::restored_verdict::take(self.connection, intent.id)?
            // A race is decided anew, for the case of it was lost as well.
            && !matches!(given.decision, Decision::Case { .. })
        {
            return self.decide_as_before(intent, transition, given.decision, now);
        }
        let authors = self.authors()?;
        match &intent.claim {
            Claim::Transition(transition) => {
                self.decide_transition(intent, transition, &authors, now)
            }
            Claim::Case(claim) => self.decide_case_claim(intent, claim, &authors, now),
        }
    }

    /// The verdict that was given before a restore stands. What follows from it is recorded again
    /// under the same reference, and looked for before anything is sent.
    fn decide_as_before(
        &self,
        intent: &Intent,
        transition: &Transition,
        decision: Decision,
        now: Timestamp,
    ) -> Result<Decision, StoreFault> {
        if decision == Decision::Accepted
            && let Some(mut row) = self.order_row(transition.order)?
        {
            // The CMMS may have told of it already, and of what came after.
            if row.status.status == transition.from {
                let author = table::actor::get(self.connection, intent.actor)?;
                row.status = OfficialStatus {
                    status: transition.to,
                    revision: row.status.revision + 1,
                    cmms: CmmsAnswer::Pending,
                };
                row.changed = now;
                self.put_revision(&row, author.and_then(|author| author.person), now)?;
            }
            let call = StatusCall {
                reference: transition_reference(intent.id),
                order: transition.order,
                subject: Subject::Intent(intent.id),
                to: transition.to,
                revision: row.status.revision,
            };
            self.record_status(intent, call, now)?;
        }
        Ok(decision)
    }

    fn decide_transition(
        &self,
        intent: &Intent,
        transition: &Transition,
        authors: &Authors,
        now: Timestamp,
    ) -> Result<Decision, StoreFault> {
        let refused = |code| Ok(Decision::Refused(Refusal::new(code)));
        let Some(mut row) = self.order_row(transition.order)? else {
            return refused("order.unknown");
        };
        let Some(author) = authors.get(intent.actor) else {
            return refused("actor.unknown");
        };
        let (Some(person), Some(device)) = (author.person, author.device) else {
            return refused("actor.unknown");
        };
        let device = table::device::get(self.connection, device)?;
        let plant = device.map(|(device, _)| device.plant);
        if !self.has_held(row.id.into(), Some(&row.plant), plant.as_ref())? {
            return refused("order.out_of_scope");
        }
        let since =
            table::revision::authors_after(self.connection, transition.order, transition.based_on)?;
        let state = TransitionState {
            official: &row.status,
            since: &since,
        };
        match decide_transition(transition, state, &author.roles, person) {
            Err(refusal) => {
                let cause = not_allowed(transition);
                self.open_race(intent.id, &row, &cause, person, now)?;
                Ok(Decision::Refused(refusal))
            }
            Ok(Outcome::Race(refusal)) => {
                self.open_race(intent.id, &row, &refusal, person, now)?;
                Ok(Decision::Case {
                    refusal,
                    owner: self.policy.charter.row(Domain::WorkOrderStatus).owner,
                })
            }
            Ok(Outcome::Accepted) => {
                row.status = OfficialStatus {
                    status: transition.to,
                    revision: row.status.revision + 1,
                    cmms: CmmsAnswer::Pending,
                };
                row.changed = now;
                self.put_revision(&row, Some(person), now)?;
                let call = StatusCall {
                    reference: transition_reference(intent.id),
                    order: transition.order,
                    subject: Subject::Intent(intent.id),
                    to: transition.to,
                    revision: row.status.revision,
                };
                self.record_status(intent, call, now)?;
                Ok(Decision::Accepted)
            }
        }
    }

    fn decide_case_claim(
        &self,
        intent: &Intent,
        claim: &CaseClaim,
        authors: &Authors,
        now: Timestamp,
    ) -> Result<Decision, StoreFault> {
        let author = authors.get(intent.actor);
        let Some((author, person)) = author.and_then(|author| Some((author, author.person?)))
        else {
            return Ok(Decision::Refused(Refusal::new("actor.unknown")));
        };
        let known = self.case(claim.case)?;
        if known.is_none_or(|case| case.order != Some(claim.order)) {
            return Ok(Decision::Refused(Refusal::new("case.unknown")));
        }
        let by = (person, author.roles.as_slice());
        Ok(
            match self.act_on_case(claim.case, &claim.action, by, now)? {
                Ok(_) => Decision::Accepted,
                Err(refusal) => Decision::Refused(refusal),
            },
        )
    }

    /// Writes an order's row with a new revision of its status, and who made it.
    pub(crate) fn put_revision(
        &self,
        row: &fettle_domain::work_order::WorkOrderRow,
        person: Option<PersonId>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.put_order_row(row)?;
        let revision = (row.status.revision, row.status.status);
        table::revision::put(self.connection, row.id, revision, person, now)?;
        Ok(())
    }

    fn give_verdict(
        &self,
        intent: &Intent,
        decision: Decision,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let verdict = Verdict {
            intent: intent.id,
            order: intent.claim.order(),
            decision,
            at: now,
        };
        table::intent::decide(self.connection, &verdict)?;
        tracing::info!(
            intent = %intent.id, correlation = %intent.correlation_id,
            decision = ?verdict.decision, "verdict"
        );
        let author = table::actor::get(self.connection, intent.actor)?;
        if let Some(device) = author.and_then(|author| author.device) {
            self.put_row(&Feed::Device(device), &Row::Verdict(verdict))?;
        }
        Ok(())
    }
}

/// Why the planner has a claim that the rule refused: the work may be done all the same.
fn not_allowed(transition: &Transition) -> Refusal {
    Refusal::new("order.claim_refused")
        .with("from", transition.from.word())
        .with("to", transition.to.word())
}
