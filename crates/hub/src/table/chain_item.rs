//! Items of actors' chains, with the link after each.

use fettle_domain::ActorId;
use fettle_sync::chain::{Link, LinkSignature, Position};
use fettle_sync::exchange::Linked;
use rusqlite::{Connection, OptionalExtension, Result};

/// The end of an actor's chain as it is held here.
pub(crate) fn end(connection: &Connection, actor: ActorId) -> Result<Position> {
    let end = connection
        .prepare_cached(
            "SELECT position, link FROM chain_item WHERE actor = ?1 ORDER BY position DESC LIMIT 1",
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
