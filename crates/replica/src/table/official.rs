//! Table `official`: the rows of the work feeds, the latest version of each key.

use std::collections::BTreeSet;

use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::intent::Decision;
use fettle_domain::person::ActorRow;
use fettle_domain::row::{Outcome, OutcomeRow, Row, outcome_key};
use fettle_domain::work_order::{SealedOrder, WorkOrderRow};
use fettle_domain::{ActorId, Timestamp, WorkOrderId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

use super::{add_all, id_at, sealed_order, stored};
use crate::fault::Fault;

/// Feed of rows that were known before any feed brought them; every feed's own row stands above.
const KNOWN: i64 = -1;

/// Writes a row when its version is higher than the one here; true when it was.
pub(crate) fn write(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    row: &Row,
) -> Result<bool, Fault> {
    put(connection, i64::from(feed), version.cast_signed(), row)
}

/// Writes a row known from elsewhere than a feed.
pub(crate) fn know(connection: &Connection, row: &Row) -> Result<(), Fault> {
    remove_key(connection, KNOWN, &row.key())?;
    put(connection, KNOWN, 0, row).map(|_| ())
}

fn put(connection: &Connection, feed: i64, version: i64, row: &Row) -> Result<bool, Fault> {
    let changed = connection
        .prepare_cached(
            "INSERT INTO official (feed, key, version, noun, order_id, is_attention, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version, noun = excluded.noun,
                 order_id = excluded.order_id, is_attention = excluded.is_attention,
                 body = excluded.body
             WHERE excluded.version > official.version",
        )?
        .execute(params![
            feed,
            row.key(),
            version,
            row.noun(),
            row.order().map(|order| *order.0.as_bytes()),
            needs_attention(row),
            serde_json::to_string(row)?,
        ])?;
    if changed > 0 {
        leave_to_case(connection, row)?;
        if let Row::Sealed(sealed) = row {
            sealed_order::write(connection, sealed)?;
        }
    }
    Ok(changed > 0)
}

/// What has a case needs attention by its case, on every laptop the same and until it is settled;
/// what the feeds said of it otherwise counts no longer. Rows come in two feeds, in any order.
fn leave_to_case(connection: &Connection, row: &Row) -> Result<(), Fault> {
    let order = match row {
        Row::Verdict(verdict) => Some(verdict.order),
        Row::Outcome(outcome) => Some(outcome.order),
        Row::Case(case) => case.order,
        _ => None,
    };
    let Some(order) = order else {
        return Ok(());
    };
    for case in cases(connection, order)? {
        if case.is_settled() {
            // An older version may be left in the feed its order came from.
            quieten(connection, &format!("case/{}", case.id))?;
        }
        let subject = match case.subject {
            CaseSubject::Intent(claim) => {
                quieten(connection, &format!("verdict/{claim}"))?;
                continue;
            }
            CaseSubject::Effect { subject, .. } => subject,
            CaseSubject::Entry(_)
            | CaseSubject::Step(_)
            | CaseSubject::Field(_)
            | CaseSubject::Item { .. } => continue,
        };
        if let Some(outside) = case.outside {
            quieten(connection, &outcome_key(outside, subject))?;
        }
    }
    Ok(())
}

fn quieten(connection: &Connection, key: &str) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE official SET is_attention = 0 WHERE key = ?1 AND is_attention = 1")?
        .execute([key])?;
    Ok(())
}

fn needs_attention(row: &Row) -> bool {
    match row {
        Row::Outcome(outcome) => match outcome.outcome {
            Outcome::Refused { .. } => true,
            Outcome::Accepted { .. } | Outcome::Discarded { .. } | Outcome::TakenBack => false,
        },
        Row::Verdict(verdict) => match verdict.decision {
            Decision::Refused(_) | Decision::Case { .. } => true,
            Decision::Accepted => false,
        },
        Row::Person(_)
        | Row::Actor(_)
        | Row::Plant(_)
        | Row::Charter(_)
        | Row::Location(_)
        | Row::Asset(_)
        | Row::Item(_)
        | Row::Stock(_)
        | Row::WorkOrder(_)
        | Row::Sealed(_)
        | Row::Vendor(_)
        | Row::PmPlan(_)
        | Row::Import(_)
        | Row::Removed(_)
        | Row::Price(_)
        | Row::Cost(_) => false,
        // What the hub keeps aside counts on the laptop it came from, by its items; a proposal only
        // with whoever decides about it.
        Row::Case(case) => {
            let is_elsewhere = matches!(case.subject, CaseSubject::Item { .. });
            !is_elsewhere && !case.is_proposal() && !case.is_settled()
        }
    }
}

