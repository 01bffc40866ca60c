//! Reading a damaged work file row by row. A page that cannot be read costs its rows and no others.

use std::cell::RefCell;

use fettle_domain::intent::Intent;
use fettle_domain::{ActorId, DocumentId, PersonId, Timestamp, WorkOrderId};
use fettle_sync::chain::{ItemKind, Link, LinkSignature};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{id_at, moment_at, outbox};
use crate::line::{MadeKind, OrderLine};

/// A damaged file. Once a page could not be read, the connection that met it reads nothing any
/// more, so every failure costs a new one.
pub(crate) struct Source<'a> {
    open: &'a dyn Fn() -> rusqlite::Result<Connection>,
    held: RefCell<Option<Connection>>,
}

impl<'a> Source<'a> {
    /// A file that is opened like this.
    pub(crate) fn new(open: &'a dyn Fn() -> rusqlite::Result<Connection>) -> Self {
        Self {
            open,
            held: RefCell::default(),
        }
    }

    fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let held = self.held.take();
        let connection = held.map_or_else(self.open, Ok)?;
        let found = read(&connection);
        if found.is_ok() {
            self.held.replace(Some(connection));
        }
        found
    }
}

/// An item of the outbox.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) actor: ActorId,
    pub(crate) place: u64,
    pub(crate) kind: ItemKind,
    pub(crate) id: uuid::Uuid,
    pub(crate) bytes: Vec<u8>,
    pub(crate) signature: Option<LinkSignature>,
    pub(crate) before: Option<Link>,
    pub(crate) at: Timestamp,
    pub(crate) is_sent: bool,
}

/// What was made, in its maker's words.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) order: WorkOrderId,
    pub(crate) kind: MadeKind,
    pub(crate) words: String,
    pub(crate) person: PersonId,
    pub(crate) actor: ActorId,
    pub(crate) place: u64,
    pub(crate) at: Timestamp,
    pub(crate) is_sent: bool,
}

/// Rows that could be read, and whether any could not.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) is_damaged: bool,
}

/// Numbers in a row that may be missing before the end of a table is believed, where the table
/// itself cannot say how far it goes.
const GAP_MAX: u32 = 1024;

/// True when the tables can be found at all.
pub(crate) fn has_schema(connection: &Connection) -> bool {
    connection.prepare("SELECT id FROM outbox").is_ok()
}

/// Everything of the outbox that can be read.
pub(crate) fn outbox(source: &Source<'_>) -> Rows<Item> {
    let read = "SELECT actor, place, kind, item, bytes, signature, before, committed_at,
                    sent_at IS NOT NULL
                FROM outbox WHERE id = ?1";
    // A file of an earlier version has no links.
    let read_earlier = "SELECT actor, place, kind, item, bytes, signature, NULL, committed_at,
                            sent_at IS NOT NULL
                        FROM outbox WHERE id = ?1";
    let has_links = source
        .with(|connection| connection.prepare(read).map(|_| ()))
        .is_ok();
    let read = if has_links { read } else { read_earlier };
    numbered(source, "outbox", read, item)
}

/// Claims that can be read.
pub(crate) fn claims(source: &Source<'_>) -> Vec<(ActorId, Intent)> {
    let read = "SELECT actor, body FROM claim WHERE id = ?1";
    let claims = numbered(source, "claim", read, |row| {
        let body: String = row.get(1)?;
        Ok((ActorId(row.get(0)?), serde_json::from_str(&body).ok()))
    });
    let is_read = |(actor, intent): (ActorId, Option<Intent>)| Some((actor, intent?));
    claims.rows.into_iter().filter_map(is_read).collect()
}

/// Where chains stand, as far as it can be read.
pub(crate) fn chains(source: &Source<'_>) -> Vec<(ActorId, u64, Link)> {
    keyed(
        source,
        "SELECT actor, count, link FROM chain",
        &["actor"],
        |row| {
            let key: [u8; 16] = row.get(0)?;
            let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
            Ok((key, (ActorId(key), count, Link(row.get(2)?))))
        },
    )
    .rows
}

/// What people made, as far as it can be read.
pub(crate) fn words(source: &Source<'_>) -> Vec<Words> {
    let read = "SELECT order_id, kind, words, person, actor, place, made_at, sent_at IS NOT NULL,
                    subject
                FROM made";
    keyed(source, read, &["order_id", "subject"], |row| {
        let key: ([u8; 16], String) = (row.get(0)?, row.get(8)?);
        let kind = MadeKind::from_word(&row.get::<_, String>(1)?);
        Ok((
            key,
            Words {
                order: WorkOrderId(id_at(row, 0)?),
                kind: kind.ok_or(rusqlite::Error::InvalidQuery)?,
                words: row.get(2)?,
                person: PersonId(id_at(row, 3)?),
                actor: ActorId(row.get(4)?),
                place: u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0),
                at: moment_at(row, 6)?,
                is_sent: row.get(7)?,
            },
        ))
    })
    .rows
}

