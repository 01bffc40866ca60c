//! Who stands behind actors: kept in memory, read anew when an actor row changes.

use fettle_document::Authors;
use rusqlite::Connection;

use crate::fault::Fault;
use crate::replica::{Replica, locked};
use crate::table::official;

impl Replica {
    /// Every actor known here.
    pub(crate) fn with_authors<T>(
        &self,
        connection: &Connection,
        read: impl FnOnce(&Authors) -> T,
    ) -> Result<T, Fault> {
        let mut cached = locked(&self.authors);
        if let Some(authors) = cached.as_ref() {
            return Ok(read(authors));
        }
        let authors: Authors = official::actors(connection)?.into_iter().collect();
        Ok(read(cached.insert(authors)))
    }

    pub(crate) fn forget_authors(&self) {
        *locked(&self.authors) = None;
    }
}
