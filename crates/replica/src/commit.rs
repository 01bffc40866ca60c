//! The one commit path: every local edit is one transaction, durable on return.

use std::collections::BTreeSet;

use fettle_document::{Edit, RecentDocuments};
use fettle_domain::intent::{Dependency, Intent};
use fettle_domain::record::Record;
use fettle_domain::{
    ActorId, ChangeHash, ContentHash, DocumentId, IntentId, PersonId, Refusal, Timestamp,
    WorkOrderId,
};
use fettle_sync::chain::{Link, LinkSignature, Position};
use fettle_sync::exchange::PushItem;
use fettle_sync::frame::to_cbor;
use rusqlite::{Connection, TransactionBehavior};

use crate::attachment::write_made;
use crate::fault::Fault;
use crate::line::{MadeKind, MadeSubject};
use crate::replica::Replica;
use crate::table::made::Maker;
use crate::table::outbox::NewItem;
use crate::table::{chain, claim, document, made, official, outbox};

/// What one person does at once.
pub struct Commit<'a> {
    /// Author.
    pub actor: ActorId,
    /// Person behind the author.
    pub person: PersonId,
    /// Signs the last link of the commit with the person's key.
    pub sign: &'a dyn Fn(&Position) -> LinkSignature,
    /// Clock of the device.
    pub now: Timestamp,
    /// Order it is about.
    pub order: Option<WorkOrderId>,
    /// Edits of the order's document: one change.
    pub edits: Vec<Edit>,
    /// Claim; the change of this very commit is added to what it depends on.
    pub intent: Option<Intent>,
    /// Facts that belong to no document.
    pub records: Vec<Record>,
    /// What was made, in words, for the list of unsent changes.
    pub made: Vec<Made>,
}

/// One thing made, as lists name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Kind.
    pub kind: MadeKind,
    /// Subject.
    pub subject: MadeSubject,
    /// Words: the step's text, the note's beginning, the part, the status claimed.
    pub words: String,
}

/// What was committed. Nothing was when change and claim are both `None` and no record was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The change of the document.
    pub change: Option<ChangeHash>,
    /// The claim.
    pub intent: Option<IntentId>,
    /// Orders whose projection changed.
    pub orders: Vec<WorkOrderId>,
    /// When.
    pub at: Timestamp,
}

impl Replica {
    /// Commits what a person did: the change and its document, the chain and its signature, the
    /// outbox, the claims and the projection, all or nothing.
    ///
    /// On a full disk the reserve is freed once, so that the last save works.
    ///
    /// # Errors
    /// [`Fault`]; nothing was written then.
    pub fn commit(&self, commit: &Commit<'_>) -> Result<Committed, Fault> {
        match self.try_commit(commit) {
            Err(Fault::DiskFull) if self.free_reserve() => self.try_commit(commit),
            other => other,
        }
    }

    /// Where an actor's chain stands.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn chain(&self, actor: ActorId) -> Result<Position, Fault> {
        chain::position(&self.reader(), actor)
    }

    fn try_commit(&self, commit: &Commit<'_>) -> Result<Committed, Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write_made(&transaction, &self.vault, commit)?;
        let mut writer = Writer::new(&transaction, &self.recent, commit)?;
        writer.write_edits()?;
        writer.write_intent()?;
        writer.write_records()?;
        let committed = writer.end()?;
        if let Some(order) = commit.order
            && !committed.orders.is_empty()
        {
            self.project(&transaction, order)?;
        }
        transaction.commit()?;
        Ok(committed)
    }
}

struct Writer<'c> {
    connection: &'c Connection,
    recent: &'c RecentDocuments,
    commit: &'c Commit<'c>,
    position: Position,
    items: Vec<(PushItem, Link)>,
    change: Option<(ChangeHash, u64)>,
    intent: Option<(IntentId, u64)>,
}

