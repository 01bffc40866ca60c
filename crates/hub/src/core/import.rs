//! Imports in the store: rows wait unseen under the import's id, and are seen all at once.
//!
//! Taking an import back goes the same way: its tombstones wait, and are seen all at once.

use fettle_domain::feed::Feed;
use fettle_domain::import::Import;
use fettle_domain::item::Item;
use fettle_domain::row::{Removed, Row};
use fettle_domain::{Day, ImportId, ItemId, PlantId, Refusal, Timestamp};
use fettle_sync::exchange::FeedNumber;
use uuid::Uuid;

use super::master::ITEMS;
use super::{Answer, Core, StoreFault, lasting_id};
use crate::table;
use crate::table::import::{Known, Staged};

/// Rows staged, dropped or read at once: bounds how long the running hub waits for its writer.
pub(crate) const CHUNK: u32 = 500;

/// An import with when it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownImport {
    /// The import.
    pub import: Import,
    /// When it was taken back; `None` while it stands.
    pub undone_at: Option<Timestamp>,
}

impl From<Known> for KnownImport {
    fn from(Known { import, undone_at }: Known) -> Self {
        Self { import, undone_at }
    }
}

/// What a row of a file would do to the row of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It is new.
    Yes,
    /// It stands already, or an earlier import of the same history brought it.
    Stands,
    /// The system of record of the noun states it, and goes before a file.
    Foreign,
}

