//! Hydration: a document's operations become the content the rules see.

use std::collections::BTreeMap;

use fettle_domain::person::{ActorRow, Role};
use fettle_domain::work_order::settlement::is_office;
use fettle_domain::work_order::{Priority, SharedPlan, WorkOrderContent};
use fettle_domain::{ActorId, PersonId, Timestamp};

use crate::document::WorkOrderDocument;
use crate::fields::{self, Read};

mod read;
mod result;

pub(crate) use read::closing;
use read::{AtOnce, Reader};

/// Who stands behind the actors of changes, as far as it is known here.
#[derive(Debug, Clone, Default)]
pub struct Authors {
    rows: BTreeMap<ActorId, ActorRow>,
}

impl FromIterator<ActorRow> for Authors {
    fn from_iter<I: IntoIterator<Item = ActorRow>>(rows: I) -> Self {
        let mut authors = Self::default();
        rows.into_iter().for_each(|row| authors.insert(row));
        authors
    }
}

impl Authors {
    /// Adds or replaces the row of an actor.
    pub fn insert(&mut self, row: ActorRow) {
        self.rows.insert(row.actor, row);
    }

    /// The row of an actor.
    #[must_use]
    pub fn get(&self, actor: ActorId) -> Option<&ActorRow> {
        self.rows.get(&actor)
    }

    /// The person behind an actor.
    #[must_use]
    pub fn person(&self, actor: ActorId) -> Option<PersonId> {
        self.get(actor).and_then(|row| row.person)
    }

    /// True when both actors write for the same person.
    #[must_use]
    pub fn is_same_person(&self, one: ActorId, other: ActorId) -> bool {
        one == other
            || self
                .person(one)
                .is_some_and(|person| self.person(other) == Some(person))
    }

    /// True when an actor writes for the CMMS.
    pub(crate) fn is_cmms(&self, actor: ActorId) -> bool {
        self.get(actor)
            .is_some_and(|row| row.roles.contains(&Role::Cmms))
    }

    /// True when a planner or supervisor stood behind an actor at a moment.
    pub(crate) fn is_office(&self, actor: ActorId, at: Timestamp) -> bool {
        self.get(actor)
            .is_some_and(|row| is_office(row.roles_at(at)))
    }

    /// Weight of what an actor says about planned fields.
    pub(crate) fn rank(&self, actor: ActorId) -> Rank {
        let roles = self.get(actor).map_or(&[][..], |row| &row.roles);
        roles
            .iter()
            .map(|role| match role {
                Role::Planner | Role::Cmms => Rank::Planner,
                Role::Supervisor => Rank::Supervisor,
                Role::Technician
                | Role::Storekeeper
                | Role::IntegrationOwner
                | Role::Administrator => Rank::Other,
            })
            .max()
            .unwrap_or(Rank::Other)
    }
}

/// Weight of an author on planned fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Anyone, and authors not known here.
    Other,
    /// A supervisor.
    Supervisor,
    /// The planner, and the CMMS.
    Planner,
}

/// Reads a document as the rules see it.
///
/// Automerge's own winner decides nothing here: of several values of a planned field the CMMS's
/// stands before the planner's and that before anybody's, of other fields the one of the heavier
/// author, then of the greater hash. What this program cannot read is left out.
#[must_use]
pub fn hydrate(document: &WorkOrderDocument, authors: &Authors) -> WorkOrderContent {
    read_content(document, authors, AtOnce::Cmms)
}

/// The plan as the planners want it: where the CMMS wrote a field at once with a planner, what the
/// planner wrote. It differs from [`hydrate`] in exactly the fields in which the two clash.
#[must_use]
pub fn plan_of_planners(document: &WorkOrderDocument, authors: &Authors) -> SharedPlan {
    SharedPlan::of(&read_content(document, authors, AtOnce::Planner))
}

fn read_content(
    document: &WorkOrderDocument,
    authors: &Authors,
    at_once: AtOnce,
) -> WorkOrderContent {
    let reader = Reader {
        history: document.history(),
        authors,
        at_once,
    };
    let (tasks, removed_tasks) = reader.tasks(&reader.recorded());
    let order = reader.planned(reader.root("order"));
    let times = reader.shared(reader.root("times"));
    let notes = reader.entries("notes", fields::note);
    WorkOrderContent {
        priority: order
            .number("priority")
            .and_then(|number| u8::try_from(number).ok())
            .and_then(|number| Priority::try_from(number).ok()),
        required_start: order.moment("required_start"),
        required_finish: order.moment("required_finish"),
        actual_start: times.moment("actual_start"),
        actual_finish: times.moment("actual_finish"),
        description: document.text("description"),
        instructions: document.text("instructions"),
        results: reader.results(tasks.iter().chain(&removed_tasks), &notes),
        tasks,
        removed_tasks,
        part_lines: reader.part_lines(),
        labour: reader.entries("labour", fields::labour),
        parts_used: reader.entries("parts_used", fields::part_used),
        readings: reader.entries("readings", fields::reading),
        notes,
        photos: reader.entries("photos", fields::photo),
        failure_reports: reader.entries("failure_reports", fields::failure_report),
        downtime: reader.entries("downtime", fields::downtime),
        links: reader.links(),
    }
}
