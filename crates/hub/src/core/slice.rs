//! Slices of feeds: the base while a device fills, then the log, within the budget.

use std::collections::{BTreeMap, BTreeSet};

use fettle_document::saved_heads;
use fettle_domain::feed::Feed;
use fettle_domain::row::Row;
use fettle_domain::{ChangeHash, Day, DocumentId, WorkOrderId};
use fettle_sync::exchange::{
    Cursor, Down, FeedItem, FeedNumber, LogNumber, Slice, UpExchange, UpHead,
};
use fettle_sync::limits::{ACCEPTED_MAX, EXCHANGE_BUDGET_BYTES, frame_target_bytes};
use fettle_sync::proof::Accepted;
use serde_bytes::ByteBuf;

use super::account::SessionInfo;
use super::exchange::frame;
use super::{Core, StoreFault};
use crate::table;
use crate::table::log::Entry;
use crate::table::work_order::{Place, STAGES, Stage};

/// Lines of the log read at once.
const LINES_MAX: u32 = 512;
/// Orders or rows of a base read at once.
const BASE_MAX: u32 = 256;
/// Size counted for a row, whose encoded length is not known before it is written.
const ROW_BYTES: usize = 400;

/// A slice being made.
struct Making {
    items: Vec<FeedItem>,
    raw_bytes: usize,
    /// Raw size after which it is full.
    full_bytes: usize,
    cursor: Cursor,
    /// What a desk can give back after a restore.
    accepted: Vec<Accepted>,
}

impl Making {
    fn push(&mut self, item: FeedItem) {
        self.push_change(item, None);
    }

    /// Adds an item; of a change the log knows the hash.
    fn push_change(&mut self, item: FeedItem, hash: Option<ChangeHash>) {
        let heads = |bytes: &[u8]| saved_heads(bytes).unwrap_or_default();
        self.accepted
            .extend(Accepted::of_item(&item, |_| hash, heads));
        self.raw_bytes += match &item {
            FeedItem::Change(_, bytes) | FeedItem::Base(_, bytes) => bytes.len() + 40,
            FeedItem::Row(..) | FeedItem::Unread(..) => ROW_BYTES,
            FeedItem::Enter(_) | FeedItem::Leave(_) => 20,
        };
        self.items.push(item);
    }

    fn is_full(&self) -> bool {
        self.raw_bytes >= self.full_bytes
    }

    /// Place in the base; empty at its beginning and behind its end.
    fn place(&self) -> &str {
        match &self.cursor {
            Cursor::At(_) => "",
            Cursor::Fill { after, .. } => after,
        }
    }

    /// Sequence the base was fixed at.
    fn through(&self) -> LogNumber {
        match self.cursor {
            Cursor::At(through) | Cursor::Fill { through, .. } => through,
        }
    }

    /// Moves on in the base.
    fn stand_at(&mut self, place: String) {
        if let Cursor::Fill { after, .. } = &mut self.cursor {
            *after = place;
        }
    }

    /// Leaves the base behind: from here on there is only the log.
    fn end_base(&mut self) {
        if let Cursor::Fill { through, log, .. } = &self.cursor {
            self.cursor = Cursor::At(log.unwrap_or(*through));
        }
    }

    /// Moves on in the log, whether or not the base is still filling.
    fn read_log_to(&mut self, number: LogNumber) {
        match &mut self.cursor {
            Cursor::At(at) => *at = number,
            Cursor::Fill { log, .. } => *log = Some(number),
        }
    }
}

