//! Orders that went to another area, kept among the settings: where each was seen last.

use fettle_domain::WorkOrderId;
use rusqlite::Connection;

use super::setting;
use crate::fault::Fault;
use crate::line::LeftOrder;

pub(crate) fn read(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Option<LeftOrder>, Fault> {
    let body = setting::read(connection, &name(order))?;
    Ok(body.map(|body| serde_json::from_slice(&body)).transpose()?)
}

pub(crate) fn write(
    connection: &Connection,
    order: WorkOrderId,
    left: &LeftOrder,
) -> Result<(), Fault> {
    setting::write(connection, &name(order), &serde_json::to_vec(left)?)
}

pub(crate) fn remove(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    setting::remove(connection, &name(order))
}

fn name(order: WorkOrderId) -> String {
    format!("left_order/{order}")
}
