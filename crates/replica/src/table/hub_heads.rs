//! Table `hub_heads`: while a restored hub is read anew, how far it has come with each document.

use std::collections::BTreeSet;

use fettle_domain::{ChangeHash, DocumentId};
use fettle_sync::frame::{from_cbor, to_cbor};
use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;

pub(crate) fn read(
    connection: &Connection,
    document: DocumentId,
) -> Result<BTreeSet<ChangeHash>, Fault> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT heads FROM hub_heads WHERE document = ?1")?
        .query_row([document.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(match found {
        Some(bytes) => from_cbor(&bytes)?,
        None => BTreeSet::new(),
    })
}

pub(crate) fn write(
    connection: &Connection,
    document: DocumentId,
    heads: &BTreeSet<ChangeHash>,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO hub_heads (document, heads) VALUES (?1, ?2)
             ON CONFLICT (document) DO UPDATE SET heads = excluded.heads",
        )?
        .execute(params![document.0.as_bytes(), to_cbor(heads)?])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM hub_heads", [])?;
    Ok(())
}
