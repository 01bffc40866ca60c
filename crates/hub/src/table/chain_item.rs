//! Items of actors' chains, with the link after each.

use fettle_domain::ActorId;
use fettle_sync::chain::{Link, LinkSignature, Position};
use fettle_sync::exchange::Linked;
use rusqlite::{Connection, OptionalExtension, Result};

/// The end of an actor's chain as it is held here without a gap.
pub(crate) fn end(connection: &Connection, actor: ActorId) -> Result<Position> {
    let end = connection
        .prepare_cached(
            "SELECT position, link FROM chain_item
             WHERE actor = ?1
               AND position < coalesce((SELECT first FROM chain_gap WHERE actor = ?1), 9223372036854775807)
             ORDER BY position DESC LIMIT 1",
        )?
        .query_row([actor.0], |row| {
            Ok(Position {
                count: row.get(0)?,
                link: Link(row.get(1)?),
            })
        })
        .optional()?;
    Ok(end.unwrap_or_else(|| Position::start(actor)))
}

/// The last place of an actor's chain that is held here, behind a gap or not.
pub(crate) fn last(connection: &Connection, actor: ActorId) -> Result<u64> {
    connection
        .prepare_cached("SELECT coalesce(max(position), 0) FROM chain_item WHERE actor = ?1")?
        .query_row([actor.0], |row| row.get(0))
}

/// How many items of an actor are here.
pub(crate) fn count(connection: &Connection, actor: ActorId) -> Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM chain_item WHERE actor = ?1")?
        .query_row([actor.0], |row| row.get(0))
}

/// Notes that an actor's chain has a gap that begins here.
pub(crate) fn tear(connection: &Connection, actor: ActorId, first: u64) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO chain_gap (actor, first) VALUES (?1, ?2)",
        (actor.0, first),
    )?;
    Ok(())
}

/// Moves the beginning of an actor's gap on to where it is now, and takes it away once it is full.
pub(crate) fn mend(connection: &Connection, actor: ActorId) -> Result<()> {
    let gap: Option<u64> = connection
        .prepare_cached("SELECT first FROM chain_gap WHERE actor = ?1")?
        .query_row([actor.0], |row| row.get(0))
        .optional()?;
    let Some(mut first) = gap else {
        return Ok(());
    };
    while at(connection, actor, first)?.is_some() {
        first += 1;
    }
    if first > last(connection, actor)? {
        connection.execute("DELETE FROM chain_gap WHERE actor = ?1", [actor.0])?;
    } else {
        connection.execute(
            "UPDATE chain_gap SET first = ?2 WHERE actor = ?1",
            (actor.0, first),
        )?;
    }
    Ok(())
}

/// The chain after `count` items, as it is held here.
pub(crate) fn at(connection: &Connection, actor: ActorId, count: u64) -> Result<Option<Position>> {
    if count == 0 {
        return Ok(Some(Position::start(actor)));
    }
    connection
        .prepare_cached("SELECT link FROM chain_item WHERE actor = ?1 AND position = ?2")?
        .query_row((actor.0, count), |row| {
            Ok(Position {
                count,
                link: Link(row.get(0)?),
            })
        })
        .optional()
}

/// Adds an item.
pub(crate) fn put(
    connection: &Connection,
    actor: ActorId,
    position: Position,
    item: &Linked,
    signature: Option<&LinkSignature>,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO chain_item (actor, position, kind, id, hash, link, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            actor.0,
            position.count,
            item.kind as u8,
            item.id.into_bytes(),
            item.hash,
            position.link.0,
            signature.map(|signature| signature.0),
        ))?;
    Ok(())
}
