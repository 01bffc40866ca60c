//! What the hub answered: acknowledgements, feeds and slices, each slice with its cursor.

use fettle_document::{VerifiedChange, saved_heads};
use fettle_domain::feed::Feed;
use fettle_domain::refusal_answer::ends_actor;
use fettle_domain::row::Row;
use fettle_domain::{Refusal, Timestamp, WorkOrderId};
use fettle_sync::exchange::{Acknowledged, Cursor, DownHead, FeedItem, FeedNumber, Slice, UpHead};
use fettle_sync::proof::Accepted;
use rusqlite::{Connection, TransactionBehavior};

use crate::attachment::write_keeps_position;
use crate::fault::Fault;
use crate::line::Fill;
use crate::replica::{Replica, add_orders, locked};
use crate::reserve::Room;
use crate::restored::{is_reading, is_restoring};
use crate::table::{
    attachment, chain, claim, document, feed, made, master, offer, official, outbox, proven_slice,
    setting, unread_row,
};

pub(crate) mod masters;
mod work;

pub(crate) use work::{forget_order, has_unsent, remove_order};

/// What the head of an answer changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadOutcome {
    /// True when the hub's log is another one than before: it is read anew from the next exchange
    /// on, and given back what it lost.
    pub is_restored: bool,
    /// Orders whose changes are somewhere else now.
    pub orders: Vec<WorkOrderId>,
    /// Why the hub took a push no further.
    pub stopped: Option<Refusal>,
}

/// What a slice changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// Orders.
    pub orders: Vec<WorkOrderId>,
    /// True when people, actors, plants or the charter changed.
    pub people: bool,
    /// True when masters changed.
    pub masters: bool,
}

const LOG_EPOCH: &str = "hub/log_epoch";
const FILLED: &str = "hub/filled";
/// How long sent items are kept beyond the backup that has them: a week, for when the newest backup
/// turns out to be of no use.
const KEEP_BACKED_UP_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How long sent items are kept where the hub has no backup target: 90 days.
const KEEP_SENT_MS: i64 = 90 * 24 * 60 * 60 * 1000;

