//! Tables `order_list`, `order_item`, `assignee`, `running_labour` and the words of orders: projections
//! of orders, each at its place by rank.

use fettle_domain::work_order::{Status, WorkOrderContent};
use fettle_domain::{AssetId, CrewId, EntryId, ItemId, PersonId, Timestamp, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, params};

use super::place::Places;
use super::word_index::ORDERS;
use super::{count, id_at, official};
use crate::fault::Fault;
use crate::line::{OrderLine, RunningLabour};
use crate::rank::{self, Band, FIRST_ENDED};
use crate::words::Words;

/// Statuses that are nobody's open work.
const ENDED: &str = "('COMP', 'CLOSE', 'CAN')";

/// What an order looks like to lists and the search.
pub(crate) struct Projection<'a> {
    pub(crate) line: &'a OrderLine,
    pub(crate) content: &'a WorkOrderContent,
    /// True when the content stands in a sealed row.
    pub(crate) is_sealed: bool,
    /// The moment it is ranked by.
    pub(crate) at: Timestamp,
}

pub(crate) fn write(connection: &Connection, projection: &Projection<'_>) -> Result<(), Fault> {
    let &Projection { line, content, .. } = projection;
    let id = line.id.0.as_bytes();
    let here: Option<(i64, i64)> = connection
        .prepare_cached("SELECT place, words FROM order_list WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let words = words_of(line, content);
    let fingerprint = fingerprint(&words);
    let band = rank::of_order(is_ended(line.status), projection.at);
    let place = match here {
        Some((place, _)) if band.holds(place) => place,
        _ => Places::default().next(connection, "order_list", band)?,
    };
    let own_content = match projection.is_sealed {
        true => None,
        false => Some(serde_json::to_string(content)?),
    };
    connection
        .prepare_cached(
            "INSERT INTO order_list
                 (place, id, status, crew, asset, finished_at, line, content, words)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET place = excluded.place, status = excluded.status,
                 crew = excluded.crew, asset = excluded.asset, finished_at = excluded.finished_at,
                 line = excluded.line, content = excluded.content, words = excluded.words",
        )?
        .execute(params![
            place,
            id,
            line.status.word(),
            line.crew.map(|crew| *crew.0.as_bytes()),
            line.asset.map(|asset| *asset.0.as_bytes()),
            line.finished.map(Timestamp::as_ms),
            serde_json::to_string(line)?,
            own_content,
            fingerprint,
        ])?;
    write_assignees(connection, line)?;
    write_running(connection, line.id, content)?;
    write_items(connection, here.map(|(place, _)| place), place, content)?;
    if here == Some((place, fingerprint)) {
        // Most changes leave the words as they are.
        return Ok(());
    }
    if let Some((from, _)) = here.filter(|(from, _)| *from != place) {
        ORDERS.remove(connection, from)?;
    }
    ORDERS.write(connection, place, &words)
}

fn is_ended(status: Status) -> bool {
    matches!(status, Status::Comp | Status::Close | Status::Can)
}

fn words_of(line: &OrderLine, content: &WorkOrderContent) -> Words {
    let mut words = Words::default();
    words.add_number(&line.number);
    words.add(&line.title);
    words.add(&content.description);
    words
}

/// Tells whether words are the ones indexed.
fn fingerprint(words: &Words) -> i64 {
    let hash = blake3::hash(words.text().as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(first)
}

fn write_items(
    connection: &Connection,
    from: Option<i64>,
    place: i64,
    content: &WorkOrderContent,
) -> Result<(), Fault> {
    if let Some(from) = from {
        forget_items(connection, from)?;
    }
    let planned = content.part_lines.iter().map(|line| line.item);
    let used = content.parts_used.iter().map(|used| used.entry.item);
    let mut statement = connection
        .prepare_cached("INSERT OR IGNORE INTO order_item (item, place) VALUES (?1, ?2)")?;
    for item in planned.chain(used) {
        statement.execute(params![item.0.as_bytes(), place])?;
    }
    Ok(())
}

fn forget_items(connection: &Connection, place: i64) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM order_item WHERE place = ?1")?
        .execute([place])?;
    Ok(())
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

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    let id = order.0.as_bytes();
    let place: Option<i64> = connection
        .prepare_cached("DELETE FROM order_list WHERE id = ?1 RETURNING place")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if let Some(place) = place {
        ORDERS.remove(connection, place)?;
        forget_items(connection, place)?;
    }
    for statement in [
        "DELETE FROM assignee WHERE order_id = ?1",
        "DELETE FROM running_labour WHERE order_id = ?1",
    ] {
        connection.prepare_cached(statement)?.execute([id])?;
    }
    Ok(())
}

pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    for table in ["order_list", "order_item", "assignee", "running_labour"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    ORDERS.clear(connection)
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
        .optional()?
        .flatten();
    match content {
        Some(content) => Ok(Some(serde_json::from_str(&content)?)),
        None => Ok(official::sealed(connection, id)?.map(|sealed| sealed.content)),
    }
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
             WHERE place <= ?4
               AND (status NOT IN {ENDED} OR (status = 'COMP' AND finished_at >= ?3))
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
            finished_since.as_ms(),
            // Open orders and, behind them, what was finished since: nothing further is looked at.
            rank::of_order(true, finished_since).last
        ],
    )
}

