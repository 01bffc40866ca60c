//! Table `unread_row`: rows of a later program, kept as they came until this one knows them.

use fettle_sync::exchange::{FeedItem, FeedNumber, LogNumber};
use fettle_sync::frame::from_cbor;
use rusqlite::{Connection, params};

use crate::fault::Fault;

/// Keeps a row; the same version again changes nothing.
pub(crate) fn keep(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    body: &[u8],
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO unread_row (feed, version, body) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![feed, version.cast_signed(), body])?;
    Ok(())
}

/// Takes out every kept row that this program knows, in the order of each feed.
pub(crate) fn take_known(connection: &Connection) -> Result<Vec<(FeedNumber, FeedItem)>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT feed, version, body FROM unread_row ORDER BY feed, version")?;
    let kept = statement.query_map([], |row| {
        Ok((
            row.get(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, Vec<u8>>(2)?,
        ))
    })?;
    let mut known = Vec::new();
    for kept in kept {
        let (feed, version, body): (FeedNumber, _, _) = kept?;
        if let Ok(row) = from_cbor(&body) {
            known.push((feed, FeedItem::Row(version.cast_unsigned(), Box::new(row))));
            connection
                .prepare_cached("DELETE FROM unread_row WHERE feed = ?1 AND version = ?2")?
                .execute(params![feed, version])?;
        }
    }
    Ok(known)
}

/// Removes every kept row: they come again.
/// True when rows of a feed wait for a later program.
pub(crate) fn has(connection: &Connection, feed: FeedNumber) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM unread_row WHERE feed = ?1)")?
        .query_row([feed], |row| row.get(0))?)
}

pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM unread_row", [])?;
    Ok(())
}

/// Removes what a feed brought.
pub(crate) fn remove_feed(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM unread_row WHERE feed = ?1")?
        .execute([feed])?;
    Ok(())
}
