//! Exception cases: opened once per subject and cause, decided by a person, told to the laptops.

use fettle_domain::case::{
    CaseAction, CaseEvent, CaseState, CaseStep, CaseSubject, ExceptionCase, Resolution, Settlement,
    case_id, decide_case, due,
};
use fettle_domain::charter::Domain;
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::feed::Feed;
use fettle_domain::person::Role;
use fettle_domain::row::{Row, Subject};
use fettle_domain::{CaseId, PersonId, PlantId, Refusal, Timestamp, WorkOrderId};

use super::{Answer, Core, StoreFault};
use crate::table;

/// What a case is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Plant.
    pub plant: PlantId,
    /// Order; without one no laptop is told.
    pub order: Option<WorkOrderId>,
    /// What failed or clashed.
    pub subject: CaseSubject,
    /// Why.
    pub cause: Refusal,
    /// Class of the outside's refusal.
    pub class: Option<RejectionClass>,
    /// System that refused or does not answer.
    pub outside: Option<Outside>,
    /// Row of the charter that names owner and time.
    pub domain: Domain,
    /// Who wrote the fact or made the claim.
    pub author: Option<PersonId>,
    /// How often the outside system was asked.
    pub attempts: u32,
    /// What waits until it is settled.
    pub blocks: Vec<Subject>,
}

impl Opening {
    /// A case that no outside system takes part in, of nobody's, that blocks nothing.
    #[must_use]
    pub fn new(plant: PlantId, subject: CaseSubject, cause: Refusal, domain: Domain) -> Self {
        Self {
            plant,
            order: None,
            subject,
            cause,
            class: None,
            outside: None,
            domain,
            author: None,
            attempts: 0,
            blocks: Vec::new(),
        }
    }
}

