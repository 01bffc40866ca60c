//! Items that are durable and go no further.

use fettle_domain::{ActorId, IntentId, Refusal, Timestamp};
use fettle_sync::chain::ItemKind;
use fettle_sync::exchange::Linked;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

use super::{json, read_json, uuid};

/// Keeps an item with the reason.
pub(crate) fn put(
    connection: &Connection,
    (actor, position): (ActorId, u64),
    item: &Linked,
    body: &[u8],
    refusal: &Refusal,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO quarantine (actor, position, kind, id, hash, body, refusal, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            actor.0,
            position,
            item.kind as u8,
            item.id.into_bytes(),
            item.hash,
            body,
            json(refusal)?,
            now.as_ms(),
        ),
    )?;
    Ok(())
}

/// An item as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) actor: ActorId,
    pub(crate) position: u64,
    pub(crate) kind: ItemKind,
    pub(crate) id: Uuid,
    pub(crate) hash: [u8; 32],
    pub(crate) body: Vec<u8>,
    pub(crate) refusal: Refusal,
    pub(crate) at: Timestamp,
}

/// Everything, per author in commit order.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(
            "SELECT actor, position, kind, id, hash, body, refusal, at
             FROM quarantine ORDER BY actor, position",
        )?
        .query_map([], |row| {
            let stored: u8 = row.get(2)?;
            let mut kinds = ItemKind::ALL.into_iter();
            let kind = kinds.find(|kind| *kind as u8 == stored);
            Ok(Stored {
                actor: ActorId(row.get(0)?),
                position: row.get(1)?,
                kind: kind.ok_or(rusqlite::Error::IntegralValueOutOfRange(2, stored.into()))?,
                id: uuid(row, 3)?,
                hash: row.get(4)?,
                body: row.get(5)?,
                refusal: read_json(&row.get::<_, String>(6)?)?,
                at: Timestamp::from_ms(row.get(7)?),
            })
        })?
        .collect()
}

/// Lets go of an item that is taken after all.
pub(crate) fn remove(connection: &Connection, (actor, position): (ActorId, u64)) -> Result<()> {
    connection.execute(
        "DELETE FROM quarantine WHERE actor = ?1 AND position = ?2",
        (actor.0, position),
    )?;
    Ok(())
}

/// Keeps an item again that could not be taken, now for this reason.
pub(crate) fn put_back(connection: &Connection, item: &Stored, refusal: &Refusal) -> Result<()> {
    let linked = Linked {
        kind: item.kind,
        id: item.id,
        hash: item.hash,
    };
    let place = (item.actor, item.position);
    put(connection, place, &linked, &item.body, refusal, item.at)
}

/// Why an item is in quarantine, if it is.
pub(crate) fn reason(
    connection: &Connection,
    id: Uuid,
    hash: &[u8; 32],
) -> Result<Option<Refusal>> {
    let text: Option<String> = connection
        .prepare_cached("SELECT refusal FROM quarantine WHERE id = ?1 AND hash = ?2")?
        .query_row((id.into_bytes(), hash), |row| row.get(0))
        .optional()?;
    text.map(|text| read_json(&text)).transpose()
}

/// Why a claim is in quarantine, if it is.
pub(crate) fn reason_of_intent(connection: &Connection, id: IntentId) -> Result<Option<Refusal>> {
    let text: Option<String> = connection
        .prepare_cached("SELECT refusal FROM quarantine WHERE id = ?1 LIMIT 1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()?;
    text.map(|text| read_json(&text)).transpose()
}

/// Quarantined items of an actor in a stretch of its chain.
pub(crate) fn of_actor(
    connection: &Connection,
    actor: ActorId,
    first: u64,
    last: u64,
) -> Result<Vec<(u64, Refusal)>> {
    connection
        .prepare_cached(
            "SELECT position, refusal FROM quarantine
             WHERE actor = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position",
        )?
        .query_map((actor.0, first, last), |row| {
            Ok((row.get(0)?, read_json(&row.get::<_, String>(1)?)?))
        })?
        .collect()
}

/// Position of an item in its author's chain, when it is in one.
pub(crate) fn position_of(
    connection: &Connection,
    actor: ActorId,
    id: Uuid,
    hash: &[u8; 32],
) -> Result<Option<u64>> {
    connection
        .prepare_cached(
            "SELECT position FROM chain_item WHERE actor = ?1 AND id = ?2 AND hash = ?3",
        )?
        .query_row((actor.0, id.into_bytes(), hash), |row| row.get(0))
        .optional()
}

/// How many items there are.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    connection.query_row("SELECT count(*) FROM quarantine", [], |row| row.get(0))
}
