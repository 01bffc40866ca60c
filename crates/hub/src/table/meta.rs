//! Numbers the store keeps of itself.

use rusqlite::{Connection, OptionalExtension, Result};

/// A number that may not be there yet.
pub(crate) fn find(connection: &Connection, name: &str) -> Result<Option<u64>> {
    connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// A number.
pub(crate) fn get(connection: &Connection, name: &str) -> Result<u64> {
    connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
}

/// Writes a number.
pub(crate) fn set(connection: &Connection, name: &str, value: u64) -> Result<()> {
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )?;
    Ok(())
}
