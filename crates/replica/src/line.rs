//! What the replica hands out: order lines, changes and claims with where they are.

use std::collections::BTreeMap;

use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::intent::{Claim, Decision, Intent, Verdict};
use fettle_domain::row::OutcomeRow;
use fettle_domain::work_order::{
    Priority, Status, WorkOrderContent, WorkOrderRow, WorkOrderType, official::OfficialStatus,
};
use fettle_domain::{
    ActorId, AreaId, AssetId, CrewId, DeviceTime, EntryId, IntentId, LocationId, PersonId, PlantId,
    Refusal, StepId, Timestamp, WorkOrderId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One order as lists show it: official row, document and my pending claims joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Identity.
    pub id: WorkOrderId,
    /// Number in the CMMS, else the local reference.
    pub number: String,
    /// Short text.
    pub title: String,
    /// Type.
    pub kind: WorkOrderType,
    /// Plant.
    pub plant: PlantId,
    /// Area.
    pub area: AreaId,
    /// Priority.
    pub priority: Option<Priority>,
    /// Official status.
    pub official: Status,
    /// Official status with my pending claims over it.
    pub status: Status,
    /// Asset.
    pub asset: Option<AssetId>,
    /// Location.
    pub location: Option<LocationId>,
    /// Required finish.
    pub due: Option<Timestamp>,
    /// Scheduled start.
    pub scheduled_start: Option<Timestamp>,
    /// Actual finish, as observed.
    pub finished: Option<Timestamp>,
    /// Crew.
    pub crew: Option<CrewId>,
    /// Assignees.
    pub assignees: Vec<PersonId>,
    /// Steps with a result.
    pub steps_done: u32,
    /// Steps.
    pub steps_total: u32,
    /// Part lines.
    pub parts_total: u32,
    /// Part lines with something taken.
    pub parts_taken: u32,
    /// Steps with two versions about which nobody has chosen yet.
    #[serde(default)]
    pub clashes: u32,
    /// Changes made here and not sent; counted when read.
    #[serde(skip)]
    pub unsent: u32,
    /// Changes that need attention; counted when read.
    #[serde(skip)]
    pub attention: u32,
}

/// What is remembered of an order that went to another area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOrder {
    /// Number in the CMMS, else the local reference.
    pub number: String,
    /// Plant it was in.
    pub plant: PlantId,
    /// Area it was in.
    pub area: AreaId,
}

/// One order with all that a screen or rule needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    /// As lists show it.
    pub line: OrderLine,
    /// Official row.
    pub row: WorkOrderRow,
    /// Content of the document; empty while it has not come.
    pub content: WorkOrderContent,
    /// True when the document is on this laptop.
    pub has_document: bool,
    /// Claims made here, oldest first.
    pub claims: Vec<ClaimRow>,
    /// Changes made here: the newest of each subject, oldest first.
    pub changes: Vec<ChangeRow>,
    /// What outside systems made of facts and claims, whoever made these.
    pub outcomes: Vec<OutcomeRow>,
    /// Exception cases, settled ones included, the one due first on top.
    pub cases: Vec<ExceptionCase>,
    /// Names of the people who have or settled a case, as far as they are known here.
    pub case_people: BTreeMap<PersonId, String>,
}

/// What kind of change somebody made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MadeKind {
    /// A step ticked or measured.
    Step,
    /// A note.
    Note,
    /// Labour, running or stopped.
    Labour,
    /// A part taken.
    Part,
    /// A failure report.
    FailureReport,
    /// A transition.
    Transition,
    /// A decision about an exception case.
    Case,
    /// A photo or file, or one taken back.
    Photo,
    /// Priority or required finish.
    Plan,
}

impl MadeKind {
    const ALL: [Self; 9] = [
        Self::Step,
        Self::Note,
        Self::Labour,
        Self::Part,
        Self::FailureReport,
        Self::Transition,
        Self::Case,
        Self::Photo,
        Self::Plan,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Note => "note",
            Self::Labour => "labour",
            Self::Part => "part",
            Self::FailureReport => "failure_report",
            Self::Transition => "transition",
            Self::Case => "case",
            Self::Photo => "photo",
            Self::Plan => "plan",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a change is about; a later change of the same subject takes its place in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MadeSubject {
    /// A step.
    Step(StepId),
    /// An entry.
    Entry(EntryId),
    /// A claim.
    Intent(IntentId),
    /// The plan of an order.
    Plan(WorkOrderId),
}

impl MadeSubject {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Step(id) => format!("step/{id}"),
            Self::Entry(id) => format!("entry/{id}"),
            Self::Intent(id) => format!("intent/{id}"),
            Self::Plan(id) => format!("plan/{id}"),
        }
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let id = Uuid::parse_str(id).ok()?;
        match kind {
            "step" => Some(Self::Step(StepId(id))),
            "entry" => Some(Self::Entry(EntryId(id))),
            "intent" => Some(Self::Intent(IntentId(id))),
            "plan" => Some(Self::Plan(WorkOrderId(id))),
            _ => None,
        }
    }
}

