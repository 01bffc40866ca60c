//! Reading a feed anew: when its rows here are not those of the hub, or the laptop was away for
//! longer than the hub keeps tombstones. What is here stays in use until the feed has brought it
//! again; what it does not bring is gone.

use std::collections::BTreeMap;

use fettle_domain::feed::Feed;
use fettle_domain::{Day, Timestamp};
use fettle_sync::exchange::{Cursor, FeedNumber, LogNumber};
use fettle_sync::sum::FeedSum;
use rusqlite::{Connection, TransactionBehavior};

use crate::apply::masters::Applier;
use crate::apply::{forget_order, has_unsent};
use crate::fault::Fault;
use crate::replica::{Replica, locked};
use crate::table::{
    document, feed, item, master, official, sealed_order, setting, stock, unread_row,
};

/// When the sums were compared last.
const COMPARED: &str = "hub/sums_compared";
/// Day before which closed orders are not for this laptop.
const ENDED_SINCE: &str = "hub/ended_since";
/// How often the rows of feeds are compared with the hub's: once a day.
const COMPARE_MS: i64 = 24 * 3_600_000;
/// Most orders let go in one transaction, so that a person's save waits for none of them.
const LET_GO_MAX: u32 = 500;

/// Sums of the hub with the places of its log they are of.
pub(crate) type Sums = BTreeMap<FeedNumber, (LogNumber, FeedSum)>;

impl Replica {
    /// Whether it is time to compare; remembers when it was asked.
    pub(crate) fn asks_sums(&self, connection: &Connection, now: Timestamp) -> Result<bool, Fault> {
        let is_due = match moment(connection, COMPARED)? {
            None => true,
            // Whichever way the clock went.
            Some(compared) => now.ms_since(compared).abs() >= COMPARE_MS,
        };
        if is_due {
            *locked(&self.sums) = (now, Sums::new());
        }
        Ok(is_due)
    }

    /// Keeps the sums of an answer until its slices are applied.
    pub(crate) fn remember_sums(&self, sums: &Sums) {
        locked(&self.sums).1.clone_from(sums);
    }

    /// Compares the rows of every feed that stands where the hub's sum is of, and reads anew those
    /// that differ.
    pub(crate) fn compare(&self) -> Result<Vec<FeedNumber>, Fault> {
        let (asked, sums) = std::mem::take(&mut *locked(&self.sums));
        // An order that left stays here with its rows until what is unsent of it is acknowledged.
        if sums.is_empty() || !document::leaving(&self.reader())?.is_empty() {
            return Ok(Vec::new());
        }
        let mut cursors = self.in_catalogue(|catalogue| feed::cursors(catalogue))?;
        let names = {
            let reader = self.reader();
            cursors.extend(feed::cursors(&reader)?);
            feed::names(&reader)?
        };
        let mut differing = Vec::new();
        for (number, (last, theirs)) in &sums {
            let Some(name) = names.get(number) else {
                continue;
            };
            if cursors.get(number) == Some(&Cursor::At(*last))
                && self.sum(name, *number)?.is_some_and(|ours| ours != *theirs)
            {
                differing.push(*number);
            }
        }
        self.read_anew(&differing)?;
        setting::write(&self.work(), COMPARED, &asked.as_ms().to_be_bytes())?;
        Ok(differing)
    }

    /// Sum over the rows of a feed; none while rows of a later program wait among them.
    fn sum(&self, name: &Feed, number: FeedNumber) -> Result<Option<FeedSum>, Fault> {
        if is_of_catalogue(name) {
            self.in_catalogue(|catalogue| {
                let waits = unread_row::has(catalogue, number)?;
                let sum = match name {
                    Feed::Items(_) => item::sum,
                    Feed::Stock(_) => stock::sum,
                    _ => master::sum,
                };
                (!waits).then(|| sum(catalogue, number)).transpose()
            })
        } else {
            let reader = self.reader();
            let waits = unread_row::has(&reader, number)?;
            (!waits).then(|| official::sum(&reader, number)).transpose()
        }
    }

    /// Begins feeds anew. What is here stays until they have brought it again.
    pub(crate) fn read_anew(&self, feeds: &[FeedNumber]) -> Result<(), Fault> {
        let names = feed::names(&self.reader())?;
        for number in feeds {
            let Some(name) = names.get(number) else {
                continue;
            };
            {
                let mut work = self.work();
                let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
                setting::write(&transaction, &mark(*number), &[1])?;
                if !is_of_catalogue(name) {
                    official::make_old_of(&transaction, *number)?;
                    feed::forget_cursor(&transaction, *number)?;
                }
                transaction.commit()?;
            }
            if is_of_catalogue(name) {
                self.in_catalogue(|catalogue| {
                    let transaction =
                        catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
                    master::make_old(&transaction, Some(*number))?;
                    item::make_old(&transaction, Some(*number))?;
                    stock::make_old(&transaction, Some(*number))?;
                    feed::forget_cursor(&transaction, *number)?;
                    Ok(transaction.commit()?)
                })?;
            }
        }
        Ok(())
    }

