//! A new epoch of one person's work: what the hub cannot take as it is, is made again under a new
//! actor with the same ids, and what it never will is kept as the person's words.
//!
//! The documents concerned are rebuilt from what the hub has. What somebody else of this laptop
//! made on top waits, as it is, until that person is here to sign it anew.

use std::collections::{BTreeMap, BTreeSet};

use fettle_document::{DocumentFault, Remake, VerifiedChange, WorkOrderDocument};
use fettle_domain::intent::{Dependency, Intent};
use fettle_domain::refusal_answer::{RefusalAnswer, ends_actor, refusal_answer};
use fettle_domain::{ActorId, ChangeHash, DocumentId, PersonId, Refusal, WorkOrderId};
use fettle_sync::chain::{ItemKind, LinkSignature, Position};
use fettle_sync::frame::{from_cbor, to_cbor};
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::Fault;
use crate::replica::{Replica, add_orders};
use crate::table::outbox::{Kept, NewItem};
use crate::table::{chain, claim, document, made, moved_change, official, outbox};

/// How often one item is made again before it is kept as words.
const REMAKES_MAX: u32 = 3;

/// Under which actor a person's work is made again, and who signs it.
pub struct NewActor<'a> {
    /// The person.
    pub person: PersonId,
    /// The actor of the new epoch; known here already.
    pub actor: ActorId,
    /// Signs with the person's key.
    pub sign: &'a dyn Fn(&Position) -> LinkSignature,
}

/// What was made again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remade {
    /// Orders that changed.
    pub orders: Vec<WorkOrderId>,
    /// Items that are sent under the new actor.
    pub items: u32,
    /// Items that are kept as words.
    pub kept: u32,
    /// Changes that were made again: as each was, and as it is now.
    pub changes: Vec<(ChangeHash, ChangeHash)>,
}

impl Replica {
    /// True when some of a person's work needs a new epoch before the hub can take it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn needs_new_epoch(&self, person: PersonId) -> Result<bool, Fault> {
        let reader = self.reader();
        for (actor, stopped) in own_chains(&reader, person)? {
            if stopped.as_ref().is_some_and(ends_actor) {
                return Ok(true);
            }
            for kept in outbox::open_of(&reader, actor)? {
                if wish(&kept, stopped.as_ref()).is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Makes a person's work again under a new actor, all or nothing.
    ///
    /// # Errors
    /// [`Fault`]; nothing was changed then.
    pub fn remake(&self, new: &NewActor<'_>) -> Result<Remade, Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut again = Again::gather(&transaction, new)?;
        again.make_changes()?;
        let remade = again.write()?;
        for order in &remade.orders {
            self.project(&transaction, *order)?;
        }
        transaction.commit()?;
        Ok(remade)
    }
}

/// The actors a person committed under here, with why the hub takes nothing more of them.
fn own_chains(
    connection: &Connection,
    person: PersonId,
) -> Result<Vec<(ActorId, Option<Refusal>)>, Fault> {
    let mut own = Vec::new();
    for (actor, stopped) in chain::all(connection)? {
        let row = official::actor(connection, actor)?;
        if row.is_some_and(|row| row.person == Some(person)) {
            own.push((actor, stopped));
        }
    }
    Ok(own)
}

/// What becomes of an item; nothing when it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    Make,
    Keep(Refusal),
}

fn wish(kept: &Kept, stopped: Option<&Refusal>) -> Option<Wish> {
    match &kept.refused {
        None => (!kept.is_sent && stopped.is_some_and(ends_actor)).then_some(Wish::Make),
        Some(refusal) => match refusal_answer(refusal) {
            // What was made again in vain so often never fits.
            RefusalAnswer::MakeAgain if kept.remakes >= REMAKES_MAX => {
                Some(Wish::Keep(refusal.clone()))
            }
            RefusalAnswer::MakeAgain => Some(Wish::Make),
            RefusalAnswer::KeepWords => Some(Wish::Keep(refusal.clone())),
            RefusalAnswer::Compensate | RefusalAnswer::AwaitRelease => None,
        },
    }
}

/// The bytes of an item and its hash.
type Encoded = (Vec<u8>, [u8; 32]);

/// An item of the outbox with what becomes of it.
struct Item {
    kept: Kept,
    wish: Wish,
    change: Option<VerifiedChange>,
    /// Its bytes under the new actor, once it is made.
    made: Option<(Vec<u8>, [u8; 32])>,
}

/// What is made again, in the order it was made first.
struct Again<'c> {
    connection: &'c Connection,
    new: &'c NewActor<'c>,
    own: BTreeSet<ActorId>,
    /// Those of them under which nothing more is sent.
    ended: BTreeSet<ActorId>,
    items: Vec<Item>,
    /// Where a hash of a document led, for the claims that rest on it.
    remakes: BTreeMap<DocumentId, Remake>,
    orders: Vec<WorkOrderId>,
}

