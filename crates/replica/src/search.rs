//! Search and lists over orders, assets and items, page by page.
//!
//! Work is bounded whatever is typed: the index is read in the order of rank and no further than a
//! page, hits are counted up to a limit, and typos are looked for only when nothing was found.

use fettle_domain::asset::Asset;
use fettle_domain::item::Item;
use fettle_domain::row::Row;
use fettle_domain::{AssetId, ItemId};
use rusqlite::Connection;

use crate::fault::Fault;
use crate::line::OrderLine;
use crate::page::{COUNT_MAX, Found, Page, PageKey, Paging, Total};
use crate::rank;
use crate::replica::Replica;
use crate::table::word_index::{ASSETS, ITEMS, ORDERS, WordIndex};
use crate::table::{item, master, order_list};
use crate::words::{Query, nearest};

/// Most words that stand for one misspelt word.
const MEANT_MAX: usize = 8;
/// Most assets whose open orders are shown beside the orders found.
const ASSETS_MAX: u32 = 20;

impl Replica {
    /// Orders with the words of the query, open ones first, each kind newest first. When all of them
    /// fit on one page, open orders of assets with these words follow.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn search_orders(&self, query: &str, paging: Paging) -> Result<Found<OrderLine>, Fault> {
        let Some(query) = Query::read(query) else {
            return Ok(Found::nothing());
        };
        let mut found = {
            let reader = self.reader();
            let hits = Hits::find(&reader, ORDERS, &query, paging)?;
            hits.read(|place| order_list::at(&reader, place))?
        };
        if paging.after.is_none() && found.page.next.is_none() {
            self.add_orders_of_assets(&query, paging, &mut found)?;
        }
        crate::read::count_changes(&self.reader(), &mut found.page.rows)?;
        Ok(found)
    }

    fn add_orders_of_assets(
        &self,
        query: &Query,
        paging: Paging,
        found: &mut Found<OrderLine>,
    ) -> Result<(), Fault> {
        let assets = self.read_catalogue(|catalogue| {
            let first = Paging::first(ASSETS_MAX);
            Hits::find(catalogue, ASSETS, query, first)?.read(|place| asset_at(catalogue, place))
        })?;
        let reader = self.reader();
        let rows = &mut found.page.rows;
        if assets.meant.is_some() && !rows.is_empty() {
            return Ok(());
        }
        for asset in assets.page.rows {
            let room = paging.limit().saturating_sub(number_of(rows));
            for line in order_list::open_of_asset(&reader, asset.id, room)? {
                if !rows.iter().any(|row| row.id == line.id) {
                    rows.push(line);
                    found.total.count += 1;
                }
            }
        }
        if found.meant.is_none() && !rows.is_empty() {
            found.meant = assets.meant;
        }
        Ok(())
    }

    /// Assets with the words of the query in tag, name, maker, serial number or location, critical
    /// ones first, with the number of their open orders.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn search_assets(&self, query: &str, paging: Paging) -> Result<Found<(Asset, u32)>, Fault> {
        let Some(query) = Query::read(query) else {
            return Ok(Found::nothing());
        };
        let found = self.read_catalogue(|catalogue| {
            let hits = Hits::find(catalogue, ASSETS, &query, paging)?;
            hits.read(|place| asset_at(catalogue, place))
        })?;
        let reader = self.reader();
        let mut rows = Vec::with_capacity(found.page.rows.len());
        for asset in found.page.rows {
            let open = order_list::count_of_asset(&reader, asset.id)?;
            rows.push((asset, open));
        }
        Ok(Found {
            page: Page {
                rows,
                next: found.page.next,
            },
            total: found.total,
            meant: found.meant,
        })
    }

    /// Items with the words of the query in number, part number, description, maker, class or the
    /// numbers of their substitutes; what is stocked here first, then by use and criticality.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn search_items(&self, query: &str, paging: Paging) -> Result<Found<Item>, Fault> {
        let Some(query) = Query::read(query) else {
            return Ok(Found::nothing());
        };
        self.read_catalogue(|catalogue| {
            let hits = Hits::find(catalogue, ITEMS, &query, paging)?;
            hits.read(|place| Ok(item::at(catalogue, place)?.map(|(_, item)| item)))
        })
    }

    /// What SQLite itself finds of items for a query: the first places of its index, on the same file
    /// and connection and without anything of ours around it. The benchmark stands beside it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn raw_item_hits(&self, query: &str, limit: u32) -> Result<Vec<i64>, Fault> {
        let Some(query) = Query::read(query) else {
            return Ok(Vec::new());
        };
        let expression = query.begins();
        self.read_catalogue(|catalogue| ITEMS.places(catalogue, &expression, i64::MIN, limit))
    }

    /// Every item, in the order of rank.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn items_page(&self, paging: Paging) -> Result<Page<Item>, Fault> {
        let limit = paging.limit();
        let rows = self
            .read_catalogue(|catalogue| item::behind(catalogue, paging.after_place(), limit + 1))?;
        Ok(Page::of(rows, limit))
    }

    /// Every order, open ones first, each kind newest first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn orders_page(&self, paging: Paging) -> Result<Page<OrderLine>, Fault> {
        let reader = self.reader();
        let limit = paging.limit();
        let rows = order_list::behind(&reader, paging.after_place(), limit + 1)?;
        counted_page(&reader, rows, limit)
    }

    /// Orders of an asset that are on this laptop, open ones first, each kind newest first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn orders_of_asset(
        &self,
        asset: AssetId,
        paging: Paging,
    ) -> Result<Page<OrderLine>, Fault> {
        let reader = self.reader();
        let limit = paging.limit();
        let rows = order_list::of_asset(&reader, asset, paging.after_place(), limit + 1)?;
        counted_page(&reader, rows, limit)
    }

    /// Open orders on this laptop that plan an item or used it, then ended ones, each newest first.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn orders_of_item(
        &self,
        item: ItemId,
        limit: u32,
    ) -> Result<(Vec<OrderLine>, Vec<OrderLine>), Fault> {
        let reader = self.reader();
        let limit = Paging::first(limit).limit();
        let mut open = order_list::of_item(&reader, item, rank::OPEN, limit)?;
        let mut ended = order_list::of_item(&reader, item, rank::ENDED, limit)?;
        crate::read::count_changes(&reader, &mut open)?;
        crate::read::count_changes(&reader, &mut ended)?;
        Ok((open, ended))
    }

    /// How many items are on this laptop.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn count_items(&self) -> Result<Total, Fault> {
        let counted = self.read_catalogue(|catalogue| item::count(catalogue, COUNT_MAX + 1))?;
        Ok(Total::of(counted))
    }

    /// How many orders are on this laptop.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn count_orders(&self) -> Result<Total, Fault> {
        let counted = order_list::count_all(&self.reader(), COUNT_MAX + 1)?;
        Ok(Total::of(counted))
    }
}

