//! Who has proven under which session that they read what they alone may see.

use fettle_domain::{ActorId, Timestamp};
use fettle_sync::reader::Challenge;
use rusqlite::{Connection, Result};

/// Remembers a reader until the session ends; true when it was not remembered before. Those of
/// sessions that ended by `now` are struck off.
pub(crate) fn put(
    connection: &Connection,
    (challenge, actor): (&Challenge, ActorId),
    expires: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    connection.execute(
        "DELETE FROM session_reader WHERE expires <= ?1",
        [now.as_ms()],
    )?;
    let added = connection.execute(
        "INSERT OR IGNORE INTO session_reader (challenge, actor, expires) VALUES (?1, ?2, ?3)",
        (challenge.0, actor.0, expires.as_ms()),
    )?;
    Ok(added > 0)
}

/// True when the reader is remembered.
pub(crate) fn is_here(
    connection: &Connection,
    challenge: &Challenge,
    actor: ActorId,
) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM session_reader WHERE challenge = ?1 AND actor = ?2)",
        )?
        .query_row((challenge.0, actor.0), |row| row.get(0))
}
