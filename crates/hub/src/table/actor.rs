//! Whose key stands behind an actor.

use fettle_domain::{ActorId, DeviceId, PersonId, Timestamp};
use fettle_sync::chain::PersonKey;
use fettle_sync::exchange::ActorKey;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// An actor; without a person it is the hub itself.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) actor: ActorId,
    pub(crate) person: Option<PersonId>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) key: PersonKey,
    pub(crate) epoch: u32,
    pub(crate) valid_from: Timestamp,
}

/// Stands for a key that is not known: nothing is signed with it, and nothing it would sign is taken.
pub(crate) const NO_KEY: PersonKey = PersonKey([0; 32]);

const COLUMNS: &str = "actor, person, device, key, epoch, valid_from";

/// Keeps an actor; nothing happens to one that is here.
pub(crate) fn put(connection: &Connection, actor: &Stored) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO actor (actor, person, device, key, epoch, valid_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            actor.actor.0,
            actor.person.map(|id| id.0.into_bytes()),
            actor.device.map(|id| id.0.into_bytes()),
            actor.key.0,
            actor.epoch,
            actor.valid_from.as_ms(),
        ),
    )?;
    Ok(())
}

/// Fills in the key of an actor that was known without one.
pub(crate) fn set_key(connection: &Connection, actor: ActorId, key: ActorKey) -> Result<()> {
    connection.execute(
        "UPDATE actor SET key = ?2, epoch = ?3 WHERE actor = ?1",
        (actor.0, key.key.0, key.epoch),
    )?;
    Ok(())
}

/// An actor.
pub(crate) fn get(connection: &Connection, actor: ActorId) -> Result<Option<Stored>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM actor WHERE actor = ?1"))?
        .query_row([actor.0], stored)
        .optional()
}

/// Every actor.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM actor"))?
        .query_map([], stored)?
        .collect()
}

fn stored(row: &rusqlite::Row<'_>) -> Result<Stored> {
    let id = |column| -> Result<Option<Uuid>> {
        Ok(row
            .get::<_, Option<[u8; 16]>>(column)?
            .map(Uuid::from_bytes))
    };
    Ok(Stored {
        actor: ActorId(row.get(0)?),
        person: id(1)?.map(PersonId),
        device: id(2)?.map(DeviceId),
        key: PersonKey(row.get(3)?),
        epoch: row.get(4)?,
        valid_from: Timestamp::from_ms(row.get(5)?),
    })
}
