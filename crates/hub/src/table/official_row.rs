//! Official rows: the latest version of each key of a feed.

use fettle_domain::row::Row;
use fettle_domain::{Day, Timestamp, WorkOrderId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, log, read_cbor};

/// Writes a new version of a row into its feed; `None` when it says nothing new.
pub(crate) fn put(
    connection: &Connection,
    feed: FeedNumber,
    row: &Row,
) -> Result<Option<LogNumber>> {
    let (key, body) = (row.key(), cbor(row)?);
    let held: Option<(Vec<u8>, LogNumber)> = connection
        .prepare_cached("SELECT body, version FROM official_row WHERE feed = ?1 AND key = ?2")?
        .query_row((feed, &key), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((held, replaced)) = held {
        if held == body {
            return Ok(None);
        }
        log::remove(connection, feed, replaced)?;
    }
    let removed_at = match row {
        Row::Removed(removed) => Some(removed.at.as_ms()),
        _ => None,
    };
    let version = log::append(connection, feed, &log::Entry::Row(key.clone()))?;
    let order = row.order().map(|id| id.0.into_bytes());
    connection
        .prepare_cached(
            "INSERT INTO official_row (feed, key, version, work_order, body, removed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version,
                 body = excluded.body, removed_at = excluded.removed_at",
        )?
        .execute((feed, key, version, order, body, removed_at))?;
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

/// Every row of an order in a feed. For the sake of their order SQLite would read the whole feed, so
/// the index is named.
pub(crate) fn of_order(
    connection: &Connection,
    feed: FeedNumber,
    order: WorkOrderId,
) -> Result<Vec<(LogNumber, Row)>> {
    connection
        .prepare_cached(
            "SELECT version, body FROM official_row INDEXED BY official_row_work_order
             WHERE work_order = ?1 AND feed = ?2 ORDER BY key DESC",
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

/// Tombstones set before a moment, with their feed and version. Those of restricted feeds stay: who
/// reads them is away for as long as it pleases, and they are few.
pub(crate) fn tombstones(
    connection: &Connection,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(FeedNumber, String, LogNumber)>> {
    connection
        .prepare_cached(
            "SELECT feed, key, version FROM official_row
             WHERE removed_at < ?1 AND feed IN (SELECT number FROM feed WHERE name NOT LIKE '%/costs'
                 AND name NOT LIKE '%/prices' AND name NOT LIKE 'person/%')
             ORDER BY removed_at LIMIT ?2",
        )?
        .query_map((before.as_ms(), limit), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect()
}

/// Takes a row out of a feed.
pub(crate) fn remove(connection: &Connection, feed: FeedNumber, key: &str) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM official_row WHERE feed = ?1 AND key = ?2")?
        .execute((feed, key))?;
    Ok(())
}

/// Sum over the rows of a feed that are no tombstones, without those of orders that were over
/// before a day.
pub(crate) fn sum(
    connection: &Connection,
    feed: FeedNumber,
    ended_since: Option<Day>,
) -> Result<FeedSum> {
    let mut sum = FeedSum::default();
    let mut statement = connection.prepare_cached(
        "SELECT r.key, r.version FROM official_row r WHERE r.feed = ?1 AND r.removed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM work_order o
             WHERE o.id = r.work_order AND o.is_ended = 1 AND o.ended_on < ?2)",
    )?;
    let mut rows = statement.query((feed, ended_since.map_or(i32::MIN, Day::days)))?;
    while let Some(row) = rows.next()? {
        sum.add(row.get_ref(0)?.as_str()?, row.get(1)?);
    }
    Ok(sum)
}

fn version_and_row(row: &rusqlite::Row<'_>) -> Result<(LogNumber, Row)> {
    Ok((row.get(0)?, read_cbor(&row.get::<_, Vec<u8>>(1)?)?))
}
