//! Tables `item` and `item_substitute` of the catalogue: items at their place by rank.
//!
//! Typed columns instead of a body: of a million items, the names of the fields would be half.

use fettle_domain::item::{AbcClass, Item, ItemCriticality};
use fettle_domain::{ExternalId, ItemId, Unit};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::place::Places;
use super::{id_at, id_list, ids_of, stock, stored};
use crate::fault::Fault;
use crate::rank;

const COLUMNS: &str = "place, id, number, description, manufacturer, part_number, unit, class,
     criticality, abc, lead_time_days, is_inactive, superseded_by, substitutes, external_ids";

/// Writes an item when its version is higher than the one here; true when it was. A new one takes
/// its place by what is known now.
pub(crate) fn write(
    connection: &Connection,
    places: &mut Places,
    (feed, version): (FeedNumber, LogNumber),
    item: &Item,
) -> Result<bool, Fault> {
    let here: Option<i64> = connection
        .prepare_cached("SELECT version FROM item WHERE id = ?1")?
        .query_row([item.id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    if here.is_some_and(|here| here >= version.cast_signed()) {
        return Ok(false);
    }
    let place = match here {
        Some(_) => None,
        None => {
            let band = rank::of_item(item, stock::is_stocked(connection, item.id)?);
            Some(places.next(connection, "item", band)?)
        }
    };
    let statement = if place.is_some() {
        "INSERT INTO item (id, feed, version, number, description, manufacturer, part_number, unit,
             class, criticality, abc, lead_time_days, is_inactive, superseded_by, substitutes,
             external_ids, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    } else {
        "UPDATE item SET feed = ?2, version = ?3, number = ?4, description = ?5, manufacturer = ?6,
             part_number = ?7, unit = ?8, class = ?9, criticality = ?10, abc = ?11,
             lead_time_days = ?12, is_inactive = ?13, superseded_by = ?14, substitutes = ?15,
             external_ids = ?16, place = coalesce(?17, place)
         WHERE id = ?1"
    };
    connection.prepare_cached(statement)?.execute(params![
        item.id.0.as_bytes(),
        feed,
        version.cast_signed(),
        item.number,
        item.description,
        item.manufacturer,
        item.part_number,
        item.unit.0,
        item.class,
        item.criticality.map(criticality_word),
        item.abc.map(abc_word),
        item.lead_time_days,
        item.is_inactive,
        item.superseded_by.map(|id| *id.0.as_bytes()),
        id_list(item.substitutes.iter().map(|id| id.0)),
        external_text(&item.external_ids)?,
        place,
    ])?;
    write_substitutes(connection, item, here.is_none())?;
    Ok(true)
}

fn write_substitutes(connection: &Connection, item: &Item, is_new: bool) -> Result<(), Fault> {
    if !is_new {
        forget_substitutes(connection, item.id)?;
    }
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO item_substitute (substitute, item) VALUES (?1, ?2)",
    )?;
    for substitute in &item.substitutes {
        statement.execute([substitute.0.as_bytes(), item.id.0.as_bytes()])?;
    }
    Ok(())
}

fn forget_substitutes(connection: &Connection, item: ItemId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM item_substitute WHERE item = ?1")?
        .execute([item.0.as_bytes()])?;
    Ok(())
}

/// Removes an item when its version is lower; answers with the place it had.
pub(crate) fn remove(
    connection: &Connection,
    version: LogNumber,
    item: ItemId,
) -> Result<Option<i64>, Fault> {
    let place = connection
        .prepare_cached("DELETE FROM item WHERE id = ?1 AND version < ?2 RETURNING place")?
        .query_row(params![item.0.as_bytes(), version.cast_signed()], |row| {
            row.get(0)
        })
        .optional()?;
    if place.is_some() {
        forget_substitutes(connection, item)?;
    }
    Ok(place)
}

/// Moves an item to another place.
pub(crate) fn set_place(connection: &Connection, item: ItemId, place: i64) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE item SET place = ?2 WHERE id = ?1")?
        .execute(params![item.0.as_bytes(), place])?;
    Ok(())
}

pub(crate) fn read(connection: &Connection, id: ItemId) -> Result<Option<(i64, Item)>, Fault> {
    one(connection, "id = ?1", id.0.as_bytes())
}

pub(crate) fn at(connection: &Connection, place: i64) -> Result<Option<(i64, Item)>, Fault> {
    one(connection, "place = ?1", &place)
}

fn one(
    connection: &Connection,
    condition: &str,
    value: &dyn ToSql,
) -> Result<Option<(i64, Item)>, Fault> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM item WHERE {condition}"))?;
    let mut rows = statement.query([value])?;
    rows.next()?.map(item).transpose()
}

