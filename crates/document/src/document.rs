//! The work order's document: load, edit, apply, save.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use automerge::transaction::CommitOptions;
use automerge::{
    Automerge, LoadOptions, ObjId, ObjType, OnPartialLoad, ROOT, ReadDoc, Value, VerificationMode,
};
use fettle_domain::{ActorId, ChangeHash, Refusal, Timestamp};

use crate::bound;
use crate::change::{BadChange, NewChange, VerifiedChange, actor_of, automerge_hashes, hashes};
use crate::edit::Edit;
use crate::genesis::{genesis, genesis_actor, genesis_hash};
use crate::history::History;
use crate::hydrate::{Authors, hydrate};
use crate::kind::DocumentKind;
use crate::write::Writer;

/// Largest document, in bytes of [`WorkOrderDocument::save`].
pub const DOCUMENT_MAX_BYTES: usize = 1_000_000;
/// Size from which edits are refused and a continuation order is offered: 70 % of the largest.
pub const DOCUMENT_FULL_BYTES: usize = 700_000;

/// A work order as people write it together.
#[derive(Debug, Clone)]
pub struct WorkOrderDocument {
    // Invariant: holds the genesis of its kind and no change with missing dependencies.
    automerge: Automerge,
    /// What [`Self::save`] gives, once it was asked for.
    saved: OnceLock<Vec<u8>>,
    /// Who wrote what, once it was asked for; grows with what is written.
    history: OnceLock<History>,
}

/// What applying changes did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Changes that were not there before, in the order they were applied.
    pub newly: Vec<ChangeHash>,
    /// Hashes that are not here and on which changes that were not applied wait.
    pub missing: Vec<ChangeHash>,
}

/// Bytes that are no document of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDocument {
    /// Larger than [`DOCUMENT_MAX_BYTES`].
    #[error("document of {0} bytes is too large")]
    TooLarge(usize),
    /// More operations than a document of the largest size has.
    #[error("document holds too many operations")]
    TooManyOperations,
    /// Not readable as a document.
    #[error("document is malformed")]
    Malformed,
    /// Without the genesis of its kind.
    #[error("document does not start with the genesis of its kind")]
    OtherGenesis,
}

/// Why a document did not take an edit or a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// A rule says no; shown to the user.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The same author wrote two different changes under one number: a cloned or restored replica.
    #[error("author {actor} wrote number {seq} twice")]
    Fork {
        /// Author.
        actor: ActorId,
        /// Number.
        seq: u64,
    },
    /// Automerge did not take it; the document is as it was.
    #[error("the document did not take the change")]
    NotTaken,
}

