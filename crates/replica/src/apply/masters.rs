//! Applying items of a feed of masters: rows and tombstones, then the words of what changed.
//!
//! Stock comes before items and changes later, and a substitute may come after what names it. So
//! rows are written first, and whatever their arrival made stale is placed and indexed at the end of
//! the slice, by ascending place: the index takes that order without writing itself out in between.

use std::collections::BTreeMap;

use fettle_domain::item::Item;
use fettle_domain::row::Row;
use fettle_domain::{AssetId, ItemId, LocationId};
use fettle_sync::exchange::{FeedItem, FeedNumber, LogNumber};
use rusqlite::Connection;

use super::bad;
use crate::fault::Fault;
use crate::rank;
use crate::table::place::Places;
use crate::table::word_index::{ASSETS, ITEMS, WordIndex};
use crate::table::{item, master, removed_row, stock, unread_row};
use crate::words::Words;

/// What is stale of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stale {
    /// Maybe its place.
    Place,
    /// Its words.
    Words,
}

/// Applies rows inside one transaction of the catalogue.
pub(crate) struct Applier<'c> {
    connection: &'c Connection,
    item_places: Places,
    master_places: Places,
    items: BTreeMap<ItemId, Stale>,
    assets: BTreeMap<AssetId, Stale>,
    is_changed: bool,
}

