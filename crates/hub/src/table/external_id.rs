//! Our ids of what outside systems know.

use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

use super::uuid;

/// Our id of something outside.
pub(crate) fn find(
    connection: &Connection,
    system: &str,
    kind: &str,
    value: &str,
) -> Result<Option<Uuid>> {
    connection
        .prepare_cached(
            "SELECT id FROM external_id WHERE system = ?1 AND kind = ?2 AND value = ?3",
        )?
        .query_row((system, kind, value), |row| uuid(row, 0))
        .optional()
}

/// Writes our id of something outside.
pub(crate) fn put(
    connection: &Connection,
    system: &str,
    kind: &str,
    value: &str,
    id: Uuid,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO external_id (system, kind, value, id) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((system, kind, value, id.into_bytes()))?;
    Ok(())
}

/// What outside systems call one of our ids.
pub(crate) fn value(connection: &Connection, id: Uuid, kind: &str) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM external_id WHERE id = ?1 AND kind = ?2 LIMIT 1")?
        .query_row((id.into_bytes(), kind), |row| row.get(0))
        .optional()
}
