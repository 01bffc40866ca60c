//! Orders, as far as they are sorted and found by.

use std::fmt;

use fettle_domain::work_order::WorkOrderRow;
use fettle_domain::{Day, PersonId, WorkOrderId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

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
            "INSERT INTO work_order (id, feed, number, is_ended, version, ended_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, number = excluded.number,
                is_ended = excluded.is_ended, version = excluded.version,
                ended_on = excluded.ended_on",
        )?
        .execute((
            id,
            feed,
            &row.number,
            row.status.status.is_ended(),
            version,
            Day::of(row.changed).days(),
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

/// Notes the day a past order ended on, where its history says so.
pub(crate) fn set_ended_on(connection: &Connection, id: WorkOrderId, on: Day) -> Result<()> {
    connection
        .prepare_cached("UPDATE work_order SET ended_on = ?2 WHERE id = ?1")?
        .execute((id.0.into_bytes(), on.days()))?;
    Ok(())
}

/// Feed of an order.
pub(crate) fn feed(connection: &Connection, id: WorkOrderId) -> Result<Option<FeedNumber>> {
    connection
        .prepare_cached("SELECT feed FROM work_order WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()
}

/// Stages of a work feed's base: a person's own open orders, other open ones, those that are over,
/// and what changed since the base was fixed: it may have come to a stage that was through.
pub(crate) const STAGES: u8 = 4;

/// Whose base of which feed is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) feed: FeedNumber,
    pub(crate) person: PersonId,
    /// Sequence the base was fixed at.
    pub(crate) through: LogNumber,
    /// Orders that were over before are left out.
    pub(crate) ended_since: Option<Day>,
}

/// A place in the order of a base: within a stage those that ended last come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) stage: u8,
    /// Days since 1970; of an open order any.
    pub(crate) ended_on: i32,
    pub(crate) id: [u8; 16],
}

impl Place {
    /// Before everything of a stage.
    pub(crate) fn beginning(stage: u8) -> Self {
        Self {
            stage,
            ended_on: i32::MAX,
            id: [0; 16],
        }
    }

    /// Reads a place as it stands in a cursor. What is none begins at the beginning.
    pub(crate) fn read(text: &str) -> Self {
        let parsed = || {
            let (stage, rest) = text.split_once('/')?;
            let (ended_on, id) = rest.split_once('/')?;
            Some(Self {
                stage: stage.parse().ok()?,
                ended_on: ended_on.parse().ok()?,
                id: Uuid::parse_str(id).ok()?.into_bytes(),
            })
        };
        parsed().unwrap_or(Self::beginning(0))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = Uuid::from_bytes(self.id).simple();
        write!(f, "{}/{}/{id}", self.stage, self.ended_on)
    }
}

/// Orders of each stage after a place, with the day they ended on.
const OF_STAGE: [&str; STAGES as usize] = [
    "SELECT o.id, 0 FROM work_order o WHERE o.feed = ?1 AND o.is_ended = 0 AND o.id > ?5
        AND EXISTS (SELECT 1 FROM assignment a WHERE a.person = ?2 AND a.work_order = o.id)
     ORDER BY o.id LIMIT ?7",
    "SELECT o.id, 0 FROM work_order o WHERE o.feed = ?1 AND o.is_ended = 0 AND o.id > ?5
        AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.person = ?2 AND a.work_order = o.id)
     ORDER BY o.id LIMIT ?7",
    "SELECT id, ended_on FROM work_order INDEXED BY work_order_ended
     WHERE feed = ?1 AND is_ended = 1 AND (-ended_on, id) > (-?4, ?5) AND -ended_on <= -?6
     ORDER BY -ended_on, id LIMIT ?7",
    "SELECT id, 0 FROM work_order WHERE feed = ?1 AND version > ?3 AND id > ?5
     ORDER BY id LIMIT ?7",
];

/// Orders of a place's stage after it, each with the day it ended on.
pub(crate) fn of_stage(
    connection: &Connection,
    stage: Stage,
    place: &Place,
    limit: u32,
) -> Result<Vec<(WorkOrderId, i32)>> {
    let Some(query) = OF_STAGE.get(usize::from(place.stage)) else {
        return Ok(Vec::new());
    };
    connection
        .prepare_cached(query)?
        .query_map(arguments(stage, place, limit), |row| {
            Ok((uuid(row, 0).map(WorkOrderId)?, row.get(1)?))
        })?
        .collect()
}

/// How many orders of a place's stage there are after it.
pub(crate) fn count_of_stage(connection: &Connection, stage: Stage, place: &Place) -> Result<u32> {
    let Some(query) = OF_STAGE.get(usize::from(place.stage)) else {
        return Ok(0);
    };
    connection
        .prepare_cached(&format!("SELECT count(*) FROM ({query})"))?
        .query_row(arguments(stage, place, u32::MAX), |row| row.get(0))
}

type Arguments = (FeedNumber, [u8; 16], LogNumber, i32, [u8; 16], i32, u32);

fn arguments(stage: Stage, place: &Place, limit: u32) -> Arguments {
    let person = stage.person.0.into_bytes();
    let through = stage.through;
    // Beyond the years anybody means, and still a number whose negative there is.
    let since = stage.ended_since.map_or(-i32::MAX, Day::days);
    let (ended_on, id) = (place.ended_on, place.id);
    (stage.feed, person, through, ended_on, id, since, limit)
}

/// How many orders there are.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    connection.query_row("SELECT count(*) FROM work_order", [], |row| row.get(0))
}
