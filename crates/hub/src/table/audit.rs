//! The audit log: each line holds the hash of the one before.

use fettle_domain::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result};

const BEGINNING: [u8; 32] = [0; 32];

/// Adds a line.
pub(crate) fn put(
    connection: &Connection,
    what: &str,
    subject: &str,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    let last: Option<(i64, [u8; 32])> = connection
        .prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (number, before) = last.unwrap_or((0, BEGINNING));
    let hash = link(&before, number + 1, [what, subject, detail], now.as_ms());
    connection.execute(
        "INSERT INTO audit (number, at, what, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (number + 1, now.as_ms(), what, subject, detail, hash),
    )?;
    Ok(())
}

/// The first line that does not fit the one before it; `None` when all do.
pub(crate) fn first_broken(connection: &Connection) -> Result<Option<i64>> {
    let mut statement = connection
        .prepare("SELECT number, at, what, subject, detail, hash FROM audit ORDER BY number")?;
    let mut rows = statement.query([])?;
    let (mut before, mut expected) = (BEGINNING, 1);
    while let Some(row) = rows.next()? {
        let (number, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let [what, subject, detail]: [String; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        let hash: [u8; 32] = row.get(5)?;
        if number != expected || hash != link(&before, number, [&what, &subject, &detail], at) {
            return Ok(Some(expected));
        }
        (before, expected) = (hash, expected + 1);
    }
    Ok(None)
}

fn link(before: &[u8; 32], number: i64, words: [&str; 3], at: i64) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 audit");
    hasher.update(before);
    hasher.update(&number.to_be_bytes());
    hasher.update(&at.to_be_bytes());
    for word in words {
        hasher.update(&(word.len() as u64).to_be_bytes());
        hasher.update(word.as_bytes());
    }
    *hasher.finalize().as_bytes()
}
