//! Table `master`, read as the tree of locations and assets.

use fettle_domain::asset::Asset;
use fettle_domain::location::FunctionalLocation;
use fettle_domain::row::Row;
use fettle_domain::{AssetId, LocationId};
use rusqlite::Connection;

use crate::fault::Fault;

/// Locations right below one; the topmost ones below none. In the order of their codes.
pub(crate) fn locations(
    connection: &Connection,
    below: Option<LocationId>,
    limit: u32,
) -> Result<Vec<FunctionalLocation>, Fault> {
    let rows = rows(
        connection,
        "SELECT body FROM master
         WHERE noun = 'location' AND ifnull(body ->> '$.location.parent', '') = ?1
         ORDER BY body ->> '$.location.code' LIMIT ?2",
        &below.map_or_else(String::new, |id| id.to_string()),
        limit,
    )?;
    let only = rows.into_iter().filter_map(|row| match row {
        Row::Location(location) => Some(location),
        _ => None,
    });
    Ok(only.collect())
}

/// Assets that stand in a location and are part of no other asset; those without a location for
/// none. In the order of their tags.
pub(crate) fn assets_in(
    connection: &Connection,
    location: Option<LocationId>,
    limit: u32,
) -> Result<Vec<Asset>, Fault> {
    assets(
        connection,
        "SELECT body FROM master
         WHERE noun = 'asset' AND ifnull(body ->> '$.asset.location', '') = ?1
             AND body ->> '$.asset.parent' IS NULL
         ORDER BY body ->> '$.asset.tag' LIMIT ?2",
        &location.map_or_else(String::new, |id| id.to_string()),
        limit,
    )
}

/// Parts of an asset, in the order of their tags.
pub(crate) fn parts_of(
    connection: &Connection,
    asset: AssetId,
    limit: u32,
) -> Result<Vec<Asset>, Fault> {
    assets(
        connection,
        "SELECT body FROM master WHERE noun = 'asset' AND body ->> '$.asset.parent' = ?1
         ORDER BY body ->> '$.asset.tag' LIMIT ?2",
        &asset.to_string(),
        limit,
    )
}

/// Assets of a class, in the order of their tags.
pub(crate) fn of_class(
    connection: &Connection,
    class: &str,
    limit: u32,
) -> Result<Vec<Asset>, Fault> {
    assets(
        connection,
        "SELECT body FROM master WHERE noun = 'asset' AND body ->> '$.asset.class' = ?1
         ORDER BY body ->> '$.asset.tag' LIMIT ?2",
        class,
        limit,
    )
}

fn assets(
    connection: &Connection,
    statement: &str,
    value: &str,
    limit: u32,
) -> Result<Vec<Asset>, Fault> {
    let rows = rows(connection, statement, value, limit)?;
    let only = rows.into_iter().filter_map(|row| match row {
        Row::Asset(asset) => Some(asset),
        _ => None,
    });
    Ok(only.collect())
}

fn rows(
    connection: &Connection,
    statement: &str,
    value: &str,
    limit: u32,
) -> Result<Vec<Row>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    let bodies = statement.query_map((value, limit), |row| row.get::<_, String>(0))?;
    let mut rows = Vec::new();
    for body in bodies {
        rows.push(serde_json::from_str(&body?)?);
    }
    Ok(rows)
}
