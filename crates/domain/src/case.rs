//! Exception cases: what failed or clashed, who has it until when, and what that person may do.
//!
//! A case is opened once per subject and cause and settled once. Facts never wait for it: they are
//! kept whatever becomes of the case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::charter::CharterRow;
use crate::effect::{Outside, RejectionClass};
use crate::person::Role;
use crate::row::Subject;
use crate::work_order::wish::PROPOSED;
use crate::{
    ActorId, CaseId, EffectId, EntryId, IntentId, PersonId, PlantId, Refusal, StepId, Timestamp,
    WorkOrderId,
};

/// Most events kept of a case.
pub const EVENTS_MAX: usize = 24;

/// Longest reason kept of a decision about a case, in characters.
pub const REASON_MAX: usize = 500;

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExceptionCase {
    /// Identity: [`case_id`] of order, subject and cause.
    pub id: CaseId,
    /// Plant it concerns.
    pub plant: PlantId,
    /// Order it concerns; a case without one stays in the hub.
    pub order: Option<WorkOrderId>,
    /// What failed or clashed.
    pub subject: CaseSubject,
    /// Why: the code groups and names the message, the arguments carry what the outside said.
    pub cause: Refusal,
    /// Class of the outside's refusal.
    pub class: Option<RejectionClass>,
    /// System that refused or does not answer.
    pub outside: Option<Outside>,
    /// Role that has it.
    pub owner: Role,
    /// Who wrote the fact or made the claim.
    pub author: Option<PersonId>,
    /// When it was opened, by the hub's clock.
    pub opened: Timestamp,
    /// When it is overdue.
    pub due: Timestamp,
    /// How far it is.
    pub state: CaseState,
    /// How often the outside system was asked before it came to a person.
    pub attempts: u32,
    /// What waits until it is settled: causal descendants alone.
    pub blocks: Vec<Subject>,
    /// How it ended.
    pub resolution: Option<Resolution>,
    /// What happened, oldest first; of very many the first and the last ones.
    pub events: Vec<CaseEvent>,
}

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseEvent {
    /// When, by the hub's clock.
    pub at: Timestamp,
    /// What.
    pub what: CaseStep,
    /// Who; `None` when no person of ours did it.
    pub by: Option<PersonId>,
    /// The outside's own words, or the person's.
    pub words: Option<String>,
}

/// What happens to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseStep {
    /// It was opened: refused, unanswered or in a clash.
    Opened,
    /// A person took it.
    Taken,
    /// A person sent it again.
    SentAgain,
    /// It failed or clashed again.
    Again,
    /// It was settled.
    Settled,
}

/// What failed or clashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseSubject {
    /// A call to an outside system.
    Effect {
        /// The call.
        effect: EffectId,
        /// The fact or claim it carries.
        subject: Subject,
    },
    /// A claim that races with another.
    Intent(IntentId),
    /// An entry of the order's document.
    Entry(EntryId),
    /// A checklist step.
    Step(StepId),
    /// A shared field of the order, by its name.
    Field(String),
    /// An item the hub keeps in quarantine.
    Item {
        /// Author's actor.
        actor: ActorId,
        /// Place in the actor's chain.
        position: u64,
    },
}

/// How far a case is. It is escalated, besides, once it is overdue: [`ExceptionCase::is_escalated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// A role has it.
    Open,
    /// A person has it, given by the order's own fields.
    Assigned {
        /// The person.
        to: PersonId,
    },
    /// A person has taken it.
    Working {
        /// The person.
        by: PersonId,
    },
    /// It was sent again and the outside system has not answered.
    WaitingOn {
        /// Whom it waits for.
        outside: Outside,
        /// Who sent it again.
        by: PersonId,
    },
    /// It is settled.
    Resolved,
    /// It was given up, with a reason.
    Waived,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resolution {
    /// Who; `None` when nobody had to.
    pub by: Option<PersonId>,
    /// When, by the hub's clock.
    pub at: Timestamp,
    /// How.
    pub how: Settlement,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

/// The ways a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// It stands in the outside system after all.
    Posted,
    /// It will not be sent.
    Discarded,
    /// What was claimed holds.
    Accepted,
    /// What was claimed does not hold.
    Rejected,
    /// What clashed was settled where it clashed.
    Overtaken,
}

/// A person's decision about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseClaim {
    /// The case.
    pub case: CaseId,
    /// Order the case concerns.
    pub order: WorkOrderId,
    /// What is done.
    pub action: CaseAction,
}

/// What a person does with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseAction {
    /// Takes it: others see who has it.
    Take,
    /// Has the effect sent again under the same reference.
    Replay,
    /// Gives the effect up.
    Discard {
        /// Why.
        reason: String,
    },
    /// What was claimed holds, on what is official now.
    Accept,
    /// What was claimed does not hold.
    Reject {
        /// Why.
        reason: String,
    },
}

impl CaseAction {
    /// The word of the contract, such as `replay`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Replay => "replay",
            Self::Discard { .. } => "discard",
            Self::Accept => "accept",
            Self::Reject { .. } => "reject",
        }
    }

    /// The reason given, where the action wants one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Discard { reason } | Self::Reject { reason } => Some(reason),
            Self::Take | Self::Replay | Self::Accept => None,
        }
    }

    /// True when a case about this can be settled this way.
    #[must_use]
    pub fn fits(&self, subject: &CaseSubject) -> bool {
        match (self, subject) {
            (Self::Take, _) => true,
            (Self::Replay | Self::Discard { .. }, CaseSubject::Effect { .. }) => true,
            (
                Self::Replay | Self::Discard { .. },
                CaseSubject::Intent(_)
                | CaseSubject::Entry(_)
                | CaseSubject::Step(_)
                | CaseSubject::Field(_)
                | CaseSubject::Item { .. },
            ) => false,
            (Self::Accept | Self::Reject { .. }, CaseSubject::Effect { .. }) => false,
            (
                Self::Accept | Self::Reject { .. },
                CaseSubject::Intent(_)
                | CaseSubject::Entry(_)
                | CaseSubject::Step(_)
                | CaseSubject::Field(_)
                | CaseSubject::Item { .. },
            ) => true,
        }
    }
}