impl<'c> Writer<'c> {
    fn new(
        connection: &'c Connection,
        recent: &'c RecentDocuments,
        commit: &'c Commit<'c>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            connection,
            recent,
            commit,
            position: chain::position(connection, commit.actor)?,
            items: Vec::new(),
            change: None,
            intent: None,
        })
    }

    fn write_edits(&mut self) -> Result<(), Fault> {
        let Some(order) = self.commit.order else {
            return Ok(());
        };
        if self.commit.edits.is_empty() {
            return Ok(());
        }
        let id = DocumentId::from(order);
        let mut content = match document::load_recent(self.connection, self.recent, id)? {
            Some(content) => content,
            // The row may come before the document; both sides know the genesis.
            None if official::work_order(self.connection, order)?.is_some() => Default::default(),
            None => return Err(Fault::Refused(Refusal::new("order.unknown"))),
        };
        let commit = self.commit;
        let Some(change) = content.edit(commit.actor, commit.now, &commit.edits)? else {
            return Ok(());
        };
        let author = BTreeSet::from([commit.actor]);
        document::save(self.connection, id, &content, &author)?;
        self.recent.keep(content);
        let place = self.link(PushItem::Change(id, change.bytes.into()), change.hash.0)?;
        self.change = Some((change.hash, place));
        Ok(())
    }

    fn write_intent(&mut self) -> Result<(), Fault> {
        let Some(intent) = &self.commit.intent else {
            return Ok(());
        };
        let mut intent = intent.clone();
        if let (Some(order), Some((hash, _))) = (self.commit.order, self.change) {
            intent.depends_on.push(Dependency::Change {
                document: order.into(),
                hash,
            });
        }
        let place = self.link(PushItem::Intent(intent.clone()), [0; 32])?;
        self.intent = Some((intent.id, place));
        if let Some(order) = self.commit.order {
            claim::insert(self.connection, order, &intent, self.maker(place))?;
        }
        Ok(())
    }

    fn write_records(&mut self) -> Result<(), Fault> {
        for record in &self.commit.records {
            self.link(PushItem::Record(record.clone()), [0; 32])?;
        }
        Ok(())
    }

    /// Extends the chain by an item; its place.
    fn link(&mut self, item: PushItem, change_hash: [u8; 32]) -> Result<u64, Fault> {
        let linked = item.linked(|_| change_hash)?;
        let before = self.position.link;
        self.position = self.position.extend(linked.kind, linked.id, &linked.hash);
        self.items.push((item, before));
        Ok(self.position.count)
    }

    /// Signs and writes the items, the chain and what was made.
    fn end(self) -> Result<Committed, Fault> {
        let commit = self.commit;
        let mut committed = Committed {
            change: self.change.map(|(hash, _)| hash),
            intent: self.intent.map(|(id, _)| id),
            orders: Vec::new(),
            at: commit.now,
        };
        let Some(first) = self.position.count.checked_sub(self.items.len() as u64) else {
            return Err(Fault::Stored("chain"));
        };
        if self.items.is_empty() {
            return Ok(committed);
        }
        let signature = (commit.sign)(&self.position);
        for (index, (item, before)) in self.items.iter().enumerate() {
            let place = first + 1 + index as u64;
            let is_last = index + 1 == self.items.len();
            self.insert((item, *before), place, is_last.then_some(signature))?;
        }
        chain::write(self.connection, commit.actor, self.position)?;
        if let Some(order) = commit.order {
            for made in &commit.made {
                self.insert_made(order, made)?;
            }
            committed.orders.push(order);
        }
        Ok(committed)
    }

    fn insert(
        &self,
        (item, before): (&PushItem, Link),
        place: u64,
        signature: Option<LinkSignature>,
    ) -> Result<(), Fault> {
        let linked = item.linked(|_| [0; 32])?;
        let encoded = match item {
            PushItem::Change(_, bytes) => bytes.to_vec(),
            PushItem::Intent(intent) => to_cbor(intent)?,
            PushItem::Record(record) => to_cbor(record)?,
        };
        outbox::insert(
            self.connection,
            &NewItem {
                actor: self.commit.actor,
                place,
                kind: linked.kind,
                item: linked.id,
                bytes: &encoded,
                signature,
                before,
                at: self.commit.now,
                remakes: 0,
            },
        )
    }

    fn insert_made(&self, order: WorkOrderId, made: &Made) -> Result<(), Fault> {
        let change = self.change.map(|(_, place)| place);
        let intent = self.intent.map(|(_, place)| place);
        // What was made goes with its own item: a note may be sent while the claim waits.
        let place = match made.subject {
            MadeSubject::Intent(_) => intent.or(change),
            MadeSubject::Step(_) | MadeSubject::Entry(_) | MadeSubject::Plan(_) => {
                change.or(intent)
            }
        };
        let maker = self.maker(place.unwrap_or(self.position.count));
        made::write(self.connection, order, made, maker)?;
        match self.content_of(made) {
            Some(content) => made::set_content(self.connection, order, made, content),
            None => Ok(()),
        }
    }

    /// The content a photo made here names; it is sent once that is.
    fn content_of(&self, made: &Made) -> Option<ContentHash> {
        self.commit.edits.iter().find_map(|edit| match edit {
            Edit::PutPhoto { id, entry }
                if made.subject == MadeSubject::Entry(*id) && entry.reversal_of.is_none() =>
            {
                entry.content.parse().ok()
            }
            _ => None,
        })
    }

    fn maker(&self, place: u64) -> Maker {
        Maker {
            person: self.commit.person,
            actor: self.commit.actor,
            place,
            at: self.commit.now,
        }
    }
}
