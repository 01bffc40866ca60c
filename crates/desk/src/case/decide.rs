//! Decides about a case: a claim the hub decides like any other, so it works without a connection.

use fettle_domain::case::{CaseAction, CaseClaim, CaseSubject, decide_case};
use fettle_domain::intent::{Claim, Intent};
use fettle_domain::row::Subject;
use fettle_domain::{CorrelationId, EntryId, IntentId, Timestamp};
use fettle_replica::{Commit, Made, MadeKind, MadeSubject, StoredOrder};
use fettle_sync::link::LinkEvent;

use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, DecideCaseInput, ProblemView};
use crate::work_order::change::saved;

impl Desk {
    /// Decides about a case.
    ///
    /// # Errors
    /// What `domain::case::decide_case` refuses, and `case.unknown`.
    pub async fn decide_case(&self, input: DecideCaseInput) -> Result<ChangeView, ProblemView> {
        self.on_disk(move |core| core.decide_about(&input)).await
    }
}

impl Core {
    fn decide_about(&self, input: &DecideCaseInput) -> Answer<ChangeView> {
        let _one_decision = locked(&self.deciding);
        let (member, now) = (self.member()?, self.now());
        let case = self.stored_case(&input.case_id)?;
        let order = case.order.ok_or_else(|| Trouble::new("case.unknown"))?;
        let action = action(input)?;
        decide_case(&action, &case, member.roles(), member.id())?;
        let id = IntentId(self.new_id()?);
        let made = Made {
            kind: MadeKind::Case,
            subject: MadeSubject::Intent(id),
            words: action.word().to_owned(),
        };
        let intent = Intent {
            id,
            claim: Claim::Case(CaseClaim {
                case: case.id,
                order,
                action,
            }),
            depends_on: Vec::new(),
            charter_version: self.charter()?.version,
            actor: member.actor,
            made: now,
            correlation_id: CorrelationId(self.new_id()?),
        };
        let key = &member.key;
        let committed = self.replica.commit(&Commit {
            actor: member.actor,
            person: member.id(),
            sign: &|position| position.sign(key.signing()),
            now: now.at,
            order: Some(order),
            edits: Vec::new(),
            intent: Some(intent),
            records: Vec::new(),
            made: vec![made],
        })?;
        self.link_event(LinkEvent::Committed);
        self.changed(&[order]);
        Ok(saved(committed.at))
    }
}

fn action(input: &DecideCaseInput) -> Answer<CaseAction> {
    let reason = input.reason.trim().to_owned();
    Ok(match input.action.as_str() {
        "take" => CaseAction::Take,
        "replay" => CaseAction::Replay,
        "discard" => CaseAction::Discard { reason },
        "accept" => CaseAction::Accept,
        "reject" => CaseAction::Reject { reason },
        _ => return Err(Trouble::new("case.action_does_not_fit")),
    })
}

/// When what a case is about was done, as well as the order knows it.
pub(super) fn made_at(order: &StoredOrder, subject: &CaseSubject) -> Option<Timestamp> {
    match subject {
        CaseSubject::Effect { subject, .. } => match subject {
            Subject::Entry(id) => entry_at(order, *id),
            Subject::Intent(id) => claim_at(order, *id),
            Subject::Plan(_) => None,
        },
        CaseSubject::Intent(id) => claim_at(order, *id),
        CaseSubject::Entry(id) => entry_at(order, *id),
        CaseSubject::Step(_) | CaseSubject::Field(_) | CaseSubject::Item { .. } => None,
    }
}

fn entry_at(order: &StoredOrder, id: EntryId) -> Option<Timestamp> {
    let content = &order.content;
    let labour = content.labour.iter().find(|labour| labour.id == id);
    let worked = labour.map(|labour| labour.entry.end.unwrap_or(labour.entry.start));
    let part = content.parts_used.iter().find(|part| part.id == id);
    let taken = part.map(|part| part.entry.at);
    worked.or(taken).map(|at| at.corrected())
}

fn claim_at(order: &StoredOrder, id: IntentId) -> Option<Timestamp> {
    let claim = order.claims.iter().find(|claim| claim.intent.id == id);
    claim.map(|claim| claim.intent.made.corrected())
}
