//! The restricted file of one person: prices, costs and what concerns that person alone, readable
//! only while that person is unlocked.
//!
//! It has feeds, cursors and rows of its own, so nothing of it ever stands in the files everybody
//! on this laptop works with. The hub can send all of it again, so a file whose key is lost is
//! made anew.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use fettle_domain::feed::Feed;
use fettle_domain::money::Money;
use fettle_domain::price::{ItemPrice, OrderCost};
use fettle_domain::row::{Row, cost_key, price_key};
use fettle_domain::{ItemId, PersonId, WorkOrderId};
use fettle_sync::exchange::{Cursor, FeedItem, FeedNumber, Slice};
use rusqlite::{Connection, TransactionBehavior};

use crate::apply::{Touched, bad};
use crate::fault::{Fault, OpenFault};
use crate::file::{File, Kind};
use crate::key::ReplicaKey;
use crate::replica::{Replica, add_orders, locked, make_folder};
use crate::table::{feed, restricted_row, unread_row};

/// An open restricted file. Dropping it closes it.
#[derive(Debug)]
pub struct Restricted {
    person: PersonId,
    connection: Mutex<Connection>,
}

const FOLDER: &str = "restricted";
const ENDING: &str = ".db";
/// The file itself and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

impl Replica {
    /// Opens the restricted file of a person with the key that person's PIN unlocked. A file of
    /// another key or one that is damaged is made anew.
    ///
    /// # Errors
    /// [`OpenFault`].
    pub fn open_restricted(
        &self,
        person: PersonId,
        key: &ReplicaKey,
    ) -> Result<Restricted, OpenFault> {
        let folder = self.folder().join(FOLDER);
        make_folder(&folder)?;
        let file = File {
            kind: Kind::Restricted,
            path: path_of(&folder, person),
            name: format!("{person}{ENDING}"),
        };
        let connection = match file.open(key) {
            Err(OpenFault::Damaged) => {
                remove(&file.path)?;
                file.open(key)?
            }
            other => other?,
        };
        let restricted = Restricted {
            person,
            connection: Mutex::new(connection),
        };
        // What is not taken now stays kept.
        let _ = restricted.read_kept_rows();
        Ok(restricted)
    }

    /// Removes the restricted file of a person who may read nothing of it any more.
    ///
    /// # Errors
    /// [`OpenFault::Io`] when it is there and cannot be removed.
    pub fn drop_restricted(&self, person: PersonId) -> Result<(), OpenFault> {
        remove(&path_of(&self.folder().join(FOLDER), person))
    }

    /// Whose restricted files lie on this laptop.
    ///
    /// # Errors
    /// [`OpenFault::Io`] when the folder cannot be read.
    pub fn restricted_people(&self) -> Result<Vec<PersonId>, OpenFault> {
        let entries = match fs::read_dir(self.folder().join(FOLDER)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut people = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(ENDING));
            people.extend(id.and_then(|id| id.parse::<PersonId>().ok()));
        }
        Ok(people)
    }
}

