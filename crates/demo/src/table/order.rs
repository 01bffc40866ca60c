//! Work orders of the demo CMMS.

use rusqlite::{Connection, OptionalExtension, Result, Row};
use serde_json::Value;

use super::{Side, counter, master};
use crate::answer::Page;

/// A stored work order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) wonum: String,
    pub(crate) status: String,
    /// Number of the change; also the row stamp.
    pub(crate) change: i64,
    pub(crate) reference: Option<String>,
    pub(crate) body: Value,
}

const COLUMNS: &str = "wonum, status, change, reference, body";

fn read(row: &Row<'_>) -> Result<Order> {
    Ok(Order {
        wonum: row.get(0)?,
        status: row.get(1)?,
        change: row.get(2)?,
        reference: row.get(3)?,
        body: master::parse(&row.get::<_, String>(4)?),
    })
}

/// Writes an order as the newest change and sets its row stamp.
pub(crate) fn put(connection: &Connection, order: &mut Order) -> Result<()> {
    order.change = counter::next_change(connection, Side::Cmms)?;
    connection
        .prepare_cached(
            "INSERT INTO cmms_order (wonum, status, change, reference, body)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (wonum) DO UPDATE SET status = ?2, change = ?3, body = ?5",
        )?
        .execute((
            &order.wonum,
            &order.status,
            order.change,
            &order.reference,
            order.body.to_string(),
        ))?;
    Ok(())
}

/// One order.
pub(crate) fn get(connection: &Connection, wonum: &str) -> Result<Option<Order>> {
    connection
        .query_row(
            &format!("SELECT {COLUMNS} FROM cmms_order WHERE wonum = ?1"),
            [wonum],
            read,
        )
        .optional()
}

/// Orders created under an external reference, lowest number first.
pub(crate) fn by_reference(connection: &Connection, reference: &str) -> Result<Vec<Order>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM cmms_order WHERE reference = ?1 ORDER BY wonum LIMIT 500"
        ))?
        .query_map([reference], read)?
        .collect()
}

/// Orders changed after a change, oldest change first.
pub(crate) fn changed(connection: &Connection, page: Page) -> Result<Vec<Order>> {
    let size = i64::try_from(page.size).unwrap_or(i64::MAX);
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM cmms_order WHERE change > ?1 ORDER BY change LIMIT ?2"
        ))?
        .query_map((page.since, size), read)?
        .collect()
}
