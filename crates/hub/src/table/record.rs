//! Facts that belong to no document.

use fettle_domain::Timestamp;
use fettle_domain::record::Record;
use rusqlite::{Connection, Result};

use super::cbor;

/// Keeps a record; nothing happens to one that is here.
pub(crate) fn put(connection: &Connection, record: &Record, now: Timestamp) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO record (id, actor, plant, kind, body, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            record.id.0.into_bytes(),
            record.actor.0,
            record.plant.as_str(),
            &record.kind,
            cbor(record)?,
            now.as_ms(),
        ),
    )?;
    Ok(())
}