impl Core<'_> {
    /// Every import, the latest first.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn imports(&self) -> Result<Vec<KnownImport>, StoreFault> {
        let known = table::import::all(self.connection)?;
        Ok(known.into_iter().map(KnownImport::from).collect())
    }

    /// An import.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn import(&self, id: ImportId) -> Result<Option<KnownImport>, StoreFault> {
        Ok(table::import::get(self.connection, id)?.map(KnownImport::from))
    }

    /// Drops a chunk of what an earlier run left waiting; false when nothing is left.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn clear_import_stage(&self) -> Result<bool, StoreFault> {
        Ok(table::import::clear_stage(self.connection, CHUNK)? > 0)
    }

    /// Puts a row behind the others that wait.
    pub(crate) fn stage_import(
        &self,
        import: ImportId,
        position: u64,
        (feed, row): (&Feed, &Row),
        is_fact: bool,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let staged = Staged {
            feed: table::feed::number(self.connection, feed)?,
            key: row.key(),
            order: row.order(),
            is_fact,
            ended_on: match row {
                Row::Sealed(sealed) => Some(sealed.ended_on().unwrap_or(Day::of(now))),
                _ => None,
            },
            removed_at: None,
            body: table::cbor(row)?,
        };
        Ok(table::import::stage(
            self.connection,
            import,
            position,
            &staged,
        )?)
    }

    /// Makes what waits under an import visible, all of it in the caller's transaction. False when
    /// nothing of it is new and the import stands already.
    pub(crate) fn publish_import(
        &self,
        import: &Import,
        position: u64,
    ) -> Result<bool, StoreFault> {
        let held = table::import::get(self.connection, import.id)?;
        let stands = held.is_some_and(|held| held.undone_at.is_none());
        if stands && table::import::count_news(self.connection, import.id)? == 0 {
            return Ok(false);
        }
        let feed = Feed::Assets(import.plant.clone());
        let row = Row::Import(import.clone());
        self.stage_import(import.id, position, (&feed, &row), false, import.at)?;
        table::import::put(self.connection, import)?;
        table::import::write_rows(self.connection, import.id)?;
        table::import::note_brought(self.connection, import.id)?;
        table::import::note_orders(self.connection, import.id)?;
        table::import::end_numbers(self.connection, import.id)?;
        let detail = format!("{} rows of {}", import.taken, import.file);
        let subject = import.id.to_string();
        table::audit::put(self.connection, "import", &subject, &detail, import.at)?;
        Ok(true)
    }

    /// Puts the next tombstones of an import behind the others that wait; answers from where on,
    /// `None` once all of them are there.
    ///
    /// # Errors
    /// `import.unknown` or `import.undone`; [`StoreFault`].
    pub fn stage_undo(
        &self,
        import: ImportId,
        after: &UndoPlace,
        now: Timestamp,
    ) -> Answer<Option<UndoPlace>> {
        match table::import::get(self.connection, import)? {
            None => return Ok(Err(Refusal::new("import.unknown"))),
            Some(known) if known.undone_at.is_some() => {
                return Ok(Err(Refusal::new("import.undone")));
            }
            Some(_) => {}
        }
        let place = (after.feed, after.key.as_str());
        let rows = table::import::only_brought_by(self.connection, import, place, CHUNK)?;
        let Some(last) = rows.last() else {
            return Ok(Ok(None));
        };
        let mut next = UndoPlace {
            feed: last.0,
            key: last.1.clone(),
            count: after.count,
        };
        for (feed, key, order) in rows {
            let removed = Row::Removed(Removed {
                key: key.clone(),
                order,
                at: now,
            });
            let staged = Staged {
                feed,
                key,
                order,
                is_fact: false,
                ended_on: None,
                removed_at: Some(now),
                body: table::cbor(&removed)?,
            };
            table::import::stage(self.connection, import, next.count, &staged)?;
            next.count += 1;
        }
        Ok(Ok(Some(next)))
    }

    /// Takes an import back: the tombstones that wait become visible in the caller's transaction.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn publish_undo(&self, import: ImportId, now: Timestamp) -> Result<(), StoreFault> {
        table::import::write_rows(self.connection, import)?;
        table::import::end_numbers(self.connection, import)?;
        table::import::forget_orders(self.connection, import)?;
        table::import::note_removed(self.connection, import)?;
        table::import::undo(self.connection, import, now)?;
        let subject = import.to_string();
        table::audit::put(self.connection, "import undo", &subject, "", now)?;
        Ok(())
    }

    /// What a row would do.
    pub(crate) fn news(
        &self,
        (feed, row): (&Feed, &Row),
        is_fact: bool,
    ) -> Result<News, StoreFault> {
        let Some((feed, _)) = table::feed::find(self.connection, feed)? else {
            return Ok(News::Yes);
        };
        let key = row.key();
        if table::import::is_brought(self.connection, feed, &key)? {
            let same = is_fact
                || table::official_row::get(self.connection, feed, &key)?
                    .is_some_and(|(_, held)| held == *row);
            return Ok(if same { News::Stands } else { News::Yes });
        }
        Ok(
            match table::official_row::get(self.connection, feed, &key)? {
                None | Some((_, Row::Removed(_))) => News::Yes,
                Some(_) => News::Foreign,
            },
        )
    }

    /// Rows of a feed whose keys begin with a noun, one after the other.
    pub(crate) fn each_row(
        &self,
        feed: &Feed,
        noun: &str,
        mut take: impl FnMut(Row),
    ) -> Result<(), StoreFault> {
        let Some((number, _)) = table::feed::find(self.connection, feed)? else {
            return Ok(());
        };
        let (mut after, end) = (format!("{noun}/"), format!("{noun}0"));
        loop {
            let rows = table::official_row::after(self.connection, number, &after, CHUNK)?;
            let Some((_, last)) = rows.last() else {
                return Ok(());
            };
            after = last.key();
            for (_, row) in rows {
                if row.key() >= end {
                    return Ok(());
                }
                take(row);
            }
        }
    }

    /// Our id of an item number without noting it: a preview notes nothing.
    pub(crate) fn item_of_number(&self, number: &str) -> Result<ItemId, StoreFault> {
        let known = table::external_id::find(self.connection, ITEMS, "item", number)?;
        // As it is derived when the ERP names the item first.
        let derived = || lasting_id("external", format!("{ITEMS}/item/{number}").as_bytes());
        Ok(ItemId(known.unwrap_or_else(derived)))
    }

    /// True when the ERP states an item, or an import brought it to the plant.
    pub(crate) fn knows_item(&self, plant: &PlantId, id: ItemId) -> Result<bool, StoreFault> {
        if self.erp_item(id)?.is_some() {
            return Ok(true);
        }
        let feed = table::feed::find(self.connection, &Feed::Items(plant.clone()))?;
        let Some((feed, _)) = feed else {
            return Ok(false);
        };
        let row = table::official_row::get(self.connection, feed, &format!("item/{id}"))?;
        Ok(matches!(row, Some((_, Row::Item(_)))))
    }

    /// An item the ERP states.
    pub(crate) fn erp_item(&self, id: ItemId) -> Result<Option<Item>, StoreFault> {
        Ok(table::item::get(self.connection, id)?)
    }
}

/// How far the tombstones of an import have been put down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UndoPlace {
    feed: FeedNumber,
    key: String,
    count: u64,
}

impl UndoPlace {
    /// Rows that are taken back.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// Id of what a file names, by its mapping: a later file of the mapping names the same.
pub(crate) fn id_of_file(mapping: &str, noun: &str, key: &str) -> Uuid {
    lasting_id(
        "import",
        format!("{mapping}\u{0}{noun}\u{0}{key}").as_bytes(),
    )
}
