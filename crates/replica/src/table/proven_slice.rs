//! Table `proven_slice`: what the hub proved that it sent, kept until it is in a backup.

use fettle_domain::Timestamp;
use fettle_sync::frame::{from_cbor, to_cbor};
use fettle_sync::proof::{Accepted, SliceProof};
use rusqlite::{Connection, params};

use crate::fault::Fault;

/// A slice's list with its proof.
pub(crate) struct Proven {
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) proof: SliceProof,
}

pub(crate) fn insert(
    connection: &Connection,
    accepted: &[Accepted],
    proof: SliceProof,
) -> Result<(), Fault> {
    connection
        .prepare_cached("INSERT INTO proven_slice (proof, accepted) VALUES (?1, ?2)")?
        .execute(params![proof.0, to_cbor(&accepted)?])?;
    Ok(())
}

/// Every list, in the order it came.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Proven>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT proof, accepted FROM proven_slice ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut proven = Vec::new();
    while let Some(row) = rows.next()? {
        proven.push(Proven {
            proof: SliceProof(row.get(0)?),
            accepted: from_cbor(&row.get::<_, Vec<u8>>(1)?)?,
        });
    }
    Ok(proven)
}

/// Dates the lists that came before a moment of the hub.
pub(crate) fn date(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE proven_slice SET at = ?1 WHERE at IS NULL")?
        .execute([now.as_ms()])?;
    Ok(())
}

/// Forgets what came before a moment.
pub(crate) fn forget(connection: &Connection, before: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM proven_slice WHERE at < ?1")?
        .execute([before.as_ms()])?;
    Ok(())
}
