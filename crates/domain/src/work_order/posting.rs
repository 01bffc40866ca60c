//! Which facts of an order are posted to the ERP: the one rule effects derive from.

use crate::charter::Domain;
use crate::effect::Reference;
use crate::work_order::WorkOrderContent;
use crate::work_order::reversal::reversal;
use crate::work_order::status::Status;
use crate::work_order::work::{Authored, LabourEntry, PartUsed};
use crate::{ActorId, EntryId, IntentId, PersonId, Refusal};

/// A fact that must stand in the ERP once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting<'a> {
    /// Hours of a person.
    Labour(&'a Authored<LabourEntry>),
    /// A part taken out of stock.
    PartUsed(&'a Authored<PartUsed>),
    /// Hours their author took back.
    LabourBack {
        /// The reversing entry.
        reversal: &'a Authored<LabourEntry>,
        /// What it takes back.
        of: &'a Authored<LabourEntry>,
    },
    /// A part its author took back.
    PartUsedBack {
        /// The reversing entry.
        reversal: &'a Authored<PartUsed>,
        /// What it takes back.
        of: &'a Authored<PartUsed>,
    },
}

impl Posting<'_> {
    /// The entry the posting stands for.
    #[must_use]
    pub fn entry(&self) -> EntryId {
        match self {
            Self::Labour(labour) => labour.id,
            Self::PartUsed(part) => part.id,
            Self::LabourBack { reversal, .. } => reversal.id,
            Self::PartUsedBack { reversal, .. } => reversal.id,
        }
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> ActorId {
        match self {
            Self::Labour(labour)
            | Self::LabourBack {
                reversal: labour, ..
            } => labour.actor,
            Self::PartUsed(part) | Self::PartUsedBack { reversal: part, .. } => part.actor,
        }
    }

    /// The person who wrote it, when that is known here.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Labour(labour)
            | Self::LabourBack {
                reversal: labour, ..
            } => labour.person,
            Self::PartUsed(part) | Self::PartUsedBack { reversal: part, .. } => part.person,
        }
    }

    /// Our reference in the ERP: the idempotency key.
    ///
    /// A reversal's is of the entry it takes back: two devices of a person may take the same entry
    /// back at once, and it is one fact.
    #[must_use]
    pub fn reference(&self) -> Reference {
        match self {
            Self::Labour(labour) => labour_reference(labour.id),
            Self::PartUsed(part) => part_used_reference(part.id),
            Self::LabourBack { of, .. } => Reference::of_fact("labour_back", of.id.0.as_bytes()),
            Self::PartUsedBack { of, .. } => {
                Reference::of_fact("part_used_back", of.id.0.as_bytes())
            }
        }
    }

    /// Our reference of what a reversal takes back.
    #[must_use]
    pub fn takes_back(&self) -> Option<Reference> {
        match self {
            Self::Labour(_) | Self::PartUsed(_) => None,
            Self::LabourBack { of, .. } => Some(labour_reference(of.id)),
            Self::PartUsedBack { of, .. } => Some(part_used_reference(of.id)),
        }
    }

    /// The charter's domain, which names the owner of what goes wrong.
    #[must_use]
    pub fn domain(&self) -> Domain {
        match self {
            Self::Labour(_) | Self::LabourBack { .. } => Domain::Labour,
            Self::PartUsed(_) | Self::PartUsedBack { .. } => Domain::PartUsed,
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

/// Our reference of labour's confirmation.
#[must_use]
pub fn labour_reference(entry: EntryId) -> Reference {
    Reference::of_fact("labour", entry.0.as_bytes())
}

/// Our reference of a part's goods issue.
#[must_use]
pub fn part_used_reference(entry: EntryId) -> Reference {
    Reference::of_fact("part_used", entry.0.as_bytes())
}

/// Our reference in the CMMS for an accepted transition.
#[must_use]
pub fn transition_reference(intent: IntentId) -> Reference {
    Reference::of_fact("transition", intent.0.as_bytes())
}

/// Every closed labour entry with an end, every closed part used, and what takes one of them back.
///
/// An open entry is still being written. What was taken back is still listed, before its reversal:
/// it may stand in the ERP already. Reversals that do not count are left out, see [`reversal`].
#[must_use]
pub fn postings(content: &WorkOrderContent) -> Vec<Posting<'_>> {
    let labour = content
        .labour
        .iter()
        .filter(|labour| labour.is_closed && labour.entry.end.is_some())
        .filter(|labour| labour.entry.reversal_of.is_none());
    let parts = content
        .parts_used
        .iter()
        .filter(|part| part.is_closed && part.entry.reversal_of.is_none());
    let labour_back = labour.clone().filter_map(|of| {
        let reversal = reversal(&content.labour, of)?;
        Some(Posting::LabourBack { reversal, of })
    });
    let parts_back = parts.clone().filter_map(|of| {
        let reversal = reversal(&content.parts_used, of)?;
        Some(Posting::PartUsedBack { reversal, of })
    });
    let facts = labour
        .map(Posting::Labour)
        .chain(parts.map(Posting::PartUsed));
    facts.chain(labour_back).chain(parts_back).collect()
}