impl WorkOrderDocument {
    /// A new order's document: its genesis and nothing else.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the genesis is compiled in and its test applies it"
    )]
    pub fn new() -> Self {
        let change = automerge::Change::from_bytes(genesis(DocumentKind::WorkOrder).to_vec())
            .expect("invariant: the compiled-in genesis parses");
        let mut automerge = Automerge::new();
        automerge
            .apply_changes([change])
            .expect("invariant: the compiled-in genesis applies");
        Self::of(automerge)
    }

    /// Loads what [`Self::save`] wrote.
    ///
    /// # Errors
    /// [`BadDocument`] when the bytes are something else; it never panics.
    pub fn load(bytes: &[u8]) -> Result<Self, BadDocument> {
        if bytes.len() > DOCUMENT_MAX_BYTES {
            return Err(BadDocument::TooLarge(bytes.len()));
        }
        match bound::check_document(bytes) {
            Ok(()) => {}
            Err(BadChange::TooManyOperations) => return Err(BadDocument::TooManyOperations),
            Err(_) => return Err(BadDocument::Malformed),
        }
        let loaded = catch_unwind(AssertUnwindSafe(|| {
            let options = LoadOptions::new()
                .on_partial_load(OnPartialLoad::Error)
                .verification_mode(VerificationMode::Check);
            Automerge::load_with_options(bytes, options)
        }));
        let Ok(Ok(automerge)) = loaded else {
            return Err(BadDocument::Malformed);
        };
        if !automerge.get_missing_deps(&[]).is_empty() {
            return Err(BadDocument::Malformed);
        }
        let document = Self::of(automerge);
        if !document.has(genesis_hash(DocumentKind::WorkOrder)) {
            return Err(BadDocument::OtherGenesis);
        }
        Ok(document)
    }

    /// Loads what another program saved, with every change in it, genesis left out, dependencies
    /// first.
    ///
    /// # Errors
    /// [`BadDocument`] when the bytes are something else or a change is none; it never panics.
    pub fn from_outside(bytes: &[u8]) -> Result<(Self, Vec<VerifiedChange>), BadDocument> {
        let document = Self::load(bytes)?;
        // What loads may still panic where its changes are taken out of it.
        let changes = catch_unwind(AssertUnwindSafe(|| document.changes_after(&[])))
            .map_err(|_| BadDocument::Malformed)?;
        let changes: Result<_, BadChange> = changes
            .iter()
            .map(|change| VerifiedChange::check(&change.bytes))
            .collect();
        Ok((document, changes.map_err(|_| BadDocument::Malformed)?))
    }

    /// The whole document with its history, uncompressed: storage and frames compress better.
    #[must_use]
    pub fn save(&self) -> &[u8] {
        self.saved.get_or_init(|| self.automerge.save_nocompress())
    }

    /// Size of [`Self::save`] in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.save().len()
    }

    /// Writes edits as one change that touches only what differs; `None` when nothing does.
    ///
    /// # Errors
    /// [`DocumentFault::Refused`] when the document is full or an entry is closed; the document
    /// is then as it was.
    pub fn edit(
        &mut self,
        actor: ActorId,
        at: Timestamp,
        edits: &[Edit],
    ) -> Result<Option<NewChange>, DocumentFault> {
        let mut copy = self.automerge.clone();
        copy.set_actor(automerge::ActorId::from(&actor.0[..]));
        let mut transaction = copy.transaction();
        Writer::new(&mut transaction).write_all(edits)?;
        let options = CommitOptions::default().with_time(at.as_ms().div_euclid(1000));
        let (Some(hash), _) = transaction.commit_with(options) else {
            return Ok(None);
        };
        let mut edited = Self::of(copy);
        let size = edited.size_bytes();
        if size > DOCUMENT_FULL_BYTES {
            return Err(DocumentFault::Refused(
                Refusal::new("document.too_large")
                    .with("size", size)
                    .with("limit", DOCUMENT_FULL_BYTES),
            ));
        }
        let change = edited
            .automerge
            .get_change_by_hash(&hash)
            .ok_or(DocumentFault::NotTaken)?;
        let new = new_change(&change).ok_or(DocumentFault::NotTaken)?;
        if let Some(mut history) = self.history.take() {
            history.add(&change, &change.decode().operations);
            edited.history = OnceLock::from(history);
        }
        *self = edited;
        Ok(Some(new))
    }

    /// Applies changes from elsewhere, in any order, on a copy that is kept only when all is well.
    ///
    /// A change whose dependencies are neither here nor in `changes` is left out and what it
    /// waits for is reported; nothing is queued inside.
    ///
    /// # Errors
    /// [`DocumentFault`] when Automerge does not take them; the document is then as it was.
    pub fn apply(&mut self, changes: &[VerifiedChange]) -> Result<Applied, DocumentFault> {
        let mut applied = Applied::default();
        let ready = self.ready(changes, &mut applied);
        if ready.is_empty() {
            return Ok(applied);
        }
        let mut copy = self.automerge.clone();
        let mut history = self.take_history();
        let taken = catch_unwind(AssertUnwindSafe(move || {
            copy.apply_changes(ready.iter().map(|change| change.inner().clone()))?;
            for change in ready {
                history.add(change.inner(), change.operations());
            }
            let mut after = Self::of(copy);
            after.history = OnceLock::from(history);
            // A hostile change may apply and only break what reads it: read all, too.
            drop(hydrate(&after, &Authors::default()));
            // Or save what nobody loads again: Automerge is stricter there.
            let loaded = Self::load(after.save()).map(drop);
            Ok((after, loaded))
        }));
        let (after, loaded) = match taken {
            Ok(Ok(taken)) => taken,
            Ok(Err(error)) => return Err(fault_of(&error)),
            Err(_) => return Err(DocumentFault::NotTaken),
        };
        match loaded {
            Ok(()) => {}
            Err(BadDocument::TooLarge(_) | BadDocument::TooManyOperations) => {
                return Err(DocumentFault::Refused(
                    Refusal::new("document.too_large")
                        .with("size", after.size_bytes())
                        .with("limit", DOCUMENT_MAX_BYTES),
                ));
            }
            Err(BadDocument::Malformed | BadDocument::OtherGenesis) => {
                return Err(DocumentFault::NotTaken);
            }
        }
        if !applied.newly.iter().all(|hash| after.has(*hash)) {
            return Err(DocumentFault::NotTaken);
        }
        *self = after;
        Ok(applied)
    }

    /// Hashes of the changes nothing else depends on, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads = hashes(&self.automerge.get_heads());
        heads.sort_unstable();
        heads
    }

    /// True when the change is in the document.
    #[must_use]
    pub fn has(&self, hash: ChangeHash) -> bool {
        self.automerge
            .get_change_meta_by_hash(&automerge::ChangeHash(hash.0))
            .is_some()
    }

    /// Changes that are not ancestors of `heads`, genesis left out, dependencies first.
    #[must_use]
    pub fn changes_after(&self, heads: &[ChangeHash]) -> Vec<NewChange> {
        let known: Vec<ChangeHash> = heads.iter().copied().filter(|h| self.has(*h)).collect();
        self.automerge
            .get_changes(&automerge_hashes(&known))
            .iter()
            .filter(|change| change.hash().0 != genesis_hash(DocumentKind::WorkOrder).0)
            .filter_map(new_change)
            .collect()
    }

    /// How many changes of an author are here.
    #[must_use]
    pub fn seq_of(&self, actor: ActorId) -> u64 {
        self.history().last_seq(actor)
    }

    /// The document without some changes and without everything made on top of them, which comes
    /// back beside it, dependencies first.
    ///
    /// # Errors
    /// [`DocumentFault`] when what is left cannot be applied.
    pub fn without(
        &self,
        changes: &BTreeSet<ChangeHash>,
    ) -> Result<(Self, Vec<VerifiedChange>), DocumentFault> {
        let (mut left_out, mut taken, mut kept) = (BTreeSet::new(), Vec::new(), Vec::new());
        for change in self.changes_after(&[]) {
            let verified =
                VerifiedChange::check(&change.bytes).map_err(|_| DocumentFault::NotTaken)?;
            let is_out = changes.contains(&change.hash)
                || change
                    .dependencies
                    .iter()
                    .any(|hash| left_out.contains(hash));
            if is_out {
                left_out.insert(change.hash);
                taken.push(verified);
            } else {
                kept.push(verified);
            }
        }
        let mut document = Self::new();
        document.apply(&kept)?;
        Ok((document, taken))
    }

    /// A text the genesis made, merged by character.
    pub(crate) fn text(&self, container: &str) -> String {
        genesis_object(&self.automerge, container, ObjType::Text)
            .and_then(|object| self.automerge.text(object).ok())
            .unwrap_or_default()
    }

    pub(crate) fn automerge(&self) -> &Automerge {
        &self.automerge
    }

    pub(crate) fn history(&self) -> &History {
        self.history.get_or_init(|| History::read(&self.automerge))
    }

    fn of(automerge: Automerge) -> Self {
        Self {
            automerge,
            saved: OnceLock::new(),
            history: OnceLock::new(),
        }
    }

    /// The history by value; it is read anew when it is asked for again.
    fn take_history(&mut self) -> History {
        let history = self.history.take();
        history.unwrap_or_else(|| History::read(&self.automerge))
    }

    /// Picks what can be applied, dependencies first, and notes what the rest waits for.
    fn ready<'c>(
        &self,
        changes: &'c [VerifiedChange],
        applied: &mut Applied,
    ) -> Vec<&'c VerifiedChange> {
        let mut waiting: Vec<&'c VerifiedChange> = Vec::new();
        for change in changes {
            if !self.has(change.hash()) && !waiting.contains(&change) {
                waiting.push(change);
            }
        }
        let mut ready = Vec::new();
        loop {
            let before = waiting.len();
            waiting.retain(|change| {
                let is_ready = change
                    .dependencies()
                    .iter()
                    .all(|hash| self.has(*hash) || applied.newly.contains(hash));
                if is_ready {
                    applied.newly.push(change.hash());
                    ready.push(*change);
                }
                !is_ready
            });
            if waiting.len() == before {
                break;
            }
        }
        let held: Vec<ChangeHash> = waiting.iter().map(|change| change.hash()).collect();
        for hash in waiting.iter().flat_map(|change| change.dependencies()) {
            let is_here = self.has(hash) || applied.newly.contains(&hash) || held.contains(&hash);
            if !is_here && !applied.missing.contains(&hash) {
                applied.missing.push(hash);
            }
        }
        ready
    }
}

