//! Items of the company and the plants whose feeds have them.

use fettle_domain::item::Item;
use fettle_domain::{ItemId, PlantId};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, malformed, read_cbor};

/// Writes an item.
pub(crate) fn put(connection: &Connection, item: &Item) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO item (id, body) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        )?
        .execute((item.id.0.into_bytes(), cbor(item)?))?;
    Ok(())
}

/// An item.
pub(crate) fn get(connection: &Connection, id: ItemId) -> Result<Option<Item>> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM item WHERE id = ?1")?
        .query_row([id.0.into_bytes()], |row| row.get(0))
        .optional()?;
    body.map(|body| read_cbor(&body)).transpose()
}

/// Plants that stock or plan an item.
pub(crate) fn plants(connection: &Connection, id: ItemId) -> Result<Vec<PlantId>> {
    connection
        .prepare_cached("SELECT plant FROM item_plant WHERE item = ?1 ORDER BY plant")?
        .query_map([id.0.into_bytes()], |row| row.get::<_, String>(0))?
        .map(|plant| PlantId::new(plant?).map_err(malformed))
        .collect()
}

/// Notes that a plant stocks or plans an item; false when that was known.
pub(crate) fn link(connection: &Connection, id: ItemId, plant: &PlantId) -> Result<bool> {
    let changed = connection
        .prepare_cached("INSERT OR IGNORE INTO item_plant (item, plant) VALUES (?1, ?2)")?
        .execute((id.0.into_bytes(), plant.as_str()))?;
    Ok(changed == 1)
}