impl Replica {
    /// The head of the next exchange, without a reader.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn up_head(&self, device_time: Timestamp, budget_bytes: u32) -> Result<UpHead, Fault> {
        let mut cursors = self.in_catalogue(|catalogue| feed::cursors(catalogue))?;
        let reader = self.reader();
        cursors.extend(feed::cursors(&reader)?);
        let names = feed::names(&reader)?;
        cursors.retain(|number, _| names.contains_key(number));
        // A feed without a cursor is named too, so that the hub need not name the feeds again.
        for number in names.into_keys() {
            cursors.entry(number).or_insert(Cursor::NOTHING);
        }
        let is_all_here = setting::read(&reader, FILLED)?.is_some()
            && cursors
                .values()
                .all(|cursor| matches!(cursor, Cursor::At(1..)))
            && !is_restoring(&reader)?;
        Ok(UpHead {
            log_epoch: log_epoch(&reader)?,
            device_time,
            cursors,
            budget_bytes,
            reader: None,
            asks_sums: is_all_here && self.asks_sums(&reader, device_time)?,
        })
    }

    /// Applies the head of an answer. When the hub's log is another one than before, nothing of it
    /// is applied but that.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn apply_head(&self, head: &DownHead) -> Result<HeadOutcome, Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut outcome = HeadOutcome::default();
        match log_epoch(&transaction)? {
            None => setting::write(&transaction, LOG_EPOCH, &head.log_epoch.to_be_bytes())?,
            Some(epoch) if epoch == head.log_epoch => {}
            Some(_) => {
                setting::write(&transaction, LOG_EPOCH, &head.log_epoch.to_be_bytes())?;
                outcome.orders = self.begin_log_epoch(&transaction)?;
                attachment::offer_again(&transaction)?;
                outcome.is_restored = true;
            }
        }
        if !outcome.is_restored {
            if let Some(feeds) = &head.feeds {
                feed::replace(&transaction, feeds)?;
            }
            write_keeps_position(&transaction, head.keeps_position)?;
            outcome.stopped = head
                .acknowledged
                .iter()
                .filter_map(|acknowledged| acknowledged.stopped.clone())
                // A new epoch is the answer to these, not a person's hand.
                .find(|stopped| !ends_actor(stopped));
            // By the hub's clock, as its backups are: the laptop's own may be years off.
            let now = head.hub_time;
            outcome.orders = self.acknowledge_in(&transaction, &head.acknowledged, now)?;
            offer::taken(&transaction, head.offers_taken)?;
            let kept_from = now.plus_ms(-KEEP_SENT_MS);
            let backed_up = head.backed_up_through;
            let is_safe_before = backed_up.map_or(kept_from, |at| at.plus_ms(-KEEP_BACKED_UP_MS));
            outbox::forget(&transaction, is_safe_before.max(kept_from))?;
            proven_slice::date(&transaction, now)?;
            proven_slice::forget(&transaction, is_safe_before.max(kept_from))?;
        }
        transaction.commit()?;
        drop(work);
        if !outcome.is_restored {
            self.remember_sums(&head.sums);
            self.read_anew(&head.anew)?;
            self.keep_since(head.ended_since)?;
        }
        locked(&self.filling).1 = head.fill_remaining;
        Ok(outcome)
    }

    /// Notes what became of pushes; answers with the orders concerned.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn acknowledge(
        &self,
        acknowledged: &[Acknowledged],
        now: Timestamp,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let orders = self.acknowledge_in(&transaction, acknowledged, now)?;
        transaction.commit()?;
        Ok(orders)
    }

    fn acknowledge_in(
        &self,
        connection: &Connection,
        acknowledged: &[Acknowledged],
        now: Timestamp,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        let mut orders = Vec::new();
        for answer in acknowledged {
            let (actor, through) = (answer.actor, answer.through);
            outbox::acknowledge(connection, actor, through, now)?;
            claim::acknowledge(connection, actor, through, now)?;
            add_orders(
                &mut orders,
                made::acknowledge(connection, actor, through, now)?,
            );
            for (place, refusal) in &answer.quarantined {
                outbox::quarantine(connection, actor, *place, refusal)?;
            }
            for place in &answer.waiting {
                outbox::wait(connection, actor, *place)?;
            }
            for (place, refusal) in &answer.compensated {
                outbox::compensate(connection, actor, *place, refusal)?;
            }
            self.note_stopped(connection, answer)?;
        }
        for id in document::leaving(connection)? {
            if !work::has_unsent(connection, id)? {
                forget_order(connection, id.into())?;
                add_orders(&mut orders, [id.into()]);
            }
        }
        for order in &orders {
            self.project(connection, *order)?;
        }
        Ok(orders)
    }

    /// Notes why the hub took no more of an actor. A restored hub may miss what is not here any
    /// more either; then another epoch is needed, as if another copy had written.
    fn note_stopped(&self, connection: &Connection, answer: &Acknowledged) -> Result<(), Fault> {
        let is_gap = |refusal: &&Refusal| refusal.code == "chain.gap";
        let stopped = answer.stopped.as_ref();
        if stopped.filter(is_gap).is_some() && is_restoring(connection)? {
            let parted = Refusal::new("chain.fork");
            return chain::set_stopped(connection, answer.actor, Some(&parted));
        }
        chain::set_stopped(connection, answer.actor, stopped)
    }

    /// Applies a slice and moves its cursor, all or nothing. Applying it again changes nothing.
    ///
    /// # Errors
    /// [`Fault`]; nothing of the slice was applied then and its cursor stands where it was.
    pub fn apply_slice(&self, slice: &Slice) -> Result<Touched, Fault> {
        let feed = feed::names(&self.reader())?
            .remove(&slice.feed)
            .ok_or(Fault::UnknownFeed(slice.feed))?;
        let touched = match &feed {
            Feed::Assets(_) | Feed::Items(_) | Feed::Stock(_) | Feed::Vendors => {
                self.apply_masters(slice)?
            }
            Feed::People
            | Feed::Actors
            | Feed::Plants
            | Feed::Charter
            | Feed::Work(..)
            | Feed::Device(_) => self.apply_work(slice)?,
            // They have a file of their own, see `Restricted`.
            Feed::Prices(_) | Feed::Costs(_) | Feed::Person(_) => {
                return Err(Fault::UnknownFeed(slice.feed));
            }
        };
        if matches!(slice.cursor, Cursor::At(_)) {
            self.base_ended(&feed, slice.feed)?;
        }
        let mut filling = locked(&self.filling);
        let items = u32::try_from(slice.items.len()).unwrap_or(u32::MAX);
        filling.0 = filling.0.saturating_add(items);
        filling.1 = filling.1.saturating_sub(items);
        Ok(touched)
    }

    fn apply_masters(&self, slice: &Slice) -> Result<Touched, Fault> {
        self.refuse_without_room(Room::Catalogue)?;
        self.in_catalogue(|catalogue| apply_masters(catalogue, slice))
    }

    fn apply_work(&self, slice: &Slice) -> Result<Touched, Fault> {
        self.refuse_without_room(Room::Work)?;
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let applied = self.apply_work_in(&transaction, slice).and_then(|touched| {
            transaction.commit()?;
            Ok(touched)
        });
        if applied.is_err() {
            // What was read of actors in this transaction is not true after all.
            self.forget_authors();
        }
        applied
    }

    fn apply_work_in(&self, connection: &Connection, slice: &Slice) -> Result<Touched, Fault> {
        let touched = self.apply_items(connection, slice.feed, &slice.items)?;
        if let Some(proof) = slice.proof {
            proven_slice::insert(connection, &accepted(&slice.items), proof)?;
        }
        feed::set_cursor(connection, slice.feed, &slice.cursor)?;
        Ok(touched)
    }

    fn apply_items(
        &self,
        connection: &Connection,
        feed: FeedNumber,
        items: &[FeedItem],
    ) -> Result<Touched, Fault> {
        let is_reading = is_reading(connection)?;
        let applier = work::Applier::new(connection, &self.recent, (feed, is_reading));
        let touched = applier.apply_all(items)?;
        if touched.people {
            self.forget_authors();
        }
        for order in &touched.orders {
            self.project(connection, *order)?;
        }
        Ok(touched)
    }

    /// Applies rows that an earlier program kept because it did not know them, and places the masters
    /// it had no places for.
    pub(crate) fn read_kept_rows(&self) -> Result<(), Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (feed, item) in unread_row::take_known(&transaction)? {
            self.apply_items(&transaction, feed, &[item])?;
        }
        transaction.commit()?;
        self.in_catalogue(|catalogue| {
            let transaction =
                catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let kept = unread_row::take_known(&transaction)?;
            let unplaced = master::take_unplaced(&transaction)?;
            if kept.is_empty() && unplaced.is_empty() {
                return Ok(());
            }
            let mut applier = masters::Applier::new(&transaction);
            for (feed, version, row) in unplaced {
                applier.apply(feed, &FeedItem::Row(version, Box::new(row)))?;
            }
            for (feed, item) in kept {
                applier.apply(feed, &item)?;
            }
            applier.finish()?;
            transaction.commit()?;
            Ok(())
        })
    }

    /// Takes note that an exchange ended; the first copy is complete when nothing more is to come.
    /// Answers with the feeds whose rows differed from the hub's and which are read anew: none,
    /// unless something went wrong that nobody knows of.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn exchange_ended(&self, has_more: bool) -> Result<Vec<FeedNumber>, Fault> {
        // What people freed meanwhile is set aside again first of all.
        self.keep_reserve();
        self.keep_head();
        let is_complete = !has_more && !self.is_filling()?;
        if is_complete && setting::read(&self.reader(), FILLED)?.is_none() {
            setting::write(&self.work(), FILLED, &[1])?;
        }
        let mut differing = Vec::new();
        if !has_more {
            differing = self.compare()?;
            self.let_old_go()?;
        }
        self.go_on_restoring(has_more)?;
        Ok(differing)
    }

    /// How far the first copy is.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn fill(&self) -> Result<Fill, Fault> {
        let (done, remaining) = *locked(&self.filling);
        let reader = self.reader();
        let is_complete = setting::read(&reader, FILLED)?.is_some();
        let cursors = feed::cursors(&reader)?;
        let names = feed::names(&reader)?;
        let is_here = |number| cursors.get(number).is_some_and(Cursor::has_open_orders);
        let is_usable = !names.is_empty()
            && names
                .iter()
                .filter(|(_, feed)| matches!(feed, Feed::Work(..)))
                .all(|(number, _)| is_here(number));
        Ok(Fill {
            done,
            total: done.saturating_add(remaining),
            is_usable: is_complete || is_usable,
            is_complete,
        })
    }

    /// Takes rows known from elsewhere than a feed, such as the person who has just signed in.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn know(&self, rows: &[Row]) -> Result<(), Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for row in rows {
            official::know(&transaction, row)?;
        }
        transaction.commit()?;
        self.forget_authors();
        Ok(())
    }

    fn is_filling(&self) -> Result<bool, Fault> {
        let mut cursors = self.in_catalogue(|catalogue| feed::cursors(catalogue))?;
        cursors.extend(feed::cursors(&self.reader())?);
        let is_fill = |cursor: &Cursor| matches!(cursor, Cursor::Fill { .. });
        Ok(locked(&self.filling).1 > 0 || cursors.values().any(is_fill))
    }
}

