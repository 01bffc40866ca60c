//! Verdicts that desks gave back after a restore.

use fettle_domain::IntentId;
use fettle_domain::intent::Verdict;
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, read_cbor};

/// Keeps a verdict; the first one stands.
pub(crate) fn put(connection: &Connection, verdict: &Verdict) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO restored_verdict (intent, body) VALUES (?1, ?2)",
        (verdict.intent.0.into_bytes(), cbor(verdict)?),
    )?;
    Ok(())
}

/// Takes the verdict of an intent out.
pub(crate) fn take(connection: &Connection, intent: IntentId) -> Result<Option<Verdict>> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("DELETE FROM restored_verdict WHERE intent = ?1 RETURNING body")?
        .query_row([intent.0.into_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|body| read_cbor(&body)).transpose()
}
