//! Table `claim`: claims made here, with what became of them.

use fettle_domain::intent::Intent;
use fettle_domain::row::Row as OfficialRow;
use fettle_domain::{ActorId, PersonId, Timestamp, WorkOrderId};
use rusqlite::{Connection, params};

use super::{id_at, optional_moment_at};
use crate::fault::Fault;
use crate::line::ClaimRow;
use crate::table::made::Maker;

pub(crate) fn insert(
    connection: &Connection,
    order: WorkOrderId,
    intent: &Intent,
    maker: Maker,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO claim (intent, order_id, actor, place, person, verdict_key, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            intent.id.0.as_bytes(),
            order.0.as_bytes(),
            maker.actor.0,
            maker.place.cast_signed(),
            maker.person.0.as_bytes(),
            format!("verdict/{}", intent.id),
            serde_json::to_string(intent)?,
        ])?;
    Ok(())
}

/// Claims on an order, oldest first.
pub(crate) fn of_order(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Vec<ClaimRow>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT c.body, c.person, c.sent_at, o.quarantined,
                (SELECT f.body FROM official f WHERE f.key = c.verdict_key
                 ORDER BY f.version DESC LIMIT 1)
         FROM claim c LEFT JOIN outbox o ON o.actor = c.actor AND o.place = c.place
         WHERE c.order_id = ?1 ORDER BY c.id",
    )?;
    let mut rows = statement.query([order.0.as_bytes()])?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next()? {
        let intent: Intent = serde_json::from_str(&row.get::<_, String>(0)?)?;
        let quarantined: Option<String> = row.get(3)?;
        let verdict: Option<String> = row.get(4)?;
        claims.push(ClaimRow {
            intent,
            person: PersonId(id_at(row, 1)?),
            sent_at: optional_moment_at(row, 2)?,
            quarantined: quarantined
                .map(|text| serde_json::from_str(&text))
                .transpose()?,
            verdict: match verdict
                .map(|text| serde_json::from_str(&text))
                .transpose()?
            {
                Some(OfficialRow::Verdict(verdict)) => Some(verdict),
                _ => None,
            },
        });
    }
    Ok(claims)
}

/// Takes back that claims were sent whose items are still here.
pub(crate) fn take_back_sent(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "UPDATE claim SET sent_at = NULL WHERE EXISTS
            (SELECT 1 FROM outbox o WHERE o.actor = claim.actor AND o.place = claim.place)",
        [],
    )?;
    Ok(())
}

/// Notes that a claim is another item now.
pub(crate) fn move_to(connection: &Connection, intent: &Intent, place: u64) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE claim SET actor = ?2, place = ?3, sent_at = NULL, body = ?4 WHERE intent = ?1",
        )?
        .execute(params![
            intent.id.0.as_bytes(),
            intent.actor.0,
            place.cast_signed(),
            serde_json::to_string(intent)?,
        ])?;
    Ok(())
}

/// Marks the claims among the items up to a place.
pub(crate) fn acknowledge(
    connection: &Connection,
    actor: ActorId,
    through: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let through = i64::try_from(through).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "UPDATE claim SET sent_at = ?3 WHERE actor = ?1 AND place <= ?2 AND sent_at IS NULL",
        )?
        .execute(params![actor.0, through, now.as_ms()])?;
    Ok(())
}

/// True when a claim on the order is not acknowledged.
pub(crate) fn has_unsent(connection: &Connection, order: WorkOrderId) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM claim WHERE order_id = ?1 AND sent_at IS NULL)",
        )?
        .query_row([order.0.as_bytes()], |row| row.get(0))?)
}

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM claim WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}