impl<'c> Again<'c> {
    fn gather(connection: &'c Connection, new: &'c NewActor<'c>) -> Result<Self, Fault> {
        let mut items = Vec::new();
        let chains = own_chains(connection, new.person)?;
        for (actor, stopped) in &chains {
            for kept in outbox::open_of(connection, *actor)? {
                if let Some(wish) = wish(&kept, stopped.as_ref()) {
                    items.push(Item::new(kept, wish));
                }
            }
        }
        Ok(Self {
            connection,
            new,
            ended: chains
                .iter()
                .filter(|(_, stopped)| stopped.as_ref().is_some_and(ends_actor))
                .map(|(actor, _)| *actor)
                .collect(),
            own: chains.into_iter().map(|(actor, _)| actor).collect(),
            items,
            remakes: BTreeMap::new(),
            orders: Vec::new(),
        })
    }

    fn make_changes(&mut self) -> Result<(), Fault> {
        let mut documents: Vec<DocumentId> = Vec::new();
        for item in &self.items {
            let id = DocumentId(item.kept.item.item);
            if item.change.is_some() && !documents.contains(&id) {
                documents.push(id);
            }
        }
        // Changes of another copy wait in documents this copy may not have written to since.
        for id in document::with_held(self.connection)? {
            if !documents.contains(&id) {
                documents.push(id);
            }
        }
        for id in documents {
            if document::is_here(self.connection, id)? {
                self.rebuild(id)?;
            }
        }
        Ok(())
    }

    /// Rebuilds a document from what the hub has and makes this person's changes again on top.
    fn rebuild(&mut self, id: DocumentId) -> Result<(), Fault> {
        let Some(content) = document::load(self.connection, id)? else {
            return Ok(());
        };
        let earlier = moved_change::of_document(self.connection, id)?;
        let out = self.hashes_of(id);
        let (mut content, taken) = content.without(&out)?;
        let held = document::take_held(self.connection, id)?;
        // What still does not fit waits on.
        let fits = content.apply(&held).is_ok();
        for change in &held {
            if !fits || !content.has(change.hash()) {
                document::hold(self.connection, id, change)?;
            }
        }
        let mut remake = Remake::after(earlier);
        let mut lasting = Vec::new();
        let mut seq = content.seq_of(self.new.actor);
        for change in self.with_parked(id, taken) {
            let before = remake.moved().len();
            let is_lasting = self.remake(id, &change, &mut remake, (&mut content, &mut seq))?;
            if is_lasting {
                lasting.extend(remake.moved()[before..].iter().cloned());
            }
        }
        let mut authors: BTreeSet<ActorId> = held.iter().map(VerifiedChange::actor).collect();
        authors.insert(self.new.actor);
        document::save(self.connection, id, &content, &authors)?;
        for moved in &lasting {
            moved_change::insert(self.connection, id, moved)?;
        }
        self.remakes.insert(id, remake);
        add_orders(&mut self.orders, [id.into()]);
        Ok(())
    }

