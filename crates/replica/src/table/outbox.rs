//! Table `outbox`: every item made here, kept until the hub has it in a backup.

use fettle_domain::{ActorId, DocumentId, Refusal, Timestamp};
use fettle_sync::chain::{ItemKind, Link, LinkSignature};
use rusqlite::{Connection, Row, params};

use super::{id_at, stored};
use crate::fault::Fault;

/// An item to be written.
pub(crate) struct NewItem<'a> {
    pub(crate) actor: ActorId,
    pub(crate) place: u64,
    pub(crate) kind: ItemKind,
    pub(crate) item: uuid::Uuid,
    pub(crate) bytes: &'a [u8],
    /// On the last item of a commit alone.
    pub(crate) signature: Option<LinkSignature>,
    /// The chain's link before it.
    pub(crate) before: Link,
    pub(crate) at: Timestamp,
}

/// An item that is not acknowledged.
pub(crate) struct Unsent {
    pub(crate) actor: ActorId,
    pub(crate) place: u64,
    pub(crate) kind: ItemKind,
    pub(crate) item: uuid::Uuid,
    pub(crate) bytes: Vec<u8>,
    pub(crate) signature: Option<LinkSignature>,
}

pub(super) fn kind(word: &str) -> Option<ItemKind> {
    ItemKind::ALL.into_iter().find(|kind| kind.word() == word)
}

pub(crate) fn insert(connection: &Connection, item: &NewItem<'_>) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO outbox (actor, place, kind, item, bytes, signature, committed_at, before)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            item.actor.0,
            item.place.cast_signed(),
            item.kind.word(),
            item.item.as_bytes(),
            item.bytes,
            item.signature.map(|signature| signature.0),
            item.at.as_ms(),
            item.before.0,
        ])?;
    Ok(())
}

/// Actors with something unsent, the longest waiting first.
pub(crate) fn unsent_actors(connection: &Connection) -> Result<Vec<ActorId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT actor FROM outbox WHERE sent_at IS NULL GROUP BY actor ORDER BY min(id)",
    )?;
    let actors = statement.query_map([], |row| row.get(0).map(ActorId))?;
    Ok(actors.collect::<Result<_, _>>()?)
}

/// Unsent items of an actor in order, until `take` says that it has enough.
pub(crate) fn each_unsent(
    connection: &Connection,
    actor: ActorId,
    mut take: impl FnMut(Unsent) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT place, kind, item, bytes, signature FROM outbox
         WHERE actor = ?1 AND sent_at IS NULL ORDER BY place",
    )?;
    let mut rows = statement.query([actor.0])?;
    while let Some(row) = rows.next()? {
        if !take(unsent(actor, row)?)? {
            break;
        }
    }
    Ok(())
}

fn unsent(actor: ActorId, row: &Row<'_>) -> Result<Unsent, Fault> {
    Ok(Unsent {
        actor,
        place: stored(u64::try_from(row.get::<_, i64>(0)?).ok(), "outbox place")?,
        kind: stored(kind(&row.get::<_, String>(1)?), "outbox kind")?,
        item: id_at(row, 2)?,
        bytes: row.get(3)?,
        signature: row.get::<_, Option<[u8; 64]>>(4)?.map(LinkSignature),
    })
}

/// Marks everything of an actor up to a place as acknowledged.
pub(crate) fn acknowledge(
    connection: &Connection,
    actor: ActorId,
    through: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let through = i64::try_from(through).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "UPDATE outbox SET sent_at = ?3 WHERE actor = ?1 AND place <= ?2 AND sent_at IS NULL",
        )?
        .execute(params![actor.0, through, now.as_ms()])?;
    Ok(())
}

pub(crate) fn quarantine(
    connection: &Connection,
    actor: ActorId,
    place: u64,
    refusal: &Refusal,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET quarantined = ?3 WHERE actor = ?1 AND place = ?2")?
        .execute(params![
            actor.0,
            place.cast_signed(),
            serde_json::to_string(refusal)?
        ])?;
    Ok(())
}

pub(crate) fn wait(connection: &Connection, actor: ActorId, place: u64) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET is_waiting = 1 WHERE actor = ?1 AND place = ?2")?
        .execute(params![actor.0, place.cast_signed()])?;
    Ok(())
}

/// When the item that has waited longest was committed.
pub(crate) fn oldest_unsent(connection: &Connection) -> Result<Option<Timestamp>, Fault> {
    Ok(connection
        .prepare_cached("SELECT min(committed_at) FROM outbox WHERE sent_at IS NULL")?
        .query_row([], |row| super::optional_moment_at(row, 0))?)
}

/// True when the document still has an item that is not acknowledged.
pub(crate) fn has_unsent(connection: &Connection, document: DocumentId) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE item = ?1 AND sent_at IS NULL)")?
        .query_row([document.0.as_bytes()], |row| row.get(0))?)
}

/// Forgets the bytes of items that the hub has in a backup, or has had for long enough.
pub(crate) fn forget(connection: &Connection, sent_before: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE sent_at < ?1 AND quarantined IS NULL")?
        .execute([sent_before.as_ms()])?;
    Ok(())
}
