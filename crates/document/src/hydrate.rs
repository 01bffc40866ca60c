//! Hydration: a document's operations become the content the rules see.

use std::collections::BTreeMap;

use fettle_domain::person::{ActorRow, Role};
use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{ActorId, PersonId};

use crate::document::WorkOrderDocument;

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
#[must_use]
pub fn hydrate(_: &WorkOrderDocument, _: &Authors) -> WorkOrderContent {
    WorkOrderContent::default()
}
