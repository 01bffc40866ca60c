//! Who may read what only some people of a plant may see. The hub serves by these rules, and the
//! desk opens and drops by the same.

use crate::PlantId;
use crate::feed::Feed;
use crate::person::{Person, Role};

/// True when the person may read the feed: a restricted one only with a role for it in the
/// person's own plant, and never once disabled. Every other feed belongs to the device.
#[must_use]
pub fn may_read(person: &Person, feed: &Feed) -> bool {
    let holds = |sees: fn(Role) -> bool| person.roles.iter().any(|role| sees(*role));
    !person.is_disabled
        && match feed {
            Feed::Person(id) => *id == person.id,
            Feed::Prices(plant) => *plant == person.plant && holds(sees_prices),
            Feed::Costs(plant) => *plant == person.plant && holds(sees_costs),
            Feed::People
            | Feed::Actors
            | Feed::Plants
            | Feed::Charter
            | Feed::Vendors
            | Feed::Work(..)
            | Feed::Assets(_)
            | Feed::Items(_)
            | Feed::Stock(_)
            | Feed::Device(_) => true,
        }
}

/// The restricted feeds a person may read on a device of a plant.
#[must_use]
pub fn feeds_of(person: &Person, plant: &PlantId) -> Vec<Feed> {
    [
        Feed::Person(person.id),
        Feed::Prices(plant.clone()),
        Feed::Costs(plant.clone()),
    ]
    .into_iter()
    .filter(|feed| may_read(person, feed))
    .collect()
}

/// True when the person may see prices or costs of the plant, so that the desk asks for them.
#[must_use]
pub fn sees_amounts(person: &Person, plant: &PlantId) -> bool {
    feeds_of(person, plant)
        .iter()
        .any(|feed| matches!(feed, Feed::Prices(_) | Feed::Costs(_)))
}

/// Planners estimate by prices, supervisors approve by them, storekeepers value receipts by them.
fn sees_prices(role: Role) -> bool {
    match role {
        Role::Planner | Role::Supervisor | Role::Storekeeper => true,
        Role::Technician | Role::IntegrationOwner | Role::Administrator | Role::Cmms => false,
    }
}

/// Planners and supervisors answer for what an order costs.
fn sees_costs(role: Role) -> bool {
    match role {
        Role::Planner | Role::Supervisor => true,
        Role::Technician
        | Role::Storekeeper
        | Role::IntegrationOwner
        | Role::Administrator
        | Role::Cmms => false,
    }
}
