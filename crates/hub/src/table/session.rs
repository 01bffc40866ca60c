//! Open sessions, by the hash of their token.

use fettle_domain::{DeviceId, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

use super::uuid;

/// A session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    pub(crate) device: DeviceId,
    pub(crate) person: PersonId,
    pub(crate) expires: Timestamp,
}

/// Opens a session; those that ended by `now` are struck off, except a revoked device's.
pub(crate) fn put(
    connection: &Connection,
    token_hash: &[u8; 32],
    session: Stored,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "DELETE FROM session WHERE expires <= ?1
         AND device NOT IN (SELECT id FROM device WHERE revoked_at IS NOT NULL)",
        [now.as_ms()],
    )?;
    connection.execute(
        "INSERT INTO session (token_hash, device, person, expires) VALUES (?1, ?2, ?3, ?4)",
        (
            token_hash,
            session.device.0.into_bytes(),
            session.person.0.into_bytes(),
            session.expires.as_ms(),
        ),
    )?;
    Ok(())
}

/// A session by the hash of its token.
pub(crate) fn get(connection: &Connection, token_hash: &[u8; 32]) -> Result<Option<Stored>> {
    connection
        .prepare_cached("SELECT device, person, expires FROM session WHERE token_hash = ?1")?
        .query_row([token_hash], |row| {
            Ok(Stored {
                device: DeviceId(uuid(row, 0)?),
                person: PersonId(uuid(row, 1)?),
                expires: Timestamp::from_ms(row.get(2)?),
            })
        })
        .optional()
}
