//! Applying items of a work, people or device feed: documents, official rows, enter and leave.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use fettle_document::{Applied, DocumentFault, RecentDocuments, VerifiedChange, WorkOrderDocument};
use fettle_domain::person::ActorRow;
use fettle_domain::row::Row;
use fettle_domain::{ActorId, ChangeHash, DocumentId, Refusal, WorkOrderId};
use fettle_sync::exchange::{FeedItem, FeedNumber, LogNumber};
use rusqlite::Connection;

use super::{Touched, bad};
use crate::fault::Fault;
use crate::line::LeftOrder;
use crate::replica::add_orders;
use crate::table::{
    chain, claim, document, history, hub_heads, left_order, made, official, order_list, outbox,
    sealed_order, unread_row,
};

/// Applies the items of one slice inside its transaction.
pub(super) struct Applier<'c> {
    connection: &'c Connection,
    recent: &'c RecentDocuments,
    feed: FeedNumber,
    /// Changes gathered per document, so that each document is loaded and saved once.
    changes: BTreeMap<DocumentId, Vec<VerifiedChange>>,
    /// How far the hub has come with each document, while a restored one is read anew.
    hub_heads: Option<BTreeMap<DocumentId, BTreeSet<ChangeHash>>>,
    touched: Touched,
}

impl<'c> Applier<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        recent: &'c RecentDocuments,
        (feed, is_reading): (FeedNumber, bool),
    ) -> Self {
        Self {
            connection,
            recent,
            feed,
            changes: BTreeMap::new(),
            hub_heads: is_reading.then(BTreeMap::new),
            touched: Touched::default(),
        }
    }

    pub(super) fn apply_all(mut self, items: &[FeedItem]) -> Result<Touched, Fault> {
        for item in items {
            self.apply(item)?;
        }
        for (id, changes) in std::mem::take(&mut self.changes) {
            self.write_changes(id, changes)?;
        }
        for (id, heads) in self.hub_heads.iter().flatten() {
            hub_heads::write(self.connection, *id, heads)?;
        }
        Ok(self.touched)
    }

    /// Notes that the hub has a change, and all that it rests on.
    fn hub_has(
        &mut self,
        id: DocumentId,
        hash: ChangeHash,
        dependencies: &[ChangeHash],
    ) -> Result<(), Fault> {
        let Some(all) = &mut self.hub_heads else {
            return Ok(());
        };
        let heads = match all.entry(id) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(hub_heads::read(self.connection, id)?),
        };
        for dependency in dependencies {
            heads.remove(dependency);
        }
        heads.insert(hash);
        Ok(())
    }

    fn apply(&mut self, item: &FeedItem) -> Result<(), Fault> {
        match item {
            FeedItem::Change(id, bytes) => {
                let change = VerifiedChange::check(bytes)
                    .map_err(|_| bad(self.feed, "a change that is none"))?;
                self.hub_has(*id, change.hash(), &change.dependencies())?;
                self.changes.entry(*id).or_default().push(change);
                Ok(())
            }
            FeedItem::Base(id, bytes) => self.apply_base(*id, bytes),
            FeedItem::Row(version, row) => self.apply_row(*version, row),
            FeedItem::Enter(id) => {
                document::enter(self.connection, *id, self.feed)?;
                self.touch((*id).into());
                Ok(())
            }
            FeedItem::Leave(id) => self.leave(*id),
            FeedItem::Unread(version, row) => {
                unread_row::keep(self.connection, self.feed, *version, row)
            }
        }
    }

    /// Takes a whole document; what is unsent here stays in it.
    fn apply_base(&mut self, id: DocumentId, bytes: &[u8]) -> Result<(), Fault> {
        let (base, changes) = WorkOrderDocument::from_outside(bytes)
            .map_err(|_| bad(self.feed, "a document that is none"))?;
        for head in base.heads() {
            self.hub_has(id, head, &[])?;
        }
        let is_alone = !document::is_here(self.connection, id)? && !self.changes.contains_key(&id);
        if is_alone && !document::has_held(self.connection, id)? {
            // The usual case of the first copy: nothing to merge with.
            let authors = changes.iter().map(VerifiedChange::actor).collect();
            return self.save(id, base, &authors);
        }
        self.changes.entry(id).or_default().extend(changes);
        // A base is of what belongs to its feed: an order that came from another leaves that one
        // only after, and must not be let go then.
        document::enter(self.connection, id, self.feed)
    }

    fn write_changes(
        &mut self,
        id: DocumentId,
        mut changes: Vec<VerifiedChange>,
    ) -> Result<(), Fault> {
        let held = document::load_recent(self.connection, self.recent, id)?;
        let mut content = held.unwrap_or_default();
        let held = document::take_held(self.connection, id)?;
        changes.extend(held);
        let Applied { newly, .. } = self.apply_unparted(&mut content, &mut changes, id)?;
        for change in &changes {
            if !content.has(change.hash()) {
                document::hold(self.connection, id, change)?;
            }
        }
        let authors: BTreeSet<ActorId> = changes
            .iter()
            .filter(|change| newly.contains(&change.hash()))
            .map(VerifiedChange::actor)
            .collect();
        self.save(id, content, &authors)
    }

    /// Applies what can be. Another copy of this laptop may have written under an actor of it: that
    /// waits until this copy's own work is made again under a new epoch.
    fn apply_unparted(
        &self,
        content: &mut WorkOrderDocument,
        changes: &mut Vec<VerifiedChange>,
        id: DocumentId,
    ) -> Result<Applied, Fault> {
        loop {
            match content.apply(changes) {
                Ok(applied) => return Ok(applied),
                Err(DocumentFault::Fork { actor, .. })
                    if changes.iter().any(|change| change.actor() == actor) =>
                {
                    let parted = Refusal::new("chain.fork");
                    chain::set_stopped(self.connection, actor, Some(&parted))?;
                    for change in changes.extract_if(.., |change| change.actor() == actor) {
                        document::hold(self.connection, id, &change)?;
                    }
                }
                // Too large with what is unsent here and the hub will not take either.
                Err(DocumentFault::Refused(_)) if outbox::has_open(self.connection, id)? => {
                    for change in changes.drain(..) {
                        document::hold(self.connection, id, &change)?;
                    }
                }
                Err(_) => return Err(bad(self.feed, "a change the document does not take")),
            }
        }
    }

    fn save(
        &mut self,
        id: DocumentId,
        content: WorkOrderDocument,
        authors: &BTreeSet<ActorId>,
    ) -> Result<(), Fault> {
        document::save(self.connection, id, &content, authors)?;
        self.recent.keep(content);
        if document::feed(self.connection, id)?.is_none() {
            document::enter(self.connection, id, self.feed)?;
            left_order::remove(self.connection, id.into())?;
        }
        self.touch(id.into());
        Ok(())
    }

    fn apply_row(&mut self, version: LogNumber, row: &Row) -> Result<(), Fault> {
        if row.is_restricted() {
            return Err(bad(self.feed, "a restricted row"));
        }
        let authors_before = match row {
            Row::Actor(actor) => official::actor(self.connection, actor.actor)?,
            _ => None,
        };
        if !official::write(self.connection, self.feed, version, row)? {
            return Ok(());
        }
        if let Some(order) = row.order() {
            self.touch(order);
        } else {
            self.touched.people = true;
        }
        if let Row::Actor(actor) = row {
            self.touch_written_by(actor, authors_before.as_ref())?;
        }
        Ok(())
    }

    /// Who stands behind an actor decides what its changes weigh: its documents are read anew.
    fn touch_written_by(
        &mut self,
        actor: &ActorRow,
        before: Option<&ActorRow>,
    ) -> Result<(), Fault> {
        if before == Some(actor) {
            return Ok(());
        }
        for id in document::written_by(self.connection, actor.actor)? {
            self.touch(id.into());
        }
        Ok(())
    }

    /// Lets a document go, unless it has entered another feed; with something unsent it stays
    /// until that is acknowledged.
    fn leave(&mut self, id: DocumentId) -> Result<(), Fault> {
        if let Some(changes) = self.changes.remove(&id) {
            self.write_changes(id, changes)?;
        }
        self.touch(id.into());
        let is_elsewhere = match document::feed(self.connection, id)? {
            Some(feed) => feed != self.feed,
            // A closed order has rows and no document.
            None => official::is_in_another_feed(self.connection, self.feed, id.into())?,
        };
        if is_elsewhere {
            official::leave(self.connection, self.feed, id.into())
        } else if has_unsent(self.connection, id)? {
            document::leave(self.connection, id)
        } else {
            forget_order(self.connection, id.into())
        }
    }

    fn touch(&mut self, order: WorkOrderId) {
        add_orders(&mut self.touched.orders, [order]);
    }
}

/// True when a change of the document or a claim on its order is not acknowledged.
pub(crate) fn has_unsent(connection: &Connection, id: DocumentId) -> Result<bool, Fault> {
    Ok(outbox::has_unsent(connection, id)? || claim::has_unsent(connection, id.into())?)
}

/// Removes everything of an order that left, and remembers where it was.
pub(crate) fn forget_order(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    if let Some(row) = official::work_order(connection, order)? {
        let number = row.number.or(row.local_reference);
        let left = LeftOrder {
            number: number.unwrap_or_default(),
            plant: row.plant,
            area: row.area,
        };
        left_order::write(connection, order, &left)?;
    }
    remove_order(connection, order)
}

/// Removes everything of an order. The outbox keeps its items until the hub has a backup.
pub(crate) fn remove_order(connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
    document::remove(connection, order.into())?;
    official::remove_order(connection, order)?;
    claim::remove(connection, order)?;
    made::remove(connection, order)?;
    sealed_order::remove(connection, order)?;
    history::remove(connection, order)?;
    order_list::remove(connection, order)
}