/// The order at a place.
pub(crate) fn at(connection: &Connection, place: i64) -> Result<Option<OrderLine>, Fault> {
    let found = lines(
        connection,
        "SELECT line FROM order_list WHERE place = ?1",
        [place],
    )?;
    Ok(found.into_iter().next())
}

/// Orders behind a place, in their order.
pub(crate) fn behind(
    connection: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, OrderLine)>, Fault> {
    placed_lines(
        connection,
        "SELECT place, line FROM order_list WHERE place > ?1 ORDER BY place LIMIT ?2",
        params![after, limit],
    )
}

/// Orders of an asset behind a place, in their order.
pub(crate) fn of_asset(
    connection: &Connection,
    asset: AssetId,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, OrderLine)>, Fault> {
    placed_lines(
        connection,
        "SELECT place, line FROM order_list WHERE asset = ?1 AND place > ?2
         ORDER BY place LIMIT ?3",
        params![asset.0.as_bytes(), after, limit],
    )
}

/// Orders of an asset that have not ended, in their order.
pub(crate) fn open_of_asset(
    connection: &Connection,
    asset: AssetId,
    limit: u32,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        "SELECT line FROM order_list WHERE asset = ?1 AND place < ?2 ORDER BY place LIMIT ?3",
        params![asset.0.as_bytes(), FIRST_ENDED, limit],
    )
}

/// Number of open orders of an asset.
pub(crate) fn count_of_asset(connection: &Connection, asset: AssetId) -> Result<u32, Fault> {
    let found: i64 = connection
        .prepare_cached("SELECT count(*) FROM order_list WHERE asset = ?1 AND place < ?2")?
        .query_row(params![asset.0.as_bytes(), FIRST_ENDED], |row| row.get(0))?;
    Ok(count(found))
}

/// Orders that plan or used an item within a band of places, in their order.
pub(crate) fn of_item(
    connection: &Connection,
    item: ItemId,
    band: Band,
    limit: u32,
) -> Result<Vec<OrderLine>, Fault> {
    lines(
        connection,
        "SELECT l.line FROM order_item i JOIN order_list l ON l.place = i.place
         WHERE i.item = ?1 AND i.place BETWEEN ?2 AND ?3 ORDER BY i.place LIMIT ?4",
        params![item.0.as_bytes(), band.first, band.last, limit],
    )
}

/// How many orders are here, counted no further than `limit`.
pub(crate) fn count_all(connection: &Connection, limit: u32) -> Result<u32, Fault> {
    let counted = connection
        .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM order_list LIMIT ?1)")?
        .query_row([limit], |row| row.get(0))?;
    Ok(count(counted))
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

fn placed_lines(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<(i64, OrderLine)>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let bodies = statement.query_map(values, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut lines = Vec::new();
    for body in bodies {
        let (place, body) = body?;
        lines.push((place, serde_json::from_str(&body)?));
    }
    Ok(lines)
}
