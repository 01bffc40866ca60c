//! Secrets of the store itself.

use fettle_sync::proof::ProofKey;
use rusqlite::{Connection, Result};

/// The key slices are proven with.
pub(crate) fn proof_key(connection: &Connection) -> Result<ProofKey> {
    connection
        .prepare_cached("SELECT value FROM secret WHERE name = 'proof'")?
        .query_row([], |row| row.get(0).map(ProofKey))
}
