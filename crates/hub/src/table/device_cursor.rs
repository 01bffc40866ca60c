//! Where each device stood at its last push.

use fettle_domain::{DeviceId, Timestamp};
use fettle_sync::exchange::{Cursor, FeedNumber};
use rusqlite::{Connection, Result};

use super::json;

/// Notes a cursor.
pub(crate) fn put(
    connection: &Connection,
    device: DeviceId,
    feed: FeedNumber,
    cursor: &Cursor,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO device_cursor (device, feed, cursor, seen) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, feed) DO UPDATE SET cursor = excluded.cursor, seen = excluded.seen",
        )?
        .execute((device.0.into_bytes(), feed, json(cursor)?, now.as_ms()))?;
    Ok(())
}