fn remove_key(connection: &Connection, feed: i64, key: &str) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM official WHERE feed = ?1 AND key = ?2")?
        .execute(params![feed, key])?;
    Ok(())
}

/// Lets any version of any row replace what is here, under whatever number its feed will have.
/// What a hub said of facts and claims is taken back: the one that is there now may not know it.
pub(crate) fn make_old(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "DELETE FROM official WHERE noun IN ('verdict', 'outcome', 'case')",
        [],
    )?;
    connection.execute(
        "INSERT OR REPLACE INTO official (feed, key, version, noun, order_id, is_attention, body)
         SELECT ?1, key, 0, noun, order_id, is_attention, body FROM official
         WHERE feed >= 0 ORDER BY version",
        [KNOWN],
    )?;
    connection.execute("DELETE FROM official WHERE feed >= 0", [])?;
    Ok(())
}

/// Lets any version of a feed's rows replace what is here.
pub(crate) fn make_old_of(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE official SET version = 0 WHERE feed = ?1")?
        .execute([feed])?;
    Ok(())
}

/// Removes what a feed that was read anew did not bring again; answers with the orders concerned.
pub(crate) fn remove_old_of(
    connection: &Connection,
    feed: FeedNumber,
) -> Result<Vec<WorkOrderId>, Fault> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM official WHERE feed = ?1 AND version = 0 RETURNING order_id",
    )?;
    let mut rows = statement.query([feed])?;
    let mut orders = BTreeSet::new();
    while let Some(row) = rows.next()? {
        if row.get_ref(0)? != ValueRef::Null {
            orders.insert(WorkOrderId(id_at(row, 0)?));
        }
    }
    Ok(orders.into_iter().collect())
}

/// Sum over the rows of a feed that are no tombstones.
pub(crate) fn sum(connection: &Connection, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT key, version FROM official WHERE feed = ?1 AND noun != 'removed'",
    )?;
    add_all(&mut statement, feed)
}

/// True when a feed brought a row of this key.
pub(crate) fn is_in_feed(connection: &Connection, key: &str) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM official WHERE key = ?1 AND feed >= 0)")?
        .query_row([key], |row| row.get(0))?)
}

/// Removes the rows of an order from one feed.
pub(crate) fn leave(
    connection: &Connection,
    feed: FeedNumber,
    order: WorkOrderId,
) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM official WHERE feed = ?1 AND order_id = ?2")?
        .execute(params![feed, order.0.as_bytes()])?;
    Ok(())
}

/// Whether a feed other than this one has the row of a closed order.
pub(crate) fn is_in_another_feed(
    connection: &Connection,
    feed: FeedNumber,
    order: WorkOrderId,
) -> Result<bool, Fault> {
    let found = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM official
                            WHERE order_id = ?1 AND noun = 'sealed' AND feed >= 0 AND feed != ?2)",
        )?
        .query_row(params![order.0.as_bytes(), feed], |row| row.get(0))?;
    Ok(found)
}

/// Removes every row of an order.
pub(crate) fn remove_order(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM official WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}

/// The row that stands of a key, whichever feed brought it.
pub(crate) fn read(connection: &Connection, key: &str) -> Result<Option<Row>, Fault> {
    let body: Option<String> = connection
        .prepare_cached(
            "SELECT body FROM official WHERE key = ?1 ORDER BY feed < 0, version DESC LIMIT 1",
        )?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// Every row of a noun, in the order of its key; a feed's row stands above a known one.
pub(crate) fn of_noun(connection: &Connection, noun: &str) -> Result<Vec<Row>, Fault> {
    rows(
        connection,
        "SELECT body FROM official o WHERE noun = ?1 AND (feed >= 0 OR NOT EXISTS
             (SELECT 1 FROM official f WHERE f.key = o.key AND f.feed >= 0)) ORDER BY key",
        [noun],
    )
}

pub(crate) fn actors(connection: &Connection) -> Result<Vec<ActorRow>, Fault> {
    Ok(of_noun(connection, "actor")?
        .into_iter()
        .filter_map(|row| match row {
            Row::Actor(actor) => Some(actor),
            _ => None,
        })
        .collect())
}

pub(crate) fn actor(connection: &Connection, id: ActorId) -> Result<Option<ActorRow>, Fault> {
    match read(connection, &format!("actor/{id}"))? {
        None => Ok(None),
        Some(Row::Actor(actor)) => Ok(Some(actor)),
        Some(_) => stored(None, "actor row"),
    }
}