impl Core<'_> {
    /// Opens a case, once per order, subject and cause code.
    ///
    /// One that is open takes the newer facts. A settled one stays settled while the cause says the
    /// same, and is opened anew when it says something else.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn open_case(&self, opening: Opening, now: Timestamp) -> Result<CaseId, StoreFault> {
        let id = case_id(
            opening.order,
            opening.outside,
            &opening.subject,
            &opening.cause.code,
        );
        let row = self.policy.charter.row(opening.domain);
        let held = table::case::get(self.connection, id)?;
        if held
            .as_ref()
            .is_some_and(|held| held.is_settled() && held.cause == opening.cause)
        {
            return Ok(id);
        }
        let held = held.filter(|held| !held.is_settled());
        if held
            .as_ref()
            .is_some_and(|held| says_nothing_new(held, &opening))
        {
            return Ok(id);
        }
        let (opened, due_at) = held
            .as_ref()
            .map_or((now, due(row, now)), |held| (held.opened, held.due));
        let is_new = held.is_none();
        let words = outside_words(&opening.cause);
        let (state, events) = match held.map(|held| (held.state, held.events)) {
            // Sent again and refused again: whoever sent it still has it.
            Some((CaseState::WaitingOn { by, .. }, events)) => (CaseState::Working { by }, events),
            Some((state, events)) => (state, events),
            None => (self.first_state(row.owner, opening.order)?, Vec::new()),
        };
        let mut case = ExceptionCase {
            id,
            plant: opening.plant,
            order: opening.order,
            subject: opening.subject,
            cause: opening.cause,
            class: opening.class,
            outside: opening.outside,
            owner: row.owner,
            author: opening.author,
            opened,
            due: due_at,
            state,
            attempts: opening.attempts,
            blocks: opening.blocks,
            resolution: None,
            events,
        };
        case.happened(CaseEvent {
            at: now,
            what: if is_new {
                CaseStep::Opened
            } else {
                CaseStep::Again
            },
            by: None,
            words,
        });
        tracing::warn!(case = %id, cause = %case.cause, owner = case.owner.word(), "case is open");
        self.put_case(&case)?;
        Ok(id)
    }

    /// Settles a case; one that is settled or unknown stays as it is.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn resolve_case(&self, id: CaseId, resolution: Resolution) -> Result<(), StoreFault> {
        let Some(mut case) = table::case::get(self.connection, id)? else {
            return Ok(());
        };
        if case.is_settled() {
            return Ok(());
        }
        case.state = match resolution.how {
            Settlement::Discarded => CaseState::Waived,
            Settlement::Posted
            | Settlement::Accepted
            | Settlement::Rejected
            | Settlement::Overtaken => CaseState::Resolved,
        };
        case.happened(CaseEvent {
            at: resolution.at,
            what: CaseStep::Settled,
            by: resolution.by,
            words: resolution.reason.clone(),
        });
        tracing::info!(case = %id, how = ?resolution.how, "case is settled");
        case.resolution = Some(resolution);
        self.put_case(&case)
    }

    /// One case.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn case(&self, id: CaseId) -> Result<Option<ExceptionCase>, StoreFault> {
        Ok(table::case::get(self.connection, id)?)
    }

    /// Cases that are not settled, the one due first on top.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn open_cases(&self) -> Result<Vec<ExceptionCase>, StoreFault> {
        Ok(table::case::open(self.connection)?)
    }

    /// Every case, the newest on top.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn all_cases(&self) -> Result<Vec<ExceptionCase>, StoreFault> {
        Ok(table::case::all(self.connection)?)
    }

    /// Cases of an order, oldest first.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn cases_of_order(&self, order: WorkOrderId) -> Result<Vec<ExceptionCase>, StoreFault> {
        Ok(table::case::of_order(self.connection, order)?)
    }

    /// Does with a case what a person decided, when the rule allows it.
    ///
    /// # Errors
    /// [`StoreFault`]; the rule's no is the inner answer.
    pub fn act_on_case(
        &self,
        id: CaseId,
        action: &CaseAction,
        (person, roles): (PersonId, &[Role]),
        now: Timestamp,
    ) -> Answer<ExceptionCase> {
        let Some(mut case) = table::case::get(self.connection, id)? else {
            return Ok(Err(Refusal::new("case.unknown")));
        };
        if let Err(refusal) = decide_case(action, &case, roles, person) {
            return Ok(Err(refusal));
        }
        let settled = |how, reason: Option<&str>| Resolution {
            by: Some(person),
            at: now,
            how,
            reason: reason.map(str::to_owned),
        };
        let step = |what| CaseEvent {
            at: now,
            what,
            by: Some(person),
            words: None,
        };
        match (action, &case.subject) {
            (CaseAction::Take, _) => {
                case.state = CaseState::Working { by: person };
                case.happened(step(CaseStep::Taken));
                self.put_case(&case)?;
            }
            (CaseAction::Replay, CaseSubject::Effect { effect, .. }) => {
                if let Some(outside) = self.replay_effect(*effect, now)? {
                    case.state = CaseState::WaitingOn {
                        outside,
                        by: person,
                    };
                    case.happened(step(CaseStep::SentAgain));
                    self.put_case(&case)?;
                }
            }
            (CaseAction::Discard { reason }, CaseSubject::Effect { effect, .. }) => {
                if let Err(refusal) = self.discard_effect(*effect, (reason, person), now)? {
                    return Ok(Err(refusal));
                }
                self.resolve_case(id, settled(Settlement::Discarded, Some(reason)))?;
            }
            (CaseAction::Accept, CaseSubject::Intent(claim)) => {
                if let Err(refusal) = self.accept_race(id, *claim, roles, now)? {
                    return Ok(Err(refusal));
                }
                self.resolve_case(id, settled(Settlement::Accepted, None))?;
            }
            (CaseAction::Accept, CaseSubject::Field(_)) => {
                if let Some(order) = case.order {
                    self.accept_clash(id, order, now)?;
                }
                self.resolve_case(id, settled(Settlement::Accepted, None))?;
            }
            (CaseAction::Accept, CaseSubject::Entry(entry)) => {
                let accepted = match case.order.filter(|_| case.is_proposal()) {
                    Some(order) => self.accept_proposal(order, *entry, now)?,
                    None => self.accept_late(&case, *entry, now)?,
                };
                if let Err(refusal) = accepted {
                    return Ok(Err(refusal));
                }
                self.resolve_case(id, settled(Settlement::Accepted, None))?;
            }
            (CaseAction::Accept, _) => {
                self.resolve_case(id, settled(Settlement::Accepted, None))?;
            }
            (CaseAction::Reject { reason }, _) => {
                self.resolve_case(id, settled(Settlement::Rejected, Some(reason)))?;
            }
            // `decide_case` lets no other pair through.
            (CaseAction::Replay | CaseAction::Discard { .. }, _) => {}
        }
        let who = format!("{} by {person}", action.reason().unwrap_or(""));
        let what = format!("case.{}", action.word());
        table::audit::put(self.connection, &what, &id.to_string(), who.trim(), now)?;
        Ok(Ok(table::case::get(self.connection, id)?.unwrap_or(case)))
    }

    /// The planner of an order has its cases from the beginning; else a role has them.
    fn first_state(
        &self,
        owner: Role,
        order: Option<WorkOrderId>,
    ) -> Result<CaseState, StoreFault> {
        let row = match order {
            Some(order) if owner == Role::Planner => self.order_row(order)?,
            Some(_) | None => None,
        };
        Ok(match row.and_then(|row| row.planner) {
            Some(to) => CaseState::Assigned { to },
            None => CaseState::Open,
        })
    }

    pub(crate) fn put_case(&self, case: &ExceptionCase) -> Result<(), StoreFault> {
        table::case::put(self.connection, case)?;
        let row = match case.order {
            Some(order) => self.order_row(order)?,
            None => None,
        };
        if let Some(row) = row {
            let feed = Feed::Work(row.plant, row.area);
            self.put_row(&feed, &Row::Case(case.clone()))?;
        }
        Ok(())
    }
}

/// What the outside said, where the cause carries it.
fn outside_words(cause: &Refusal) -> Option<String> {
    let said = cause.arguments.iter();
    said.filter(|argument| argument.name == "message")
        .map(|argument| argument.value.clone())
        .next()
}

/// True when an open case was opened with just this; one sent again and refused again is news.
fn says_nothing_new(held: &ExceptionCase, opening: &Opening) -> bool {
    !matches!(held.state, CaseState::WaitingOn { .. })
        && held.cause == opening.cause
        && held.class == opening.class
        && held.attempts == opening.attempts
        && held.blocks == opening.blocks
}
