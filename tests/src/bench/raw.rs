//! Bare SQLite: what a transaction costs that does nothing but keep one row of the same size.

use std::path::Path;
use std::time::{Duration, Instant};

use fettle_hub::clock::random;
use rusqlite::Connection;

/// A database with one table and the settings of ours.
pub(super) struct Raw {
    connection: Connection,
}

impl Raw {
    /// As the desk keeps its work: encrypted, and on the disk when a commit returns.
    pub(super) fn encrypted(file: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(file)?;
        let key: [u8; 32] = random()?;
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.pragma_update(None, "key", format!("x'{key}'"))?;
        Self::with_settings(connection)
    }

    /// As the hub keeps its store.
    pub(super) fn plain(file: &Path) -> anyhow::Result<Self> {
        Self::with_settings(Connection::open(file)?)
    }

    fn with_settings(connection: Connection) -> anyhow::Result<Self> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute(
            "CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
            (),
        )?;
        Ok(Self { connection })
    }

    /// One transaction with so many rows of so many bytes; how long it took.
    pub(super) fn keep(&mut self, rows: usize, row_bytes: usize) -> anyhow::Result<Duration> {
        let body = vec![0x5a; row_bytes];
        let begun = Instant::now();
        let transaction = self.connection.transaction()?;
        for _ in 0..rows {
            transaction
                .prepare_cached("INSERT INTO row (body) VALUES (?1)")?
                .execute([&body])?;
        }
        transaction.commit()?;
        Ok(begun.elapsed())
    }
}
