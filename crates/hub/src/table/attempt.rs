//! Attempts of effects: written before the call, answered after it.

use fettle_domain::{EffectId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result};

/// Writes an attempt before its call.
pub(crate) fn begin(
    connection: &Connection,
    (effect, number): (EffectId, u32),
    step: &str,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT INTO attempt (effect, number, step, started) VALUES (?1, ?2, ?3, ?4)",
        (effect.0.into_bytes(), number, step, now.as_ms()),
    )?;
    Ok(())
}

/// Writes what came of it.
pub(crate) fn answer(
    connection: &Connection,
    (effect, number): (EffectId, u32),
    outcome: &str,
    message: &str,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "UPDATE attempt SET answered = ?3, outcome = ?4, message = ?5 WHERE effect = ?1 AND number = ?2",
        (effect.0.into_bytes(), number, now.as_ms(), outcome, message),
    )?;
    Ok(())
}

/// Whether an attempt was to send or to search.
pub(crate) fn step(
    connection: &Connection,
    (effect, number): (EffectId, u32),
) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT step FROM attempt WHERE effect = ?1 AND number = ?2")?
        .query_row((effect.0.into_bytes(), number), |row| row.get(0))
        .optional()
}

/// True when a search since a moment found nothing.
pub(crate) fn was_missing_since(
    connection: &Connection,
    effect: EffectId,
    since: Timestamp,
) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM attempt WHERE effect = ?1 AND step = 'search'
                AND outcome = 'not_there' AND started >= ?2)",
        )?
        .query_row((effect.0.into_bytes(), since.as_ms()), |row| row.get(0))
}

/// When an attempt was claimed.
pub(crate) fn started(
    connection: &Connection,
    (effect, number): (EffectId, u32),
) -> Result<Option<Timestamp>> {
    connection
        .prepare_cached("SELECT started FROM attempt WHERE effect = ?1 AND number = ?2")?
        .query_row((effect.0.into_bytes(), number), |row| {
            row.get(0).map(Timestamp::from_ms)
        })
        .optional()
}
