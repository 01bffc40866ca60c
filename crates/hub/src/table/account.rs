//! Local accounts.

use fettle_domain::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

use super::uuid;

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) person: PersonId,
    pub(crate) password_hash: String,
    /// Wrong passwords in a row.
    pub(crate) failed: u32,
    pub(crate) locked_until: Option<Timestamp>,
}

/// An account by its name.
pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<Stored>> {
    connection
        .prepare_cached(
            "SELECT name, person, password_hash, failed, locked_until FROM account WHERE name = ?1",
        )?
        .query_row([name], stored)
        .optional()
}

/// Every account.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(
            "SELECT name, person, password_hash, failed, locked_until FROM account ORDER BY name",
        )?
        .query_map([], stored)?
        .collect()
}

/// Makes an account or gives it a new password, unlocked.
pub(crate) fn put(
    connection: &Connection,
    name: &str,
    person: PersonId,
    password_hash: &str,
) -> Result<()> {
    connection.execute(
        "INSERT INTO account (name, person, password_hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash,
            failed = 0, locked_until = NULL",
        (name, person.0.into_bytes(), password_hash),
    )?;
    Ok(())
}

/// Writes how often the password was wrong and until when the account is locked.
pub(crate) fn set_failed(
    connection: &Connection,
    name: &str,
    failed: u32,
    locked_until: Option<Timestamp>,
) -> Result<()> {
    connection.execute(
        "UPDATE account SET failed = ?2, locked_until = ?3 WHERE name = ?1",
        (name, failed, locked_until.map(Timestamp::as_ms)),
    )?;
    Ok(())
}

fn stored(row: &rusqlite::Row<'_>) -> Result<Stored> {
    Ok(Stored {
        name: row.get(0)?,
        person: PersonId(uuid(row, 1)?),
        password_hash: row.get(2)?,
        failed: row.get(3)?,
        locked_until: row.get::<_, Option<i64>>(4)?.map(Timestamp::from_ms),
    })
}
