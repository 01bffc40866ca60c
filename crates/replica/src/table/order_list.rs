//! Tables `order_list`, `assignee`, `running_labour` and `order_search`: projections of orders.

use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{AssetId, CrewId, EntryId, PersonId, Timestamp, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{count, id_at};
use crate::fault::Fault;
use crate::line::{OrderLine, RunningLabour};
use crate::search::Indexed;

/// Statuses that are nobody's open work.
const ENDED: &str = "('COMP', 'CLOSE', 'CAN')";

pub(crate) fn write(
    connection: &Connection,
    line: &OrderLine,
    content: &WorkOrderContent,
) -> Result<(), Fault> {
    let place: i64 = connection
        .prepare_cached(
            "INSERT INTO order_list (id, status, crew, asset, finished_at, line, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, crew = excluded.crew,
                 asset = excluded.asset, finished_at = excluded.finished_at,
                 line = excluded.line, content = excluded.content
             RETURNING place",
        )?
        .query_row(
            params![
                line.id.0.as_bytes(),
                line.status.word(),
                line.crew.map(|crew| *crew.0.as_bytes()),
                line.asset.map(|asset| *asset.0.as_bytes()),
                line.finished.map(Timestamp::as_ms),
                serde_json::to_string(line)?,
                serde_json::to_string(content)?,
            ],
            |row| row.get(0),
        )?;
    write_assignees(connection, line)?;
    write_running(connection, line.id, content)?;
    write_search(connection, place, &Indexed::of_order(line, content))
}

fn write_assignees(connection: &Connection, line: &OrderLine) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM assignee WHERE order_id = ?1")?
        .execute([line.id.0.as_bytes()])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO assignee (person, order_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    for person in &line.assignees {
        statement.execute(params![person.0.as_bytes(), line.id.0.as_bytes()])?;
    }
    Ok(())
}

fn write_running(
    connection: &Connection,
    order: WorkOrderId,
    content: &WorkOrderContent,
) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM running_labour WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO running_labour (order_id, entry, person, start) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let running = content
        .labour
        .iter()
        .filter(|labour| labour.entry.end.is_none() && !labour.is_closed);
    for labour in running {
        statement.execute(params![
            order.0.as_bytes(),
            labour.id.0.as_bytes(),
            labour.entry.person.0.as_bytes(),
            serde_json::to_string(&labour.entry.start)?,
        ])?;
    }
    Ok(())
}

fn write_search(connection: &Connection, place: i64, indexed: &Indexed) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO order_search (rowid, words, plain) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![place, indexed.words, indexed.plain])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    let id = order.0.as_bytes();
    connection
        .prepare_cached(
            "DELETE FROM order_search WHERE rowid = (SELECT place FROM order_list WHERE id = ?1)",
        )?
        .execute([id])?;
    for statement in [
        "DELETE FROM order_list WHERE id = ?1",
        "DELETE FROM assignee WHERE order_id = ?1",
        "DELETE FROM running_labour WHERE order_id = ?1",
    ] {
        connection.prepare_cached(statement)?.execute([id])?;
    }
    Ok(())
}

pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    for table in ["order_list", "assignee", "running_labour", "order_search"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<OrderLine>, Fault> {
    lines(connection, "SELECT line FROM order_list ORDER BY id", [])
}

pub(crate) fn line(connection: &Connection, id: WorkOrderId) -> Result<Option<OrderLine>, Fault> {
    let line: Option<String> = connection
        .prepare_cached("SELECT line FROM order_list WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(line.map(|line| serde_json::from_str(&line)).transpose()?)
}

pub(crate) fn content(
    connection: &Connection,
    id: WorkOrderId,
) -> Result<Option<WorkOrderContent>, Fault> {
    let content: Option<String> = connection
        .prepare_cached("SELECT content FROM order_list WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(content
        .map(|content| serde_json::from_str(&content))
        .transpose()?)
}

/// Orders of a person: assigned, or to nobody but the crew, or with labour of theirs running, or
/// begun and worked on by them here, whoever has them now. Finished ones only when they were
/// finished since a moment.
pub(crate) fn mine(
    connection: &Connection,
    person: PersonId,
    crew: Option<CrewId>,
    finished_since: Timestamp,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        &format!(
            "SELECT line FROM order_list l
             WHERE (status NOT IN {ENDED} OR (status = 'COMP' AND finished_at >= ?3))
               AND (EXISTS (SELECT 1 FROM assignee a WHERE a.person = ?1 AND a.order_id = l.id)
                 OR EXISTS (SELECT 1 FROM running_labour r
                            WHERE r.person = ?1 AND r.order_id = l.id)
                 OR (status IN ('INPRG', 'HOLD', 'WMATL')
                     AND EXISTS (SELECT 1 FROM made m WHERE m.order_id = l.id AND m.person = ?1))
                 OR (crew = ?2 AND NOT EXISTS (SELECT 1 FROM assignee a WHERE a.order_id = l.id)))"
        ),
        params![
            person.0.as_bytes(),
            crew.map(|crew| *crew.0.as_bytes()),
            finished_since.as_ms()
        ],
    )
}

/// Orders whose words match, best first.
pub(crate) fn search(
    connection: &Connection,
    expression: &str,
    limit: u32,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        "SELECT l.line FROM order_search s JOIN order_list l ON l.place = s.rowid
         WHERE order_search MATCH ?1 ORDER BY s.rank LIMIT ?2",
        params![expression, limit],
    )
}

/// Open orders of an asset.
pub(crate) fn of_asset(
    connection: &Connection,
    asset: AssetId,
    limit: u32,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        &format!("SELECT line FROM order_list WHERE asset = ?1 AND status NOT IN {ENDED} LIMIT ?2"),
        params![asset.0.as_bytes(), limit],
    )
}

/// Orders of an asset, whatever their status: open ones first, then the latest finished.
pub(crate) fn every_of_asset(
    connection: &Connection,
    asset: AssetId,
    limit: u32,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        &format!(
            "SELECT line FROM order_list WHERE asset = ?1
             ORDER BY status IN {ENDED}, finished_at DESC, place DESC LIMIT ?2"
        ),
        params![asset.0.as_bytes(), limit],
    )
}

/// Number of open orders of an asset.
pub(crate) fn count_of_asset(connection: &Connection, asset: AssetId) -> Result<u32, Fault> {
    let found: i64 = connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM order_list WHERE asset = ?1 AND status NOT IN {ENDED}"
        ))?
        .query_row([asset.0.as_bytes()], |row| row.get(0))?;
    Ok(count(found))
}

pub(crate) fn running(connection: &Connection) -> Result<Vec<RunningLabour>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT person, order_id, entry, start FROM running_labour ORDER BY entry",
    )?;
    let mut rows = statement.query([])?;
    let mut running = Vec::new();
    while let Some(row) = rows.next()? {
        running.push(RunningLabour {
            person: PersonId(id_at(row, 0)?),
            order: WorkOrderId(id_at(row, 1)?),
            entry: EntryId(id_at(row, 2)?),
            start: serde_json::from_str(&row.get::<_, String>(3)?)?,
        });
    }
    Ok(running)
}

fn lines(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<OrderLine>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let bodies = statement.query_map(values, |row| row.get::<_, String>(0))?;
    let mut lines = Vec::new();
    for body in bodies {
        lines.push(serde_json::from_str(&body?)?);
    }
    Ok(lines)
}
