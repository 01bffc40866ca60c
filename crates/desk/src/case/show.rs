//! One case: what happened, what waits behind it, and what the person may do.

use fettle_domain::CaseId;
use fettle_domain::case::{
    CaseAction, CaseEvent, CaseStep, ExceptionCase, Resolution, Settlement, decide_case,
};
use fettle_replica::StoredOrder;

use super::list::Orders;
use super::words::of_subject;
use crate::core::Core;
use crate::desk::Desk;
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble, problem};
use crate::view::{BlockedView, CaseEventKind, CaseEventView, CaseView, ChangeState, ProblemView};

impl Desk {
    /// One case.
    ///
    /// # Errors
    /// `case.unknown`, `case.not_yours`.
    pub async fn case(&self, id: String) -> Result<CaseView, ProblemView> {
        self.on_disk(move |core| core.case_view(&id)).await
    }
}

impl Core {
    /// A case this laptop was told of.
    pub(super) fn stored_case(&self, id: &str) -> Answer<ExceptionCase> {
        let unknown = || Trouble::new("case.unknown");
        let id: CaseId = id.parse().map_err(|_| unknown())?;
        self.replica.case(id)?.ok_or_else(unknown)
    }

    fn case_view(&self, id: &str) -> Answer<CaseView> {
        let member = self.member()?;
        let case = self.stored_case(id)?;
        if !case.is_for(member.roles()) {
            return Err(Trouble::new("case.not_yours"));
        }
        let mut orders = Orders::new();
        let row = self.case_row(&mut orders, &case, self.now().corrected())?;
        let order = case.order.and_then(|id| orders.remove(&id)).flatten();
        let mut blocks = Vec::new();
        for subject in &case.blocks {
            let about = of_subject(self, order.as_ref(), *subject)?;
            blocks.push(BlockedView {
                kind: about.kind,
                text: about.text,
                minutes: about.minutes,
            });
        }
        let code = case.cause.arguments.iter();
        let code = code.filter(|argument| argument.name == "code");
        // A decision that is on its way is not made a second time; a refused one may be.
        let is_decided = row.decided.as_ref().is_some_and(|view| match view.state {
            ChangeState::Saved | ChangeState::Sent | ChangeState::Accepted => true,
            ChangeState::Attention => false,
        });
        Ok(CaseView {
            row,
            cause: problem(&case.cause),
            system: case.outside.map(|outside| outside.word().to_owned()),
            code: code.map(|argument| argument.value.clone()).next(),
            attempts: case.attempts,
            blocks,
            events: self.events(order.as_ref(), &case)?,
            actions: if is_decided {
                Vec::new()
            } else {
                actions(&case, &member.person)
            },
        })
    }

    fn events(
        &self,
        order: Option<&StoredOrder>,
        case: &ExceptionCase,
    ) -> Answer<Vec<CaseEventView>> {
        let mut views = Vec::new();
        let made = order.and_then(|order| super::decide::made_at(order, &case.subject));
        if let Some(at) = made {
            views.push(CaseEventView {
                kind: CaseEventKind::Made,
                at: ms(at),
                by: self.person_name(case.author)?,
                words: None,
            });
        }
        for event in &case.events {
            views.push(CaseEventView {
                kind: kind(event, case.resolution.as_ref()),
                at: ms(event.at),
                by: self.person_name(event.by)?,
                words: event.words.clone(),
            });
        }
        Ok(views)
    }
}

fn kind(event: &CaseEvent, resolution: Option<&Resolution>) -> CaseEventKind {
    match (event.what, resolution.map(|resolution| resolution.how)) {
        (CaseStep::Opened, _) => CaseEventKind::Opened,
        (CaseStep::Taken, _) => CaseEventKind::Taken,
        (CaseStep::SentAgain, _) => CaseEventKind::SentAgain,
        (CaseStep::Again, _) => CaseEventKind::Again,
        (CaseStep::Settled, Some(Settlement::Posted)) => CaseEventKind::Posted,
        (CaseStep::Settled, Some(Settlement::Discarded)) => CaseEventKind::Discarded,
        (CaseStep::Settled, Some(Settlement::Accepted)) => CaseEventKind::Accepted,
        (CaseStep::Settled, Some(Settlement::Rejected)) => CaseEventKind::Rejected,
        (CaseStep::Settled, Some(Settlement::Overtaken) | None) => CaseEventKind::Overtaken,
    }
}

/// What the rule lets the person do now; a reason is asked for when it is done.
fn actions(case: &ExceptionCase, person: &fettle_domain::person::Person) -> Vec<String> {
    let reason = || "-".to_owned();
    let all = [
        CaseAction::Replay,
        CaseAction::Accept,
        CaseAction::Take,
        CaseAction::Reject { reason: reason() },
        CaseAction::Discard { reason: reason() },
    ];
    all.iter()
        .filter(|action| decide_case(action, case, &person.roles, person.id).is_ok())
        .filter(|action| **action != CaseAction::Take || case.holder() != Some(person.id))
        .map(|action| action.word().to_owned())
        .collect()
}
