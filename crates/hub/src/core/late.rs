//! Late facts: kept in the document of an order that has ended, and posted only when its planner
//! says so.

use fettle_domain::case::{CaseSubject, ExceptionCase, case_id};
use fettle_domain::charter::Domain;
use fettle_domain::work_order::WorkOrderRow;
use fettle_domain::work_order::posting::{LATE, Posting, PostingDue, posting_due, postings};
use fettle_domain::{EntryId, Refusal, Timestamp, WorkOrderId};

use super::case::Opening;
use super::{Answer, Core, StoreFault};
use crate::table;

impl Core<'_> {
    /// Why nothing of an order is posted now, with its row.
    pub(crate) fn late(
        &self,
        order: WorkOrderId,
    ) -> Result<Option<(WorkOrderRow, Refusal)>, StoreFault> {
        let Some(row) = self.order_row(order)? else {
            return Ok(None);
        };
        Ok(match posting_due(row.status.status) {
            PostingDue::Now => None,
            PostingDue::Late(cause) => Some((row, cause)),
        })
    }

    /// Whether the planner decides about a fact: it came late, now or once before. What was
    /// recorded before the order ended goes its way.
    pub(crate) fn is_left_to_planner(
        &self,
        late: Option<&(WorkOrderRow, Refusal)>,
        order: WorkOrderId,
        posting: &Posting<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreFault> {
        if table::effect::find_reference(self.connection, &posting.reference())?.is_some() {
            return Ok(false);
        }
        let subject = CaseSubject::Entry(posting.entry());
        let id = case_id(Some(order), None, &subject, LATE);
        if self.case(id)?.is_some() {
            return Ok(true);
        }
        let Some((row, cause)) = late else {
            return Ok(false);
        };
        let opening = Opening {
            order: Some(order),
            author: posting.person(),
            // The order's planner has it: the order has ended, not the fact gone wrong.
            ..Opening::new(
                row.plant.clone(),
                subject,
                cause.clone(),
                Domain::WorkOrderStatus,
            )
        };
        self.open_case(opening, now)?;
        Ok(true)
    }

    /// The planner has a late fact posted: the CMMS must have taken the order up again.
    ///
    /// # Errors
    /// The rule's no while the order is still ended.
    pub(crate) fn accept_late(
        &self,
        case: &ExceptionCase,
        entry: EntryId,
        now: Timestamp,
    ) -> Answer<()> {
        let Some(order) = case.order.filter(|_| case.cause.code == LATE) else {
            return Ok(Ok(()));
        };
        if let Some((row, _)) = self.late(order)? {
            let status = row.status.status.word();
            return Ok(Err(
                Refusal::new("case.order_still_ended").with("status", status)
            ));
        }
        let Some(content) = self.content(order.into())? else {
            return Ok(Err(Refusal::new("order.unknown")));
        };
        for posting in postings(&content) {
            if posting.entry() == entry {
                self.record_posting(order, &posting, now)?;
            }
        }
        Ok(Ok(()))
    }
}
