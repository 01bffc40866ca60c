//! Tables `master` and `asset_search` of the catalogue: masters, the latest version of each key.

use fettle_domain::ItemId;
use fettle_domain::asset::Asset;
use fettle_domain::row::Row;
use fettle_domain::stock::StockBalance;
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, OptionalExtension, params};

use super::add_all;
use crate::fault::Fault;
use crate::search::Indexed;

/// Writes a row when its version is higher than the one here; true when it was.
pub(crate) fn write(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    row: &Row,
) -> Result<bool, Fault> {
    let item = match row {
        Row::Stock(balance) => Some(*balance.item.0.as_bytes()),
        _ => None,
    };
    let place: Option<i64> = connection
        .prepare_cached(
            "INSERT INTO master (feed, key, version, noun, item, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (feed, key) DO UPDATE SET version = excluded.version,
                 noun = excluded.noun, body = excluded.body
             WHERE excluded.version > master.version
             RETURNING place",
        )?
        .query_row(
            params![
                feed,
                row.key(),
                version.cast_signed(),
                row.noun(),
                item,
                serde_json::to_string(row)?
            ],
            |row| row.get(0),
        )
        .optional()?;
    if let (Some(place), Row::Asset(asset)) = (place, row) {
        let indexed = Indexed::of_asset(asset);
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO asset_search (rowid, words, plain) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![place, indexed.words, indexed.plain])?;
    }
    Ok(place.is_some())
}

/// Lets any version of any row replace what is here, under whatever number its feed will have.
/// What no feed brings again goes with
/// [`remove_old`].
pub(crate) fn make_old(connection: &Connection) -> Result<(), Fault> {
    connection.execute("UPDATE master SET version = 0", [])?;
    Ok(())
}

/// Removes what no feed brought again.
pub(crate) fn remove_old(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "DELETE FROM asset_search WHERE rowid IN (SELECT place FROM master WHERE version = 0)",
        [],
    )?;
    connection.execute("DELETE FROM master WHERE version = 0", [])?;
    Ok(())
}

/// Lets any version of a feed's rows replace what is here.
pub(crate) fn make_old_of(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE master SET version = 0 WHERE feed = ?1")?
        .execute([feed])?;
    Ok(())
}

/// Removes what a feed that was read anew did not bring again.
pub(crate) fn remove_old_of(connection: &Connection, feed: FeedNumber) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "DELETE FROM asset_search
             WHERE rowid IN (SELECT place FROM master WHERE version = 0 AND feed = ?1)",
        )?
        .execute([feed])?;
    connection
        .prepare_cached("DELETE FROM master WHERE version = 0 AND feed = ?1")?
        .execute([feed])?;
    Ok(())
}

/// Sum over the rows of a feed that are no tombstones.
pub(crate) fn sum(connection: &Connection, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT key, version FROM master WHERE feed = ?1 AND noun != 'removed'")?;
    add_all(&mut statement, feed)
}

pub(crate) fn read(connection: &Connection, key: &str) -> Result<Option<Row>, Fault> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM master WHERE key = ?1 ORDER BY version DESC LIMIT 1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// Balances of an item, in the order of storeroom and bin.
pub(crate) fn stock_of(connection: &Connection, item: ItemId) -> Result<Vec<StockBalance>, Fault> {
    let rows = bodies(
        connection,
        "SELECT body FROM master WHERE item = ?1 ORDER BY key",
        params![item.0.as_bytes()],
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Stock(balance) => Some(balance),
            _ => None,
        })
        .collect())
}

/// Assets whose words match, best first.
pub(crate) fn search_assets(
    connection: &Connection,
    expression: &str,
    limit: u32,
) -> Result<Vec<Asset>, Fault> {
    let rows = bodies(
        connection,
        "SELECT m.body FROM asset_search s JOIN master m ON m.place = s.rowid
         WHERE asset_search MATCH ?1 ORDER BY s.rank LIMIT ?2",
        params![expression, limit],
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Asset(asset) => Some(asset),
            _ => None,
        })
        .collect())
}

fn bodies(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Row>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let bodies = statement.query_map(values, |row| row.get::<_, String>(0))?;
    let mut rows = Vec::new();
    for body in bodies {
        rows.push(serde_json::from_str(&body?)?);
    }
    Ok(rows)
}
