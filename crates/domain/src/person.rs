//! Persons, their roles, and the actors that write for them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ActorId, CrewId, DeviceId, ExternalId, PersonId, PlantId, Timestamp};

/// What a person may decide and write.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Does the work and records facts.
    Technician,
    /// Plans orders; owns planned fields.
    Planner,
    /// Leads a crew; approves requisitions, sets a failing value aside.
    Supervisor,
    /// Runs a storeroom.
    Storekeeper,
    /// Owns exceptions between the systems.
    IntegrationOwner,
    /// Administers people, roles and devices.
    Administrator,
    /// The CMMS itself, writing through the hub's actor.
    Cmms,
}

impl Role {
    /// Every role, in the order they are listed to people.
    pub const ALL: [Self; 7] = [
        Self::Technician,
        Self::Planner,
        Self::Supervisor,
        Self::Storekeeper,
        Self::IntegrationOwner,
        Self::Administrator,
        Self::Cmms,
    ];

    /// The role's word in contracts, such as `integration_owner`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::Planner => "planner",
            Self::Supervisor => "supervisor",
            Self::Storekeeper => "storekeeper",
            Self::IntegrationOwner => "integration_owner",
            Self::Administrator => "administrator",
            Self::Cmms => "cmms",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role {0:?}")]
pub struct UnknownRole(pub String);

/// A person of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// Ids in outside systems, such as the employee number.
    pub external_ids: Vec<ExternalId>,
    /// Full name.
    pub name: String,
    /// Craft and grade, such as `Mechanical 2`.
    pub craft: String,
    /// Plant the person belongs to.
    pub plant: PlantId,
    /// Crew, when there is one.
    pub crew: Option<CrewId>,
    /// Roles held.
    pub roles: Vec<Role>,
    /// True when the person may no longer work with Fettle.
    pub is_disabled: bool,
}

impl Person {
    /// Up to two letters for an avatar: first of the first and of the last word.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut words = self
            .name
            .split_whitespace()
            .filter_map(|word| word.chars().next());
        let first = words.next();
        first
            .into_iter()
            .chain(words.next_back())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// Who stands behind an actor of document changes; travels in `company/actors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActorRow {
    /// The actor.
    pub actor: ActorId,
    /// Person; `None` for the hub itself writing for the CMMS.
    pub person: Option<PersonId>,
    /// Device the key belongs to; `None` for the hub.
    pub device: Option<DeviceId>,
    /// Roles held now.
    pub roles: Vec<Role>,
    /// From when the key is valid, by the hub's clock.
    pub valid_from: Timestamp,
    /// Roles the person held before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<HeldRoles>,
    /// Name of the device, such as `HW-14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// Roles a person held until they were changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldRoles {
    /// The roles.
    pub roles: Vec<Role>,
    /// When they ended, by the hub's clock.
    pub until: Timestamp,
}

impl ActorRow {
    /// The roles at a moment of the hub's clock: what somebody decided is judged by the rights they
    /// had then, whatever became of these since.
    #[must_use]
    pub fn roles_at(&self, at: Timestamp) -> &[Role] {
        let then = self.earlier.iter().find(|held| at < held.until);
        then.map_or(&self.roles, |held| &held.roles)
    }
}
