//! Accept records: one per change, for ever.

use fettle_domain::{ActorId, ChangeHash, DocumentId, Timestamp};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, Result};

/// What is known of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It has a number of its feed.
    Numbered,
    /// Its dependencies are missing.
    Held,
}

/// Whether a change is here.
pub(crate) fn find(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<Option<Known>> {
    connection
        .prepare_cached("SELECT number IS NOT NULL FROM accept WHERE document = ?1 AND hash = ?2")?
        .query_row((document.0.into_bytes(), hash.0), |row| {
            let is_numbered: bool = row.get(0)?;
            Ok(if is_numbered {
                Known::Numbered
            } else {
                Known::Held
            })
        })
        .optional()
}

/// The change an author made under a number of a document.
pub(crate) fn at_seq(
    connection: &Connection,
    document: DocumentId,
    actor: ActorId,
    seq: u64,
) -> Result<Option<ChangeHash>> {
    connection
        .prepare_cached("SELECT hash FROM accept WHERE document = ?1 AND actor = ?2 AND seq = ?3")?
        .query_row((document.0.into_bytes(), actor.0, seq), |row| {
            row.get(0).map(ChangeHash)
        })
        .optional()
}

/// What identifies a change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) document: DocumentId,
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) hash: ChangeHash,
}

/// Writes a record; without a place the change is held. A held one gets its place later.
pub(crate) fn put(
    connection: &Connection,
    identity: Identity,
    place: Option<(FeedNumber, LogNumber)>,
    now: Timestamp,
) -> Result<()> {
    let (feed, number) = place.unzip();
    connection
        .prepare_cached(
            "INSERT INTO accept (document, actor, seq, hash, feed, number, hub_time)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (document, hash) DO UPDATE SET feed = excluded.feed, number = excluded.number",
        )?
        .execute((
            identity.document.0.into_bytes(),
            identity.actor.0,
            identity.seq,
            identity.hash.0,
            feed,
            number,
            now.as_ms(),
        ))?;
    Ok(())
}

/// Takes the record of a held change away that turned out to be against the rules.
pub(crate) fn remove_held(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<()> {
    connection.execute(
        "DELETE FROM accept WHERE document = ?1 AND hash = ?2 AND number IS NULL",
        (document.0.into_bytes(), hash.0),
    )?;
    Ok(())
}

/// How many changes have a number, and how many are held.
pub(crate) fn count(connection: &Connection) -> Result<(u64, u64)> {
    connection.query_row(
        "SELECT count(number), count(*) - count(number) FROM accept",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
