//! Imports: rows that wait unseen, and the one step by which all of them are seen.
//!
//! That step is written as statements over sets, because the running hub waits for it: row by row
//! it would take many times as long.

use fettle_domain::import::Import;
use fettle_domain::{Day, ImportId, Timestamp, WorkOrderId};
use fettle_sync::exchange::FeedNumber;
use rusqlite::{Connection, OptionalExtension, Result};

use uuid::Uuid;

use super::{cbor, read_cbor};

/// A row that waits.
#[derive(Debug, Clone)]
pub(crate) struct Staged {
    pub(crate) feed: FeedNumber,
    pub(crate) key: String,
    pub(crate) order: Option<WorkOrderId>,
    /// True for history, which stands as it came first.
    pub(crate) is_fact: bool,
    /// The day it ended on, of a sealed order.
    pub(crate) ended_on: Option<Day>,
    /// When it was taken back, of a tombstone.
    pub(crate) removed_at: Option<Timestamp>,
    /// The row as CBOR.
    pub(crate) body: Vec<u8>,
}

/// An import with when it was seen first and when it was taken back.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) import: Import,
    pub(crate) undone_at: Option<Timestamp>,
}

/// Puts a row behind the others that wait.
pub(crate) fn stage(
    connection: &Connection,
    import: ImportId,
    position: u64,
    row: &Staged,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO import_stage (import, position, feed, key, work_order, is_fact,
                ended_on, removed_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            import.0.into_bytes(),
            position,
            row.feed,
            &row.key,
            row.order.map(|order| order.0.into_bytes()),
            row.is_fact,
            row.ended_on.map(Day::days),
            row.removed_at.map(Timestamp::as_ms),
            &row.body,
        ))?;
    Ok(())
}

/// Drops some of what waits; how many rows it were.
pub(crate) fn clear_stage(connection: &Connection, limit: u32) -> Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM import_stage WHERE (import, position) IN
                (SELECT import, position FROM import_stage LIMIT ?1)",
        )?
        .execute([limit])
}

/// A row says something new when its key is free, when it is history whose every bringer was taken
/// back, or when it is another state of a master that an import brought. What a system of record
/// stated is never replaced.
const NEWS: &str = "FROM import_stage s
    JOIN feed f ON f.number = s.feed
    LEFT JOIN official_row o ON o.feed = s.feed AND o.key = s.key
    WHERE s.import = ?1 AND (o.key IS NULL OR (
        EXISTS (SELECT 1 FROM import_brought b WHERE b.feed = s.feed AND b.key = s.key)
        AND CASE s.is_fact WHEN 1
            THEN NOT EXISTS (SELECT 1 FROM import_brought b
                WHERE b.feed = s.feed AND b.key = s.key AND b.is_removed = 0)
            ELSE o.body <> s.body END))";

/// How many waiting rows say something new.
pub(crate) fn count_news(connection: &Connection, import: ImportId) -> Result<u64> {
    connection
        .prepare_cached(&format!("SELECT count(*) {NEWS}"))?
        .query_row([import.0.into_bytes()], |row| row.get(0))
}

/// Writes what waits and says something new into the feeds and their logs, under one number after
/// the other. Their versions are above the last number of the feed until [`end_numbers`].
pub(crate) fn write_rows(connection: &Connection, import: ImportId) -> Result<()> {
    let id = import.0.into_bytes();
    // What a row said before says nothing any more.
    connection.execute(
        &format!(
            "DELETE FROM log WHERE kind = 'row' AND (feed, number) IN
                (SELECT o.feed, o.version {NEWS} AND o.key IS NOT NULL)"
        ),
        [id],
    )?;
    connection.execute(
        &format!(
            "INSERT INTO official_row (feed, key, version, work_order, body, removed_at)
             SELECT s.feed, s.key,
                f.last + row_number() OVER (PARTITION BY s.feed ORDER BY s.position),
                s.work_order, s.body, s.removed_at {NEWS}
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version,
                body = excluded.body, removed_at = excluded.removed_at"
        ),
        [id],
    )?;
    connection.execute(
        "INSERT INTO log (feed, number, kind, row_key)
         SELECT o.feed, o.version, 'row', o.key FROM import_stage s
         JOIN feed f ON f.number = s.feed
         JOIN official_row o ON o.feed = s.feed AND o.key = s.key AND o.version > f.last
         WHERE s.import = ?1",
        [id],
    )?;
    Ok(())
}

/// Ends the numbering of [`write_rows`].
pub(crate) fn end_numbers(connection: &Connection, import: ImportId) -> Result<()> {
    connection.execute(
        "UPDATE feed SET last = max(last,
            coalesce((SELECT max(number) FROM log WHERE log.feed = feed.number), 0))
         WHERE number IN (SELECT feed FROM import_stage WHERE import = ?1)",
        [import.0.into_bytes()],
    )?;
    Ok(())
}

