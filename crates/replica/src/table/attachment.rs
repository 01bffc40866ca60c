//! Tables `attachment` and `attachment_name`: photos and files, and which orders name them.

use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{ContentHash, PersonId, Refusal, Timestamp, WorkOrderId};
use rusqlite::{Connection, Row, params};

use super::{id_at, optional_moment_at, stored};
use crate::attachment::{AttachmentRow, UnsentPhotos};
use crate::fault::Fault;

/// Names what an order's document names, in place of what it named before.
pub(crate) fn name(
    connection: &Connection,
    order: WorkOrderId,
    content: &WorkOrderContent,
) -> Result<(), Fault> {
    unname(connection, order)?;
    for photo in content.standing_photos() {
        let full = photo.entry.content.parse().ok();
        for content in photo.entry.contents() {
            let is_thumbnail = full != Some(content);
            let size = if is_thumbnail {
                0
            } else {
                photo.entry.size_bytes
            };
            connection
                .prepare_cached(
                    "INSERT INTO attachment (content, size, is_thumbnail) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![content.0, size.cast_signed(), is_thumbnail])?;
            connection
                .prepare_cached(
                    "INSERT INTO attachment_name (order_id, content) VALUES (?1, ?2)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![order.0.as_bytes(), content.0])?;
        }
    }
    Ok(())
}

/// Forgets what an order named.
pub(crate) fn unname(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM attachment_name WHERE order_id = ?1")?
        .execute([order.0.as_bytes()])?;
    Ok(())
}

/// Notes what was added here; its file is in the folder already.
pub(crate) fn make(
    connection: &Connection,
    content: ContentHash,
    (size, is_thumbnail): (u64, bool),
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO attachment (content, size, is_thumbnail, is_here, made_at)
             VALUES (?1, ?2, ?3, 1, ?4)
             ON CONFLICT (content) DO UPDATE SET is_here = 1, size = excluded.size,
                 made_at = coalesce(made_at, excluded.made_at)",
        )?
        .execute(params![
            content.0,
            size.cast_signed(),
            is_thumbnail,
            now.as_ms()
        ])?;
    Ok(())
}

const COLUMNS: &str = "SELECT content, size, is_thumbnail, is_here, made_at, sent_at, refused,
    wanted_at FROM attachment";

fn row(row: &Row<'_>) -> Result<AttachmentRow, Fault> {
    let refused: Option<String> = row.get(6)?;
    Ok(AttachmentRow {
        content: ContentHash(row.get(0)?),
        size_bytes: stored(u64::try_from(row.get::<_, i64>(1)?).ok(), "attachment size")?,
        is_thumbnail: row.get(2)?,
        is_here: row.get(3)?,
        made_at: optional_moment_at(row, 4)?,
        sent_at: optional_moment_at(row, 5)?,
        refused: refused
            .map(|text| serde_json::from_str(&text))
            .transpose()?,
        wanted_at: optional_moment_at(row, 7)?,
    })
}

fn rows(
    connection: &Connection,
    rest: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<AttachmentRow>, Fault> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} {rest}"))?;
    let mut found = statement.query(values)?;
    let mut all = Vec::new();
    while let Some(found) = found.next()? {
        all.push(row(found)?);
    }
    Ok(all)
}

pub(crate) fn get(
    connection: &Connection,
    content: ContentHash,
) -> Result<Option<AttachmentRow>, Fault> {
    Ok(rows(connection, "WHERE content = ?1", [content.0])?.pop())
}

/// Contents whose files should lie in the folder.
pub(crate) fn here(connection: &Connection) -> Result<Vec<AttachmentRow>, Fault> {
    rows(connection, "WHERE is_here = 1", [])
}

/// Added here, not at the hub and not refused: thumbnails first, then the longest waiting.
pub(crate) fn unsent(connection: &Connection, limit: usize) -> Result<Vec<AttachmentRow>, Fault> {
    rows(
        connection,
        "WHERE made_at IS NOT NULL AND sent_at IS NULL AND refused IS NULL
         ORDER BY is_thumbnail DESC, made_at, content LIMIT ?1",
        [i64::try_from(limit).unwrap_or(i64::MAX)],
    )
}

/// Not here: what people asked for, the newest wish first, then thumbnails of the order looked at
/// and of a person's orders.
pub(crate) fn missing(
    connection: &Connection,
    person: Option<PersonId>,
    order: Option<WorkOrderId>,
    limit: usize,
) -> Result<Vec<AttachmentRow>, Fault> {
    rows(
        connection,
        "WHERE is_here = 0 AND refused IS NULL AND (wanted_at IS NOT NULL OR (is_thumbnail = 1
             AND EXISTS (SELECT 1 FROM attachment_name n WHERE n.content = attachment.content
                         AND (n.order_id = ?1 OR EXISTS (SELECT 1 FROM assignee a
                              WHERE a.person = ?2 AND a.order_id = n.order_id)))))
         ORDER BY wanted_at IS NULL, wanted_at DESC, content LIMIT ?3",
        params![
            order.map(|order| *order.0.as_bytes()),
            person.map(|person| *person.0.as_bytes()),
            i64::try_from(limit).unwrap_or(i64::MAX)
        ],
    )
}

pub(crate) fn is_named(connection: &Connection, content: ContentHash) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM attachment_name WHERE content = ?1)")?
        .query_row([content.0], |row| row.get(0))?)
}

/// Orders that name a content.
pub(crate) fn orders(
    connection: &Connection,
    content: ContentHash,
) -> Result<Vec<WorkOrderId>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT order_id FROM attachment_name WHERE content = ?1")?;
    let found = statement.query_map([content.0], |row| id_at(row, 0).map(WorkOrderId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many photos and files wait, and how large they are; thumbnails are none of them.
pub(crate) fn waiting(connection: &Connection) -> Result<UnsentPhotos, Fault> {
    let (count, bytes): (i64, i64) = connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(size), 0) FROM attachment
             WHERE made_at IS NOT NULL AND sent_at IS NULL AND is_thumbnail = 0",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(UnsentPhotos {
        count: super::count(count),
        bytes: u64::try_from(bytes).unwrap_or(0),
    })
}

pub(crate) fn set_sent(
    connection: &Connection,
    content: ContentHash,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE attachment SET sent_at = ?2, refused = NULL WHERE content = ?1")?
        .execute(params![content.0, now.as_ms()])?;
    Ok(())
}

/// The hub may have lost what it had: everything added here is offered again.
pub(crate) fn offer_again(connection: &Connection) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE attachment SET sent_at = NULL WHERE made_at IS NOT NULL")?
        .execute([])?;
    Ok(())
}

pub(crate) fn set_refused(
    connection: &Connection,
    content: ContentHash,
    refusal: &Refusal,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE attachment SET refused = ?2, wanted_at = NULL WHERE content = ?1")?
        .execute(params![content.0, serde_json::to_string(refusal)?])?;
    Ok(())
}

/// Notes a wish; a refusal of before is forgotten.
pub(crate) fn set_wanted(
    connection: &Connection,
    content: ContentHash,
    now: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE attachment SET wanted_at = ?2, refused = NULL
             WHERE content = ?1 AND is_here = 0",
        )?
        .execute(params![content.0, now.as_ms()])?;
    Ok(())
}

pub(crate) fn set_here(
    connection: &Connection,
    content: ContentHash,
    is_here: bool,
) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE attachment SET is_here = ?2, wanted_at = NULL WHERE content = ?1")?
        .execute(params![content.0, is_here])?;
    Ok(())
}