/// A change made on this laptop and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// Order.
    pub order: WorkOrderId,
    /// Kind.
    pub kind: MadeKind,
    /// Subject.
    pub subject: MadeSubject,
    /// Its words: the step's text, the whole note, the part, the status claimed.
    pub words: String,
    /// Who made it.
    pub person: PersonId,
    /// Author.
    pub actor: ActorId,
    /// Place in the author's chain.
    pub place: u64,
    /// When it was saved, by the device's clock.
    pub at: Timestamp,
    /// When the hub acknowledged it, by the hub's clock.
    pub sent_at: Option<Timestamp>,
    /// Why the hub keeps it in quarantine.
    pub quarantined: Option<Refusal>,
    /// True when the hub has it and waits for something it depends on.
    pub is_waiting: bool,
    /// Why the hub put something of it back as it was.
    pub compensated: Option<Refusal>,
}

impl ChangeRow {
    /// Why the hub has not taken it as it was written.
    #[must_use]
    pub fn set_aside(&self) -> Option<&Refusal> {
        self.compensated.as_ref().or(self.quarantined.as_ref())
    }

    /// The case of what was set aside, among those of its order. One case stands for everything of
    /// an author that is set aside for the same reason, from its place on until the next one.
    #[must_use]
    pub fn case<'c>(&self, cases: &'c [ExceptionCase]) -> Option<&'c ExceptionCase> {
        let refusal = self.set_aside()?;
        // What rests on something refused has no case of its own.
        let is_same = |case: &ExceptionCase| {
            case.cause == *refusal || refusal.code.ends_with(".rests_on_refused")
        };
        let position = |case: &ExceptionCase| match case.subject {
            CaseSubject::Item { actor, position } if actor == self.actor => Some(position),
            _ => None,
        };
        let found = cases.iter().filter(|case| is_same(case));
        let found = found.filter_map(|case| Some((position(case)?, case)));
        let before = found
            .clone()
            .filter(|(position, _)| *position <= self.place);
        let last = before.max_by_key(|(position, _)| *position);
        let first = || found.min_by_key(|(position, _)| *position);
        last.or_else(first).map(|(_, case)| case)
    }

    /// True while somebody has to do with what was set aside.
    #[must_use]
    pub fn is_with_somebody(&self, cases: &[ExceptionCase]) -> bool {
        let case = self.case(cases);
        self.set_aside().is_some() && !case.is_some_and(ExceptionCase::is_settled)
    }
}

/// A claim made on this laptop and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    /// The claim.
    pub intent: Intent,
    /// Who made it.
    pub person: PersonId,
    /// When the hub acknowledged it.
    pub sent_at: Option<Timestamp>,
    /// Why the hub keeps it in quarantine.
    pub quarantined: Option<Refusal>,
    /// What the hub decided.
    pub verdict: Option<Verdict>,
}

impl ClaimRow {
    /// True while the official row cannot yet say what became of this claim.
    #[must_use]
    pub fn is_pending(&self, official_changed: Timestamp) -> bool {
        match &self.verdict {
            None => self.quarantined.is_none(),
            // Verdict and row travel in two feeds: the row may come later.
            Some(verdict) => match &verdict.decision {
                Decision::Accepted => official_changed < verdict.at,
                Decision::Refused(_) | Decision::Case { .. } => false,
            },
        }
    }
}

/// The official status with pending claims over it, in the order they were made.
#[must_use]
pub(crate) fn status_with_claims(
    official: &OfficialStatus,
    changed: Timestamp,
    claims: &[ClaimRow],
) -> Status {
    claims
        .iter()
        .filter(|claim| claim.is_pending(changed))
        .fold(official.status, |status, claim| match &claim.intent.claim {
            Claim::Transition(transition) => transition.to,
            // What a case does to the status comes with the official row.
            Claim::Case(_) => status,
        })
}

/// Labour that runs, on any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningLabour {
    /// Who works.
    pub person: PersonId,
    /// Order.
    pub order: WorkOrderId,
    /// Entry.
    pub entry: EntryId,
    /// Start.
    pub start: DeviceTime,
}

/// How far the first copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fill {
    /// Rows applied.
    pub done: u32,
    /// Rows applied and still to come.
    pub total: u32,
    /// True when every feed that work needs is here.
    pub is_usable: bool,
    /// True when everything is here.
    pub is_complete: bool,
}