    /// Takes note that the base of a feed has ended: what a feed that was read anew did not bring
    /// again is gone.
    pub(crate) fn base_ended(&self, name: &Feed, number: FeedNumber) -> Result<(), Fault> {
        if setting::read(&self.reader(), &mark(number))?.is_none() {
            return Ok(());
        }
        if is_of_catalogue(name) {
            self.in_catalogue(|catalogue| {
                let transaction =
                    catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let mut applier = Applier::new(&transaction);
                applier.remove_old(Some(number))?;
                applier.finish()?;
                Ok(transaction.commit()?)
            })?;
        }
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !is_of_catalogue(name) {
            for order in official::remove_old_of(&transaction, number)? {
                if official::is_in_feed(&transaction, &format!("work_order/{order}"))? {
                    self.project(&transaction, order)?;
                } else if has_unsent(&transaction, order.into())? {
                    document::leave(&transaction, order.into())?;
                } else {
                    forget_order(&transaction, order)?;
                }
            }
        }
        setting::remove(&transaction, &mark(number))?;
        Ok(transaction.commit()?)
    }

    /// Takes the day before which orders that are over are not for this laptop. When it keeps more
    /// than before, its work is read anew.
    pub(crate) fn keep_since(&self, since: Option<Day>) -> Result<(), Fault> {
        let before = self.ended_since()?;
        if before == since {
            return Ok(());
        }
        {
            let work = self.work();
            match since {
                None => setting::remove(&work, ENDED_SINCE)?,
                Some(day) => setting::write(&work, ENDED_SINCE, &day.days().to_be_bytes())?,
            }
        }
        let keeps_more = before.is_some_and(|before| since.is_none_or(|since| since < before));
        if !keeps_more {
            return Ok(());
        }
        let names = feed::names(&self.reader())?;
        let is_work =
            |(number, name): (FeedNumber, Feed)| matches!(name, Feed::Work(..)).then_some(number);
        let feeds: Vec<FeedNumber> = names.into_iter().filter_map(is_work).collect();
        self.read_anew(&feeds)
    }

    /// Day from which orders that are over are on this laptop; `None` when all are.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn ended_since(&self) -> Result<Option<Day>, Fault> {
        let value = setting::read(&self.reader(), ENDED_SINCE)?;
        let days = value.and_then(|value| <[u8; 4]>::try_from(value).ok());
        Ok(days.map(|days| Day::from_days(i32::from_be_bytes(days))))
    }

    /// Lets orders go that were over before this laptop's day; one about which something is unsent
    /// stays until that is acknowledged.
    pub(crate) fn let_old_go(&self) -> Result<(), Fault> {
        let Some(since) = self.ended_since()? else {
            return Ok(());
        };
        loop {
            let mut work = self.work();
            let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let old = sealed_order::ended_before(&transaction, since, LET_GO_MAX)?;
            let mut is_any_gone = false;
            for order in old {
                if !has_unsent(&transaction, order.into())? {
                    forget_order(&transaction, order)?;
                    is_any_gone = true;
                }
            }
            transaction.commit()?;
            if !is_any_gone {
                return Ok(());
            }
        }
    }
}

/// True when its rows stand in the catalogue.
pub(crate) fn is_of_catalogue(feed: &Feed) -> bool {
    match feed {
        Feed::Assets(_) | Feed::Items(_) | Feed::Stock(_) | Feed::Vendors => true,
        Feed::People
        | Feed::Actors
        | Feed::Plants
        | Feed::Charter
        | Feed::Work(..)
        | Feed::Prices(_)
        | Feed::Costs(_)
        | Feed::Device(_)
        | Feed::Person(_) => false,
    }
}

fn mark(feed: FeedNumber) -> String {
    format!("feed/anew/{feed}")
}

fn moment(connection: &Connection, name: &str) -> Result<Option<Timestamp>, Fault> {
    let value = setting::read(connection, name)?;
    let ms = value.and_then(|value| <[u8; 8]>::try_from(value).ok());
    Ok(ms.map(|ms| Timestamp::from_ms(i64::from_be_bytes(ms))))
}
