//! When a shift's work arrived: what the hub's file says, by the hub's clock.

use std::collections::BTreeMap;

use fettle_domain::{ContentHash, Timestamp};
use rusqlite::Connection;

/// The contents of a photo, by their names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PhotoNames {
    pub(crate) photo: ContentHash,
    pub(crate) thumbnail: ContentHash,
}

/// A content that is whole at the hub.
#[derive(Debug, Clone, Copy)]
struct Whole {
    at: Timestamp,
    bytes: u64,
}

/// What has arrived.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// Changes and claims.
    pub(crate) edits: u32,
    last_edit: Option<Timestamp>,
    contents: BTreeMap<ContentHash, Whole>,
}

/// Work that arrived whole, and in the right order.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) last_edit: Timestamp,
    pub(crate) last_photo: Timestamp,
    /// Bytes of photos and thumbnails.
    pub(crate) photo_bytes: u64,
}

impl Arrival {
    /// What has arrived since a moment.
    pub(crate) fn since(hub: &Connection, began: Timestamp) -> rusqlite::Result<Self> {
        let (edits, last_edit): (u32, Option<i64>) = hub.query_row(
            "SELECT count(*), max(at) FROM (SELECT hub_time AS at FROM accept
                 UNION ALL SELECT received FROM intent) WHERE at >= ?1",
            [began.as_ms()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let contents = hub
            .prepare("SELECT content, whole_at, size FROM attachment")?
            .query_map([], |row| {
                let at = Timestamp::from_ms(row.get(1)?);
                let bytes = row.get(2)?;
                Ok((ContentHash(row.get(0)?), Whole { at, bytes }))
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            edits,
            last_edit: last_edit.map(Timestamp::from_ms),
            contents,
        })
    }

    /// How many of these photos have arrived whole.
    pub(crate) fn photos(&self, photos: &[PhotoNames]) -> usize {
        let is_here = |names: &&PhotoNames| self.contents.contains_key(&names.photo);
        photos.iter().filter(is_here).count()
    }

    /// Decides whether all is here, the text before the thumbnails and these before the photos.
    ///
    /// # Errors
    /// What is missing or came too early.
    pub(crate) fn in_order(&self, photos: &[PhotoNames]) -> Result<Arrived, String> {
        let last_edit = self.last_edit.ok_or("no edit arrived")?;
        let thumbnails = self.whole(photos.iter().map(|names| names.thumbnail))?;
        let pictures = self.whole(photos.iter().map(|names| names.photo))?;
        let first = |whole: &[Whole]| whole.iter().map(|whole| whole.at).min();
        let last = |whole: &[Whole]| whole.iter().map(|whole| whole.at).max();
        if first(&thumbnails) <= Some(last_edit) {
            return Err("a thumbnail came before the last edit".to_owned());
        }
        if first(&pictures) <= last(&thumbnails) {
            return Err("a photo came before the last thumbnail".to_owned());
        }
        Ok(Arrived {
            last_edit,
            last_photo: last(&pictures).ok_or("there is no photo")?,
            photo_bytes: thumbnails
                .iter()
                .chain(&pictures)
                .map(|whole| whole.bytes)
                .sum(),
        })
    }

    fn whole(&self, names: impl Iterator<Item = ContentHash>) -> Result<Vec<Whole>, String> {
        let missing = |name| format!("{name} has not arrived");
        names
            .map(|name| {
                self.contents
                    .get(&name)
                    .copied()
                    .ok_or_else(|| missing(name))
            })
            .collect()
    }
}