/// What the hub has proven with a slice of these items.
fn accepted(items: &[FeedItem]) -> Vec<Accepted> {
    let hash = |bytes: &[u8]| {
        VerifiedChange::check(bytes)
            .ok()
            .map(|change| change.hash())
    };
    let heads = |bytes: &[u8]| saved_heads(bytes).unwrap_or_default();
    items
        .iter()
        .flat_map(|item| Accepted::of_item(item, hash, heads))
        .collect()
}

fn apply_masters(catalogue: &mut Connection, slice: &Slice) -> Result<Touched, Fault> {
    let transaction = catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut applier = masters::Applier::new(&transaction);
    for item in &slice.items {
        applier.apply(slice.feed, item)?;
    }
    let touched = Touched {
        masters: applier.finish()?,
        ..Touched::default()
    };
    feed::set_cursor(&transaction, slice.feed, &slice.cursor)?;
    transaction.commit()?;
    Ok(touched)
}

fn log_epoch(connection: &Connection) -> Result<Option<u64>, Fault> {
    setting::read(connection, LOG_EPOCH)?
        .map(|bytes| {
            <[u8; 8]>::try_from(bytes)
                .map(u64::from_be_bytes)
                .map_err(|_| Fault::Stored("log epoch"))
        })
        .transpose()
}

pub(crate) fn bad(feed: FeedNumber, what: &'static str) -> Fault {
    Fault::BadItem { feed, what }
}
