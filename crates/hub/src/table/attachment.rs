//! Attachments: which documents name a content, and which contents were whole.

use fettle_domain::{ContentHash, DocumentId, Timestamp};
use fettle_sync::exchange::FeedNumber;
use rusqlite::{Connection, Result};

/// Notes that a document names a content.
pub(crate) fn name(
    connection: &Connection,
    content: ContentHash,
    document: DocumentId,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO attachment_name (content, document) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING",
        )?
        .execute((content.0, document.0.into_bytes()))?;
    Ok(())
}

/// Feeds of the documents that name a content.
pub(crate) fn feeds(connection: &Connection, content: ContentHash) -> Result<Vec<FeedNumber>> {
    connection
        .prepare_cached(
            "SELECT DISTINCT d.feed FROM attachment_name n JOIN document d ON d.id = n.document
             WHERE n.content = ?1",
        )?
        .query_map([content.0], |row| row.get(0))?
        .collect()
}

/// Every content a document names.
pub(crate) fn named(connection: &Connection) -> Result<Vec<ContentHash>> {
    connection
        .prepare_cached("SELECT DISTINCT content FROM attachment_name")?
        .query_map([], |row| row.get(0).map(ContentHash))?
        .collect()
}

/// Notes that all of a content was verified and made durable.
pub(crate) fn set_whole(
    connection: &Connection,
    content: ContentHash,
    size: u64,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO attachment (content, size, whole_at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
        )?
        .execute((content.0, size, now.as_ms()))?;
    Ok(())
}

/// Every content that was whole. A copy of an older hub knows of none.
pub(crate) fn whole(connection: &Connection) -> Result<Vec<ContentHash>> {
    if !connection.table_exists(None, "attachment")? {
        return Ok(Vec::new());
    }
    connection
        .prepare_cached("SELECT content FROM attachment ORDER BY content")?
        .query_map([], |row| row.get(0).map(ContentHash))?
        .collect()
}
