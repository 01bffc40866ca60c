//! Tables `feed` and `cursor` of every file: which feeds it follows and how far it has come.

use std::collections::BTreeMap;

use fettle_domain::feed::Feed;
use fettle_sync::exchange::{Cursor, FeedNumber};
use rusqlite::{Connection, params};

use super::stored;
use crate::fault::Fault;

pub(crate) fn names(connection: &Connection) -> Result<BTreeMap<FeedNumber, Feed>, Fault> {
    let mut statement = connection.prepare_cached("SELECT number, name FROM feed")?;
    let mut rows = statement.query([])?;
    let mut feeds = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        feeds.insert(row.get(0)?, stored(name.parse().ok(), "feed name")?);
    }
    Ok(feeds)
}

/// Replaces the feeds this laptop follows.
pub(crate) fn replace(
    connection: &Connection,
    feeds: &BTreeMap<FeedNumber, Feed>,
) -> Result<(), Fault> {
    connection.execute("DELETE FROM feed", [])?;
    let mut statement =
        connection.prepare_cached("INSERT INTO feed (number, name) VALUES (?1, ?2)")?;
    for (number, feed) in feeds {
        statement.execute(params![number, feed.to_string()])?;
    }
    Ok(())
}

pub(crate) fn cursors(connection: &Connection) -> Result<BTreeMap<FeedNumber, Cursor>, Fault> {
    let mut statement = connection.prepare_cached("SELECT feed, body FROM cursor")?;
    let mut rows = statement.query([])?;
    let mut cursors = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let body: String = row.get(1)?;
        cursors.insert(row.get(0)?, serde_json::from_str(&body)?);
    }
    Ok(cursors)
}

/// Begins every feed of a file anew.
pub(crate) fn forget_cursors(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM cursor", [])?;
    Ok(())
}

pub(crate) fn forget_cursor(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM cursor WHERE feed = ?1")?
        .execute([feed])?;
    Ok(())
}

pub(crate) fn set_cursor(
    connection: &Connection,
    feed: FeedNumber,
    cursor: &Cursor,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO cursor (feed, body) VALUES (?1, ?2)
             ON CONFLICT (feed) DO UPDATE SET body = excluded.body",
        )?
        .execute(params![feed, serde_json::to_string(cursor)?])?;
    Ok(())
}
