//! Bytes of changes whose dependencies are missing.

use fettle_domain::{ChangeHash, DocumentId};
use rusqlite::{Connection, Result};

/// Keeps a change.
pub(crate) fn put(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
    body: &[u8],
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO held_change (document, hash, body) VALUES (?1, ?2, ?3)",
        (document.0.into_bytes(), hash.0, body),
    )?;
    Ok(())
}

/// Held changes of a document.
pub(crate) fn of_document(connection: &Connection, document: DocumentId) -> Result<Vec<Vec<u8>>> {
    connection
        .prepare_cached("SELECT body FROM held_change WHERE document = ?1")?
        .query_map([document.0.into_bytes()], |row| row.get(0))?
        .collect()
}

/// Lets go of a change that was numbered or quarantined.
pub(crate) fn remove(
    connection: &Connection,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<()> {
    connection.execute(
        "DELETE FROM held_change WHERE document = ?1 AND hash = ?2",
        (document.0.into_bytes(), hash.0),
    )?;
    Ok(())
}
