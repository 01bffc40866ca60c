//! Who made each official revision of an order's status.

use fettle_domain::work_order::Status;
use fettle_domain::{PersonId, Timestamp, WorkOrderId};
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// Writes a revision.
pub(crate) fn put(
    connection: &Connection,
    order: WorkOrderId,
    (revision, status): (u32, Status),
    person: Option<PersonId>,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO revision (work_order, revision, status, person, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            order.0.into_bytes(),
            revision,
            status.word(),
            person.map(|person| person.0.into_bytes()),
            now.as_ms(),
        ),
    )?;
    Ok(())
}

/// Who made each revision after one.
pub(crate) fn authors_after(
    connection: &Connection,
    order: WorkOrderId,
    revision: u32,
) -> Result<Vec<Option<PersonId>>> {
    connection
        .prepare_cached(
            "SELECT person FROM revision WHERE work_order = ?1 AND revision > ?2 ORDER BY revision",
        )?
        .query_map((order.0.into_bytes(), revision), |row| {
            let person: Option<[u8; 16]> = row.get(0)?;
            Ok(person.map(|id| PersonId(Uuid::from_bytes(id))))
        })?
        .collect()
}

/// Status of a revision.
pub(crate) fn status(
    connection: &Connection,
    order: WorkOrderId,
    revision: u32,
) -> Result<Option<Status>> {
    let word: Option<String> = connection
        .prepare_cached("SELECT status FROM revision WHERE work_order = ?1 AND revision = ?2")?
        .query_row((order.0.into_bytes(), revision), |row| row.get(0))
        .optional()?;
    Ok(word.and_then(|word| Status::from_word(&word)))
}

/// Who made a revision; `None` when the CMMS did or it does not exist.
pub(crate) fn author(
    connection: &Connection,
    order: WorkOrderId,
    revision: u32,
) -> Result<Option<PersonId>> {
    let person: Option<Option<[u8; 16]>> = connection
        .prepare_cached("SELECT person FROM revision WHERE work_order = ?1 AND revision = ?2")?
        .query_row((order.0.into_bytes(), revision), |row| row.get(0))
        .optional()?;
    Ok(person.flatten().map(|id| PersonId(Uuid::from_bytes(id))))
}