impl Default for WorkOrderDocument {
    fn default() -> Self {
        Self::new()
    }
}

/// The object the genesis made under this name, whatever else was put there.
pub(crate) fn genesis_object(
    reader: &impl ReadDoc,
    container: &str,
    kind: ObjType,
) -> Option<ObjId> {
    let actor = genesis_actor();
    let found = reader.get_all(ROOT, container).ok()?;
    found.into_iter().find_map(|(value, object)| {
        let is_genesis = matches!(&object, ObjId::Id(_, by, _) if by.to_bytes() == actor.0);
        (is_genesis && value == Value::Object(kind)).then_some(object)
    })
}

pub(crate) fn new_change(change: &automerge::Change) -> Option<NewChange> {
    Some(NewChange {
        hash: ChangeHash(change.hash().0),
        bytes: change.raw_bytes().to_vec(),
        dependencies: hashes(change.deps()),
        actor: actor_of(change.actor_id()).ok()?,
        seq: change.seq(),
    })
}

fn fault_of(error: &automerge::AutomergeError) -> DocumentFault {
    if let automerge::AutomergeError::DuplicateSeqNumber(seq, actor) = error
        && let Ok(actor) = actor_of(actor)
    {
        return DocumentFault::Fork { actor, seq: *seq };
    }
    DocumentFault::NotTaken
}
