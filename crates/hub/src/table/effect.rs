//! Effects: calls to outside systems, one per business fact.

use fettle_connectors::plan::PLAN_CHANGED;
use fettle_domain::effect::{EffectState, Outside, Reference, Rejection};
use fettle_domain::row::Subject;
use fettle_domain::{CorrelationId, EffectId, Timestamp, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, Result};

use super::effect_dependency::is_blocked;
use super::{json, read_json, uuid};
use crate::effect::Body;

/// An effect as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: EffectId,
    pub(crate) reference: Reference,
    pub(crate) outside: Outside,
    pub(crate) order: WorkOrderId,
    pub(crate) subject: Subject,
    pub(crate) body: Body,
    pub(crate) state: EffectState,
    /// Attempts begun.
    pub(crate) attempts: u32,
    /// Attempts in a row that brought nothing.
    pub(crate) failures: u32,
    /// Times in a row the system was not reached; no failure of the effect.
    pub(crate) unreached: u32,
    /// When something was last sent that may have had an effect.
    pub(crate) sent_at: Option<Timestamp>,
    /// Since when it is unknown whether it arrived.
    pub(crate) unknown_since: Option<Timestamp>,
    pub(crate) correlation: CorrelationId,
}

impl Stored {
    /// True when a change of a plan may be asked for anew: it was taken once, or somebody there
    /// came first and the merge has seen that. What was refused, a person has.
    pub(crate) fn may_be_asked_again(&self) -> bool {
        match &self.state {
            EffectState::Posted { .. } => true,
            EffectState::Rejected(rejection) => rejection.code == PLAN_CHANGED,
            EffectState::Recorded
            | EffectState::Sending
            | EffectState::Unknown
            | EffectState::Discarded { .. }
            | EffectState::TakenBack => false,
        }
    }
}

const COLUMNS: &str = "id, reference, outside, work_order, subject, body, state, detail,
    attempts, failures, sent_at, correlation, unreached, unknown_since";

/// True in SQL when an effect `e` waits for nothing but its time: neither for one it rests on nor
/// for an earlier one of its lane, unless that one is itself kept waiting by a refused one.
const IS_FREE: &str = concat!(
    "NOT ",
    is_blocked!("e"),
    " AND NOT EXISTS (SELECT 1 FROM effect earlier
        WHERE earlier.work_order = e.work_order AND earlier.outside = e.outside
          AND earlier.lane = e.lane AND earlier.sequence < e.sequence
          AND earlier.is_settled = 0 AND NOT ",
    is_blocked!("earlier"),
    ")"
);

/// Records an effect; false when the business fact has one already.
pub(crate) fn put(connection: &Connection, effect: &Stored, now: Timestamp) -> Result<bool> {
    let changed = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO effect (id, reference, outside, work_order, subject, body, state,
                detail, is_settled, next_attempt, correlation, lane)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'recorded', '', 0, ?7, ?8, ?9)",
        )?
        .execute((
            effect.id.0.into_bytes(),
            &effect.reference.0,
            effect.outside.word(),
            effect.order.0.into_bytes(),
            json(&effect.subject)?,
            json(&effect.body)?,
            now.as_ms(),
            effect.correlation.0.into_bytes(),
            effect.body.lane(),
        ))?;
    Ok(changed == 1)
}

/// One effect.
pub(crate) fn get(connection: &Connection, id: EffectId) -> Result<Option<Stored>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM effect WHERE id = ?1"))?
        .query_row([id.0.into_bytes()], stored)
        .optional()
}

/// Effects that are due and wait for nothing else.
pub(crate) fn due(connection: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM effect e
             WHERE is_settled = 0 AND state <> 'sending' AND next_attempt <= ?1 AND {IS_FREE}
             ORDER BY sequence LIMIT ?2"
        ))?
        .query_map((now.as_ms(), limit), stored)?
        .collect()
}

/// When the next effect is due that waits for nothing else, if there is one.
pub(crate) fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    let next: Option<i64> = connection
        .prepare_cached(&format!(
            "SELECT min(next_attempt) FROM effect e
             WHERE is_settled = 0 AND state <> 'sending' AND {IS_FREE}"
        ))?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(Timestamp::from_ms))
}

/// Writes a new state.
pub(crate) fn set_state(
    connection: &Connection,
    effect: &Stored,
    next_attempt: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let (state, detail) = words(&effect.state)?;
    connection
        .prepare_cached(
            "UPDATE effect SET state = ?2, detail = ?3, is_settled = ?4, attempts = ?5, failures = ?6,
                next_attempt = ?7, sent_at = ?8, settled_at = CASE WHEN ?4 THEN ?9 END,
                unreached = ?10, unknown_since = ?11
             WHERE id = ?1",
        )?
        .execute((
            effect.id.0.into_bytes(),
            state,
            detail,
            effect.state.is_settled(),
            effect.attempts,
            effect.failures,
            next_attempt.as_ms(),
            effect.sent_at.map(Timestamp::as_ms),
            now.as_ms(),
            effect.unreached,
            effect.unknown_since.map(Timestamp::as_ms),
        ))?;
    Ok(())
}