impl Core<'_> {
    /// Writes slices until the feeds are at their ends or the budget is spent; true when it cut.
    pub(crate) fn slices(
        &self,
        (session, exchange, ended_since): (&SessionInfo, &UpExchange, Option<Day>),
        feeds: &BTreeMap<FeedNumber, Feed>,
        named: &BTreeSet<(DocumentId, ChangeHash)>,
        bytes: &mut Vec<u8>,
    ) -> Result<bool, StoreFault> {
        let budget = (exchange.head.budget_bytes as usize).min(EXCHANGE_BUDGET_BYTES);
        let full = frame_target_bytes(budget);
        let key = table::secret::proof_key(self.connection)?;
        let mut order: Vec<_> = feeds.iter().collect();
        order.sort_by_key(|(number, feed)| (feed.class(), **number));
        for (number, feed) in order {
            let known = cursor_of(&exchange.head, *number, feed);
            let mut cursor = known.cloned().unwrap_or(Cursor::NOTHING);
            loop {
                let Some(making) = self.next_slice(
                    (session, ended_since),
                    (*number, feed),
                    &cursor,
                    (named, full),
                )?
                else {
                    break;
                };
                cursor = making.cursor.clone();
                let has_proof = (1..=ACCEPTED_MAX).contains(&making.accepted.len());
                let proof = has_proof.then(|| key.prove(&making.accepted));
                bytes.extend(frame(&Down::Slice(Slice {
                    feed: *number,
                    items: making.items,
                    cursor: making.cursor,
                    proof,
                }))?);
                if bytes.len() >= budget {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Rows and documents of bases still to come.
    pub(crate) fn fill_remaining(
        &self,
        (session, ended_since): (&SessionInfo, Option<Day>),
        feeds: &BTreeMap<FeedNumber, Feed>,
        cursors: &BTreeMap<FeedNumber, Cursor>,
    ) -> Result<u32, StoreFault> {
        let mut remaining = 0;
        for (number, feed) in feeds {
            let (through, after) = match cursors.get(number).unwrap_or(&Cursor::NOTHING) {
                Cursor::At(0) => (LogNumber::from(u32::MAX), ""),
                Cursor::At(_) => continue,
                Cursor::Fill { through, after, .. } => (*through, after.as_str()),
            };
            remaining += match feed {
                Feed::Work(..) => {
                    let stage = Stage {
                        feed: *number,
                        person: session.person,
                        through,
                        ended_since,
                    };
                    self.orders_remaining(stage, after)?
                }
                Feed::People
                | Feed::Actors
                | Feed::Plants
                | Feed::Charter
                | Feed::Vendors
                | Feed::Assets(_)
                | Feed::Items(_)
                | Feed::Stock(_)
                | Feed::Prices(_)
                | Feed::Costs(_)
                | Feed::Device(_)
                | Feed::Person(_) => {
                    table::official_row::count_after(self.connection, *number, after)?
                }
            };
        }
        Ok(remaining)
    }

    fn orders_remaining(&self, stage: Stage, after: &str) -> Result<u32, StoreFault> {
        let place = Place::read(after);
        let mut remaining = table::work_order::count_of_stage(self.connection, stage, &place)?;
        for later in place.stage + 1..STAGES {
            let place = Place::beginning(later);
            remaining += table::work_order::count_of_stage(self.connection, stage, &place)?;
        }
        Ok(remaining)
    }

    fn next_slice(
        &self,
        by: (&SessionInfo, Option<Day>),
        (number, feed): (FeedNumber, &Feed),
        cursor: &Cursor,
        (named, full): (&BTreeSet<(DocumentId, ChangeHash)>, usize),
    ) -> Result<Option<Making>, StoreFault> {
        let last = table::feed::find(self.connection, feed)?.map_or(0, |(_, last)| last);
        match cursor {
            Cursor::At(0) if last == 0 => Ok(None),
            Cursor::At(0) => {
                let begun = Cursor::Fill {
                    through: last,
                    after: String::new(),
                    log: None,
                };
                self.base(by, (number, feed), &begun, full).map(Some)
            }
            // What happens while a long base fills comes first.
            Cursor::Fill { through, log, .. } if log.unwrap_or(*through) < last => {
                let at = log.unwrap_or(*through);
                self.log(number, (cursor, at), (named, full)).map(Some)
            }
            Cursor::Fill { .. } => self.base(by, (number, feed), cursor, full).map(Some),
            Cursor::At(at) if *at >= last => Ok(None),
            Cursor::At(at) => self.log(number, (cursor, *at), (named, full)).map(Some),
        }
    }

    fn base(
        &self,
        by: (&SessionInfo, Option<Day>),
        (number, feed): (FeedNumber, &Feed),
        cursor: &Cursor,
        full_bytes: usize,
    ) -> Result<Making, StoreFault> {
        let mut making = Making {
            items: Vec::new(),
            raw_bytes: 0,
            full_bytes,
            cursor: cursor.clone(),
            accepted: Vec::new(),
        };
        match feed {
            Feed::Work(..) => self.base_of_orders(by, number, &mut making)?,
            Feed::People
            | Feed::Actors
            | Feed::Plants
            | Feed::Charter
            | Feed::Vendors
            | Feed::Assets(_)
            | Feed::Items(_)
            | Feed::Stock(_)
            | Feed::Prices(_)
            | Feed::Costs(_)
            | Feed::Device(_)
            | Feed::Person(_) => self.base_of_rows(number, &mut making)?,
        }
        Ok(making)
    }

    fn base_of_rows(&self, feed: FeedNumber, making: &mut Making) -> Result<(), StoreFault> {
        let mut after = making.place().to_owned();
        loop {
            let rows = table::official_row::after(self.connection, feed, &after, BASE_MAX)?;
            if rows.is_empty() {
                making.end_base();
                return Ok(());
            }
            for (version, row) in rows {
                after = row.key();
                making.push(FeedItem::Row(version, Box::new(row)));
            }
            if making.is_full() {
                making.stand_at(after);
                return Ok(());
            }
        }
    }

    fn base_of_orders(
        &self,
        (session, ended_since): (&SessionInfo, Option<Day>),
        feed: FeedNumber,
        making: &mut Making,
    ) -> Result<(), StoreFault> {
        let mut place = Place::read(making.place());
        while place.stage < STAGES {
            let stage = Stage {
                feed,
                person: session.person,
                through: making.through(),
                ended_since,
            };
            let orders = table::work_order::of_stage(self.connection, stage, &place, BASE_MAX)?;
            if orders.is_empty() {
                place = Place::beginning(place.stage + 1);
                continue;
            }
            for (order, ended_on) in orders {
                place = Place {
                    stage: place.stage,
                    ended_on,
                    id: order.0.into_bytes(),
                };
                self.whole_order(feed, order, making)?;
                if making.is_full() {
                    making.stand_at(place.to_string());
                    return Ok(());
                }
            }
        }
        making.end_base();
        Ok(())
    }

    fn whole_order(
        &self,
        feed: FeedNumber,
        order: WorkOrderId,
        making: &mut Making,
    ) -> Result<(), StoreFault> {
        for (version, row) in table::official_row::of_order(self.connection, feed, order)? {
            making.push(FeedItem::Row(version, Box::new(row)));
        }
        if let Some((_, body)) = table::document::get(self.connection, order.into())? {
            making.push(FeedItem::Base(order.into(), ByteBuf::from(body)));
        }
        Ok(())
    }

    fn log(
        &self,
        feed: FeedNumber,
        (cursor, at): (&Cursor, LogNumber),
        (named, full_bytes): (&BTreeSet<(DocumentId, ChangeHash)>, usize),
    ) -> Result<Making, StoreFault> {
        let mut making = Making {
            items: Vec::new(),
            raw_bytes: 0,
            full_bytes,
            cursor: cursor.clone(),
            accepted: Vec::new(),
        };
        let mut at = at;
        loop {
            let lines = table::log::after(self.connection, feed, at, LINES_MAX)?;
            if lines.is_empty() {
                return Ok(making);
            }
            for (number, entry) in lines {
                self.line(feed, number, entry, named, &mut making)?;
                at = number;
                making.read_log_to(number);
                if making.is_full() {
                    return Ok(making);
                }
            }
        }
    }

    fn line(
        &self,
        feed: FeedNumber,
        number: LogNumber,
        entry: Entry,
        named: &BTreeSet<(DocumentId, ChangeHash)>,
        making: &mut Making,
    ) -> Result<(), StoreFault> {
        match entry {
            Entry::Change(document, hash, _) if named.contains(&(document, hash)) => {}
            Entry::Change(document, hash, bytes) => {
                if self.is_in(document, feed)? {
                    let item = FeedItem::Change(document, ByteBuf::from(bytes));
                    making.push_change(item, Some(hash));
                }
            }
            Entry::Row(key) => {
                // An older version says nothing that the newer one, later in the log, does not.
                let row: Option<(LogNumber, Row)> =
                    table::official_row::get(self.connection, feed, &key)?;
                if let Some((version, row)) = row.filter(|(version, _)| *version == number) {
                    making.push(FeedItem::Row(version, Box::new(row)));
                }
            }
            Entry::Folded(document) => {
                if let Some((_, body)) = table::document::get(self.connection, document)?
                    && self.is_in(document, feed)?
                {
                    making.push(FeedItem::Base(document, ByteBuf::from(body)));
                }
            }
            Entry::Enter(document) => {
                if let Some((_, body)) = table::document::get(self.connection, document)?
                    && self.is_in(document, feed)?
                {
                    making.push(FeedItem::Enter(document));
                    making.push(FeedItem::Base(document, ByteBuf::from(body)));
                }
            }
            Entry::Leave(document) => {
                if !self.is_in(document, feed)? {
                    making.push(FeedItem::Leave(document));
                }
            }
        }
        Ok(())
    }

    /// Whether a document is in a feed now. An order may come and go more often than a laptop
    /// looks: a feed speaks of it only while it is there, or a laptop with both areas would drop
    /// it for the one it left last.
    fn is_in(&self, document: DocumentId, feed: FeedNumber) -> Result<bool, StoreFault> {
        Ok(table::document::feed(self.connection, document)? == Some(feed))
    }
}

/// How far the desk has come in a feed; a restricted one is its reader's.
fn cursor_of<'h>(head: &'h UpHead, number: FeedNumber, feed: &Feed) -> Option<&'h Cursor> {
    if feed.is_restricted() {
        head.reader.as_ref()?.cursors.get(&number)
    } else {
        head.cursors.get(&number)
    }
}
