//! Items that were accepted and of which the hub put something back as it was.

use fettle_domain::{ActorId, Refusal, Timestamp};
use rusqlite::{Connection, Result};

use super::{json, read_json};

/// Notes why something of an item was put back.
pub(crate) fn put(
    connection: &Connection,
    (actor, position): (ActorId, u64),
    refusal: &Refusal,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO compensation (actor, position, refusal, at) VALUES (?1, ?2, ?3, ?4)",
        (actor.0, position, json(refusal)?, now.as_ms()),
    )?;
    Ok(())
}

/// Compensated items of an actor in a stretch of its chain.
pub(crate) fn of_actor(
    connection: &Connection,
    actor: ActorId,
    first: u64,
    last: u64,
) -> Result<Vec<(u64, Refusal)>> {
    connection
        .prepare_cached(
            "SELECT position, refusal FROM compensation
             WHERE actor = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position",
        )?
        .query_map((actor.0, first, last), |row| {
            Ok((row.get(0)?, read_json(&row.get::<_, String>(1)?)?))
        })?
        .collect()
}
