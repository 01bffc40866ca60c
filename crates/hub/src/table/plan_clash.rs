//! Both values of a field of a plan that both sides changed, kept beside its case.

use fettle_domain::CaseId;
use rusqlite::{Connection, OptionalExtension, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{cbor, read_cbor};

/// The clash of a case.
pub(crate) fn get<T: DeserializeOwned>(connection: &Connection, case: CaseId) -> Result<Option<T>> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM plan_clash WHERE id = ?1")?
        .query_row([case.0.into_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|body| read_cbor(&body)).transpose()
}

/// Keeps the clash of a case; a newer one takes its place.
pub(crate) fn put<T: Serialize>(connection: &Connection, case: CaseId, clash: &T) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO plan_clash (id, body) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        )?
        .execute((case.0.into_bytes(), cbor(clash)?))?;
    Ok(())
}
