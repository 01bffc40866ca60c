//! Table `history`: what was done on each asset, projected from orders that are over.

use fettle_domain::asset::history::HistoryLine;
use fettle_domain::{AssetId, Day, WorkOrderId};
use rusqlite::{Connection, params};

use super::id_at;
use crate::fault::Fault;

pub(crate) fn write(
    connection: &Connection,
    asset: AssetId,
    line: &HistoryLine,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO history (order_id, asset, day, line) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (order_id) DO UPDATE SET asset = excluded.asset, day = excluded.day,
                 line = excluded.line",
        )?
        .execute(params![
            line.order.0.as_bytes(),
            asset.0.as_bytes(),
            line.day.days(),
            serde_json::to_string(line)?
        ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM history WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}

/// The lines of an asset, oldest day first.
pub(crate) fn of_asset(connection: &Connection, asset: AssetId) -> Result<Vec<HistoryLine>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT line FROM history WHERE asset = ?1 ORDER BY day")?;
    let bodies = statement.query_map([asset.0.as_bytes()], |row| row.get::<_, String>(0))?;
    let mut lines = Vec::new();
    for body in bodies {
        lines.push(serde_json::from_str(&body?)?);
    }
    Ok(lines)
}

/// Orders and days of the lines of an asset, oldest first; the index alone answers.
pub(crate) fn days_of_asset(
    connection: &Connection,
    asset: AssetId,
) -> Result<Vec<(WorkOrderId, Day)>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT order_id, day FROM history WHERE asset = ?1 ORDER BY day")?;
    let rows = statement.query_map([asset.0.as_bytes()], |row| {
        Ok((WorkOrderId(id_at(row, 0)?), Day::from_days(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