/// Items behind a place, in their order.
pub(crate) fn behind(
    connection: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, Item)>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM item WHERE place > ?1 ORDER BY place LIMIT ?2"
    ))?;
    let mut rows = statement.query(params![after, limit])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(item(row)?);
    }
    Ok(items)
}

/// How many items are here, counted no further than `limit`.
pub(crate) fn count(connection: &Connection, limit: u32) -> Result<u32, Fault> {
    let counted = connection
        .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM item LIMIT ?1)")?
        .query_row([limit], |row| row.get(0))?;
    Ok(super::count(counted))
}

/// Items that name another as their substitute.
pub(crate) fn naming(connection: &Connection, substitute: ItemId) -> Result<Vec<ItemId>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT item FROM item_substitute WHERE substitute = ?1")?;
    let items = statement.query_map([substitute.0.as_bytes()], |row| Ok(ItemId(id_at(row, 0)?)))?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// Lets any version replace what is here, of one feed or of all.
pub(crate) fn make_old(connection: &Connection, feed: Option<FeedNumber>) -> Result<(), Fault> {
    connection.execute(
        "UPDATE item SET version = 0 WHERE ?1 IS NULL OR feed = ?1",
        [feed],
    )?;
    Ok(())
}

/// Items that were not brought again.
pub(crate) fn old(connection: &Connection, feed: Option<FeedNumber>) -> Result<Vec<ItemId>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM item WHERE version = 0 AND (?1 IS NULL OR feed = ?1)")?;
    let items = statement.query_map([feed], |row| Ok(ItemId(id_at(row, 0)?)))?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// Sum over the rows of a feed.
pub(crate) fn sum(connection: &Connection, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT id, version FROM item WHERE feed = ?1")?;
    let mut rows = statement.query([feed])?;
    let mut sum = FeedSum::default();
    while let Some(row) = rows.next()? {
        let key = format!("item/{}", id_at(row, 0)?);
        sum.add(&key, row.get::<_, i64>(1)?.cast_unsigned());
    }
    Ok(sum)
}

fn item(row: &Row<'_>) -> Result<(i64, Item), Fault> {
    let superseded_by: Option<[u8; 16]> = row.get(12)?;
    let substitutes: Option<Vec<u8>> = row.get(13)?;
    let item = Item {
        id: ItemId(id_at(row, 1)?),
        number: row.get(2)?,
        description: row.get(3)?,
        manufacturer: row.get(4)?,
        part_number: row.get(5)?,
        unit: Unit(row.get(6)?),
        class: row.get(7)?,
        criticality: word_at(row, 8, &CRITICALITIES, criticality_word)?,
        abc: word_at(row, 9, &[AbcClass::A, AbcClass::B, AbcClass::C], abc_word)?,
        lead_time_days: row.get(10)?,
        is_inactive: row.get(11)?,
        superseded_by: ids_of(superseded_by.as_ref().map(<[u8; 16]>::as_slice))
            .next()
            .map(ItemId),
        substitutes: ids_of(substitutes.as_deref()).map(ItemId).collect(),
        external_ids: external_ids(&row.get::<_, String>(14)?)?,
    };
    Ok((row.get(0)?, item))
}

const CRITICALITIES: [ItemCriticality; 3] = [
    ItemCriticality::Vital,
    ItemCriticality::Essential,
    ItemCriticality::Desirable,
];

fn criticality_word(criticality: ItemCriticality) -> &'static str {
    match criticality {
        ItemCriticality::Vital => "vital",
        ItemCriticality::Essential => "essential",
        ItemCriticality::Desirable => "desirable",
    }
}

fn abc_word(class: AbcClass) -> &'static str {
    match class {
        AbcClass::A => "A",
        AbcClass::B => "B",
        AbcClass::C => "C",
    }
}

fn word_at<T: Copy>(
    row: &Row<'_>,
    column: usize,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<Option<T>, Fault> {
    let Some(written) = row.get::<_, Option<String>>(column)? else {
        return Ok(None);
    };
    let found = all.iter().copied().find(|one| word(*one) == written);
    stored(found, "class of an item").map(Some)
}

/// System, kind and value of each, without the names of the fields.
fn external_text(ids: &[ExternalId]) -> Result<String, Fault> {
    let ids: Vec<_> = ids
        .iter()
        .map(|id| (&id.system, &id.kind, &id.value))
        .collect();
    Ok(serde_json::to_string(&ids)?)
}

fn external_ids(text: &str) -> Result<Vec<ExternalId>, Fault> {
    let ids: Vec<(String, String, String)> = serde_json::from_str(text)?;
    let id = |(system, kind, value)| ExternalId {
        system,
        kind,
        value,
    };
    Ok(ids.into_iter().map(id).collect())
}