/// Notes the orders among what was published, which are all over.
pub(crate) fn note_orders(connection: &Connection, import: ImportId) -> Result<()> {
    connection.execute(
        "INSERT INTO work_order (id, feed, is_ended, version, ended_on)
         SELECT s.work_order, o.feed, 1, o.version, s.ended_on FROM import_stage s
         JOIN official_row o ON o.feed = s.feed AND o.key = s.key
         WHERE s.import = ?1 AND s.key GLOB 'sealed/*'
         ON CONFLICT (id) DO NOTHING",
        [import.0.into_bytes()],
    )?;
    Ok(())
}

/// Forgets the orders among what was taken back.
pub(crate) fn forget_orders(connection: &Connection, import: ImportId) -> Result<()> {
    connection.execute(
        "DELETE FROM work_order WHERE id IN (SELECT work_order FROM import_stage
            WHERE import = ?1 AND key GLOB 'work_order/*')",
        [import.0.into_bytes()],
    )?;
    Ok(())
}

/// Notes which rows an import brought: those just written, and those an earlier import brought that
/// stand as it says. What a system of record stated never is.
pub(crate) fn note_brought(connection: &Connection, import: ImportId) -> Result<()> {
    connection.execute(
        "INSERT INTO import_brought (feed, key, import, is_removed)
         SELECT s.feed, s.key, s.import, 0 FROM import_stage s
         JOIN feed f ON f.number = s.feed
         JOIN official_row o ON o.feed = s.feed AND o.key = s.key
         WHERE s.import = ?1 AND (o.version > f.last OR (
            (s.is_fact OR o.body = s.body) AND EXISTS (SELECT 1 FROM import_brought b
                WHERE b.feed = s.feed AND b.key = s.key AND b.is_removed = 0)))
         ON CONFLICT (feed, key, import) DO UPDATE SET is_removed = 0",
        [import.0.into_bytes()],
    )?;
    Ok(())
}

/// Notes that nothing stands any more because of an import.
pub(crate) fn note_removed(connection: &Connection, import: ImportId) -> Result<()> {
    connection.execute(
        "UPDATE import_brought SET is_removed = 1 WHERE import = ?1",
        [import.0.into_bytes()],
    )?;
    Ok(())
}

/// True when an import that stands brought the row.
pub(crate) fn is_brought(connection: &Connection, feed: FeedNumber, key: &str) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM import_brought WHERE feed = ?1 AND key = ?2 AND is_removed = 0)",
        )?
        .query_row((feed, key), |row| row.get(0))
}

/// A row: its feed, its key and the order it belongs to.
pub(crate) type BroughtRow = (FeedNumber, String, Option<WorkOrderId>);

/// Rows that stand because of this import alone, after a feed and key.
pub(crate) fn only_brought_by(
    connection: &Connection,
    import: ImportId,
    (feed, key): (FeedNumber, &str),
    limit: u32,
) -> Result<Vec<BroughtRow>> {
    connection
        .prepare_cached(
            "SELECT m.feed, m.key, o.work_order FROM import_brought m
             JOIN official_row o ON o.feed = m.feed AND o.key = m.key
             WHERE m.import = ?1 AND m.is_removed = 0 AND (m.feed, m.key) > (?2, ?3)
                AND NOT EXISTS (SELECT 1 FROM import_brought b WHERE b.feed = m.feed
                    AND b.key = m.key AND b.import <> m.import AND b.is_removed = 0)
             ORDER BY m.feed, m.key LIMIT ?4",
        )?
        .query_map((import.0.into_bytes(), feed, key, limit), |row| {
            let order: Option<[u8; 16]> = row.get(2)?;
            let order = order.map(|id| WorkOrderId(Uuid::from_bytes(id)));
            Ok((row.get(0)?, row.get(1)?, order))
        })?
        .collect()
}

/// Writes an import that is seen from now on.
pub(crate) fn put(connection: &Connection, import: &Import) -> Result<()> {
    connection.execute(
        "INSERT INTO import (id, body, visible_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, visible_at = excluded.visible_at,
            undone_at = NULL",
        (import.id.0.into_bytes(), cbor(import)?, import.at.as_ms()),
    )?;
    Ok(())
}

/// Notes that an import was taken back.
pub(crate) fn undo(connection: &Connection, import: ImportId, now: Timestamp) -> Result<()> {
    connection.execute(
        "UPDATE import SET undone_at = ?2 WHERE id = ?1",
        (import.0.into_bytes(), now.as_ms()),
    )?;
    Ok(())
}

/// An import.
pub(crate) fn get(connection: &Connection, import: ImportId) -> Result<Option<Known>> {
    connection
        .prepare_cached("SELECT body, undone_at FROM import WHERE id = ?1")?
        .query_row([import.0.into_bytes()], known)
        .optional()
}

/// Every import, the latest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Known>> {
    connection
        .prepare_cached("SELECT body, undone_at FROM import ORDER BY visible_at DESC, id")?
        .query_map([], known)?
        .collect()
}

fn known(row: &rusqlite::Row<'_>) -> Result<Known> {
    Ok(Known {
        import: read_cbor(&row.get::<_, Vec<u8>>(0)?)?,
        undone_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_ms),
    })
}
