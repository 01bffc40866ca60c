//! Changes of documents: held until their dependencies are here, checked, applied, numbered.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fettle_document::{
    Authors, DocumentFault, Edit, NewChange, VerifiedChange, WorkOrderDocument, check_rights,
    compensate, hydrate,
};
use fettle_domain::person::{ActorRow, Role};
use fettle_domain::refusal_answer::{RefusalAnswer, refusal_answer, rests_on_kept_aside};
use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{DocumentId, PlantId, Refusal, Timestamp};
use fettle_sync::chain::ItemKind;
use fettle_sync::exchange::{FeedNumber, Linked};
use serde::Deserialize;

use super::{Core, StoreFault};
use crate::table;
use crate::table::accept::{Identity, Known};
use crate::table::actor::Stored as Author;
use crate::table::log;

/// Why a change may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// Its author signed it; the rules say whether it may.
    Signed,
    /// This hub took it before and lost it with a restore.
    Proven,
}

/// The documents one exchange touches, each loaded once and written once.
pub(crate) struct Documents {
    authors: Authors,
    open: BTreeMap<DocumentId, Open>,
}

struct Open {
    feed: FeedNumber,
    plant: Option<PlantId>,
    document: WorkOrderDocument,
    is_changed: bool,
    /// True when a planner wrote to it in this exchange.
    by_planner: bool,
}

/// A document as an exchange left it.
pub(crate) struct Planned<'a> {
    pub(crate) feed: FeedNumber,
    pub(crate) document: &'a mut WorkOrderDocument,
    pub(crate) content: &'a WorkOrderContent,
    pub(crate) authors: &'a Authors,
    pub(crate) by_planner: bool,
}

impl Open {
    /// Gives a change of the hub's own, which the document holds already, its number.
    fn write_down(
        &self,
        core: &Core<'_>,
        id: DocumentId,
        change: NewChange,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let identity = Identity {
            document: id,
            actor: change.actor,
            seq: change.seq,
            hash: change.hash,
        };
        let entry = log::Entry::Change(id, change.hash, change.bytes);
        let number = log::append(core.connection, self.feed, &entry)?;
        table::accept::put(core.connection, identity, Some((self.feed, number)), now)?;
        Ok(())
    }
}

/// The texts of an order as the CMMS last stated them.
#[derive(Deserialize)]
struct Texts {
    description: String,
    instructions: String,
}

fn change_is_of_hub(authors: &Authors, change: &VerifiedChange) -> bool {
    let author = authors.get(change.actor());
    author.is_some_and(|author| author.person.is_none())
}

impl Documents {
    /// Nothing is open yet.
    pub(crate) fn new(core: &Core<'_>) -> Result<Self, StoreFault> {
        Ok(Self {
            authors: core.authors()?,
            open: BTreeMap::new(),
        })
    }

    /// Reads anew who writes: an offer may have made somebody known.
    pub(crate) fn know_authors(&mut self, core: &Core<'_>) -> Result<(), StoreFault> {
        self.authors = core.authors()?;
        Ok(())
    }

    /// Takes a change this hub had taken before a restore; a refusal says why it stays away.
    pub(crate) fn take_proven(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        change: &VerifiedChange,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        let connection = core.connection;
        if table::accept::find(connection, id, change.hash())? == Some(Known::Numbered) {
            return Ok(None);
        }
        let at_seq = table::accept::at_seq(connection, id, change.actor(), change.seq())?;
        if at_seq.is_some_and(|hash| hash != change.hash()) {
            return Ok(Some(Refusal::new("change.fork")));
        }
        if self.open(core, id, now)?.is_none() {
            return Ok(Some(Refusal::new("document.unknown")));
        }
        if let Some(refusal) = self.number(core, id, change, Ground::Proven, now)? {
            return Ok(Some(refusal));
        }
        table::held_change::remove(connection, id, change.hash())?;
        self.take_held(core, id, now)?;
        Ok(None)
    }

