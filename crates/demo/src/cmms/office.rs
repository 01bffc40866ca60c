//! What the office does in the demo CMMS behind everybody's back: for demonstrations and tests.

use fettle_domain::Timestamp;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::order::{check, get, shown};
use crate::answer::{Call, Reply, ok, read, refuse};
use crate::table::order;
use crate::world::WorkOrder;

/// Fields that are this system's own.
const OWN: [&str; 4] = ["wonum", "changedate", "externalrefid", "_rowstamp"];

/// Closes an order whatever its status.
pub(super) fn close(connection: &Connection, wonum: &str, now: Timestamp) -> Reply {
    write(
        connection,
        wonum,
        &Map::from_iter([("status".to_owned(), json!("CLOSE"))]),
        now,
    )
}

/// Sets fields of an order to what the body says, whatever its status: a list replaces the list.
pub(super) fn change(
    connection: &Connection,
    wonum: &str,
    call: &Call<'_>,
    now: Timestamp,
) -> Reply {
    write(connection, wonum, &read(call.body)?, now)
}

fn write(
    connection: &Connection,
    wonum: &str,
    fields: &Map<String, Value>,
    now: Timestamp,
) -> Reply {
    let mut held = get(connection, wonum)?;
    held.body["status"] = json!(held.status);
    for (field, value) in fields {
        if OWN.contains(&field.as_str()) {
            return Err(refuse(
                400,
                "BAD_JSON",
                format!("{field} is set by the system"),
            ));
        }
        held.body[field] = value.clone();
    }
    let work_order: WorkOrder = serde_json::from_value(held.body.clone())
        .map_err(|error| refuse(400, "BAD_JSON", error.to_string()))?;
    check(connection, &work_order)?;
    held.status = work_order.status;
    held.body["changedate"] = json!(now);
    order::put(connection, &mut held)?;
    ok(&shown(&held))
}
