//! Changes of documents: held until their dependencies are here, checked, applied, numbered.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fettle_document::{
    Authors, DocumentFault, VerifiedChange, WorkOrderDocument, check_rights, hydrate,
};
use fettle_domain::{DocumentId, PlantId, Refusal, Timestamp};
use fettle_sync::chain::ItemKind;
use fettle_sync::exchange::{FeedNumber, Linked};

use super::{Core, StoreFault};
use crate::table;
use crate::table::accept::Identity;
use crate::table::actor::Stored as Author;
use crate::table::log;

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
}

impl Documents {
    /// Nothing is open yet.
    pub(crate) fn new(core: &Core<'_>) -> Result<Self, StoreFault> {
        Ok(Self {
            authors: core.authors()?,
            open: BTreeMap::new(),
        })
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
        let Some(open) = self.open(core, id)? else {
            return Ok(Some(Refusal::new("document.unknown")));
        };
        if open.plant.is_some() && open.plant != plant {
            return Ok(Some(Refusal::new("document.out_of_scope")));
        }
        if let Some(refusal) = self.number(core, id, change, now)? {
            return Ok(Some(refusal));
        }
        self.take_held(core, id, now)?;
        Ok(None)
    }

    /// Writes what changed and records the effects that follow from it.
    pub(crate) fn finish(self, core: &Core<'_>, now: Timestamp) -> Result<(), StoreFault> {
        for (id, open) in self.open.into_iter().filter(|(_, open)| open.is_changed) {
            table::document::put(core.connection, id, open.feed, &open.document.save())?;
            let content = hydrate(&open.document, &self.authors);
            core.name_attachments(id, &content)?;
            core.record_postings(id.into(), &content, now)?;
            core.step_cases(id.into(), &content, now)?;
        }
        Ok(())
    }

    fn open(&mut self, core: &Core<'_>, id: DocumentId) -> Result<Option<&mut Open>, StoreFault> {
        let vacant = match self.open.entry(id) {
            Entry::Occupied(held) => return Ok(Some(held.into_mut())),
            Entry::Vacant(vacant) => vacant,
        };
        let Some((feed, body)) = table::document::get(core.connection, id)? else {
            return Ok(None);
        };
        let document = WorkOrderDocument::load(&body)
            .map_err(|error| StoreFault::Content(format!("document {id}: {error}")))?;
        Ok(Some(vacant.insert(Open {
            feed,
            plant: core.plant_of_feed(feed)?,
            document,
            is_changed: false,
        })))
    }

    /// Gives a change its number, or holds it while its dependencies are missing.
    fn number(
        &mut self,
        core: &Core<'_>,
        id: DocumentId,
        change: &VerifiedChange,
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
                return Ok(Some(
                    Refusal::new("change.dependency_quarantined").with("reason", reason.code),
                ));
            }
            is_held = true;
        }
        if is_held {
            table::accept::put(connection, identity, None, now)?;
            table::held_change::put(connection, id, change.hash(), change.bytes())?;
            return Ok(None);
        }
        let author = self.authors.get(change.actor());
        let Some(author) = author else {
            return Ok(Some(Refusal::new("actor.unknown")));
        };
        if let Err(refusal) = check_rights(&open.document, change, author, &self.authors) {
            return Ok(Some(refusal));
        }
        match open.document.apply(std::slice::from_ref(change)) {
            Ok(_) => {}
            Err(DocumentFault::Refused(refusal)) => return Ok(Some(refusal)),
            Err(DocumentFault::Fork { .. }) => return Ok(Some(Refusal::new("change.fork"))),
            Err(DocumentFault::NotTaken) => return Ok(Some(Refusal::new("change.not_taken"))),
        }
        open.is_changed = true;
        let entry = log::Entry::Change(id, change.hash(), change.bytes().to_vec());
        let number = log::append(connection, open.feed, &entry)?;
        table::accept::put(connection, identity, Some((open.feed, number)), now)?;
        Ok(None)
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
                let refused = self.number(core, id, &change, now)?;
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
