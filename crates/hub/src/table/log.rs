//! The log: what subscribers of a feed read, in order.

use fettle_domain::feed::Feed;
use fettle_domain::{ChangeHash, DocumentId, PlantId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, Result};
use uuid::Uuid;

use super::{feed, uuid};

/// What a line of the log carries.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A change of a document.
    Change(DocumentId, ChangeHash, Vec<u8>),
    /// A version of a row, by its key.
    Row(String),
    /// A document whose changes up to here were folded into it.
    Folded(DocumentId),
    /// An order enters the feed.
    Enter(DocumentId),
    /// An order leaves the feed.
    Leave(DocumentId),
}

type Columns<'a> = (
    &'static str,
    Option<[u8; 16]>,
    Option<[u8; 32]>,
    Option<&'a str>,
    Option<&'a [u8]>,
);

/// Writes a line under the feed's next number.
pub(crate) fn append(
    connection: &Connection,
    feed: FeedNumber,
    entry: &Entry,
) -> Result<LogNumber> {
    let number = feed::next(connection, feed)?;
    let (kind, document, hash, key, body): Columns<'_> = match entry {
        Entry::Change(document, hash, body) => (
            "change",
            Some(document.0.into_bytes()),
            Some(hash.0),
            None,
            Some(body),
        ),
        Entry::Row(key) => ("row", None, None, Some(key), None),
        Entry::Folded(document) => ("folded", Some(document.0.into_bytes()), None, None, None),
        Entry::Enter(document) => ("enter", Some(document.0.into_bytes()), None, None, None),
        Entry::Leave(document) => ("leave", Some(document.0.into_bytes()), None, None, None),
    };
    connection
        .prepare_cached(
            "INSERT INTO log (feed, number, kind, document, hash, row_key, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((feed, number, kind, document, hash, key, body))?;
    Ok(number)
}

/// Changes of a document that stand in a log on their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfolded {
    pub(crate) changes: u32,
    pub(crate) bytes: u64,
}

/// How many changes of a document stand in the log of a feed, and their bytes.
pub(crate) fn unfolded(
    connection: &Connection,
    feed: FeedNumber,
    document: DocumentId,
) -> Result<Unfolded> {
    connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(body)), 0) FROM log
             WHERE kind = 'change' AND document = ?1 AND feed = ?2",
        )?
        .query_row((document.0.into_bytes(), feed), |row| {
            Ok(Unfolded {
                changes: row.get(0)?,
                bytes: row.get(1)?,
            })
        })
}

/// Lets the line of a document's last change stand for all of them.
pub(crate) fn fold(connection: &Connection, feed: FeedNumber, document: DocumentId) -> Result<()> {
    let arguments = (document.0.into_bytes(), feed);
    connection
        .prepare_cached(
            "UPDATE log SET kind = 'folded', hash = NULL, body = NULL
             WHERE feed = ?2 AND number = (SELECT max(number) FROM log
                 WHERE kind = 'change' AND document = ?1 AND feed = ?2)",
        )?
        .execute(arguments)?;
    // Before an earlier fold a reader has that one still to come, and after it this one.
    connection
        .prepare_cached("DELETE FROM log WHERE kind = 'change' AND document = ?1 AND feed = ?2")?
        .execute(arguments)?;
    Ok(())
}

/// Takes out the line of a version of a row that says nothing any more.
pub(crate) fn remove(connection: &Connection, feed: FeedNumber, number: LogNumber) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM log WHERE feed = ?1 AND number = ?2 AND kind = 'row'")?
        .execute((feed, number))?;
    Ok(())
}

/// True when the document has left a work feed of the plant.
pub(crate) fn has_left(
    connection: &Connection,
    document: DocumentId,
    plant: &PlantId,
) -> Result<bool> {
    let feeds: Vec<String> = connection
        .prepare_cached(
            "SELECT DISTINCT f.name FROM log l JOIN feed f ON f.number = l.feed
             WHERE l.kind = 'leave' AND l.document = ?1",
        )?
        .query_map([document.0.into_bytes()], |row| row.get(0))?
        .collect::<Result<_>>()?;
    let is_of_plant = |name: &String| matches!(name.parse(), Ok(Feed::Work(of, _)) if of == *plant);
    Ok(feeds.iter().any(is_of_plant))
}

/// Lines after a number, oldest first.
pub(crate) fn after(
    connection: &Connection,
    feed: FeedNumber,
    number: LogNumber,
    limit: u32,
) -> Result<Vec<(LogNumber, Entry)>> {
    connection
        .prepare_cached(
            "SELECT number, kind, document, hash, row_key, body FROM log
             WHERE feed = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
        )?
        .query_map((feed, number, limit), |row| Ok((row.get(0)?, entry(row)?)))?
        .collect()
}

fn entry(row: &rusqlite::Row<'_>) -> Result<Entry> {
    let kind: String = row.get(1)?;
    let document = |row| uuid(row, 2).map(|id: Uuid| DocumentId(id));
    Ok(match kind.as_str() {
        "change" => Entry::Change(document(row)?, ChangeHash(row.get(3)?), row.get(5)?),
        "folded" => Entry::Folded(document(row)?),
        "enter" => Entry::Enter(document(row)?),
        "leave" => Entry::Leave(document(row)?),
        _ => Entry::Row(row.get(4)?),
    })
}