    /// The changes of a document that do not stand as they are.
    fn hashes_of(&self, id: DocumentId) -> BTreeSet<ChangeHash> {
        self.items
            .iter()
            .filter(|item| item.kept.item.item == id.0)
            .filter_map(|item| item.change.as_ref().map(VerifiedChange::hash))
            .collect()
    }

    /// What was taken out of a document and, behind it, what had been taken out before and waited
    /// for this person.
    fn with_parked(&self, id: DocumentId, taken: Vec<VerifiedChange>) -> Vec<VerifiedChange> {
        let mut all = taken;
        for item in &self.items {
            if let Some(change) = &item.change
                && item.kept.item.item == id.0
                && !all.contains(change)
            {
                all.push(change.clone());
            }
        }
        all
    }

    /// Deals with one change that was taken out; true when what became of it is final.
    fn remake(
        &mut self,
        id: DocumentId,
        change: &VerifiedChange,
        remake: &mut Remake,
        (content, seq): (&mut WorkOrderDocument, &mut u64),
    ) -> Result<bool, Fault> {
        if !self.own.contains(&change.actor()) {
            self.park(id, change)?;
            remake.leave_out(change);
            return Ok(false);
        }
        let index = self.index_of(id, change)?;
        if let Wish::Keep(_) = self.items[index].wish {
            remake.leave_out(change);
            return Ok(true);
        }
        match remake.make(change, self.new.actor, *seq + 1) {
            Ok(made) => {
                let verified = VerifiedChange::check(&made.bytes)
                    .map_err(|_| Fault::Stored("change made again"))?;
                match content.apply(std::slice::from_ref(&verified)) {
                    Ok(_) => {
                        *seq += 1;
                        self.items[index].made = Some((made.bytes, made.hash.0));
                    }
                    Err(DocumentFault::Refused(refusal)) => {
                        remake.leave_last_out();
                        self.items[index].wish = Wish::Keep(refusal);
                    }
                    Err(fault) => return Err(fault.into()),
                }
            }
            Err(refusal) => self.items[index].wish = Wish::Keep(refusal),
        }
        Ok(true)
    }

    /// The item of a change of this person; one that was fine by itself and rests on what was not
    /// becomes one.
    fn index_of(&mut self, id: DocumentId, change: &VerifiedChange) -> Result<usize, Fault> {
        let is_it =
            |item: &Item| item.kept.item.item == id.0 && item.change.as_ref() == Some(change);
        if let Some(index) = self.items.iter().position(is_it) {
            return Ok(index);
        }
        for kept in outbox::all_of(self.connection, change.actor())? {
            let item = Item::new(kept, Wish::Make);
            if is_it(&item) {
                self.items.push(item);
                return Ok(self.items.len() - 1);
            }
        }
        // Its item is in a backup of the hub and was forgotten here; the change itself is not.
        let kept = Kept {
            item: outbox::Unsent {
                actor: change.actor(),
                place: 0,
                kind: ItemKind::Change,
                item: id.0,
                bytes: change.bytes().to_vec(),
                signature: None,
            },
            order: 0,
            at: change.time(),
            is_sent: true,
            refused: None,
            remakes: 0,
        };
        self.items.push(Item::new(kept, Wish::Make));
        Ok(self.items.len() - 1)
    }

    /// Lets somebody else's change wait for its author.
    fn park(&self, id: DocumentId, change: &VerifiedChange) -> Result<(), Fault> {
        let waits = Refusal::new("change.dependency_quarantined");
        for kept in outbox::all_of(self.connection, change.actor())? {
            let (actor, place) = (kept.item.actor, kept.item.place);
            let item = Item::new(kept, Wish::Make);
            if item.kept.item.item == id.0 && item.change.as_ref() == Some(change) {
                outbox::quarantine(self.connection, actor, place, &waits)?;
            }
        }
        Ok(())
    }

