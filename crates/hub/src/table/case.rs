//! Exception cases: what waits for a person, and how it ended.

use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::{CaseId, EffectId, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{json, read_json};

/// Writes a case in place of what is held of it.
pub(crate) fn put(connection: &Connection, case: &ExceptionCase) -> Result<()> {
    let effect = match &case.subject {
        CaseSubject::Effect { effect, .. } => Some(effect.0.into_bytes()),
        CaseSubject::Intent(_)
        | CaseSubject::Entry(_)
        | CaseSubject::Step(_)
        | CaseSubject::Field(_)
        | CaseSubject::Item { .. } => None,
    };
    connection
        .prepare_cached(
            "INSERT INTO exception_case
                (id, plant, work_order, effect, owner, is_settled, opened, due, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET plant = excluded.plant, effect = excluded.effect,
                owner = excluded.owner, is_settled = excluded.is_settled,
                opened = excluded.opened, due = excluded.due, body = excluded.body",
        )?
        .execute((
            case.id.0.into_bytes(),
            case.plant.as_str(),
            case.order.map(|order| order.0.into_bytes()),
            effect,
            case.owner.word(),
            case.is_settled(),
            case.opened.as_ms(),
            case.due.as_ms(),
            json(case)?,
        ))?;
    Ok(())
}

/// One case.
pub(crate) fn get(connection: &Connection, id: CaseId) -> Result<Option<ExceptionCase>> {
    connection
        .prepare_cached("SELECT body FROM exception_case WHERE id = ?1")?
        .query_row([id.0.into_bytes()], case)
        .optional()
}

/// Cases that are not settled, the one due first on top.
pub(crate) fn open(connection: &Connection) -> Result<Vec<ExceptionCase>> {
    connection
        .prepare_cached(
            "SELECT body FROM exception_case WHERE is_settled = 0 ORDER BY due, opened, id",
        )?
        .query_map([], case)?
        .collect()
}

/// Every case, the newest on top.
pub(crate) fn all(connection: &Connection) -> Result<Vec<ExceptionCase>> {
    connection
        .prepare_cached("SELECT body FROM exception_case ORDER BY opened DESC, id")?
        .query_map([], case)?
        .collect()
}

/// Cases of an order, oldest first.
pub(crate) fn of_order(connection: &Connection, order: WorkOrderId) -> Result<Vec<ExceptionCase>> {
    connection
        .prepare_cached(
            "SELECT body FROM exception_case WHERE work_order = ?1 ORDER BY opened, id",
        )?
        .query_map([order.0.into_bytes()], case)?
        .collect()
}

/// Cases of an effect that are not settled.
pub(crate) fn of_effect(connection: &Connection, effect: EffectId) -> Result<Vec<ExceptionCase>> {
    connection
        .prepare_cached(
            "SELECT body FROM exception_case WHERE effect = ?1 AND is_settled = 0 ORDER BY id",
        )?
        .query_map([effect.0.into_bytes()], case)?
        .collect()
}

fn case(row: &rusqlite::Row<'_>) -> Result<ExceptionCase> {
    read_json(&row.get::<_, String>(0)?)
}
