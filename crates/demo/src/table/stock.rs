//! Stock by bin in the demo ERP.

use fettle_domain::Decimal;
use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::{Side, counter};
use crate::answer::Page;

/// Stock of a material in a bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) material: String,
    pub(crate) plant: String,
    pub(crate) storeroom: String,
    pub(crate) bin: String,
    pub(crate) on_hand: Decimal,
    pub(crate) reserved: Decimal,
    /// Balance at which the plant orders again, when it plans by one.
    pub(crate) reorder_point: Option<Decimal>,
    pub(crate) change: i64,
}

const COLUMNS: &str = "material, plant, storeroom, bin, on_hand, reserved, reorder_point, change";

fn read(row: &Row<'_>) -> Result<Stock> {
    let decimal = |text: String| text.parse().unwrap_or(Decimal::ZERO);
    Ok(Stock {
        material: row.get(0)?,
        plant: row.get(1)?,
        storeroom: row.get(2)?,
        bin: row.get(3)?,
        on_hand: decimal(row.get(4)?),
        reserved: decimal(row.get(5)?),
        reorder_point: row.get::<_, Option<String>>(6)?.map(decimal),
        change: row.get(7)?,
    })
}

/// Writes a balance as the newest change.
pub(crate) fn put(connection: &Connection, stock: &Stock) -> Result<()> {
    let change = counter::next_change(connection, Side::Erp)?;
    connection
        .prepare_cached(&format!(
            "INSERT INTO erp_stock ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (material, plant, storeroom, bin) DO UPDATE
             SET on_hand = ?5, reserved = ?6, reorder_point = ?7, change = ?8"
        ))?
        .execute((
            &stock.material,
            &stock.plant,
            &stock.storeroom,
            &stock.bin,
            stock.on_hand.to_string(),
            stock.reserved.to_string(),
            stock.reorder_point.map(|point| point.to_string()),
            change,
        ))?;
    Ok(())
}

/// Stock in one bin.
pub(crate) fn get(
    connection: &Connection,
    material: &str,
    plant: &str,
    storeroom: &str,
    bin: &str,
) -> Result<Option<Stock>> {
    connection
        .query_row(
            &format!(
                "SELECT {COLUMNS} FROM erp_stock
                 WHERE material = ?1 AND plant = ?2 AND storeroom = ?3 AND bin = ?4"
            ),
            (material, plant, storeroom, bin),
            read,
        )
        .optional()
}

/// Balances of a plant, by material.
pub(crate) fn of_plant(connection: &Connection, plant: &str, limit: u32) -> Result<Vec<Stock>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM erp_stock WHERE plant = ?1
             ORDER BY material, storeroom, bin LIMIT ?2"
        ))?
        .query_map((plant, limit), read)?
        .collect()
}

/// Balances changed after a change, oldest change first.
pub(crate) fn changed(connection: &Connection, page: Page) -> Result<Vec<Stock>> {
    let size = i64::try_from(page.size).unwrap_or(i64::MAX);
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM erp_stock WHERE change > ?1 ORDER BY change LIMIT ?2"
        ))?
        .query_map((page.since, size), read)?
        .collect()
}
