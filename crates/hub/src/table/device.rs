//! Laptops and workstations.

use fettle_domain::device::Device;
use fettle_domain::{DeviceId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, read_cbor};

/// Enrols a device.
pub(crate) fn put(connection: &Connection, device: &Device, secret_hash: &[u8; 32]) -> Result<()> {
    connection.execute(
        "INSERT INTO device (id, secret_hash, body) VALUES (?1, ?2, ?3)",
        (device.id.0.into_bytes(), secret_hash, cbor(device)?),
    )?;
    Ok(())
}

/// Writes what changed of an enrolled device.
pub(crate) fn change(connection: &Connection, device: &Device) -> Result<()> {
    connection.execute(
        "UPDATE device SET body = ?2 WHERE id = ?1",
        (device.id.0.into_bytes(), cbor(device)?),
    )?;
    Ok(())
}

/// A device and the hash of its secret.
pub(crate) fn get(connection: &Connection, id: DeviceId) -> Result<Option<(Device, [u8; 32])>> {
    connection
        .prepare_cached("SELECT body, revoked_at, secret_hash FROM device WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| Ok((device(row)?, row.get(2)?)))
        .optional()
}

/// Every device.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Device>> {
    connection
        .prepare_cached("SELECT body, revoked_at FROM device ORDER BY id")?
        .query_map([], device)?
        .collect()
}

/// Revokes a device.
pub(crate) fn revoke(connection: &Connection, id: DeviceId, now: Timestamp) -> Result<()> {
    connection.execute(
        "UPDATE device SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
        (id.0.into_bytes(), now.as_ms()),
    )?;
    Ok(())
}

fn device(row: &rusqlite::Row<'_>) -> Result<Device> {
    let mut device: Device = read_cbor(&row.get::<_, Vec<u8>>(0)?)?;
    device.revoked_at = row.get::<_, Option<i64>>(1)?.map(Timestamp::from_ms);
    Ok(device)
}
