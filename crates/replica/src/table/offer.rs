//! Table `offer`: what is given back to a restored hub, until it has dealt with it.

use fettle_sync::frame::{from_cbor, to_cbor};
use fettle_sync::proof::Offer;
use rusqlite::Connection;

use crate::fault::Fault;

pub(crate) fn insert(connection: &Connection, offer: &Offer) -> Result<(), Fault> {
    connection
        .prepare_cached("INSERT INTO offer (body) VALUES (?1)")?
        .execute([to_cbor(offer)?])?;
    Ok(())
}

/// The first offers that fit into some bytes; one at least, when there is one.
pub(crate) fn first(connection: &Connection, budget_bytes: usize) -> Result<Vec<Offer>, Fault> {
    let mut statement = connection.prepare_cached("SELECT body FROM offer ORDER BY id")?;
    let mut rows = statement.query([])?;
    let (mut offers, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(0)?;
        bytes += body.len();
        if bytes > budget_bytes && !offers.is_empty() {
            break;
        }
        offers.push(from_cbor(&body)?);
    }
    Ok(offers)
}

/// Forgets the first offers, which the hub has dealt with.
pub(crate) fn taken(connection: &Connection, count: u32) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "DELETE FROM offer WHERE id IN (SELECT id FROM offer ORDER BY id LIMIT ?1)",
        )?
        .execute([count])?;
    Ok(())
}

pub(crate) fn is_empty(connection: &Connection) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM offer)")?
        .query_row([], |row| row.get(0))?)
}

pub(crate) fn clear(connection: &Connection) -> Result<(), Fault> {
    connection.execute("DELETE FROM offer", [])?;
    Ok(())
}
