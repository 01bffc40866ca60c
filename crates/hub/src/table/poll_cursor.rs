//! How far each list of an outside system has been read.

use fettle_domain::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result};

/// Where to read on.
pub(crate) fn get(connection: &Connection, list: &str) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT cursor FROM poll_cursor WHERE list = ?1")?
        .query_row([list], |row| row.get(0))
        .optional()
}

/// Remembers where to read on.
pub(crate) fn set(
    connection: &Connection,
    list: &str,
    cursor: &str,
    read_at: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO poll_cursor (list, cursor, read_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (list) DO UPDATE SET cursor = excluded.cursor, read_at = excluded.read_at",
        (list, cursor, read_at.as_ms()),
    )?;
    Ok(())
}
