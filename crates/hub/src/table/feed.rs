//! Feeds and the numbers they give.

use fettle_domain::feed::Feed;
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, Result};

use super::malformed;

/// Number and last log number of a feed that exists.
pub(crate) fn find(
    connection: &Connection,
    feed: &Feed,
) -> Result<Option<(FeedNumber, LogNumber)>> {
    connection
        .prepare_cached("SELECT number, last FROM feed WHERE name = ?1")?
        .query_row([feed.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// The last log number of a feed by its number.
pub(crate) fn last(connection: &Connection, number: FeedNumber) -> Result<LogNumber> {
    connection
        .prepare_cached("SELECT last FROM feed WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
}

/// The last number up to which tombstones of a feed have left.
pub(crate) fn compacted(connection: &Connection, number: FeedNumber) -> Result<LogNumber> {
    connection
        .prepare_cached("SELECT compacted FROM feed WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
}

/// Notes that a tombstone of a feed has left.
pub(crate) fn set_compacted(
    connection: &Connection,
    number: FeedNumber,
    through: LogNumber,
) -> Result<()> {
    connection
        .prepare_cached("UPDATE feed SET compacted = max(compacted, ?2) WHERE number = ?1")?
        .execute((number, through))?;
    Ok(())
}

/// The number of a feed, made when it has none.
pub(crate) fn number(connection: &Connection, feed: &Feed) -> Result<FeedNumber> {
    if let Some((number, _)) = find(connection, feed)? {
        return Ok(number);
    }
    connection
        .prepare_cached("INSERT INTO feed (name) VALUES (?1) RETURNING number")?
        .query_row([feed.to_string()], |row| row.get(0))
}

/// The name of a feed.
pub(crate) fn name(connection: &Connection, number: FeedNumber) -> Result<Feed> {
    let name: String = connection
        .prepare_cached("SELECT name FROM feed WHERE number = ?1")?
        .query_row([number], |row| row.get(0))?;
    name.parse().map_err(malformed)
}

/// Takes the next log number of a feed.
pub(crate) fn next(connection: &Connection, number: FeedNumber) -> Result<LogNumber> {
    connection
        .prepare_cached("UPDATE feed SET last = last + 1 WHERE number = ?1 RETURNING last")?
        .query_row([number], |row| row.get(0))
}