/// Documents that can be read, each handed on before the next is read.
pub(crate) fn each_document(source: &Source<'_>, mut take: impl FnMut(DocumentId, Vec<u8>)) {
    let ids = keyed(source, "SELECT id FROM document", &["id"], |row| {
        let key: [u8; 16] = row.get(0)?;
        Ok((key, DocumentId(uuid::Uuid::from_bytes(key))))
    });
    for id in ids.rows {
        let read = "SELECT saved FROM document WHERE id = ?1";
        let saved = source
            .with(|connection| connection.query_row(read, [id.0.as_bytes()], |row| row.get(0)));
        if let Ok(saved) = saved {
            take(id, saved);
        }
    }
}

/// Settings that can be read.
pub(crate) fn settings(source: &Source<'_>) -> Vec<(String, Vec<u8>)> {
    keyed(
        source,
        "SELECT name, value FROM setting",
        &["name"],
        |row| {
            let key: String = row.get(0)?;
            Ok((key.clone(), (key, row.get(1)?)))
        },
    )
    .rows
}

/// Number of an order, when it can be read.
pub(crate) fn order_number(source: &Source<'_>, order: WorkOrderId) -> Option<String> {
    let read = "SELECT line FROM order_list WHERE id = ?1";
    let line: Option<String> = source
        .with(|connection| {
            connection
                .query_row(read, [order.0.as_bytes()], |row| row.get(0))
                .optional()
        })
        .ok()?;
    let line = line?;
    let line: OrderLine = serde_json::from_str(&line).ok()?;
    Some(line.number)
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    let kind = outbox::kind(&row.get::<_, String>(2)?);
    Ok(Item {
        actor: ActorId(row.get(0)?),
        place: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
        kind: kind.ok_or(rusqlite::Error::InvalidQuery)?,
        id: id_at(row, 3)?,
        bytes: row.get(4)?,
        signature: row.get::<_, Option<[u8; 64]>>(5)?.map(LinkSignature),
        before: row.get::<_, Option<[u8; 32]>>(6)?.map(Link),
        at: moment_at(row, 7)?,
        is_sent: row.get(8)?,
    })
}

/// Reads a table by its numbers, one row at a time.
fn numbered<T>(
    source: &Source<'_>,
    table: &str,
    read: &str,
    row: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Rows<T> {
    let mut found = Rows {
        rows: Vec::new(),
        is_damaged: false,
    };
    let sequence = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
    let last: Option<i64> = source
        .with(|connection| {
            connection
                .query_row(sequence, [table], |row| row.get(0))
                .optional()
        })
        .unwrap_or(None);
    let mut missing = 0;
    let mut number: i64 = 0;
    loop {
        number += 1;
        if last.map_or(missing >= GAP_MAX, |last| number > last) {
            return found;
        }
        let one = source.with(|connection| {
            let mut statement = connection.prepare_cached(read)?;
            statement.query_row([number], &row).optional()
        });
        match one {
            Ok(Some(row)) => {
                missing = 0;
                found.rows.push(row);
            }
            Ok(None) => missing += 1,
            Err(_) => {
                missing += 1;
                found.is_damaged = true;
            }
        }
    }
}

/// Reads a table by its key: from the beginning up to what cannot be read, then from the end down
/// to it. What lies between two unreadable pages is not looked for: only what people need to know
/// is read this way, never what they would lose.
fn keyed<K: Ord, T>(
    source: &Source<'_>,
    read: &str,
    key: &[&str],
    row: impl Fn(&Row<'_>) -> rusqlite::Result<(K, T)>,
) -> Rows<T> {
    let mut found = Rows {
        rows: Vec::new(),
        is_damaged: false,
    };
    let mut last: Option<K> = None;
    let forward = each(
        source,
        &format!("{read} ORDER BY {}", key.join(", ")),
        &row,
        |key, value| {
            last = Some(key);
            found.rows.push(value);
            true
        },
    );
    if forward.is_ok() {
        return found;
    }
    found.is_damaged = true;
    // It ends at the unreadable page from the other side, which is no fault of its own.
    let _ = each(
        source,
        &format!("{read} ORDER BY {} DESC", key.join(" DESC, ")),
        &row,
        |key, value| {
            let is_new = last.as_ref().is_none_or(|last| key > *last);
            if is_new {
                found.rows.push(value);
            }
            is_new
        },
    );
    found
}

fn each<K, T>(
    source: &Source<'_>,
    read: &str,
    row: &impl Fn(&Row<'_>) -> rusqlite::Result<(K, T)>,
    mut take: impl FnMut(K, T) -> bool,
) -> rusqlite::Result<()> {
    source.with(|connection| {
        let mut statement = connection.prepare(read)?;
        let mut rows = statement.query([])?;
        while let Some(found) = rows.next()? {
            let (key, value) = row(found)?;
            if !take(key, value) {
                break;
            }
        }
        Ok(())
    })
}
