//! Orders, as far as they are sorted and found by.

use fettle_domain::work_order::WorkOrderRow;
use fettle_domain::{PersonId, WorkOrderId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, Result};

use super::uuid;

/// Writes what is sorted by.
pub(crate) fn put(
    connection: &Connection,
    row: &WorkOrderRow,
    feed: FeedNumber,
    version: LogNumber,
) -> Result<()> {
    let id = row.id.0.into_bytes();
    connection
        .prepare_cached(
            "INSERT INTO work_order (id, feed, number, is_ended, version) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, number = excluded.number,
                is_ended = excluded.is_ended, version = excluded.version",
        )?
        .execute((
            id,
            feed,
            &row.number,
            row.status.status.is_ended(),
            version,
        ))?;
    connection
        .prepare_cached("DELETE FROM assignment WHERE work_order = ?1")?
        .execute([id])?;
    for person in &row.assignees {
        connection
            .prepare_cached(
                "INSERT OR IGNORE INTO assignment (person, work_order) VALUES (?1, ?2)",
            )?
            .execute((person.0.into_bytes(), id))?;
    }
    Ok(())
}

/// Feed of an order.
pub(crate) fn feed(connection: &Connection, id: WorkOrderId) -> Result<Option<FeedNumber>> {
    connection
        .prepare_cached("SELECT feed FROM work_order WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()
}

/// Which orders of a feed are meant: stage 0 a person's own open ones, 1 other open ones, 2 the rest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) feed: FeedNumber,
    pub(crate) person: PersonId,
    pub(crate) stage: u8,
    /// Orders changed after this also count when they moved to an earlier stage meanwhile.
    pub(crate) through: LogNumber,
}

const STAGE: &str = "SELECT id FROM (
        SELECT o.id, o.version, CASE WHEN o.is_ended THEN 2
            WHEN EXISTS (SELECT 1 FROM assignment a WHERE a.person = ?2 AND a.work_order = o.id) THEN 0
            ELSE 1 END AS stage
        FROM work_order o WHERE o.feed = ?1)
    WHERE (stage = ?3 OR (stage < ?3 AND version > ?4)) AND id > ?5";

/// Orders of a stage after an id.
pub(crate) fn of_stage(
    connection: &Connection,
    stage: Stage,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<WorkOrderId>> {
    connection
        .prepare_cached(&format!("{STAGE} ORDER BY id LIMIT ?6"))?
        .query_map(
            (
                stage.feed,
                stage.person.0.into_bytes(),
                stage.stage,
                stage.through,
                after,
                limit,
            ),
            |row| uuid(row, 0).map(WorkOrderId),
        )?
        .collect()
}

/// How many orders of a stage there are after an id.
pub(crate) fn count_of_stage(
    connection: &Connection,
    stage: Stage,
    after: [u8; 16],
) -> Result<u32> {
    connection
        .prepare_cached(&STAGE.replace("SELECT id FROM", "SELECT count(*) FROM"))?
        .query_row(
            (
                stage.feed,
                stage.person.0.into_bytes(),
                stage.stage,
                stage.through,
                after,
            ),
            |row| row.get(0),
        )
}

/// How many orders there are.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    connection.query_row("SELECT count(*) FROM work_order", [], |row| row.get(0))
}
