//! Table `moved_change`: what became of changes that were made again or left out.

use fettle_document::Moved;
use fettle_domain::DocumentId;
use rusqlite::{Connection, params};

use crate::fault::Fault;

pub(crate) fn insert(
    connection: &Connection,
    document: DocumentId,
    moved: &Moved,
) -> Result<(), Fault> {
    connection
        .prepare_cached("INSERT INTO moved_change (document, body) VALUES (?1, ?2)")?
        .execute(params![
            document.0.as_bytes(),
            serde_json::to_string(moved)?
        ])?;
    Ok(())
}

/// What was moved in a document, in the order it was.
pub(crate) fn of_document(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<Moved>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT body FROM moved_change WHERE document = ?1 ORDER BY id")?;
    let bodies = statement.query_map([document.0.as_bytes()], |row| row.get::<_, String>(0))?;
    let mut moved = Vec::new();
    for body in bodies {
        moved.push(serde_json::from_str(&body?)?);
    }
    Ok(moved)
}
