//! The file as a whole: copies and checks.

use rusqlite::{Connection, Result};

/// Writes a consistent copy beside running writers.
pub(crate) fn copy_to(connection: &Connection, path: &str) -> Result<()> {
    connection.execute("VACUUM INTO ?1", [path])?;
    Ok(())
}

/// What SQLite finds wrong with the file; empty when nothing is.
pub(crate) fn faults(connection: &Connection) -> Result<Vec<String>> {
    let mut found: Vec<String> = connection
        .prepare("PRAGMA integrity_check(20)")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_>>()?;
    found.retain(|line| line != "ok");
    let loose: Vec<String> = connection
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_>>()?;
    found.extend(
        loose
            .into_iter()
            .map(|table| format!("loose reference in {table}")),
    );
    Ok(found)
}