impl<'c> Applier<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            item_places: Places::default(),
            master_places: Places::default(),
            items: BTreeMap::new(),
            assets: BTreeMap::new(),
            is_changed: false,
        }
    }

    pub(crate) fn apply(&mut self, feed: FeedNumber, item: &FeedItem) -> Result<(), Fault> {
        match item {
            FeedItem::Row(_, row) if row.is_restricted() => Err(bad(feed, "a restricted row")),
            FeedItem::Row(version, row) => self.apply_row((feed, *version), row),
            FeedItem::Unread(version, row) => {
                unread_row::keep(self.connection, feed, *version, row)
            }
            FeedItem::Change(..) | FeedItem::Base(..) | FeedItem::Enter(_) | FeedItem::Leave(_) => {
                Err(bad(feed, "a document beside masters"))
            }
        }
    }

    fn apply_row(&mut self, at: (FeedNumber, LogNumber), row: &Row) -> Result<(), Fault> {
        let (feed, version) = at;
        if let Row::Removed(removed) = row {
            return self.remove(at, &removed.key);
        }
        if removed_row::is_removed(self.connection, feed, &row.key(), version)? {
            return Ok(());
        }
        let is_written = match row {
            Row::Item(item) => item::write(self.connection, &mut self.item_places, at, item)?,
            Row::Stock(balance) => stock::write(self.connection, feed, version, balance)?,
            _ => master::write(self.connection, &mut self.master_places, at, row)?,
        };
        if is_written {
            self.is_changed = true;
            self.note(row)?;
        }
        Ok(())
    }

    /// Notes what a row that came made stale.
    fn note(&mut self, row: &Row) -> Result<(), Fault> {
        match row {
            Row::Item(item) => {
                self.items.insert(item.id, Stale::Words);
                self.note_naming(item.id)
            }
            Row::Stock(balance) => {
                self.items.entry(balance.item).or_insert(Stale::Place);
                Ok(())
            }
            Row::Asset(asset) => {
                self.assets.insert(asset.id, Stale::Words);
                Ok(())
            }
            Row::Location(location) => self.note_at(location.id),
            _ => Ok(()),
        }
    }

    fn note_naming(&mut self, substitute: ItemId) -> Result<(), Fault> {
        for item in item::naming(self.connection, substitute)? {
            self.items.insert(item, Stale::Words);
        }
        Ok(())
    }

    fn note_at(&mut self, location: LocationId) -> Result<(), Fault> {
        for asset in master::assets_at(self.connection, location)? {
            self.assets.insert(asset, Stale::Words);
        }
        Ok(())
    }

    fn remove(&mut self, (feed, version): (FeedNumber, LogNumber), key: &str) -> Result<(), Fault> {
        removed_row::write(self.connection, feed, key, version)?;
        let id = |text: &str| text.parse::<uuid::Uuid>().ok();
        let (noun, rest) = key.split_once('/').unwrap_or((key, ""));
        match (noun, rest.split_once('/')) {
            ("item", _) => {
                let Some(id) = id(rest).map(ItemId) else {
                    return Ok(());
                };
                if let Some(place) = item::remove(self.connection, version, id)? {
                    ITEMS.remove(self.connection, place)?;
                    self.is_changed = true;
                    self.note_naming(id)?;
                }
            }
            ("stock", Some((id_text, bin))) => {
                let Some(id) = id(id_text).map(ItemId) else {
                    return Ok(());
                };
                if stock::remove(self.connection, feed, version, (id, bin))? {
                    self.is_changed = true;
                    self.items.entry(id).or_insert(Stale::Place);
                }
            }
            _ => {
                if let Some(place) = master::remove(self.connection, feed, version, key)? {
                    ASSETS.remove(self.connection, place)?;
                    self.is_changed = true;
                    if let Some(id) = id(rest).filter(|_| noun == "location") {
                        self.note_at(LocationId(id))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Removes what was not brought again, by one feed or by any.
    pub(crate) fn remove_old(&mut self, feed: Option<FeedNumber>) -> Result<(), Fault> {
        for place in master::remove_old(self.connection, feed)? {
            ASSETS.remove(self.connection, place)?;
        }
        for id in stock::remove_old(self.connection, feed)? {
            self.items.entry(id).or_insert(Stale::Place);
        }
        for id in item::old(self.connection, feed)? {
            if let Some(place) = item::remove(self.connection, 1, id)? {
                ITEMS.remove(self.connection, place)?;
                self.note_naming(id)?;
            }
        }
        Ok(())
    }

    /// Places and indexes what is stale; true when anything changed.
    pub(crate) fn finish(mut self) -> Result<bool, Fault> {
        let mut items = Vec::new();
        for (id, stale) in std::mem::take(&mut self.items) {
            items.extend(self.place_item(id, stale)?);
        }
        write_words(self.connection, ITEMS, items)?;
        let mut assets = Vec::new();
        for id in std::mem::take(&mut self.assets).into_keys() {
            assets.extend(self.place_asset(id)?);
        }
        write_words(self.connection, ASSETS, assets)?;
        Ok(self.is_changed)
    }

    /// Moves an item where it belongs; answers with its words when they are to be written there.
    fn place_item(&mut self, id: ItemId, stale: Stale) -> Result<Option<(i64, Words)>, Fault> {
        let Some((place, item)) = item::read(self.connection, id)? else {
            return Ok(None);
        };
        let band = rank::of_item(&item, stock::is_stocked(self.connection, id)?);
        if band.holds(place) {
            return match stale {
                Stale::Place => Ok(None),
                Stale::Words => Ok(Some((place, self.words_of_item(&item)?))),
            };
        }
        let to = self.item_places.next(self.connection, "item", band)?;
        item::set_place(self.connection, id, to)?;
        ITEMS.remove(self.connection, place)?;
        Ok(Some((to, self.words_of_item(&item)?)))
    }

    fn words_of_item(&self, item: &Item) -> Result<Words, Fault> {
        let mut words = Words::default();
        words.add_number(&item.number);
        words.add_number(&item.part_number);
        for text in [&item.description, &item.manufacturer, &item.class] {
            words.add(text);
        }
        for substitute in &item.substitutes {
            if let Some((_, substitute)) = item::read(self.connection, *substitute)? {
                words.add_number(&substitute.number);
                words.add_number(&substitute.part_number);
            }
        }
        Ok(words)
    }

    fn place_asset(&mut self, id: AssetId) -> Result<Option<(i64, Words)>, Fault> {
        let found = master::read(self.connection, &format!("asset/{id}"))?;
        let Some((place, Row::Asset(asset))) = found else {
            return Ok(None);
        };
        let band = rank::of_asset(&asset);
        let to = if band.holds(place) {
            place
        } else {
            let to = self.master_places.next(self.connection, "master", band)?;
            master::set_place(self.connection, place, to)?;
            ASSETS.remove(self.connection, place)?;
            to
        };
        let mut words = Words::default();
        for number in [&asset.tag, &asset.model, &asset.serial] {
            words.add_number(number);
        }
        for text in [&asset.name, &asset.manufacturer] {
            words.add(text);
        }
        if let Some(location) = asset.location {
            let found = master::read(self.connection, &format!("location/{location}"))?;
            if let Some((_, Row::Location(location))) = found {
                words.add_number(&location.code);
                words.add(&location.name);
            }
        }
        Ok(Some((to, words)))
    }
}

fn write_words(
    connection: &Connection,
    index: WordIndex,
    mut rows: Vec<(i64, Words)>,
) -> Result<(), Fault> {
    rows.sort_by_key(|(place, _)| *place);
    for (place, words) in rows {
        index.write(connection, place, &words)?;
    }
    Ok(())
}
