//! Places of ranked tables: which one is free behind all of a band.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::fault::Fault;
use crate::rank::Band;

/// The next free place of each band within one transaction.
#[derive(Debug, Default)]
pub(crate) struct Places(BTreeMap<i64, i64>);

impl Places {
    /// A place behind all of its band. Invariant: one value serves one table.
    pub(crate) fn next(
        &mut self,
        connection: &Connection,
        table: &str,
        band: Band,
    ) -> Result<i64, Fault> {
        let place = match self.0.get(&band.first) {
            Some(last) => last + 1,
            None => {
                let last: Option<i64> = connection
                    .prepare_cached(&format!(
                        "SELECT max(place) FROM {table} WHERE place BETWEEN ?1 AND ?2"
                    ))?
                    .query_row([band.first, band.last], |row| row.get(0))?;
                last.map_or(band.first, |last| last + 1)
            }
        };
        self.0.insert(band.first, place);
        Ok(place)
    }
}
