//! Compaction: what nobody needs any more leaves the store.
//!
//! A version of a row that another one replaced leaves the log at once: its line says nothing that
//! the later one does not. A tombstone stays for [`TOMBSTONE_HORIZON_MS`]; a laptop that has not
//! been here since reads the feed anew. The changes of a document are folded into the document
//! itself once they are many: see [`FOLD_CHANGES`].

use fettle_domain::{DocumentId, Timestamp};
use fettle_sync::exchange::FeedNumber;

use super::{Core, StoreFault};
use crate::table;
use crate::table::log::Unfolded;

/// How long a tombstone stays: as long as a laptop keeps what it sent, 90 days.
const TOMBSTONE_HORIZON_MS: i64 = 90 * 24 * 3_600_000;
/// Changes of a document in the log of its feed from which they are folded.
const FOLD_CHANGES: u32 = 64;
/// Bytes of them from which they are folded.
const FOLD_BYTES: u64 = 16_384;
/// Most tombstones that leave in one transaction, so that nobody waits for long.
const AT_ONCE: u32 = 10_000;

impl Core<'_> {
    /// Lets old tombstones go; true when there are more.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn compact(&self, now: Timestamp) -> Result<bool, StoreFault> {
        let before = now.plus_ms(-TOMBSTONE_HORIZON_MS);
        let gone = table::official_row::tombstones(self.connection, before, AT_ONCE)?;
        for (feed, key, version) in &gone {
            table::official_row::remove(self.connection, *feed, key)?;
            table::log::remove(self.connection, *feed, *version)?;
            table::feed::set_compacted(self.connection, *feed, *version)?;
        }
        Ok(gone.len() == AT_ONCE as usize)
    }

    /// Folds the changes of a document in a feed's log once they are many. The line of the last one
    /// then stands for the whole document: its history compacted, never state without history.
    pub(crate) fn fold(&self, feed: FeedNumber, document: DocumentId) -> Result<(), StoreFault> {
        let Unfolded { changes, bytes } = table::log::unfolded(self.connection, feed, document)?;
        if changes > FOLD_CHANGES || bytes > FOLD_BYTES {
            table::log::fold(self.connection, feed, document)?;
        }
        Ok(())
    }
}
