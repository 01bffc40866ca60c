//! What the CMMS last said about the shared fields of an order.

use fettle_domain::WorkOrderId;
use rusqlite::{Connection, OptionalExtension, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{cbor, read_cbor};

/// The shadow of an order.
pub(crate) fn get<T: DeserializeOwned>(
    connection: &Connection,
    order: WorkOrderId,
) -> Result<Option<T>> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM order_shadow WHERE work_order = ?1")?
        .query_row([order.0.into_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|body| read_cbor(&body)).transpose()
}

/// Writes the shadow of an order.
pub(crate) fn put<T: Serialize>(
    connection: &Connection,
    order: WorkOrderId,
    shadow: &T,
) -> Result<()> {
    connection.execute(
        "INSERT INTO order_shadow (work_order, body) VALUES (?1, ?2)
         ON CONFLICT (work_order) DO UPDATE SET body = excluded.body",
        (order.0.into_bytes(), cbor(shadow)?),
    )?;
    Ok(())
}
