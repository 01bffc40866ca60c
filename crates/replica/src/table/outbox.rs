//! Table `outbox`: every item made here, kept until the hub has it in a backup.

use fettle_domain::refusal_answer::{RefusalAnswer, refusal_answer};
use fettle_domain::{ActorId, DocumentId, Refusal, Timestamp};
use fettle_sync::chain::{ItemKind, Link, LinkSignature};
use rusqlite::{Connection, Row, params};

use super::{id_at, stored};
use crate::fault::Fault;
use crate::table::made;

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
    /// How often it was made again.
    pub(crate) remakes: u32,
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
            "INSERT INTO outbox
                (actor, place, kind, item, bytes, signature, committed_at, remakes, before)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            item.actor.0,
            item.place.cast_signed(),
            item.kind.word(),
            item.item.as_bytes(),
            item.bytes,
            item.signature.map(|signature| signature.0),
            item.at.as_ms(),
            item.remakes,
            item.before.0,
        ])?;
    Ok(())
}

/// Actors with something unsent, the longest waiting first.
pub(crate) fn unsent_actors(connection: &Connection) -> Result<Vec<ActorId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT actor FROM outbox WHERE sent_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM chain c WHERE c.actor = outbox.actor
                AND c.stopped ->> 'code' IN ('chain.fork', 'actor.unknown'))
         GROUP BY actor ORDER BY min(id)",
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
    let column = match refusal_answer(refusal) {
        RefusalAnswer::MakeAgain => {
            // Where it was sent it leads nowhere: it is saved here, and sent once it is made again.
            made::take_back(connection, actor, place)?;
            "remake"
        }
        RefusalAnswer::Compensate | RefusalAnswer::KeepWords | RefusalAnswer::AwaitRelease => {
            "quarantined"
        }
    };
    connection
        .prepare_cached(&format!(
            "UPDATE outbox SET {column} = ?3 WHERE actor = ?1 AND place = ?2"
        ))?
        .execute(params![
            actor.0,
            place.cast_signed(),
            serde_json::to_string(refusal)?
        ])?;
    Ok(())
}

/// Keeps an item as words: its document holds it no more.
pub(crate) fn keep_words(
    connection: &Connection,
    actor: ActorId,
    place: u64,
    refusal: &Refusal,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE outbox SET quarantined = ?3, remake = NULL, is_handled = 1
             WHERE actor = ?1 AND place = ?2",
        )?
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
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE item = ?1
                AND (sent_at IS NULL OR (remake IS NOT NULL AND is_handled = 0)))",
        )?
        .query_row([document.0.as_bytes()], |row| row.get(0))?)
}

/// Notes why the hub put something of an item back as it was.
pub(crate) fn compensate(
    connection: &Connection,
    actor: ActorId,
    place: u64,
    refusal: &Refusal,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET compensated = ?3 WHERE actor = ?1 AND place = ?2")?
        .execute(params![
            actor.0,
            place.cast_signed(),
            serde_json::to_string(refusal)?
        ])?;
    Ok(())
}

/// Takes back that items were sent: whoever has the log now may not have them.
pub(crate) fn take_back_sent(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "UPDATE outbox SET sent_at = NULL, is_waiting = 0, compensated = NULL,
            quarantined = CASE WHEN is_handled = 1 THEN quarantined END,
            remake = CASE WHEN is_handled = 1 THEN remake END",
        [],
    )?;
    Ok(())
}

/// True when something of a document is here that the hub has not taken as it is.
pub(crate) fn has_open(connection: &Connection, document: DocumentId) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE item = ?1 AND is_handled = 0
                AND (sent_at IS NULL OR quarantined IS NOT NULL OR remake IS NOT NULL))",
        )?
        .query_row([document.0.as_bytes()], |row| row.get(0))?)
}

/// An item that may be made again.
pub(crate) struct Kept {
    pub(crate) item: Unsent,
    /// Its place among everything that was made here.
    pub(crate) order: i64,
    pub(crate) at: Timestamp,
    pub(crate) is_sent: bool,
    /// Why the hub does not take it as it is.
    pub(crate) refused: Option<Refusal>,
    /// How often it was made again.
    pub(crate) remakes: u32,
}

/// Everything of an actor that is unsent, or in quarantine and not handled, in order.
pub(crate) fn open_of(connection: &Connection, actor: ActorId) -> Result<Vec<Kept>, Fault> {
    kept(
        connection,
        "SELECT place, kind, item, bytes, signature, id, committed_at, sent_at,
                coalesce(remake, quarantined), remakes FROM outbox
         WHERE actor = ?1 AND is_handled = 0
            AND (sent_at IS NULL OR quarantined IS NOT NULL OR remake IS NOT NULL)
         ORDER BY place",
        actor,
    )
}

/// Everything of an actor that is here, in order.
pub(crate) fn all_of(connection: &Connection, actor: ActorId) -> Result<Vec<Kept>, Fault> {
    kept(
        connection,
        "SELECT place, kind, item, bytes, signature, id, committed_at, sent_at,
                coalesce(remake, quarantined), remakes FROM outbox
         WHERE actor = ?1 ORDER BY place",
        actor,
    )
}

fn kept(connection: &Connection, statement: &str, actor: ActorId) -> Result<Vec<Kept>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut rows = statement.query([actor.0])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let refused: Option<String> = row.get(8)?;
        let remakes = row.get(9)?;
        items.push(Kept {
            item: unsent(actor, row)?,
            order: row.get(5)?,
            at: Timestamp::from_ms(row.get(6)?),
            is_sent: row.get::<_, Option<i64>>(7)?.is_some(),
            remakes,
            refused: refused
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
        });
    }
    Ok(items)
}

/// Notes that an item stands in its document no more.
pub(crate) fn handle(connection: &Connection, actor: ActorId, place: u64) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE outbox SET is_handled = 1 WHERE actor = ?1 AND place = ?2")?
        .execute(params![actor.0, place.cast_signed()])?;
    Ok(())
}

/// Removes an item that was made again and that no hub ever took.
pub(crate) fn remove(connection: &Connection, actor: ActorId, place: u64) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE actor = ?1 AND place = ?2")?
        .execute(params![actor.0, place.cast_signed()])?;
    Ok(())
}

/// Documents with the changes made here whose bytes are still here.
pub(crate) fn changes(connection: &Connection) -> Result<Vec<(DocumentId, Vec<u8>)>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT item, bytes FROM outbox WHERE kind = 'change' AND is_handled = 0",
    )?;
    let found = statement.query_map([], |row| {
        Ok((DocumentId(id_at(row, 0)?), row.get::<_, Vec<u8>>(1)?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Forgets the bytes of items that the hub has in a backup, or has had for long enough.
pub(crate) fn forget(connection: &Connection, sent_before: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM outbox WHERE sent_at < ?1 AND quarantined IS NULL AND compensated IS NULL AND remake IS NULL")?
        .execute([sent_before.as_ms()])?;
    Ok(())
}
