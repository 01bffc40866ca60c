//! Table `stock` of the catalogue: balances by item, storeroom and bin.

use fettle_domain::stock::StockBalance;
use fettle_domain::{Decimal, EffectId, ItemId, PlantId, Unit};
use fettle_sync::exchange::{FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, Row, params};

use super::{id_at, id_list, ids_of, moment_at, stored};
use crate::fault::Fault;

/// Writes a balance when its version is higher than the one here; true when it was.
pub(crate) fn write(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    balance: &StockBalance,
) -> Result<bool, Fault> {
    let includes = balance.includes.iter().map(|effect| effect.0);
    let written = connection
        .prepare_cached(
            "INSERT INTO stock (item, storeroom, bin, plant, feed, version, unit, on_hand,
                 hard_reserved, soft_reserved, reorder_point, as_of, includes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (item, storeroom, bin, plant) DO UPDATE SET feed = excluded.feed,
                 version = excluded.version, unit = excluded.unit, on_hand = excluded.on_hand,
                 hard_reserved = excluded.hard_reserved, soft_reserved = excluded.soft_reserved,
                 reorder_point = excluded.reorder_point, as_of = excluded.as_of,
                 includes = excluded.includes
             WHERE excluded.version > stock.version",
        )?
        .execute(params![
            balance.item.0.as_bytes(),
            balance.storeroom,
            balance.bin,
            balance.plant.as_str(),
            feed,
            version.cast_signed(),
            balance.unit.0,
            balance.on_hand.to_string(),
            balance.hard_reserved.to_string(),
            balance.soft_reserved.to_string(),
            balance.reorder_point.map(|point| point.to_string()),
            balance.as_of.as_ms(),
            id_list(includes),
        ])?;
    Ok(written > 0)
}

/// Removes the balance of a bin when its version is lower; true when it was here.
pub(crate) fn remove(
    connection: &Connection,
    feed: FeedNumber,
    version: LogNumber,
    (item, place): (ItemId, &str),
) -> Result<bool, Fault> {
    let removed = connection
        .prepare_cached(
            "DELETE FROM stock WHERE item = ?1 AND storeroom || '/' || bin = ?2
                 AND (feed = ?3 OR version = 0) AND version < ?4",
        )?
        .execute(params![
            item.0.as_bytes(),
            place,
            feed,
            version.cast_signed()
        ])?;
    Ok(removed > 0)
}

/// True when a bin of a plant this laptop follows is kept for the item, whatever lies in it.
pub(crate) fn is_stocked(connection: &Connection, item: ItemId) -> Result<bool, Fault> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM stock WHERE item = ?1)")?
        .query_row([item.0.as_bytes()], |row| row.get(0))?)
}

/// Balances of an item, in the order of storeroom and bin.
pub(crate) fn of_item(connection: &Connection, item: ItemId) -> Result<Vec<StockBalance>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT storeroom, bin, plant, unit, on_hand, hard_reserved, soft_reserved, reorder_point,
                as_of, includes
         FROM stock WHERE item = ?1 ORDER BY storeroom, bin",
    )?;
    let mut rows = statement.query([item.0.as_bytes()])?;
    let mut balances = Vec::new();
    while let Some(row) = rows.next()? {
        balances.push(balance(row, item)?);
    }
    Ok(balances)
}

fn balance(row: &Row<'_>, item: ItemId) -> Result<StockBalance, Fault> {
    let includes: Option<Vec<u8>> = row.get(9)?;
    Ok(StockBalance {
        item,
        storeroom: row.get(0)?,
        bin: row.get(1)?,
        plant: stored(PlantId::new(row.get::<_, String>(2)?).ok(), "plant")?,
        unit: Unit(row.get(3)?),
        on_hand: decimal_at(row, 4)?,
        hard_reserved: decimal_at(row, 5)?,
        soft_reserved: decimal_at(row, 6)?,
        reorder_point: match row.get::<_, Option<String>>(7)? {
            Some(_) => Some(decimal_at(row, 7)?),
            None => None,
        },
        as_of: moment_at(row, 8)?,
        includes: ids_of(includes.as_deref()).map(EffectId).collect(),
    })
}

fn decimal_at(row: &Row<'_>, column: usize) -> Result<Decimal, Fault> {
    stored(row.get::<_, String>(column)?.parse().ok(), "quantity")
}

/// Lets any version replace what is here, of one feed or of all.
pub(crate) fn make_old(connection: &Connection, feed: Option<FeedNumber>) -> Result<(), Fault> {
    connection.execute(
        "UPDATE stock SET version = 0 WHERE ?1 IS NULL OR feed = ?1",
        [feed],
    )?;
    Ok(())
}

/// Items of balances that were not brought again; the balances go.
pub(crate) fn remove_old(
    connection: &Connection,
    feed: Option<FeedNumber>,
) -> Result<Vec<ItemId>, Fault> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM stock WHERE version = 0 AND (?1 IS NULL OR feed = ?1) RETURNING item",
    )?;
    let items = statement.query_map([feed], |row| Ok(ItemId(id_at(row, 0)?)))?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// Sum over the rows of a feed.
pub(crate) fn sum(connection: &Connection, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT item, storeroom, bin, version FROM stock WHERE feed = ?1")?;
    let mut rows = statement.query([feed])?;
    let mut sum = FeedSum::default();
    while let Some(row) = rows.next()? {
        let (storeroom, bin): (String, String) = (row.get(1)?, row.get(2)?);
        let key = format!("stock/{}/{storeroom}/{bin}", id_at(row, 0)?);
        sum.add(&key, row.get::<_, i64>(3)?.cast_unsigned());
    }
    Ok(sum)
}
