//! Table `made`: the newest change of each subject that was made here, in its maker's words.

use std::collections::BTreeMap;

use fettle_domain::{ActorId, ContentHash, PersonId, Timestamp, WorkOrderId};
use rusqlite::{Connection, Row, params};

use super::{count, id_at, moment_at, optional_moment_at, stored};
use crate::commit::Made;
use crate::fault::Fault;
use crate::line::{ChangeRow, MadeKind, MadeSubject};
use crate::table::official;

/// Who made something, as which item, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Maker {
    pub(crate) person: PersonId,
    pub(crate) actor: ActorId,
    pub(crate) place: u64,
    pub(crate) at: Timestamp,
}

pub(crate) fn write(
    connection: &Connection,
    order: WorkOrderId,
    made: &Made,
    maker: Maker,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO made
                 (order_id, subject, kind, words, person, actor, place, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            order.0.as_bytes(),
            made.subject.text(),
            made.kind.word(),
            made.words,
            maker.person.0.as_bytes(),
            maker.actor.0,
            maker.place.cast_signed(),
            maker.at.as_ms(),
        ])?;
    Ok(())
}

/// Notes the content a photo names.
pub(crate) fn set_content(
    connection: &Connection,
    order: WorkOrderId,
    made: &Made,
    content: ContentHash,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE made SET content = ?3 WHERE order_id = ?1 AND subject = ?2")?
        .execute(params![order.0.as_bytes(), made.subject.text(), content.0])?;
    Ok(())
}

/// Marks the photos whose entry had been acknowledged before their content; answers with their
/// orders.
pub(crate) fn content_sent(
    connection: &Connection,
    content: ContentHash,
    now: Timestamp,
) -> Result<Vec<WorkOrderId>, Fault> {
    let mut statement = connection.prepare_cached(
        "UPDATE made SET sent_at = ?2 WHERE content = ?1 AND sent_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.actor = made.actor
                             AND o.place = made.place AND o.sent_at IS NULL)
         RETURNING order_id",
    )?;
    let orders = statement.query_map(params![content.0, now.as_ms()], |row| {
        id_at(row, 0).map(WorkOrderId)
    })?;
    Ok(orders.collect::<Result<_, _>>()?)
}

/// Marks what went with the items up to a place; answers with the orders concerned. A photo is
/// sent once its content is.
pub(crate) fn acknowledge(
    connection: &Connection,
    actor: ActorId,
    through: u64,
    now: Timestamp,
) -> Result<Vec<WorkOrderId>, Fault> {
    let through = i64::try_from(through).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(
        "UPDATE made SET sent_at = ?3 WHERE actor = ?1 AND place <= ?2 AND sent_at IS NULL
             AND (content IS NULL OR EXISTS (SELECT 1 FROM attachment a
                  WHERE a.content = made.content AND a.sent_at IS NOT NULL))
         RETURNING order_id",
    )?;
    let orders = statement.query_map(params![actor.0, through, now.as_ms()], |row| {
        id_at(row, 0).map(WorkOrderId)
    })?;
    Ok(orders.collect::<Result<_, _>>()?)
}

/// Takes back that changes were sent whose items are still here.
pub(crate) fn take_back_sent(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "UPDATE made SET sent_at = NULL WHERE EXISTS
            (SELECT 1 FROM outbox o WHERE o.actor = made.actor AND o.place = made.place)",
        [],
    )?;
    Ok(())
}

/// Takes back that one change was sent.
pub(crate) fn take_back(connection: &Connection, actor: ActorId, place: u64) -> Result<(), Fault> {
    for table in ["made", "claim"] {
        connection
            .prepare_cached(&format!(
                "UPDATE {table} SET sent_at = NULL WHERE actor = ?1 AND place = ?2"
            ))?
            .execute(params![actor.0, place.cast_signed()])?;
    }
    Ok(())
}

/// Notes that what was made goes with another item now.
pub(crate) fn move_to(
    connection: &Connection,
    (actor, place): (ActorId, u64),
    (new_actor, new_place): (ActorId, u64),
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE made SET actor = ?3, place = ?4, sent_at = NULL WHERE actor = ?1 AND place = ?2",
        )?
        .execute(params![
            actor.0,
            place.cast_signed(),
            new_actor.0,
            new_place.cast_signed()
        ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT m.order_id, m.kind, m.subject, m.words, m.person, m.made_at,
    m.sent_at, coalesce(o.quarantined, a.refused), coalesce(o.is_waiting, 0), o.compensated,
    m.actor, m.place
    FROM made m LEFT JOIN outbox o ON o.actor = m.actor AND o.place = m.place
        LEFT JOIN attachment a ON a.content = m.content AND m.sent_at IS NULL";

/// Changes of an order, oldest first.
pub(crate) fn of_order(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Vec<ChangeRow>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE m.order_id = ?1 ORDER BY m.made_at, m.actor, m.place, m.subject"
    ))?;
    let mut rows = statement.query([order.0.as_bytes()])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(change(row)?);
    }
    Ok(changes)
}

