//! Table `actor_key`: the public keys of the people of this laptop, by actor.

use fettle_domain::ActorId;
use fettle_sync::chain::PersonKey;
use fettle_sync::exchange::ActorKey;
use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;

pub(crate) fn write(connection: &Connection, actor: ActorId, key: ActorKey) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO actor_key (actor, key, epoch) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![actor.0, key.key.0, key.epoch])?;
    Ok(())
}

pub(crate) fn read(connection: &Connection, actor: ActorId) -> Result<Option<ActorKey>, Fault> {
    Ok(connection
        .prepare_cached("SELECT key, epoch FROM actor_key WHERE actor = ?1")?
        .query_row([actor.0], |row| {
            Ok(ActorKey {
                key: PersonKey(row.get(0)?),
                epoch: row.get(1)?,
            })
        })
        .optional()?)
}
