//! Where each device stood when it last moved.

use std::collections::BTreeMap;

use fettle_domain::{DeviceId, Timestamp};
use fettle_sync::exchange::{Cursor, FeedNumber};
use rusqlite::{Connection, Result};

use super::{json, read_json};

/// A cursor as it was last noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) cursor: Cursor,
    /// When it moved there.
    pub(crate) at: Timestamp,
}

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

/// The cursors of a device.
pub(crate) fn of_device(
    connection: &Connection,
    device: DeviceId,
) -> Result<BTreeMap<FeedNumber, Noted>> {
    connection
        .prepare_cached("SELECT feed, cursor, seen FROM device_cursor WHERE device = ?1")?
        .query_map([device.0.into_bytes()], |row| {
            let cursor = read_json(&row.get::<_, String>(1)?)?;
            let at = Timestamp::from_ms(row.get(2)?);
            Ok((row.get(0)?, Noted { cursor, at }))
        })?
        .collect()
}
