//! Counters: document numbers and the number of the last change.

use rusqlite::{Connection, Result};

use super::Side;

/// The next number of a counter that starts after `start`.
pub(crate) fn next(connection: &Connection, side: Side, name: &str, start: i64) -> Result<i64> {
    let table = side.prefix();
    connection
        .prepare_cached(&format!(
            "INSERT INTO {table}_counter (name, value) VALUES (?1, ?2 + 1)
             ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        ))?
        .query_row((name, start), |row| row.get(0))
}

/// The number of the next change.
pub(crate) fn next_change(connection: &Connection, side: Side) -> Result<i64> {
    next(connection, side, "change", 0)
}

/// Whether the file was filled before.
pub(crate) fn is_filled(connection: &Connection, side: Side) -> Result<bool> {
    let table = side.prefix();
    connection.query_row(
        &format!("SELECT EXISTS (SELECT 1 FROM {table}_counter)"),
        [],
        |row| row.get(0),
    )
}