fn counted_page(
    reader: &Connection,
    rows: Vec<(i64, OrderLine)>,
    limit: u32,
) -> Result<Page<OrderLine>, Fault> {
    let mut page = Page::of(rows, limit);
    crate::read::count_changes(reader, &mut page.rows)?;
    Ok(page)
}

fn number_of<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}

fn asset_at(catalogue: &Connection, place: i64) -> Result<Option<Asset>, Fault> {
    Ok(match master::at(catalogue, place)? {
        Some((_, Row::Asset(asset))) => Some(asset),
        _ => None,
    })
}

/// Places found, without their rows.
struct Hits {
    places: Vec<i64>,
    next: Option<PageKey>,
    total: Total,
    meant: Option<String>,
}

impl Hits {
    /// Looks for the query; where nothing is found, for what a misspelt word of it may have meant.
    fn find(
        connection: &Connection,
        index: WordIndex,
        query: &Query,
        paging: Paging,
    ) -> Result<Self, Fault> {
        let hits = Self::find_as_typed(connection, index, query, paging)?;
        if hits.total.count > 0 {
            return Ok(hits);
        }
        let Some(meant) = corrected(connection, index, query)? else {
            return Ok(hits);
        };
        let mut hits = Self::find_as_typed(connection, index, &meant, paging)?;
        hits.meant = (hits.total.count > 0).then(|| meant.text());
        Ok(hits)
    }

    fn find_as_typed(
        connection: &Connection,
        index: WordIndex,
        query: &Query,
        paging: Paging,
    ) -> Result<Self, Fault> {
        let whole = index.count(connection, &query.whole(), COUNT_MAX + 1)?;
        let counted = if whole > COUNT_MAX {
            whole
        } else {
            index.count(connection, &query.begins(), COUNT_MAX + 1)?
        };
        let total = Total::of(counted);
        let limit = paging.limit();
        let (first_pass, after) = paging
            .after
            .map_or((0, i64::MIN), |key| (key.pass, key.place));
        // Rows with the very words, then rows in which something begins with them.
        let passes = [query.whole(), query.only_begins()];
        let mut keys: Vec<PageKey> = Vec::new();
        for (pass, expression) in (0_u8..).zip(&passes) {
            // One more than the page holds says whether there is another.
            let room = (limit + 1).saturating_sub(number_of(&keys));
            if pass < first_pass || room == 0 || total.count == 0 {
                continue;
            }
            let after = if pass == first_pass { after } else { i64::MIN };
            let places = index.places(connection, expression, after, room)?;
            keys.extend(places.into_iter().map(|place| PageKey { pass, place }));
        }
        let has_more = number_of(&keys) > limit;
        keys.truncate(limit as usize);
        Ok(Self {
            next: keys.last().copied().filter(|_| has_more),
            places: keys.into_iter().map(|key| key.place).collect(),
            total,
            meant: None,
        })
    }

    fn read<T>(
        self,
        mut row: impl FnMut(i64) -> Result<Option<T>, Fault>,
    ) -> Result<Found<T>, Fault> {
        let mut rows = Vec::with_capacity(self.places.len());
        for place in self.places {
            rows.extend(row(place)?);
        }
        Ok(Found {
            page: Page {
                rows,
                next: self.next,
            },
            total: self.total,
            meant: self.meant,
        })
    }
}

/// The query with every word that no row knows replaced by the nearest known ones; `None` when there
/// is nothing to replace.
fn corrected(
    connection: &Connection,
    index: WordIndex,
    query: &Query,
) -> Result<Option<Query>, Fault> {
    let mut meant = query.clone();
    let mut is_other = false;
    for (place, word) in query.spelt() {
        if index.knows(connection, &word)? {
            continue;
        }
        let near = nearest(&word, &index.about_as_long(connection, &word)?, MEANT_MAX);
        if !near.is_empty() {
            meant = meant.with(place, near);
            is_other = true;
        }
    }
    Ok(is_other.then_some(meant))
}
