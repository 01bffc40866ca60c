//! One-time codes that enrol a device.

use fettle_domain::{AreaId, DeviceId, PlantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{json, malformed, read_json};

/// A code.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) plant: PlantId,
    pub(crate) areas: Vec<AreaId>,
    pub(crate) expires: Timestamp,
    pub(crate) is_used: bool,
}

/// Keeps a code by the hash of its secret.
pub(crate) fn put(connection: &Connection, secret_hash: &[u8; 32], code: &Stored) -> Result<()> {
    connection.execute(
        "INSERT INTO enrolment_code (secret_hash, name, plant, areas, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            secret_hash,
            &code.name,
            code.plant.as_str(),
            json(&code.areas)?,
            code.expires.as_ms(),
        ),
    )?;
    Ok(())
}

/// A code by the hash of its secret.
pub(crate) fn get(connection: &Connection, secret_hash: &[u8; 32]) -> Result<Option<Stored>> {
    connection
        .prepare_cached(
            "SELECT name, plant, areas, expires, used_by IS NOT NULL FROM enrolment_code
             WHERE secret_hash = ?1",
        )?
        .query_row([secret_hash], |row| {
            Ok(Stored {
                name: row.get(0)?,
                plant: PlantId::new(row.get::<_, String>(1)?).map_err(malformed)?,
                areas: read_json(&row.get::<_, String>(2)?)?,
                expires: Timestamp::from_ms(row.get(3)?),
                is_used: row.get(4)?,
            })
        })
        .optional()
}

/// Marks a code as used.
pub(crate) fn mark_used(
    connection: &Connection,
    secret_hash: &[u8; 32],
    device: DeviceId,
) -> Result<()> {
    connection.execute(
        "UPDATE enrolment_code SET used_by = ?2 WHERE secret_hash = ?1",
        (secret_hash, device.0.into_bytes()),
    )?;
    Ok(())
}