    /// Takes a change; a refusal says why it is quarantined.
    pub(crate) fn take(
        &mut self,
        core: &Core<'_>,
        author: &Author,
        id: DocumentId,
        change: &VerifiedChange,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        let connection = core.connection;
        if change.actor() != author.actor {
            return Ok(Some(Refusal::new("change.other_author")));
        }
        if table::accept::find(connection, id, change.hash())?.is_some() {
            return Ok(None);
        }
        if table::accept::at_seq(connection, id, change.actor(), change.seq())?.is_some() {
            return Ok(Some(Refusal::new("change.fork")));
        }
        let device = match author.device {
            Some(device) => table::device::get(connection, device)?,
            None => None,
        };
        let plant = device.map(|(device, _)| device.plant);
        let Some(open) = self.open(core, id, now)? else {
            return Ok(Some(Refusal::new("document.unknown")));
        };
        let is_at = open.plant.clone();
        if is_at.is_some() && !core.has_held(id, is_at.as_ref(), plant.as_ref())? {
            return Ok(Some(Refusal::new("document.out_of_scope")));
        }
        if let Some(refusal) = self.number(core, id, change, Ground::Signed, now)? {
            return Ok(Some(refusal));
        }
        self.take_held(core, id, now)?;
        Ok(None)
    }

    /// Writes what changed and records the effects that follow from it.
    pub(crate) fn finish(self, core: &Core<'_>, now: Timestamp) -> Result<(), StoreFault> {
        for (id, mut open) in self.open {
            if !open.is_changed {
                core.recent.keep(open.document);
                continue;
            }
            table::document::put(core.connection, id, open.feed, open.document.save())?;
            core.fold(open.feed, id)?;
            let content = hydrate(&open.document, &self.authors);
            core.name_attachments(id, &content)?;
            core.record_postings(id.into(), &content, now)?;
            core.step_cases(id.into(), &content, now)?;
            core.proposal_cases(id.into(), &content, now)?;
            let planned = Planned {
                feed: open.feed,
                document: &mut open.document,
                content: &content,
                authors: &self.authors,
                by_planner: open.by_planner,
            };
            core.plan_written(id.into(), planned, now)?;
            core.recent.keep(open.document);
        }
        Ok(())
    }

    fn open(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        now: Timestamp,
    ) -> Result<Option<&mut Open>, StoreFault> {
        let vacant = match self.open.entry(id) {
            Entry::Occupied(held) => return Ok(Some(held.into_mut())),
            Entry::Vacant(vacant) => vacant,
        };
        let held = match core.document(id)? {
            None if core.unseal(id, now)? => core.document(id)?,
            held => held,
        };
        let Some((feed, document)) = held else {
            return Ok(None);
        };
        Ok(Some(vacant.insert(Open {
            feed,
            plant: core.plant_of_feed(feed)?,
            document,
            is_changed: false,
            by_planner: false,
        })))
    }

    /// Gives a change its number, or holds it while its dependencies are missing.
    fn number(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        change: &VerifiedChange,
        ground: Ground,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        let connection = core.connection;
        let Some(open) = self.open.get_mut(&id) else {
            return Ok(Some(Refusal::new("document.unknown")));
        };
        let identity = Identity {
            document: id,
            actor: change.actor(),
            seq: change.seq(),
            hash: change.hash(),
        };
        let mut is_held = false;
        for hash in change.dependencies() {
            if open.document.has(hash) {
                continue;
            }
            if let Some(reason) = table::quarantine::reason(connection, id.0, &hash.0)? {
                return Ok(Some(rests_on_kept_aside(
                    "change.dependency_quarantined",
                    &reason,
                )));
            }
            is_held = true;
        }
        if is_held {
            table::accept::put(connection, identity, None, now)?;
            table::held_change::put(connection, id, change.hash(), change.bytes())?;
            return Ok(None);
        }
        let mut put_back = None;
        if ground == Ground::Signed {
            let Some(author) = self.authors.get(change.actor()) else {
                return Ok(Some(Refusal::new("actor.unknown")));
            };
            match check_rights(&open.document, change, author, &self.authors) {
                Err(refusal) if refusal_answer(&refusal) == RefusalAnswer::Compensate => {
                    put_back = Some((open.document.clone(), author.clone(), refusal));
                }
                Err(refusal) => return Ok(Some(refusal)),
                Ok(()) => {}
            }
        }
        let before = (ground == Ground::Proven && change_is_of_hub(&self.authors, change))
            .then(|| hydrate(&open.document, &self.authors));
        match open.document.apply(std::slice::from_ref(change)) {
            Ok(_) => {}
            Err(DocumentFault::Refused(refusal)) => return Ok(Some(refusal)),
            Err(DocumentFault::Fork { .. }) => return Ok(Some(Refusal::new("change.fork"))),
            Err(DocumentFault::NotTaken) => return Ok(Some(Refusal::new("change.not_taken"))),
        }
        open.is_changed = true;
        let author = self.authors.get(change.actor());
        open.by_planner |= author.is_some_and(|author| author.roles.contains(&Role::Planner));
        let entry = log::Entry::Change(id, change.hash(), change.bytes().to_vec());
        let number = log::append(connection, open.feed, &entry)?;
        table::accept::put(connection, identity, Some((open.feed, number)), now)?;
        if let Some(before) = before {
            self.keep_texts(core, id, &before, now)?;
        }
        if let Some((before, author, refusal)) = put_back {
            self.put_back(core, id, change, (&before, &author, &refusal), now)?;
        }
        Ok(None)
    }