/// Refused effects nobody has a case about.
pub(crate) fn refused_without_case(connection: &Connection) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM effect e WHERE state = 'rejected' AND NOT EXISTS
                (SELECT 1 FROM exception_case c WHERE c.effect = e.id) ORDER BY sequence"
        ))?
        .query_map([], stored)?
        .collect()
}

/// Changes of status of an order, in the order they were recorded.
pub(crate) fn status_changes(connection: &Connection, order: WorkOrderId) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM effect WHERE work_order = ?1 AND lane = 'status'
             ORDER BY sequence"
        ))?
        .query_map([order.0.into_bytes()], stored)?
        .collect()
}

/// Effects under way: what was found so at start counts as unknown.
pub(crate) fn sending(connection: &Connection) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM effect WHERE state = 'sending' ORDER BY sequence"
        ))?
        .query_map([], stored)?
        .collect()
}

/// True when a status of the order is on its way to the CMMS or was settled after `since`. One
/// that waits behind a refused one is not on its way.
pub(crate) fn is_status_in_flight(
    connection: &Connection,
    order: WorkOrderId,
    since: Timestamp,
) -> Result<bool> {
    connection
        .prepare_cached(concat!(
            "SELECT EXISTS (SELECT 1 FROM effect e WHERE work_order = ?1 AND lane = 'status'
                AND (settled_at >= ?2 OR (is_settled = 0 AND NOT ",
            is_blocked!("e"),
            ")))"
        ))?
        .query_row((order.0.into_bytes(), since.as_ms()), |row| row.get(0))
}

/// True when a change of the order's plan is still on its way to the CMMS or was settled after
/// `since`.
pub(crate) fn is_plan_in_flight(
    connection: &Connection,
    order: WorkOrderId,
    since: Timestamp,
) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM effect WHERE work_order = ?1 AND lane = 'plan'
                AND (is_settled = 0 OR settled_at >= ?2))",
        )?
        .query_row((order.0.into_bytes(), since.as_ms()), |row| row.get(0))
}

/// Changes of an order's plan, whatever became of them, oldest first.
pub(crate) fn plans(connection: &Connection, order: WorkOrderId) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM effect WHERE work_order = ?1 AND lane = 'plan'
             ORDER BY sequence"
        ))?
        .query_map([order.0.into_bytes()], stored)?
        .collect()
}

/// Posted goods issues among some references.
pub(crate) fn find_reference(
    connection: &Connection,
    reference: &Reference,
) -> Result<Option<EffectId>> {
    connection
        .prepare_cached("SELECT id FROM effect WHERE reference = ?1")?
        .query_row([&reference.0], |row| uuid(row, 0).map(EffectId))
        .optional()
}

/// How many effects are in each state.
pub(crate) fn count_by_state(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    connection
        .prepare_cached("SELECT outside, state, count(*) FROM effect GROUP BY 1, 2 ORDER BY 1, 2")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

fn words(state: &EffectState) -> Result<(&'static str, String)> {
    Ok(match state {
        EffectState::Recorded => ("recorded", String::new()),
        EffectState::Sending => ("sending", String::new()),
        EffectState::Unknown => ("unknown", String::new()),
        EffectState::Posted { number } => ("posted", number.clone()),
        EffectState::Rejected(rejection) => ("rejected", json(rejection)?),
        EffectState::Discarded { .. } => ("discarded", json(state)?),
        EffectState::TakenBack => ("taken_back", String::new()),
    })
}

fn stored(row: &rusqlite::Row<'_>) -> Result<Stored> {
    let (state, detail): (String, String) = (row.get(6)?, row.get(7)?);
    let outside: String = row.get(2)?;
    Ok(Stored {
        id: EffectId(uuid(row, 0)?),
        reference: Reference(row.get(1)?),
        outside: if outside == Outside::Cmms.word() {
            Outside::Cmms
        } else {
            Outside::Erp
        },
        order: WorkOrderId(uuid(row, 3)?),
        subject: read_json(&row.get::<_, String>(4)?)?,
        body: read_json(&row.get::<_, String>(5)?)?,
        state: match state.as_str() {
            "recorded" => EffectState::Recorded,
            "sending" => EffectState::Sending,
            "posted" => EffectState::Posted { number: detail },
            "rejected" => EffectState::Rejected(read_json::<Rejection>(&detail)?),
            "taken_back" => EffectState::TakenBack,
            "discarded" => read_json::<EffectState>(&detail)?,
            // What this version does not know is searched for and never sent blindly.
            _ => EffectState::Unknown,
        },
        attempts: row.get(8)?,
        failures: row.get(9)?,
        sent_at: row.get::<_, Option<i64>>(10)?.map(Timestamp::from_ms),
        correlation: CorrelationId(uuid(row, 11)?),
        unreached: row.get(12)?,
        unknown_since: row.get::<_, Option<i64>>(13)?.map(Timestamp::from_ms),
    })
}
