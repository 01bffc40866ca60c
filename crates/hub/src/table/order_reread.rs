//! Orders to be read again, because their status was on its way when they were read.

use rusqlite::{Connection, Result};

/// Notes an order.
pub(crate) fn put(connection: &Connection, number: &str) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO order_reread (number) VALUES (?1)",
        [number],
    )?;
    Ok(())
}

/// Orders to be read again.
pub(crate) fn all(connection: &Connection, limit: u32) -> Result<Vec<String>> {
    connection
        .prepare_cached("SELECT number FROM order_reread ORDER BY number LIMIT ?1")?
        .query_map([limit], |row| row.get(0))?
        .collect()
}

/// Strikes an order off.
pub(crate) fn remove(connection: &Connection, number: &str) -> Result<()> {
    connection.execute("DELETE FROM order_reread WHERE number = ?1", [number])?;
    Ok(())
}
