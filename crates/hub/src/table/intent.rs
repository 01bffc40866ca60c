//! Claims and their verdicts.

use fettle_domain::intent::{Intent, Verdict};
use fettle_domain::{ActorId, IntentId, Timestamp, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, read_cbor};

/// Keeps a claim that has no verdict yet; nothing happens to one that is here.
pub(crate) fn put(
    connection: &Connection,
    intent: &Intent,
    order: WorkOrderId,
    position: u64,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO intent (id, actor, position, work_order, body, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            intent.id.0.into_bytes(),
            intent.actor.0,
            position,
            order.0.into_bytes(),
            cbor(intent)?,
            now.as_ms(),
        ),
    )?;
    Ok(())
}

/// Whether a claim is here, and its verdict.
pub(crate) fn find(connection: &Connection, id: IntentId) -> Result<Option<Option<Verdict>>> {
    let found: Option<Option<Vec<u8>>> = connection
        .prepare_cached("SELECT verdict FROM intent WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()?;
    found
        .map(|verdict| verdict.map(|bytes| read_cbor(&bytes)).transpose())
        .transpose()
}

/// A claim.
pub(crate) fn get(connection: &Connection, id: IntentId) -> Result<Option<Intent>> {
    connection
        .prepare_cached("SELECT body FROM intent WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| {
            read_cbor(&row.get::<_, Vec<u8>>(0)?)
        })
        .optional()
}

/// Writes the verdict.
pub(crate) fn decide(connection: &Connection, verdict: &Verdict) -> Result<()> {
    connection.execute(
        "UPDATE intent SET verdict = ?2 WHERE id = ?1 AND verdict IS NULL",
        (verdict.intent.0.into_bytes(), cbor(verdict)?),
    )?;
    Ok(())
}

/// Claims without a verdict, oldest first: the first few of each actor.
pub(crate) fn waiting(connection: &Connection, per_actor: u32, limit: u32) -> Result<Vec<Intent>> {
    connection
        .prepare_cached(
            "SELECT body FROM (
                SELECT body, received, position,
                    row_number() OVER (PARTITION BY actor ORDER BY position) AS place
                FROM intent WHERE verdict IS NULL
             ) WHERE place <= ?1 ORDER BY received, position LIMIT ?2",
        )?
        .query_map((per_actor, limit), |row| {
            read_cbor(&row.get::<_, Vec<u8>>(0)?)
        })?
        .collect()
}

/// Positions of an actor's claims without a verdict in a stretch of its chain.
pub(crate) fn waiting_of(
    connection: &Connection,
    actor: ActorId,
    first: u64,
    last: u64,
) -> Result<Vec<u64>> {
    connection
        .prepare_cached(
            "SELECT position FROM intent
             WHERE actor = ?1 AND verdict IS NULL AND position BETWEEN ?2 AND ?3 ORDER BY position",
        )?
        .query_map((actor.0, first, last), |row| row.get(0))?
        .collect()
}

/// How many claims have no verdict.
pub(crate) fn count_waiting(connection: &Connection) -> Result<u64> {
    connection.query_row(
        "SELECT count(*) FROM intent WHERE verdict IS NULL",
        [],
        |row| row.get(0),
    )
}