/// Changes that are unsent or need attention, oldest first.
pub(crate) fn open(connection: &Connection) -> Result<Vec<ChangeRow>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE m.sent_at IS NULL OR o.quarantined IS NOT NULL OR o.compensated IS NOT NULL
            OR EXISTS (SELECT 1 FROM official f WHERE f.is_attention = 1
                       AND f.order_id = m.order_id
                       AND (f.key = 'verdict/' || substr(m.subject, 8)
                            OR f.key LIKE 'outcome/%/' || substr(m.subject, instr(m.subject, '/') + 1)
                            OR f.noun = 'case' AND instr(f.body ->> '$.case.subject',
                                                         substr(m.subject, instr(m.subject, '/') + 1))))
         ORDER BY m.made_at, m.actor, m.place, m.subject"
    ))?;
    let mut rows = statement.query([])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let change = change(row)?;
        let is_sent = change.sent_at.is_some();
        if !(is_sent && change.set_aside().is_some()) || is_with_somebody(connection, &change)? {
            changes.push(change);
        }
    }
    Ok(changes)
}

fn is_with_somebody(connection: &Connection, change: &ChangeRow) -> Result<bool, Fault> {
    let cases = official::cases(connection, change.order)?;
    Ok(change.is_with_somebody(&cases))
}

fn change(row: &Row<'_>) -> Result<ChangeRow, Fault> {
    let quarantined: Option<String> = row.get(7)?;
    Ok(ChangeRow {
        order: WorkOrderId(id_at(row, 0)?),
        kind: stored(MadeKind::from_word(&row.get::<_, String>(1)?), "made kind")?,
        subject: stored(
            MadeSubject::from_text(&row.get::<_, String>(2)?),
            "made subject",
        )?,
        words: row.get(3)?,
        person: PersonId(id_at(row, 4)?),
        at: moment_at(row, 5)?,
        sent_at: optional_moment_at(row, 6)?,
        quarantined: quarantined
            .map(|text| serde_json::from_str(&text))
            .transpose()?,
        is_waiting: row.get(8)?,
        compensated: row
            .get::<_, Option<String>>(9)?
            .map(|text| serde_json::from_str(&text))
            .transpose()?,
        actor: row.get(10).map(ActorId)?,
        place: stored(u64::try_from(row.get::<_, i64>(11)?).ok(), "made place")?,
    })
}

/// Changes not sent, in all of this laptop.
pub(crate) fn count_unsent(connection: &Connection) -> Result<u32, Fault> {
    let found: i64 = connection
        .prepare_cached("SELECT count(*) FROM made WHERE sent_at IS NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(count(found))
}

/// Changes not sent, by order.
pub(crate) fn unsent_by_order(
    connection: &Connection,
) -> Result<BTreeMap<WorkOrderId, u32>, Fault> {
    by(
        connection,
        "SELECT order_id, count(*) FROM made WHERE sent_at IS NULL GROUP BY order_id",
        WorkOrderId,
    )
}

/// Changes not sent, by person.
pub(crate) fn unsent_by_person(connection: &Connection) -> Result<BTreeMap<PersonId, u32>, Fault> {
    by(
        connection,
        "SELECT person, count(*) FROM made WHERE sent_at IS NULL GROUP BY person",
        PersonId,
    )
}

/// What needs attention, by order: what was set aside, refusals and cases.
pub(crate) fn attention_by_order(
    connection: &Connection,
) -> Result<BTreeMap<WorkOrderId, u32>, Fault> {
    let mut found = by(
        connection,
        "SELECT order_id, count(*) FROM (
             SELECT m.order_id FROM made m JOIN attachment a ON a.content = m.content
                 WHERE m.sent_at IS NULL AND a.refused IS NOT NULL
             UNION ALL
             SELECT order_id FROM official WHERE is_attention = 1 AND order_id IS NOT NULL
         ) GROUP BY order_id",
        WorkOrderId,
    )?;
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE o.quarantined IS NOT NULL OR o.compensated IS NOT NULL"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let change = change(row)?;
        if is_with_somebody(connection, &change)? {
            *found.entry(change.order).or_default() += 1;
        }
    }
    Ok(found)
}

/// When the change that has waited longest was made.
pub(crate) fn oldest_unsent(connection: &Connection) -> Result<Option<Timestamp>, Fault> {
    Ok(connection
        .prepare_cached("SELECT min(made_at) FROM made WHERE sent_at IS NULL")?
        .query_row([], |row| optional_moment_at(row, 0))?)
}

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM made WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}

fn by<K: Ord>(
    connection: &Connection,
    statement: &str,
    key: impl Fn(uuid::Uuid) -> K,
) -> Result<BTreeMap<K, u32>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let found = statement.query_map([], |row| {
        Ok((key(id_at(row, 0)?), count(row.get::<_, i64>(1)?)))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
