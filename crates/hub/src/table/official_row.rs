//! Official rows: the latest version of each key of a feed.

use fettle_domain::WorkOrderId;
use fettle_domain::row::Row;
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, log, read_cbor};

/// Writes a new version of a row into its feed; `None` when it says nothing new.
pub(crate) fn put(
    connection: &Connection,
    feed: FeedNumber,
    row: &Row,
) -> Result<Option<LogNumber>> {
    let (key, body) = (row.key(), cbor(row)?);
    let held: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM official_row WHERE feed = ?1 AND key = ?2")?
        .query_row((feed, &key), |row| row.get(0))
        .optional()?;
    if held.as_ref() == Some(&body) {
        return Ok(None);
    }
    let version = log::append(connection, feed, &log::Entry::Row(key.clone()))?;
    let order = row.order().map(|id| id.0.into_bytes());
    connection
        .prepare_cached(
            "INSERT INTO official_row (feed, key, version, work_order, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version, body = excluded.body",
        )?
        .execute((feed, key, version, order, body))?;
    Ok(Some(version))
}

/// A row and its version.
pub(crate) fn get(
    connection: &Connection,
    feed: FeedNumber,
    key: &str,
) -> Result<Option<(LogNumber, Row)>> {
    connection
        .prepare_cached("SELECT version, body FROM official_row WHERE feed = ?1 AND key = ?2")?
        .query_row((feed, key), version_and_row)
        .optional()
}

/// Rows in the order of their keys, after a key.
pub(crate) fn after(
    connection: &Connection,
    feed: FeedNumber,
    key: &str,
    limit: u32,
) -> Result<Vec<(LogNumber, Row)>> {
    connection
        .prepare_cached(
            "SELECT version, body FROM official_row WHERE feed = ?1 AND key > ?2 ORDER BY key LIMIT ?3",
        )?
        .query_map((feed, key, limit), version_and_row)?
        .collect()
}

/// How many rows stand after a key.
pub(crate) fn count_after(connection: &Connection, feed: FeedNumber, key: &str) -> Result<u32> {
    connection
        .prepare_cached("SELECT count(*) FROM official_row WHERE feed = ?1 AND key > ?2")?
        .query_row((feed, key), |row| row.get(0))
}

/// Every row of an order in a feed.
pub(crate) fn of_order(
    connection: &Connection,
    feed: FeedNumber,
    order: WorkOrderId,
) -> Result<Vec<(LogNumber, Row)>> {
    connection
        .prepare_cached(
            "SELECT version, body FROM official_row WHERE work_order = ?1 AND feed = ?2 ORDER BY key DESC",
        )?
        .query_map((order.0.into_bytes(), feed), version_and_row)?
        .collect()
}

/// Takes the rows of an order out of a feed it has left.
pub(crate) fn remove_order(
    connection: &Connection,
    feed: FeedNumber,
    order: WorkOrderId,
) -> Result<()> {
    connection.execute(
        "DELETE FROM official_row WHERE work_order = ?1 AND feed = ?2",
        (order.0.into_bytes(), feed),
    )?;
    Ok(())
}

fn version_and_row(row: &rusqlite::Row<'_>) -> Result<(LogNumber, Row)> {
    Ok((row.get(0)?, read_cbor(&row.get::<_, Vec<u8>>(1)?)?))
}