    /// Links, signs and writes what was made, and marks what is kept as words.
    fn write(mut self) -> Result<Remade, Fault> {
        let connection = self.connection;
        let mut position = chain::position(connection, self.new.actor)?;
        let mut remade = Remade::default();
        let mut items = std::mem::take(&mut self.items);
        items.sort_by_key(|item| item.kept.order);
        for item in &items {
            let old = (item.kept.item.actor, item.kept.item.place);
            let (bytes, hash) = match self.again(item)? {
                Ok(made) => made,
                Err(refusal) => {
                    outbox::keep_words(connection, old.0, old.1, &refusal)?;
                    remade.kept += 1;
                    continue;
                }
            };
            let (kind, id) = (item.kept.item.kind, item.kept.item.item);
            let before = position.link;
            position = position.extend(kind, id, &hash);
            let place = position.count;
            outbox::insert(
                connection,
                &NewItem {
                    actor: self.new.actor,
                    place,
                    kind,
                    item: id,
                    bytes: &bytes,
                    signature: Some((self.new.sign)(&position)),
                    before,
                    at: item.kept.at,
                    remakes: item.kept.remakes + 1,
                },
            )?;
            made::move_to(connection, old, (self.new.actor, place))?;
            if kind == ItemKind::Intent {
                let intent: Intent = from_cbor(&bytes)?;
                claim::move_to(connection, &intent, place)?;
            }
            if self.ended.contains(&old.0) && !item.kept.is_sent {
                outbox::remove(connection, old.0, old.1)?;
            } else {
                // It stays a link of its chain, which goes on.
                outbox::handle(connection, old.0, old.1)?;
            }
            remade.items += 1;
            if let Some(change) = &item.change {
                remade.changes.push((change.hash(), ChangeHash(hash)));
            }
        }
        if remade.items > 0 {
            chain::write(connection, self.new.actor, position)?;
        }
        for actor in &self.own {
            chain::set_stopped(connection, *actor, None)?;
        }
        remade.orders = self.orders;
        Ok(remade)
    }

    /// The bytes and hash of an item under the new actor, or why it is kept as words.
    fn again(&self, item: &Item) -> Result<Result<Encoded, Refusal>, Fault> {
        if let Wish::Keep(refusal) = &item.wish {
            return Ok(Err(refusal.clone()));
        }
        Ok(match item.kept.item.kind {
            ItemKind::Change => item
                .made
                .clone()
                .ok_or_else(|| Refusal::new("change.rests_on_refused")),
            ItemKind::Intent => {
                let mut intent: Intent = from_cbor(&item.kept.item.bytes)?;
                intent.actor = self.new.actor;
                if !self.follow(&mut intent) {
                    return Ok(Err(Refusal::new("intent.rests_on_refused")));
                }
                let bytes = to_cbor(&intent)?;
                let hash = *blake3::hash(&bytes).as_bytes();
                Ok((bytes, hash))
            }
            ItemKind::Record => {
                let mut record: fettle_domain::record::Record = from_cbor(&item.kept.item.bytes)?;
                record.actor = self.new.actor;
                let bytes = to_cbor(&record)?;
                let hash = *blake3::hash(&bytes).as_bytes();
                Ok((bytes, hash))
            }
        })
    }

    /// Lets a claim rest on the changes as they are now; false when one of them is no more.
    fn follow(&self, intent: &mut Intent) -> bool {
        intent
            .depends_on
            .iter_mut()
            .all(|dependency| match dependency {
                Dependency::Intent(_) => true,
                Dependency::Change { document, hash } => {
                    let now = match self.remakes.get(document) {
                        None => Some(*hash),
                        Some(remake) => remake.hash_now(*hash),
                    };
                    if let Some(now) = now {
                        *hash = now;
                    }
                    now.is_some()
                }
            })
    }
}

impl Item {
    fn new(kept: Kept, wish: Wish) -> Self {
        let change = match kept.item.kind {
            ItemKind::Change => VerifiedChange::check(&kept.item.bytes).ok(),
            ItemKind::Intent | ItemKind::Record => None,
        };
        Self {
            kept,
            wish,
            change,
            made: None,
        }
    }
}
