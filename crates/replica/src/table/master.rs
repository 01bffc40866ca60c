//! Table `master` of the catalogue: masters that are few enough for a body each, the latest version
//! of each key; assets at their place by rank. Beside it `unplaced_row`, what an earlier program
//! left of its table.

use fettle_domain::row::Row;
use fettle_domain::{AssetId, LocationId};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, OptionalExtension, params};

use super::add_all;
use super::place::Places;
use crate::fault::Fault;
use crate::rank;

/// Writes a row when its version is higher than the one here; true when it was.
pub(crate) fn write(
    connection: &Connection,
    places: &mut Places,
    (feed, version): (FeedNumber, LogNumber),
    row: &Row,
) -> Result<bool, Fault> {
    let key = row.key();
    let here: Option<(i64, i64)> = connection
        .prepare_cached("SELECT place, version FROM master WHERE feed = ?1 AND key = ?2")?
        .query_row(params![feed, key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if here.is_some_and(|(_, here)| here >= version.cast_signed()) {
        return Ok(false);
    }
    let (band, location) = match row {
        Row::Asset(asset) => (rank::of_asset(asset), asset.location),
        _ => (rank::UNLISTED, None),
    };
    let place = match here {
        Some((place, _)) => place,
        None => places.next(connection, "master", band)?,
    };
    connection
        .prepare_cached(
            "INSERT INTO master (place, feed, key, version, noun, location, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version,
                 noun = excluded.noun, location = excluded.location, body = excluded.body",
        )?
        .execute(params![
            place,
            feed,
            key,
            version.cast_signed(),
            row.noun(),
            location.map(|location| *location.0.as_bytes()),
            serde_json::to_string(row)?
        ])?;
    Ok(true)
}

/// Removes a row when its version is lower; answers with the place it had.
pub(crate) fn remove(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    key: &str,
) -> Result<Option<i64>, Fault> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM master WHERE key = ?1 AND (feed = ?2 OR version = 0) AND version < ?3
             RETURNING place",
        )?
        .query_row(params![key, feed, version.cast_signed()], |row| row.get(0))
        .optional()?)
}

/// Moves a row to another place.
pub(crate) fn set_place(connection: &Connection, from: i64, to: i64) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE master SET place = ?2 WHERE place = ?1")?
        .execute([from, to])?;
    Ok(())
}

/// Lets any version of any row replace what is here, of one feed or of all. What no feed brings
/// again goes with [`remove_old`].
pub(crate) fn make_old(connection: &Connection, feed: Option<FeedNumber>) -> Result<(), Fault> {
    connection.execute(
        "UPDATE master SET version = 0 WHERE ?1 IS NULL OR feed = ?1",
        [feed],
    )?;
    Ok(())
}

/// Removes what was not brought again; answers with the places.
pub(crate) fn remove_old(
    connection: &Connection,
    feed: Option<FeedNumber>,
) -> Result<Vec<i64>, Fault> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM master WHERE version = 0 AND (?1 IS NULL OR feed = ?1) RETURNING place",
    )?;
    let places = statement.query_map([feed], |row| row.get(0))?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Sum over the rows of a feed.
pub(crate) fn sum(connection: &Connection, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT key, version FROM master WHERE feed = ?1")?;
    add_all(&mut statement, feed)
}

pub(crate) fn read(connection: &Connection, key: &str) -> Result<Option<(i64, Row)>, Fault> {
    one(
        connection,
        "SELECT place, body FROM master WHERE key = ?1 ORDER BY version DESC LIMIT 1",
        params![key],
    )
}

pub(crate) fn at(connection: &Connection, place: i64) -> Result<Option<(i64, Row)>, Fault> {
    one(
        connection,
        "SELECT place, body FROM master WHERE place = ?1",
        params![place],
    )
}

fn one(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<Option<(i64, Row)>, Fault> {
    let found: Option<(i64, String)> = connection
        .prepare_cached(statement)?
        .query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((place, body)) = found else {
        return Ok(None);
    };
    Ok(Some((place, serde_json::from_str(&body)?)))
}

/// Assets at a location itself.
pub(crate) fn assets_at(
    connection: &Connection,
    location: LocationId,
) -> Result<Vec<AssetId>, Fault> {
    let mut statement = connection.prepare_cached("SELECT body FROM master WHERE location = ?1")?;
    let bodies = statement.query_map([location.0.as_bytes()], |row| row.get::<_, String>(0))?;
    let mut assets = Vec::new();
    for body in bodies {
        if let Row::Asset(asset) = serde_json::from_str(&body?)? {
            assets.push(asset.id);
        }
    }
    Ok(assets)
}

/// Takes out what an earlier program left.
pub(crate) fn take_unplaced(
    connection: &Connection,
) -> Result<Vec<(FeedNumber, LogNumber, Row)>, Fault> {
    let mut statement =
        connection.prepare_cached("DELETE FROM unplaced_row RETURNING feed, version, body")?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let version: i64 = row.get(1)?;
        let body: String = row.get(2)?;
        rows.push((
            row.get(0)?,
            version.cast_unsigned(),
            serde_json::from_str(&body)?,
        ));
    }
    Ok(rows)
}
