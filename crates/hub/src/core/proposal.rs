//! What people propose of the planner's fields: a case of the planner, whose word makes it the plan.

use fettle_domain::case::{CaseSubject, Resolution, Settlement};
use fettle_domain::charter::Domain;
use fettle_domain::work_order::wish::{PROPOSED, Proposal};
use fettle_domain::work_order::{Authored, Note, WorkOrderContent};
use fettle_domain::{EntryId, Refusal, Timestamp, WorkOrderId};

use super::case::Opening;
use super::{Answer, Core, StoreFault};

/// Longest beginning of a proposal's words in its case, in characters.
const WORDS_MAX: usize = 300;

impl Core<'_> {
    /// Opens the case of each proposal of an order; one the plan says already needs nobody.
    pub(super) fn proposal_cases(
        &self,
        order: WorkOrderId,
        content: &WorkOrderContent,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let mut proposed = proposals(content).peekable();
        if proposed.peek().is_none() {
            return Ok(());
        }
        let Some(row) = self.order_row(order)? else {
            return Ok(());
        };
        let held = self.cases_of_order(order)?;
        for (note, proposal) in proposed {
            let subject = CaseSubject::Entry(note.id);
            let case = held.iter().find(|case| case.subject == subject);
            if proposal.is_met(content) {
                if let Some(case) = case {
                    let resolution = Resolution {
                        by: None,
                        at: now,
                        how: Settlement::Overtaken,
                        reason: None,
                    };
                    self.resolve_case(case.id, resolution)?;
                }
            } else if case.is_none() && !row.status.status.is_ended() {
                let words: String = note.entry.text.chars().take(WORDS_MAX).collect();
                let cause = Refusal::new(PROPOSED).with("text", words);
                let opening = Opening {
                    order: Some(order),
                    author: note.person,
                    ..Opening::new(row.plant.clone(), subject, cause, Domain::WorkOrderPlan)
                };
                self.open_case(opening, now)?;
            }
        }
        Ok(())
    }

    /// The planner takes a proposal over: the plan says so here, and in the CMMS.
    ///
    /// # Errors
    /// The rule's no when the order has ended.
    pub(super) fn accept_proposal(
        &self,
        order: WorkOrderId,
        entry: EntryId,
        now: Timestamp,
    ) -> Answer<()> {
        let Some(row) = self.order_row(order)? else {
            return Ok(Err(Refusal::new("order.unknown")));
        };
        if row.status.status.is_ended() {
            let status = row.status.status.word();
            return Ok(Err(Refusal::new("plan.order_ended").with("status", status)));
        }
        let Some(content) = self.content(order.into())? else {
            return Ok(Err(Refusal::new("order.unknown")));
        };
        let wanted = proposals(&content).find(|(note, _)| note.id == entry);
        if let Some((_, proposal)) = wanted {
            self.want(order, proposal.wanted(), now)?;
        }
        Ok(Ok(()))
    }
}

fn proposals(content: &WorkOrderContent) -> impl Iterator<Item = (&Authored<Note>, Proposal)> {
    let closed = content.notes.iter().filter(|note| note.is_closed);
    closed.filter_map(|note| Some((note, note.entry.proposes?)))
}
