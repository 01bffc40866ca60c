//! Master records: a kind, a number and the record as the system's API shows it.

use rusqlite::{Connection, OptionalExtension, Result};
use serde_json::Value;

use super::{Side, counter};
use crate::answer::Page;

/// Writes a record as the newest change.
pub(crate) fn put(
    connection: &Connection,
    side: Side,
    kind: &str,
    number: &str,
    body: &Value,
) -> Result<()> {
    let change = counter::next_change(connection, side)?;
    let table = side.prefix();
    connection
        .prepare_cached(&format!(
            "INSERT INTO {table}_master (kind, number, change, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, number) DO UPDATE SET change = ?3, body = ?4"
        ))?
        .execute((kind, number, change, body.to_string()))?;
    Ok(())
}

/// One record.
pub(crate) fn get(
    connection: &Connection,
    side: Side,
    kind: &str,
    number: &str,
) -> Result<Option<Value>> {
    let table = side.prefix();
    connection
        .prepare_cached(&format!(
            "SELECT body FROM {table}_master WHERE kind = ?1 AND number = ?2"
        ))?
        .query_row((kind, number), |row| row.get::<_, String>(0))
        .optional()
        .map(|body| body.map(|body| parse(&body)))
}

/// Records changed after a change, oldest change first, each with its change.
pub(crate) fn changed(
    connection: &Connection,
    side: Side,
    kind: &str,
    page: Page,
) -> Result<Vec<(i64, Value)>> {
    let table = side.prefix();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT change, body FROM {table}_master WHERE kind = ?1 AND change > ?2
         ORDER BY change LIMIT ?3"
    ))?;
    let size = i64::try_from(page.size).unwrap_or(i64::MAX);
    statement
        .query_map((kind, page.since, size), |row| {
            Ok((row.get(0)?, parse(&row.get::<_, String>(1)?)))
        })?
        .collect()
}

/// A stored record. Invariant: only this crate writes it, from a JSON value.
pub(super) fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_default()
}