impl CaseSubject {
    /// What the subject is known by, without the hub's own id of an effect: the same fact has the
    /// same key in a hub restored from a backup.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Effect { subject, .. } => match subject {
                Subject::Entry(id) => format!("effect/entry/{id}"),
                Subject::Intent(id) => format!("effect/intent/{id}"),
                Subject::Plan(id) => format!("effect/plan/{id}"),
            },
            Self::Intent(id) => format!("intent/{id}"),
            Self::Entry(id) => format!("entry/{id}"),
            Self::Step(id) => format!("step/{id}"),
            Self::Field(name) => format!("field/{name}"),
            Self::Item { actor, position } => format!("item/{actor}/{position}"),
        }
    }
}

/// The id of a case: the same subject and cause code of an order, the same case.
#[must_use]
pub fn case_id(
    order: Option<WorkOrderId>,
    outside: Option<Outside>,
    subject: &CaseSubject,
    cause_code: &str,
) -> CaseId {
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 exception case");
    let order = order.map_or_else(String::new, |order| order.to_string());
    let outside = outside.map_or("", Outside::word);
    for word in [&order, outside, &subject.key(), cause_code] {
        hasher.update(&(word.len() as u64).to_be_bytes());
        hasher.update(word.as_bytes());
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    // Version 8: it rests on what it names and not on a moment.
    CaseId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// When a case of this row of the charter, opened at a moment, is overdue.
#[must_use]
pub fn due(row: &CharterRow, opened: Timestamp) -> Timestamp {
    opened.plus_ms(i64::from(row.case_due_minutes) * 60_000)
}

impl ExceptionCase {
    /// True when it is settled.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match self.state {
            CaseState::Resolved | CaseState::Waived => true,
            CaseState::Open
            | CaseState::Assigned { .. }
            | CaseState::Working { .. }
            | CaseState::WaitingOn { .. } => false,
        }
    }

    /// True when somebody asks for something and nothing failed or clashed.
    #[must_use]
    pub fn is_proposal(&self) -> bool {
        self.cause.code == PROPOSED
    }

    /// True when nobody settled it in time.
    #[must_use]
    pub fn is_escalated(&self, now: Timestamp) -> bool {
        !self.is_settled() && now > self.due
    }

    /// The person who has it, once there is one.
    #[must_use]
    pub fn holder(&self) -> Option<PersonId> {
        match self.state {
            CaseState::Assigned { to } => Some(to),
            CaseState::Working { by } | CaseState::WaitingOn { by, .. } => Some(by),
            CaseState::Open | CaseState::Resolved | CaseState::Waived => None,
        }
    }

    /// Adds what happened. Of very many events the first one and the newest are kept.
    pub fn happened(&mut self, event: CaseEvent) {
        if self.events.len() >= EVENTS_MAX {
            self.events.remove(1);
        }
        self.events.push(event);
    }

    /// What cases are grouped by: the cause, and the outside's own code where it gave one.
    #[must_use]
    pub fn group(&self) -> String {
        let outside = self.outside.map_or("", Outside::word);
        let code = self.cause.arguments.iter();
        let code = code.filter(|argument| argument.name == "code");
        let code = code.map(|argument| argument.value.as_str()).next();
        format!("{}/{outside}/{}", self.cause.code, code.unwrap_or(""))
    }

    /// True when somebody with these roles sees it and may act on it.
    #[must_use]
    pub fn is_for(&self, roles: &[Role]) -> bool {
        roles
            .iter()
            .any(|role| *role == self.owner || *role == Role::IntegrationOwner)
    }
}

/// Decides whether a person may do this with a case now.
///
/// Replay needs nothing but the role, because nothing is sent that already stands. Whatever gives
/// something up needs a reason, and nobody gives up what they wrote themselves.
///
/// # Errors
/// A [`Refusal`]: settled already, sent already, another role's, an action that does not fit, no
/// reason, the person's own work.
pub fn decide_case(
    action: &CaseAction,
    case: &ExceptionCase,
    roles: &[Role],
    person: PersonId,
) -> Result<(), Refusal> {
    if !case.is_for(roles) {
        return Err(Refusal::new("case.not_yours").with("owner", case.owner.word()));
    }
    if case.is_settled() {
        return Err(Refusal::new("case.settled"));
    }
    if !action.fits(&case.subject) {
        return Err(Refusal::new("case.action_does_not_fit").with("action", action.word()));
    }
    if let CaseState::WaitingOn { outside, .. } = case.state {
        return Err(Refusal::new("case.sent_again").with("outside", outside.word()));
    }
    if let Some(reason) = action.reason() {
        check_reason(reason)?;
    }
    if matches!(action, CaseAction::Discard { .. }) && case.author == Some(person) {
        return Err(Refusal::new("case.own_work"));
    }
    Ok(())
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new("case.reason_missing"));
    }
    if reason.chars().count() > REASON_MAX {
        return Err(Refusal::new("case.reason_too_long").with("max", REASON_MAX));
    }
    Ok(())
}
