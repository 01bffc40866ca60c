//! Table `removed_row` of the catalogue: what is no more, so that an older version of it that comes
//! later stays away.

use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;

pub(crate) fn write(
    connection: &Connection,
    feed: FeedNumber,
    key: &str,
    version: LogNumber,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO removed_row (feed, key, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (feed, key) DO UPDATE SET version = max(version, excluded.version)",
        )?
        .execute(params![feed, key, version.cast_signed()])?;
    Ok(())
}

/// True when the row was removed at this version or later.
pub(crate) fn is_removed(
    connection: &Connection,
    feed: FeedNumber,
    key: &str,
    version: LogNumber,
) -> Result<bool, Fault> {
    let removed: Option<i64> = connection
        .prepare_cached("SELECT version FROM removed_row WHERE feed = ?1 AND key = ?2")?
        .query_row(params![feed, key], |row| row.get(0))
        .optional()?;
    Ok(removed.is_some_and(|removed| removed >= version.cast_signed()))
}

/// Forgets all of it: another log begins.
pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM removed_row", [])?;
    Ok(())
}
