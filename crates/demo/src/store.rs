//! Opening the file of a demo system.

use std::path::Path;

use rusqlite::Connection;

mod steps {
    refinery::embed_migrations!("../../migrations/demo");
}

/// Why the file of a demo system cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite refused.
    #[error("failed to open the demo database")]
    Sqlite(#[from] rusqlite::Error),
    /// A migration failed.
    #[error("failed to migrate the demo database")]
    Migrate(#[from] refinery::Error),
}

/// Opens a file, or memory when there is none, and brings it to the newest schema.
pub(crate) fn open(file: Option<&Path>) -> Result<Connection, OpenError> {
    let mut connection = match file {
        Some(path) => Connection::open(path)?,
        None => Connection::open_in_memory()?,
    };
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    steps::migrations::runner().run(&mut connection)?;
    Ok(connection)
}