    /// What this hub wrote for the CMMS before a restore comes back beside what it wrote again
    /// since; text would stand twice, so what was complete before is complete again.
    fn keep_texts(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        before: &WorkOrderContent,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let shadow: Option<Texts> = table::order_shadow::get(core.connection, id.into())?;
        let Some(shadow) = shadow else {
            return Ok(());
        };
        let hub = core.hub_actor(now)?;
        let Some(open) = self.open.get_mut(&id) else {
            return Ok(());
        };
        let mut edits = Vec::new();
        if before.description == shadow.description {
            edits.push(Edit::SetDescription(shadow.description));
        }
        if before.instructions == shadow.instructions {
            edits.push(Edit::SetInstructions(shadow.instructions));
        }
        match open.document.edit(hub, now, &edits) {
            Ok(Some(change)) => open.write_down(core, id, change, now)?,
            Ok(None) => {}
            Err(error) => tracing::error!(order = %id, %error, "a text may stand twice"),
        }
        Ok(())
    }

    /// Puts back what an honest author wrote without the right to, and notes it for the desk.
    fn put_back(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        change: &VerifiedChange,
        (before, author, refusal): (&WorkOrderDocument, &ActorRow, &Refusal),
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let connection = core.connection;
        let hub = core.hub_actor(now)?;
        if self.authors.get(hub).is_none() {
            self.know_authors(core)?;
        }
        let Some(open) = self.open.get_mut(&id) else {
            return Ok(());
        };
        let whose = (author, &self.authors);
        match compensate(before, &mut open.document, change, whose, (hub, now)) {
            Ok(Some(answer)) => open.write_down(core, id, answer, now)?,
            // Hydration keeps the owner's value by itself.
            Ok(None) => {}
            Err(error) => tracing::error!(order = %id, %error, "nothing was put back"),
        }
        let hash = change.hash().0;
        let position = table::quarantine::position_of(connection, change.actor(), id.0, &hash)?;
        if let Some(position) = position {
            let item = (change.actor(), position);
            table::compensation::put(connection, item, refusal, now)?;
            core.open_kept_aside(item, Some(id.into()), refusal, now)?;
        }
        Ok(())
    }

    /// Tries held changes again until none of them moves.
    fn take_held(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        loop {
            let mut has_moved = false;
            for body in table::held_change::of_document(core.connection, id)? {
                let Ok(change) = VerifiedChange::check(&body) else {
                    continue;
                };
                let refused = self.number(core, id, &change, Ground::Signed, now)?;
                let is_here = self
                    .open
                    .get(&id)
                    .is_some_and(|open| open.document.has(change.hash()));
                if let Some(refusal) = &refused {
                    quarantine_held(core, id, &change, refusal, now)?;
                }
                if refused.is_some() || is_here {
                    table::held_change::remove(core.connection, id, change.hash())?;
                    has_moved = true;
                }
            }
            if !has_moved {
                return Ok(());
            }
        }
    }
}

fn quarantine_held(
    core: &Core<'_>,
    id: DocumentId,
    change: &VerifiedChange,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<(), StoreFault> {
    let (connection, hash) = (core.connection, change.hash());
    table::accept::remove_held(connection, id, hash)?;
    let position =
        table::quarantine::position_of(connection, change.actor(), id.0, &hash.0)?.unwrap_or(0);
    let linked = Linked {
        kind: ItemKind::Change,
        id: id.0,
        hash: hash.0,
    };
    table::quarantine::put(
        connection,
        (change.actor(), position),
        &linked,
        change.bytes(),
        refusal,
        now,
    )?;
    core.open_kept_aside((change.actor(), position), Some(id.into()), refusal, now)
}