/// Every order with an official row.
pub(crate) fn orders(connection: &Connection) -> Result<Vec<WorkOrderId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT order_id FROM official WHERE noun = 'work_order' ORDER BY order_id",
    )?;
    let found = statement.query_map([], |row| super::id_at(row, 0).map(WorkOrderId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The official row of an order: of several feeds the one changed last, because an order that
/// moved leaves its old feed only with that feed's next slice.
pub(crate) fn work_order(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Option<WorkOrderRow>, Fault> {
    let rows = of_order(connection, order, "work_order")?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Row::WorkOrder(row) => Some(row),
            _ => None,
        })
        .max_by_key(|row| (row.changed, row.status.revision)))
}

/// Content of a closed order; of one that moved, whichever came.
pub(crate) fn sealed(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Option<SealedOrder>, Fault> {
    let rows = of_order(connection, order, "sealed")?;
    Ok(rows.into_iter().find_map(|row| match row {
        Row::Sealed(sealed) => Some(*sealed),
        _ => None,
    }))
}

/// What outside systems made of an order's facts and claims.
pub(crate) fn outcomes(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Vec<OutcomeRow>, Fault> {
    let mut outcomes: Vec<OutcomeRow> = Vec::new();
    for row in of_order(connection, order, "outcome")? {
        let Row::Outcome(outcome) = row else { continue };
        let same = outcomes
            .iter_mut()
            .find(|other| other.subject == outcome.subject && other.outside == outcome.outside);
        match same {
            Some(other) if other.at < outcome.at => *other = outcome,
            Some(_) => {}
            None => outcomes.push(outcome),
        }
    }
    Ok(outcomes)
}

/// Cases of an order, settled ones included, the one due first on top.
pub(crate) fn cases(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Vec<ExceptionCase>, Fault> {
    Ok(newest_cases(of_order(connection, order, "case")?))
}

/// Cases that are not settled, the one due first on top. Without statistics SQLite would read every
/// case for them, so the index is named here and below.
pub(crate) fn open_cases(connection: &Connection) -> Result<Vec<ExceptionCase>, Fault> {
    let rows = rows(
        connection,
        "SELECT body FROM official o INDEXED BY official_case
         WHERE noun = 'case' AND body ->> '$.case.resolution.at' IS NULL AND NOT EXISTS
             (SELECT 1 FROM official s
              WHERE s.key = o.key AND s.body ->> '$.case.resolution.at' IS NOT NULL)",
        [],
    )?;
    Ok(newest_cases(rows))
}

/// Cases settled since a moment.
pub(crate) fn settled_cases(
    connection: &Connection,
    since: Timestamp,
) -> Result<Vec<ExceptionCase>, Fault> {
    let rows = rows(
        connection,
        "SELECT body FROM official INDEXED BY official_case
         WHERE noun = 'case' AND body ->> '$.case.resolution.at' >= ?1",
        [since.to_string()],
    )?;
    Ok(newest_cases(rows))
}

/// Cases that need attention, the one due first on top.
pub(crate) fn attention_cases(connection: &Connection) -> Result<Vec<ExceptionCase>, Fault> {
    let rows = rows(
        connection,
        "SELECT body FROM official INDEXED BY official_attention
         WHERE noun = 'case' AND is_attention = 1 AND order_id IS NOT NULL",
        [],
    )?;
    Ok(newest_cases(rows))
}

/// Each case once: an order that moved has left older versions in the feed it came from.
fn newest_cases(rows: Vec<Row>) -> Vec<ExceptionCase> {
    let mut cases: Vec<ExceptionCase> = Vec::new();
    for row in rows {
        let Row::Case(case) = row else { continue };
        match cases.iter_mut().find(|other| other.id == case.id) {
            Some(other) if !other.is_settled() && case.is_settled() => *other = case,
            Some(_) => {}
            None => cases.push(case),
        }
    }
    cases.sort_by_key(|case| (case.due, case.opened, case.id));
    cases
}

fn of_order(connection: &Connection, order: WorkOrderId, noun: &str) -> Result<Vec<Row>, Fault> {
    rows(
        connection,
        "SELECT body FROM official o WHERE order_id = ?1 AND noun = ?2 AND (feed >= 0 OR NOT EXISTS
             (SELECT 1 FROM official f WHERE f.key = o.key AND f.feed >= 0)) ORDER BY key",
        params![order.0.as_bytes(), noun],
    )
}

fn rows(
    connection: &Connection,
    statement: &str,
    arguments: impl rusqlite::Params,
) -> Result<Vec<Row>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let bodies = statement.query_map(arguments, |row| row.get::<_, String>(0))?;
    let mut rows = Vec::new();
    for body in bodies {
        rows.push(serde_json::from_str(&body?)?);
    }
    Ok(rows)
}
