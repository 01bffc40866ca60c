//! Table `restricted_row` of a restricted file: the latest version of each key.

use fettle_domain::row::Row;
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;

/// Writes a row when its version is higher than the one here; true when it was.
pub(crate) fn write(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    row: &Row,
) -> Result<bool, Fault> {
    let changed = connection
        .prepare_cached(
            "INSERT INTO restricted_row (feed, key, version, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version, body = excluded.body
             WHERE excluded.version > restricted_row.version",
        )?
        .execute(params![
            feed,
            row.key(),
            version.cast_signed(),
            serde_json::to_string(row)?
        ])?;
    Ok(changed > 0)
}

/// The row that stands of a key.
pub(crate) fn read(connection: &Connection, key: &str) -> Result<Option<Row>, Fault> {
    let body: Option<String> = connection
        .prepare_cached(
            "SELECT body FROM restricted_row WHERE key = ?1 ORDER BY version DESC LIMIT 1",
        )?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// Removes every row of a feed.
pub(crate) fn remove_feed(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM restricted_row WHERE feed = ?1")?
        .execute([feed])?;
    Ok(())
}
