//! What a revoked laptop gives up: everything that can be read, and nothing that is unsent.

use rusqlite::TransactionBehavior;

use crate::apply::{has_unsent, remove_order};
use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::{document, feed, official, order_list};

impl Replica {
    /// Removes the catalogue, everybody's restricted files, and every order without unsent work.
    /// The outbox, the people and what they have not sent stay as they are. The caller makes sure
    /// that it was the hub of this laptop that said so. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Fault`] of the store; what was removed before stays removed.
    pub fn wipe_readable(&self) -> Result<(), Fault> {
        self.empty_catalogue()?;
        for person in self.restricted_people()? {
            self.drop_restricted(person)?;
        }
        let mut work = self.work();
        // What is let go is overwritten, not only forgotten.
        work.pragma_update(None, "secure_delete", true)?;
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let documents = document::all(&transaction)?;
        let rows = official::orders(&transaction)?;
        for id in documents
            .into_iter()
            .chain(rows.into_iter().map(Into::into))
        {
            if !has_unsent(&transaction, id)? {
                remove_order(&transaction, id.into())?;
            }
        }
        // The words of what is gone go, too.
        order_list::clear(&transaction)?;
        for order in official::orders(&transaction)? {
            self.project(&transaction, order)?;
        }
        // Should the laptop come back, it reads everything anew.
        feed::forget_cursors(&transaction)?;
        transaction.commit()?;
        work.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        work.pragma_update(None, "secure_delete", false)?;
        drop(work);
        // Photos of orders that are gone.
        self.sweep_attachments()
    }
}
