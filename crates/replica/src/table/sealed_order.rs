//! Table `sealed_order`: when orders without a document ended.

use fettle_domain::work_order::SealedOrder;
use fettle_domain::{Day, WorkOrderId};
use rusqlite::{Connection, params};

use super::id_at;
use crate::fault::Fault;

/// Notes when an order ended, where anybody knows.
pub(crate) fn write(connection: &Connection, sealed: &SealedOrder) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO sealed_order (order_id, ended_on) VALUES (?1, ?2)
             ON CONFLICT (order_id) DO UPDATE SET ended_on = excluded.ended_on",
        )?
        .execute(params![
            sealed.order.0.as_bytes(),
            sealed.ended_on().map(Day::days)
        ])?;
    Ok(())
}

/// Orders that ended before a day.
pub(crate) fn ended_before(
    connection: &Connection,
    day: Day,
    limit: u32,
) -> Result<Vec<WorkOrderId>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT order_id FROM sealed_order WHERE ended_on < ?1 LIMIT ?2")?;
    let mut rows = statement.query(params![day.days(), limit])?;
    let mut orders = Vec::new();
    while let Some(row) = rows.next()? {
        orders.push(WorkOrderId(id_at(row, 0)?));
    }
    Ok(orders)
}

/// Forgets an order.
pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM sealed_order WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}
