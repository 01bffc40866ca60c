//! Documents as they stand.

use fettle_domain::DocumentId;
use fettle_sync::exchange::FeedNumber;
use rusqlite::{Connection, OptionalExtension, Result};

/// Feed and bytes of a document.
pub(crate) fn get(
    connection: &Connection,
    id: DocumentId,
) -> Result<Option<(FeedNumber, Vec<u8>)>> {
    connection
        .prepare_cached("SELECT feed, body FROM document WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Feed of a document.
pub(crate) fn feed(connection: &Connection, id: DocumentId) -> Result<Option<FeedNumber>> {
    connection
        .prepare_cached("SELECT feed FROM document WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()
}

/// Writes a document.
pub(crate) fn put(
    connection: &Connection,
    id: DocumentId,
    feed: FeedNumber,
    body: &[u8],
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO document (id, kind, feed, body) VALUES (?1, 'work_order', ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, body = excluded.body",
        )?
        .execute((id.0.into_bytes(), feed, body))?;
    Ok(())
}

/// Moves a document to another feed.
pub(crate) fn set_feed(connection: &Connection, id: DocumentId, feed: FeedNumber) -> Result<()> {
    connection.execute(
        "UPDATE document SET feed = ?2 WHERE id = ?1",
        (id.0.into_bytes(), feed),
    )?;
    Ok(())
}
