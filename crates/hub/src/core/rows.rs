//! Rows of feeds: writing a new version, and the totals of the store.

use fettle_document::Authors;
use fettle_domain::feed::Feed;
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::row::Row;
use fettle_domain::work_order::WorkOrderRow;
use fettle_domain::{ActorId, DeviceId, PersonId, PlantId, Timestamp, WorkOrderId};
use fettle_sync::chain::PersonKey;
use uuid::Uuid;

use super::{Core, StoreFault};
use crate::table;

/// Counts of what the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Epoch of the log.
    pub log_epoch: u64,
    /// Orders.
    pub orders: u64,
    /// Changes with a number.
    pub changes: u64,
    /// Changes that wait for others.
    pub held_changes: u64,
    /// Claims that wait for others.
    pub waiting_intents: u64,
    /// Items in quarantine.
    pub quarantined: u64,
    /// Effects by system and state.
    pub effects: Vec<(String, String, u64)>,
}

impl Core<'_> {
    /// Counts what the store holds.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn totals(&self) -> Result<Totals, StoreFault> {
        let (changes, held_changes) = table::accept::count(self.connection)?;
        Ok(Totals {
            log_epoch: table::meta::get(self.connection, "log_epoch")?,
            orders: table::work_order::count(self.connection)?,
            changes,
            held_changes,
            waiting_intents: table::intent::count_waiting(self.connection)?,
            quarantined: table::quarantine::count(self.connection)?,
            effects: table::effect::count_by_state(self.connection)?,
        })
    }

    /// Writes a row into a feed, unless it says nothing new.
    pub(crate) fn put_row(&self, feed: &Feed, row: &Row) -> Result<(), StoreFault> {
        let number = table::feed::number(self.connection, feed)?;
        table::official_row::put(self.connection, number, row)?;
        Ok(())
    }

    /// The official row of an order.
    pub(crate) fn order_row(&self, id: WorkOrderId) -> Result<Option<WorkOrderRow>, StoreFault> {
        let Some(feed) = table::work_order::feed(self.connection, id)? else {
            return Ok(None);
        };
        let key = format!("work_order/{id}");
        match table::official_row::get(self.connection, feed, &key)? {
            Some((_, Row::WorkOrder(row))) => Ok(Some(row)),
            Some(_) | None => Ok(None),
        }
    }

    /// Writes the official row of an order into the feed of its area.
    pub(crate) fn put_order_row(&self, row: &WorkOrderRow) -> Result<(), StoreFault> {
        let feed = table::feed::number(
            self.connection,
            &Feed::Work(row.plant.clone(), row.area.clone()),
        )?;
        let official = Row::WorkOrder(row.clone());
        if let Some(version) = table::official_row::put(self.connection, feed, &official)? {
            table::work_order::put(self.connection, row, feed, version)?;
        }
        Ok(())
    }

    /// Everybody who writes, with the roles they hold and held.
    pub(crate) fn authors(&self) -> Result<Authors, StoreFault> {
        let people = table::person::all(self.connection)?;
        let roles = |id: Option<PersonId>| match id {
            None => vec![Role::Cmms],
            Some(id) => people
                .iter()
                .find(|person| person.id == id)
                .map(|person| person.roles.clone())
                .unwrap_or_default(),
        };
        let earlier = table::held_roles::all(self.connection)?;
        let held = |id: Option<PersonId>| {
            let held = id.and_then(|id| earlier.get(&id));
            held.cloned().unwrap_or_default()
        };
        Ok(table::actor::all(self.connection)?
            .into_iter()
            .map(|actor| ActorRow {
                earlier: held(actor.person),
                ..actor_row(&actor, roles(actor.person))
            })
            .collect())
    }

    /// Tells the feed who stands behind an actor.
    pub(crate) fn tell_actor(
        &self,
        actor: &table::actor::Stored,
        roles: Vec<Role>,
    ) -> Result<(), StoreFault> {
        let device = match actor.device {
            Some(device) => table::device::get(self.connection, device)?,
            None => None,
        };
        let mut earlier = table::held_roles::all(self.connection)?;
        let row = ActorRow {
            earlier: actor
                .person
                .and_then(|person| earlier.remove(&person))
                .unwrap_or_default(),
            device_name: device.map(|(device, _)| device.name),
            ..actor_row(actor, roles)
        };
        self.put_row(&Feed::Actors, &Row::Actor(row))
    }

    /// The hub's own actor, which writes for the CMMS; new with every epoch of the log.
    pub(crate) fn hub_actor(&self, now: Timestamp) -> Result<ActorId, StoreFault> {
        let epoch = table::meta::get(self.connection, "log_epoch")?;
        let epoch = u32::try_from(epoch).unwrap_or(u32::MAX);
        let key = [0; 32];
        let actor = ActorId::derive(&key, DeviceId(Uuid::nil()), epoch);
        if table::actor::get(self.connection, actor)?.is_none() {
            let stored = table::actor::Stored {
                actor,
                person: None,
                device: None,
                key: PersonKey(key),
                epoch,
                valid_from: now,
            };
            table::actor::put(self.connection, &stored)?;
            self.tell_actor(&stored, vec![Role::Cmms])?;
        }
        Ok(actor)
    }

    /// Plant of the orders of a feed.
    pub(crate) fn plant_of_feed(&self, feed: u32) -> Result<Option<PlantId>, StoreFault> {
        Ok(match table::feed::name(self.connection, feed)? {
            Feed::Work(plant, _)
            | Feed::Assets(plant)
            | Feed::Items(plant)
            | Feed::Stock(plant)
            | Feed::Prices(plant)
            | Feed::Costs(plant) => Some(plant),
            Feed::People
            | Feed::Actors
            | Feed::Plants
            | Feed::Charter
            | Feed::Vendors
            | Feed::Device(_)
            | Feed::Person(_) => None,
        })
    }
}

fn actor_row(actor: &table::actor::Stored, roles: Vec<Role>) -> ActorRow {
    ActorRow {
        actor: actor.actor,
        person: actor.person,
        device: actor.device,
        roles,
        valid_from: actor.valid_from,
        earlier: Vec::new(),
        device_name: None,
    }
}
