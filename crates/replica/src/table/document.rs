//! Tables `document`, `document_author` and `held_change`.

use std::collections::BTreeSet;

use fettle_document::{
    BadDocument, RecentDocuments, VerifiedChange, WorkOrderDocument, saved_heads,
};
use fettle_domain::{ActorId, ChangeHash, DocumentId};
use fettle_sync::exchange::FeedNumber;
use rusqlite::{Connection, OptionalExtension, params};

use super::id_at;
use crate::fault::Fault;

pub(crate) fn load(
    connection: &Connection,
    id: DocumentId,
) -> Result<Option<WorkOrderDocument>, Fault> {
    load_with(connection, id, WorkOrderDocument::load)
}

/// The document as it was used last, where its bytes are still the same.
pub(crate) fn load_recent(
    connection: &Connection,
    recent: &RecentDocuments,
    id: DocumentId,
) -> Result<Option<WorkOrderDocument>, Fault> {
    load_with(connection, id, |saved| recent.load(saved))
}

fn load_with(
    connection: &Connection,
    id: DocumentId,
    load: impl FnOnce(&[u8]) -> Result<WorkOrderDocument, BadDocument>,
) -> Result<Option<WorkOrderDocument>, Fault> {
    let mut statement = connection.prepare_cached("SELECT saved FROM document WHERE id = ?1")?;
    let mut rows = statement.query([id.0.as_bytes()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let saved = row.get_ref(0)?.as_blob();
    let document = saved.ok().and_then(|saved| load(saved).ok());
    document.map(Some).ok_or(Fault::Stored("document"))
}

/// The heads of a document.
pub(crate) fn heads(connection: &Connection, id: DocumentId) -> Result<Vec<ChangeHash>, Fault> {
    let saved: Vec<u8> = connection
        .prepare_cached("SELECT saved FROM document WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))?;
    saved_heads(&saved).ok_or(Fault::Stored("document"))
}

pub(crate) fn is_here(connection: &Connection, id: DocumentId) -> Result<bool, Fault> {
    exists(
        connection,
        "SELECT EXISTS (SELECT 1 FROM document WHERE id = ?1)",
        id,
    )
}

/// True when changes of the document wait for others.
pub(crate) fn has_held(connection: &Connection, id: DocumentId) -> Result<bool, Fault> {
    exists(
        connection,
        "SELECT EXISTS (SELECT 1 FROM held_change WHERE document = ?1)",
        id,
    )
}

fn exists(connection: &Connection, statement: &str, id: DocumentId) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached(statement)?
        .query_row([id.0.as_bytes()], |row| row.get(0))?)
}

pub(crate) fn save(
    connection: &Connection,
    id: DocumentId,
    document: &WorkOrderDocument,
    authors: &BTreeSet<ActorId>,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO document (id, saved) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET saved = excluded.saved",
        )?
        .execute(params![id.0.as_bytes(), document.save()])?;
    let mut author = connection.prepare_cached(
        "INSERT INTO document_author (actor, document) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    for actor in authors {
        author.execute(params![actor.0, id.0.as_bytes()])?;
    }
    Ok(())
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<DocumentId>, Fault> {
    let mut statement = connection.prepare_cached("SELECT id FROM document ORDER BY id")?;
    let found = statement.query_map([], |row| id_at(row, 0).map(DocumentId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Documents an actor has written to.
pub(crate) fn written_by(
    connection: &Connection,
    actor: ActorId,
) -> Result<Vec<DocumentId>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT document FROM document_author WHERE actor = ?1")?;
    let found = statement.query_map([actor.0], |row| id_at(row, 0).map(DocumentId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The feed a document belongs to now.
pub(crate) fn feed(connection: &Connection, id: DocumentId) -> Result<Option<FeedNumber>, Fault> {
    Ok(connection
        .prepare_cached("SELECT feed FROM document WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?
        .flatten())
}

pub(crate) fn enter(
    connection: &Connection,
    id: DocumentId,
    feed: FeedNumber,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE document SET feed = ?2, is_leaving = 0 WHERE id = ?1")?
        .execute(params![id.0.as_bytes(), feed])?;
    Ok(())
}

/// Forgets which feeds documents belong to: another hub numbers its feeds anew.
pub(crate) fn forget_feeds(connection: &Connection) -> Result<(), Fault> {
    connection.execute("UPDATE document SET feed = NULL", [])?;
    Ok(())
}

/// Notes that the document goes once its last unsent item is acknowledged.
pub(crate) fn leave(connection: &Connection, id: DocumentId) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE document SET is_leaving = 1 WHERE id = ?1")?
        .execute([id.0.as_bytes()])?;
    Ok(())
}

pub(crate) fn leaving(connection: &Connection) -> Result<Vec<DocumentId>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM document WHERE is_leaving = 1")?;
    let found = statement.query_map([], |row| id_at(row, 0).map(DocumentId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(crate) fn remove(connection: &Connection, id: DocumentId) -> Result<(), Fault> {
    for statement in [
        "DELETE FROM document WHERE id = ?1",
        "DELETE FROM document_author WHERE document = ?1",
        "DELETE FROM held_change WHERE document = ?1",
    ] {
        connection
            .prepare_cached(statement)?
            .execute([id.0.as_bytes()])?;
    }
    Ok(())
}

/// Keeps a change that waits for others.
pub(crate) fn hold(
    connection: &Connection,
    id: DocumentId,
    change: &VerifiedChange,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO held_change (document, hash, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![id.0.as_bytes(), change.hash().0, change.bytes()])?;
    Ok(())
}

/// Documents with changes that wait for others.
pub(crate) fn with_held(connection: &Connection) -> Result<Vec<DocumentId>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT document FROM held_change ORDER BY document")?;
    let found = statement.query_map([], |row| id_at(row, 0).map(DocumentId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Takes out the changes that waited.
pub(crate) fn take_held(
    connection: &Connection,
    id: DocumentId,
) -> Result<Vec<VerifiedChange>, Fault> {
    let mut statement =
        connection.prepare_cached("DELETE FROM held_change WHERE document = ?1 RETURNING bytes")?;
    let found = statement.query_map([id.0.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    let mut held = Vec::new();
    for bytes in found {
        held.push(VerifiedChange::check(&bytes?).map_err(|_| Fault::Stored("held change"))?);
    }
    Ok(held)
}
