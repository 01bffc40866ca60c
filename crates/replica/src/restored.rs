//! A hub that was restored from an older backup: everything is read anew, and what the hub lost is
//! given back, whoever wrote it.
//!
//! What this laptop committed is sent again as it was signed. What others wrote is offered with the
//! hub's own proof that it had it, once it is known what the hub lacks. Nothing stops meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use fettle_document::{NewChange, VerifiedChange};
use fettle_domain::intent::Verdict;
use fettle_domain::row::Row;
use fettle_domain::{ActorId, ChangeHash, DocumentId, WorkOrderId};
use fettle_sync::exchange::{ActorKey, Cursor};
use fettle_sync::limits::FRAME_RAW_TARGET_BYTES;
use fettle_sync::proof::{Accepted, Offer};
use rusqlite::{Connection, TransactionBehavior};

use crate::apply::masters::Applier;
use crate::apply::{forget_order, has_unsent};
use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::proven_slice::Proven;
use crate::table::{
    actor_key, chain, claim, document, feed, hub_heads, item, made, master, offer, official,
    order_list, outbox, proven_slice, removed_row, setting, stock, unread_row,
};

/// Set while a restored hub is read anew and given back what it lost.
const RESTORED: &str = "hub/restored";
const READING: &[u8] = b"reading";
const GIVING_BACK: &[u8] = b"giving back";

impl Replica {
    /// True while a restored hub is read anew and given back what it lost.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn is_hub_restored(&self) -> Result<bool, Fault> {
        is_restoring(&self.reader())
    }

    /// What the next exchange gives back, as far as the budget goes.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn offers(&self, budget_bytes: usize) -> Result<Vec<Offer>, Fault> {
        offer::first(&self.reader(), budget_bytes)
    }

    /// Remembers the public key of somebody who works here: a hub that lost the actor needs it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn know_key(&self, actor: ActorId, key: ActorKey) -> Result<(), Fault> {
        actor_key::write(&self.work(), actor, key)
    }

    /// Begins to read a hub's log under its new epoch: *Sent* is taken back, cursors begin at
    /// nothing, and what proves what the hub knew of this laptop goes first.
    pub(crate) fn begin_log_epoch(
        &self,
        connection: &Connection,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        // First, and harmless when the rest does not follow: masters are read again.
        self.in_catalogue(|catalogue| {
            let transaction =
                catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
            feed::forget_cursors(&transaction)?;
            master::make_old(&transaction, None)?;
            item::make_old(&transaction, None)?;
            stock::make_old(&transaction, None)?;
            removed_row::clear(&transaction)?;
            unread_row::clear(&transaction)?;
            Ok(transaction.commit()?)
        })?;
        offer::clear(connection)?;
        for offer in own_offers(connection)? {
            offer::insert(connection, &offer)?;
        }
        setting::write(connection, RESTORED, READING)?;
        hub_heads::clear(connection)?;
        feed::forget_cursors(connection)?;
        // Another log may number its feeds anew.
        feed::replace(connection, &BTreeMap::new())?;
        document::forget_feeds(connection)?;
        official::make_old(connection)?;
        unread_row::clear(connection)?;
        chain::forget_stopped(connection)?;
        outbox::take_back_sent(connection)?;
        made::take_back_sent(connection)?;
        claim::take_back_sent(connection)?;
        self.forget_authors();
        order_list::clear(connection)?;
        let orders = official::orders(connection)?;
        for order in &orders {
            self.project(connection, *order)?;
        }
        Ok(orders)
    }

    /// Takes note that an exchange ended: once everything is read, what the hub lacks is known, and
    /// once that is given back, all is as before.
    pub(crate) fn go_on_restoring(&self, has_more: bool) -> Result<(), Fault> {
        let stage = setting::read(&self.reader(), RESTORED)?;
        let Some(stage) = stage else {
            return Ok(());
        };
        if stage == READING && !has_more && self.has_read_everything()? {
            let mut work = self.work();
            let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for offer in missing_offers(&transaction)? {
                offer::insert(&transaction, &offer)?;
            }
            hub_heads::clear(&transaction)?;
            let_go(&transaction)?;
            setting::write(&transaction, RESTORED, GIVING_BACK)?;
            transaction.commit()?;
            self.in_catalogue(|catalogue| {
                let transaction =
                    catalogue.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let mut applier = Applier::new(&transaction);
                applier.remove_old(None)?;
                applier.finish()?;
                Ok(transaction.commit()?)
            })?;
        }
        let is_done = {
            let reader = self.reader();
            let stage = setting::read(&reader, RESTORED)?;
            stage.as_deref() == Some(GIVING_BACK) && offer::is_empty(&reader)?
        };
        if is_done {
            setting::remove(&self.work(), RESTORED)?;
        }
        Ok(())
    }

    /// True when every feed stands at a place of its log.
    fn has_read_everything(&self) -> Result<bool, Fault> {
        let mut cursors = self.in_catalogue(|catalogue| feed::cursors(catalogue))?;
        let reader = self.reader();
        cursors.extend(feed::cursors(&reader)?);
        let names = feed::names(&reader)?;
        let is_read = |number| matches!(cursors.get(number), Some(Cursor::At(1..)));
        Ok(!names.is_empty() && names.keys().all(is_read))
    }
}

