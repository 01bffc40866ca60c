//! Which facts of an order are posted to the ERP: the one rule effects derive from.

use crate::charter::Domain;
use crate::effect::Reference;
use crate::work_order::WorkOrderContent;
use crate::work_order::status::Status;
use crate::work_order::work::{Authored, LabourEntry, PartUsed};
use crate::{EntryId, IntentId, PersonId, Refusal};

/// A fact that must stand in the ERP once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting<'a> {
    /// Hours of a person.
    Labour(&'a Authored<LabourEntry>),
    /// A part taken out of stock.
    PartUsed(&'a Authored<PartUsed>),
}

impl Posting<'_> {
    /// The entry the posting stands for; its idempotency key.
    #[must_use]
    pub fn entry(&self) -> EntryId {
        match self {
            Self::Labour(labour) => labour.id,
            Self::PartUsed(part) => part.id,
        }
    }

    /// Who wrote it, when that is known here.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Labour(labour) => labour.person,
            Self::PartUsed(part) => part.person,
        }
    }

    /// Our reference in the ERP.
    #[must_use]
    pub fn reference(&self) -> Reference {
        let fact = self.entry();
        match self {
            Self::Labour(_) => Reference::of_fact("labour", fact.0.as_bytes()),
            Self::PartUsed(_) => Reference::of_fact("part_used", fact.0.as_bytes()),
        }
    }

    /// The charter's domain, which names the owner of what goes wrong.
    #[must_use]
    pub fn domain(&self) -> Domain {
        match self {
            Self::Labour(_) => Domain::Labour,
            Self::PartUsed(_) => Domain::PartUsed,
        }
    }
}

/// Code of the cause of a case about a fact that came when its order had ended.
pub const LATE: &str = "order.fact_late";

/// What becomes of the posting of a fact that is in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostingDue {
    /// It is posted.
    Now,
    /// The order has ended: nothing is posted, and its planner decides. The fact stays.
    Late(Refusal),
}

/// Whether the facts of an order are posted while it has a status.
///
/// A completed order takes late costs; a closed or cancelled one takes none, whoever was away when
/// that happened.
#[must_use]
pub fn posting_due(status: Status) -> PostingDue {
    if status.is_ended() {
        PostingDue::Late(Refusal::new(LATE).with("status", status.word()))
    } else {
        PostingDue::Now
    }
}

/// Our reference in the CMMS for an accepted transition.
#[must_use]
pub fn transition_reference(intent: IntentId) -> Reference {
    Reference::of_fact("transition", intent.0.as_bytes())
}

/// Every closed labour entry with an end and every closed part used, in the order of the content.
///
/// An open entry is still being written. A reversal waits for a rule of its own and is not posted.
#[must_use]
pub fn postings(content: &WorkOrderContent) -> Vec<Posting<'_>> {
    let labour = content
        .labour
        .iter()
        .filter(|labour| labour.is_closed && labour.entry.end.is_some())
        .filter(|labour| labour.entry.reversal_of.is_none())
        .map(Posting::Labour);
    let parts = content
        .parts_used
        .iter()
        .filter(|part| part.is_closed && part.entry.reversal_of.is_none())
        .map(Posting::PartUsed);
    labour.chain(parts).collect()
}
