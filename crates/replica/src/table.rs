//! The SQL of the replica, one file per table. Columns hold ids as bytes and bodies as JSON.

pub(crate) mod actor_key;
pub(crate) mod asset_tree;
pub(crate) mod attachment;
pub(crate) mod chain;
pub(crate) mod claim;
pub(crate) mod document;
pub(crate) mod feed;
pub(crate) mod history;
pub(crate) mod hub_heads;
pub(crate) mod item;
pub(crate) mod left_order;
pub(crate) mod made;
pub(crate) mod master;
pub(crate) mod moved_change;
pub(crate) mod offer;
pub(crate) mod official;
pub(crate) mod order_list;
pub(crate) mod outbox;
pub(crate) mod place;
pub(crate) mod proven_slice;
pub(crate) mod removed_row;
pub(crate) mod restricted_row;
pub(crate) mod salvage;
pub(crate) mod sealed_order;
pub(crate) mod setting;
pub(crate) mod stock;
pub(crate) mod unread_row;
pub(crate) mod word_index;

use fettle_domain::Timestamp;
use fettle_sync::exchange::FeedNumber;
use fettle_sync::sum::FeedSum;
use rusqlite::{Row, Statement};
use uuid::Uuid;

use crate::fault::Fault;

/// Reads an id column.
pub(crate) fn id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// Reads a moment column.
pub(crate) fn moment_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_ms)
}

/// Reads an optional moment column.
pub(crate) fn optional_moment_at(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms))
}

/// Sum over keys and versions.
pub(crate) fn add_all(statement: &mut Statement<'_>, feed: FeedNumber) -> Result<FeedSum, Fault> {
    let mut sum = FeedSum::default();
    let mut rows = statement.query([feed])?;
    while let Some(row) = rows.next()? {
        let key = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        sum.add(key, row.get::<_, i64>(1)?.cast_unsigned());
    }
    Ok(sum)
}

/// A column value that this program cannot have written.
pub(crate) fn stored<T>(value: Option<T>, what: &'static str) -> Result<T, Fault> {
    value.ok_or(Fault::Stored(what))
}

/// A count column as a number of lists.
pub(crate) fn count(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

/// Ids of a column that holds several, one after the other; `None` for no ids.
pub(crate) fn id_list(ids: impl Iterator<Item = Uuid>) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = ids.flat_map(Uuid::into_bytes).collect();
    (!bytes.is_empty()).then_some(bytes)
}

/// The ids of a column written by [`id_list`].
pub(crate) fn ids_of(bytes: Option<&[u8]>) -> impl Iterator<Item = Uuid> + '_ {
    bytes
        .unwrap_or_default()
        .chunks_exact(16)
        .filter_map(|id| Uuid::from_slice(id).ok())
}