/// Lets orders go that no feed of this laptop has any more: they left while nobody could say so.
fn let_go(connection: &Connection) -> Result<(), Fault> {
    for order in official::orders(connection)? {
        if official::is_in_feed(connection, &format!("work_order/{order}"))? {
            continue;
        }
        if has_unsent(connection, order.into())? {
            document::leave(connection, order.into())?;
        } else {
            forget_order(connection, order)?;
        }
    }
    Ok(())
}

/// True while the hub's log is read anew, so that it is noted what the hub has.
pub(crate) fn is_reading(connection: &Connection) -> Result<bool, Fault> {
    Ok(setting::read(connection, RESTORED)?.as_deref() == Some(READING))
}

/// True from the moment a hub is found to be restored until it has back what it lost.
pub(crate) fn is_restoring(connection: &Connection) -> Result<bool, Fault> {
    Ok(setting::read(connection, RESTORED)?.is_some())
}

/// Who works on this laptop and what the hub decided for it, with the hub's proof of both.
fn own_offers(connection: &Connection) -> Result<Vec<Offer>, Fault> {
    let own: BTreeSet<ActorId> = chain::all(connection)?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let mut verdicts: BTreeMap<Accepted, Verdict> = BTreeMap::new();
    for row in official::of_noun(connection, "verdict")? {
        if let Row::Verdict(verdict) = row {
            verdicts.insert(Accepted::verdict(&verdict)?, verdict);
        }
    }
    let mut offers = Vec::new();
    for Proven { accepted, proof } in proven_slice::all(connection)? {
        let keys = keys_of(connection, &accepted)?;
        let has_own = accepted
            .iter()
            .any(|one| matches!(one, Accepted::Actor(actor, ..) if own.contains(actor)));
        let verdicts: Vec<Verdict> = accepted
            .iter()
            .filter_map(|one| verdicts.get(one).cloned())
            .collect();
        if has_own || !verdicts.is_empty() {
            offers.push(Offer {
                accepted,
                proof,
                changes: Vec::new(),
                verdicts,
                keys,
            });
        }
    }
    Ok(offers)
}

fn keys_of(
    connection: &Connection,
    accepted: &[Accepted],
) -> Result<Vec<(ActorId, ActorKey)>, Fault> {
    let mut keys = Vec::new();
    for one in accepted {
        if let Accepted::Actor(actor, ..) = one
            && let Some(key) = actor_key::read(connection, *actor)?
        {
            keys.push((*actor, key));
        }
    }
    Ok(keys)
}

