//! Rebuilding projections, and what lets two replicas be compared.

use std::collections::BTreeMap;

use fettle_domain::{ChangeHash, DocumentId};
use rusqlite::TransactionBehavior;

use crate::fault::Fault;
use crate::line::OrderLine;
use crate::replica::Replica;
use crate::table::{document, official, order_list, setting};

/// Written by a step of the schema that makes the projections anew.
const STALE: &str = "projections/stale";

impl Replica {
    /// Projects every order anew from documents, official rows and claims; what lists showed
    /// before must be what they show after.
    ///
    /// # Errors
    /// [`Fault`]; the projections are then as they were.
    pub fn rebuild(&self) -> Result<(), Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        order_list::clear(&transaction)?;
        for order in official::orders(&transaction)? {
            self.project(&transaction, order)?;
        }
        setting::remove(&transaction, STALE)?;
        transaction.commit()?;
        Ok(())
    }

    /// Projects every order anew when a step of the schema has left the projections empty.
    pub(crate) fn project_stale(&self) -> Result<(), Fault> {
        if setting::read(&self.reader(), STALE)?.is_some() {
            self.rebuild()?;
        }
        Ok(())
    }

    /// Every order on this laptop, in the order of their ids.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn all_orders(&self) -> Result<Vec<OrderLine>, Fault> {
        let reader = self.reader();
        let mut lines = order_list::all(&reader)?;
        crate::read::count_changes(&reader, &mut lines)?;
        Ok(lines)
    }

    /// The heads of every document: two replicas that hold the same have the same.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn heads(&self) -> Result<BTreeMap<DocumentId, Vec<ChangeHash>>, Fault> {
        let reader = self.reader();
        let mut heads = BTreeMap::new();
        for id in document::all(&reader)? {
            heads.insert(id, document::heads(&reader, id)?);
        }
        Ok(heads)
    }
}