impl Restricted {
    /// Whose file it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The feeds it follows and how far it has come in each.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn cursors(&self) -> Result<BTreeMap<FeedNumber, Cursor>, Fault> {
        let connection = self.connection();
        let mut held = feed::cursors(&connection)?;
        let names = feed::names(&connection)?;
        let mut at = |number| held.remove(&number).unwrap_or(Cursor::NOTHING);
        Ok(names
            .into_keys()
            .map(|number| (number, at(number)))
            .collect())
    }

    /// Follows these feeds and no others: what came by any other is removed.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn follow(&self, feeds: &BTreeMap<FeedNumber, Feed>) -> Result<(), Fault> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (number, name) in feed::names(&transaction)? {
            if feeds.get(&number) != Some(&name) {
                restricted_row::remove_feed(&transaction, number)?;
                unread_row::remove_feed(&transaction, number)?;
                feed::forget_cursor(&transaction, number)?;
            }
        }
        feed::replace(&transaction, feeds)?;
        transaction.commit()?;
        Ok(())
    }

    /// Applies a slice and moves its cursor, all or nothing. Applying it again changes nothing.
    ///
    /// # Errors
    /// [`Fault`]; nothing of the slice was applied then and its cursor stands where it was.
    pub fn apply_slice(&self, slice: &Slice) -> Result<Touched, Fault> {
        let mut connection = self.connection();
        let name = feed::names(&connection)?
            .remove(&slice.feed)
            .ok_or(Fault::UnknownFeed(slice.feed))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut touched = Touched::default();
        for item in &slice.items {
            let (version, row) = match item {
                FeedItem::Row(version, row) => (version, row),
                FeedItem::Unread(version, row) => {
                    unread_row::keep(&transaction, slice.feed, *version, row)?;
                    continue;
                }
                FeedItem::Change(..)
                | FeedItem::Base(..)
                | FeedItem::Enter(_)
                | FeedItem::Leave(_) => {
                    return Err(bad(slice.feed, "a document among restricted rows"));
                }
            };
            if !belongs(&name, row) {
                return Err(bad(slice.feed, "a row of another feed"));
            }
            if restricted_row::write(&transaction, slice.feed, *version, row)? {
                touched.masters = true;
                add_orders(&mut touched.orders, row.order());
            }
        }
        feed::set_cursor(&transaction, slice.feed, &slice.cursor)?;
        transaction.commit()?;
        Ok(touched)
    }

    /// Takes rows that an earlier program kept because it did not know them.
    fn read_kept_rows(&self) -> Result<(), Fault> {
        let mut connection = self.connection();
        let names = feed::names(&connection)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (number, item) in unread_row::take_known(&transaction)? {
            let FeedItem::Row(version, row) = item else {
                continue;
            };
            if names.get(&number).is_some_and(|name| belongs(name, &row)) {
                restricted_row::write(&transaction, number, version, &row)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Price of an item.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn price(&self, item: ItemId) -> Result<Option<ItemPrice>, Fault> {
        let row = restricted_row::read(&self.connection(), &price_key(item))?;
        Ok(row.and_then(|row| match row {
            Row::Price(price) => Some(price),
            _ => None,
        }))
    }

    /// Costs of an order.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn cost(&self, order: WorkOrderId) -> Result<Option<OrderCost>, Fault> {
        let row = restricted_row::read(&self.connection(), &cost_key(order))?;
        Ok(row.and_then(|row| match row {
            Row::Cost(cost) => Some(cost),
            _ => None,
        }))
    }

    /// What orders cost in all, in the order they are asked for; `None` where none is recorded.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn totals(&self, orders: &[WorkOrderId]) -> Result<Vec<Option<Money>>, Fault> {
        let connection = self.connection();
        let totals = orders.iter().map(|order| {
            let row = restricted_row::read(&connection, &cost_key(*order))?;
            Ok(row.and_then(|row| match row {
                Row::Cost(cost) => cost.total(),
                _ => None,
            }))
        });
        totals.collect()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        locked(&self.connection)
    }
}

/// True when a row may stand in a restricted feed. What a person's own feed carries is not fixed
/// yet, so a row this program does not know of is kept for one that does.
fn belongs(feed: &Feed, row: &Row) -> bool {
    match feed {
        Feed::Prices(_) => matches!(row, Row::Price(_) | Row::Removed(_)),
        Feed::Costs(_) => matches!(row, Row::Cost(_) | Row::Removed(_)),
        Feed::Person(_) => true,
        Feed::People
        | Feed::Actors
        | Feed::Plants
        | Feed::Charter
        | Feed::Vendors
        | Feed::Work(..)
        | Feed::Assets(_)
        | Feed::Items(_)
        | Feed::Stock(_)
        | Feed::Device(_) => false,
    }
}

fn path_of(folder: &Path, person: PersonId) -> PathBuf {
    folder.join(format!("{person}{ENDING}"))
}

fn remove(path: &Path) -> Result<(), OpenFault> {
    for part in PARTS {
        let mut name = path.as_os_str().to_owned();
        name.push(part);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