/// What others wrote and the hub does not have, and who they are, as far as it can be proven.
fn missing_offers(connection: &Connection) -> Result<Vec<Offer>, Fault> {
    let mut missing = missing_changes(connection)?;
    let (mut people, mut changes) = (Vec::new(), Vec::new());
    for Proven { accepted, proof } in proven_slice::all(connection)? {
        let mut has_strangers = false;
        for one in &accepted {
            if let Accepted::Actor(actor, ..) = one {
                has_strangers |= !official::is_in_feed(connection, &format!("actor/{actor}"))?;
            }
        }
        if has_strangers {
            people.push(Offer {
                keys: keys_of(connection, &accepted)?,
                accepted: accepted.clone(),
                proof,
                changes: Vec::new(),
                verdicts: Vec::new(),
            });
        }
        let mut found: Vec<(DocumentId, NewChange)> = Vec::new();
        let named: BTreeSet<DocumentId> = accepted.iter().filter_map(document_of).collect();
        for document in named {
            if let Some(of_document) = missing.get_mut(&document) {
                let proven = take_proven(of_document, document, &accepted);
                found.extend(proven.into_iter().map(|change| (document, change)));
            }
        }
        changes.extend(cut(&accepted, proof, found));
    }
    // What nothing proves any more stays here; its author still has it.
    people.append(&mut changes);
    Ok(people)
}

fn document_of(one: &Accepted) -> Option<DocumentId> {
    match one {
        Accepted::Change(document, _) => Some(*document),
        Accepted::Actor(..) | Accepted::Verdict(..) => None,
    }
}

/// Changes of every document that the hub has not sent since it is read anew and that are not sent
/// again as this laptop's own.
fn missing_changes(connection: &Connection) -> Result<BTreeMap<DocumentId, Vec<NewChange>>, Fault> {
    let mut own: BTreeSet<(DocumentId, ChangeHash)> = BTreeSet::new();
    for (document, bytes) in outbox::changes(connection)? {
        if let Ok(change) = VerifiedChange::check(&bytes) {
            own.insert((document, change.hash()));
        }
    }
    let mut missing = BTreeMap::new();
    for id in document::all(connection)? {
        let Some(content) = document::load(connection, id)? else {
            continue;
        };
        let heads: Vec<ChangeHash> = hub_heads::read(connection, id)?.into_iter().collect();
        let mut changes = content.changes_after(&heads);
        changes.retain(|change| !own.contains(&(id, change.hash)));
        if !changes.is_empty() {
            missing.insert(id, changes);
        }
    }
    Ok(missing)
}

/// Takes out what a list proves: the changes it names and whatever lies in their past.
fn take_proven(
    missing: &mut Vec<NewChange>,
    document: DocumentId,
    accepted: &[Accepted],
) -> Vec<NewChange> {
    let mut proven: BTreeSet<ChangeHash> = accepted
        .iter()
        .filter_map(|one| match one {
            Accepted::Change(of, hash) if *of == document => Some(*hash),
            Accepted::Change(..) | Accepted::Actor(..) | Accepted::Verdict(..) => None,
        })
        .collect();
    // Dependencies come first, so going backwards meets every descendant before its past.
    for change in missing.iter().rev() {
        if proven.contains(&change.hash) {
            proven.extend(&change.dependencies);
        }
    }
    let (taken, left) = std::mem::take(missing)
        .into_iter()
        .partition(|change| proven.contains(&change.hash));
    *missing = left;
    taken
}

/// Cuts what a list proves into offers of a frame's size, each with whole documents.
fn cut(
    accepted: &[Accepted],
    proof: fettle_sync::proof::SliceProof,
    found: Vec<(DocumentId, NewChange)>,
) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let (mut bytes, mut last) = (usize::MAX, None);
    for (document, change) in found {
        let is_new = bytes.saturating_add(change.bytes.len()) > FRAME_RAW_TARGET_BYTES;
        if offers.is_empty() || (is_new && last != Some(document)) {
            bytes = 0;
            offers.push(Offer {
                accepted: accepted.to_vec(),
                proof,
                changes: Vec::new(),
                verdicts: Vec::new(),
                keys: Vec::new(),
            });
        }
        bytes = bytes.saturating_add(change.bytes.len());
        last = Some(document);
        if let Some(offer) = offers.last_mut() {
            offer.changes.push((document, change.bytes.into()));
        }
    }
    offers
}
