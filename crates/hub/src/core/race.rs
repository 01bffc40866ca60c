//! Claims that race or are refused: a case for the planner, whose word brings the claim onto the order as it is now.

use fettle_domain::case::CaseSubject;
use fettle_domain::charter::Domain;
use fettle_domain::effect::{Outside, Reference};
use fettle_domain::intent::{Claim, Intent};
use fettle_domain::person::Role;
use fettle_domain::row::Subject;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::posting::transition_reference;
use fettle_domain::work_order::transition::way_of_accepted;
use fettle_domain::work_order::{Status, WorkOrderRow};
use fettle_domain::{CaseId, IntentId, PersonId, Refusal, Timestamp, WorkOrderId};

use super::case::Opening;
use super::{Answer, Core, StoreFault};
use crate::effect::Body;
use crate::table;

/// A status that was accepted and goes to the CMMS.
pub(super) struct StatusCall {
    pub(super) reference: Reference,
    pub(super) order: WorkOrderId,
    pub(super) subject: Subject,
    pub(super) to: Status,
    /// Official revision this made.
    pub(super) revision: u32,
}

impl Core<'_> {
    /// Records the call that carries a status; it waits for the one that made the status it starts
    /// from, because the CMMS would refuse it before that.
    pub(super) fn record_status(
        &self,
        intent: &Intent,
        call: StatusCall,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let before = table::effect::status_changes(self.connection, call.order)?;
        let rests_on = before.into_iter().rfind(|effect| match effect.body {
            Body::SetStatus { revision, .. } => revision + 1 == call.revision,
            Body::ChangePlan { .. }
            | Body::ConfirmLabour { .. }
            | Body::IssueGoods { .. }
            | Body::ReverseLabour { .. }
            | Body::ReverseIssue { .. } => false,
        });
        let reason = match &intent.claim {
            Claim::Transition(transition) => transition.reason.clone(),
            Claim::Case(_) => None,
        };
        self.record_effect(
            call.reference.clone(),
            (Outside::Cmms, call.order),
            call.subject,
            Body::SetStatus {
                to: call.to,
                revision: call.revision,
                reason,
                at: intent.made.corrected(),
            },
            intent.correlation_id,
            now,
        )?;
        match rests_on {
            Some(rests_on) => self.effect_waits_for(&call.reference, &rests_on.reference),
            None => Ok(()),
        }
    }

    /// Opens the planner's case about a claim that came too late, or that the rule refused.
    pub(super) fn open_race(
        &self,
        intent: IntentId,
        row: &WorkOrderRow,
        refusal: &Refusal,
        author: PersonId,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let subject = CaseSubject::Intent(intent);
        let (plant, domain) = (row.plant.clone(), Domain::WorkOrderStatus);
        let opening = Opening {
            order: Some(row.id),
            author: Some(author),
            ..Opening::new(plant, subject, refusal.clone(), domain)
        };
        self.open_case(opening, now)?;
        Ok(())
    }

    /// Brings a claim that raced onto the order as it is now, for its author and under its own
    /// reference; nothing happens when the order is there already.
    ///
    /// # Errors
    /// No legal way leads there for the author or the person who accepts.
    pub(super) fn accept_race(
        &self,
        case: CaseId,
        claim: IntentId,
        roles: &[Role],
        now: Timestamp,
    ) -> Answer<()> {
        let Some(intent) = table::intent::get(self.connection, claim)? else {
            return Ok(Err(Refusal::new("case.unknown")));
        };
        let Claim::Transition(transition) = &intent.claim else {
            return Ok(Err(Refusal::new("case.unknown")));
        };
        let Some(mut row) = self.order_row(transition.order)? else {
            return Ok(Err(Refusal::new("order.unknown")));
        };
        let authors = self.authors()?;
        let author = authors.get(intent.actor);
        let mut allowed = roles.to_vec();
        allowed.extend(
            author
                .iter()
                .flat_map(|author| author.roles.iter().copied()),
        );
        let way = match way_of_accepted(transition, row.status.status, &allowed) {
            Ok(way) => way,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = author.and_then(|author| author.person);
        for to in way {
            row.status = OfficialStatus {
                status: to,
                revision: row.status.revision + 1,
                cmms: CmmsAnswer::Pending,
            };
            row.changed = now;
            self.put_revision(&row, person, now)?;
            // What lies between belongs to the case: the claim's own outcome is that of its goal.
            let (reference, subject) = if to == transition.to {
                (transition_reference(claim), claim)
            } else {
                let fact = case.0.as_bytes();
                (
                    Reference::of_fact("transition_between", fact),
                    IntentId(case.0),
                )
            };
            let call = StatusCall {
                reference,
                order: row.id,
                subject: Subject::Intent(subject),
                to,
                revision: row.status.revision,
            };
            self.record_status(&intent, call, now)?;
        }
        Ok(Ok(()))
    }
}
