//! Making changes again under another actor: same objects, same ids, same words, another author id.
//!
//! Needed when the actor's numbers were used by another copy of the device, or when something that
//! good work rests on went no further. Only who counts and what is depended on is rewritten, so
//! what was concurrent stays concurrent and what was replaced stays replaced.

use automerge::ExpandedChange;
use automerge::legacy::{ElementId, Key, ObjectId, OpId};
use fettle_domain::{ActorId, ChangeHash, Refusal};
use serde::{Deserialize, Serialize};

use crate::change::{NewChange, VerifiedChange, automerge_hashes};

/// What became of one change of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The change as it was.
    pub old: ChangeHash,
    /// Its author.
    pub from: ActorId,
    /// Counter of its first operation.
    pub first_op: u64,
    /// How many operations it has.
    pub ops: u64,
    /// What it depended on as it was made.
    #[serde(default)]
    pub rests_on: Vec<ChangeHash>,
    /// What it depended on, as that stands now.
    pub dependencies: Vec<ChangeHash>,
    /// The change it became and under which actor; `None` when it was left out.
    pub new: Option<(ChangeHash, ActorId)>,
}

/// Changes of one document that are made again, in the order they were made first.
#[derive(Debug, Clone, Default)]
pub struct Remake {
    moved: Vec<Moved>,
}

impl Remake {
    /// Goes on from what was moved earlier.
    #[must_use]
    pub fn after(moved: Vec<Moved>) -> Self {
        Self { moved }
    }

    /// What was moved so far.
    #[must_use]
    pub fn moved(&self) -> &[Moved] {
        &self.moved
    }

    /// Leaves a change out: what was made on top of it rests on its past alone.
    pub fn leave_out(&mut self, change: &VerifiedChange) {
        let dependencies = self.dependencies(change);
        self.note(change, dependencies, None);
    }

    /// Makes a change again under `actor`, as that actor's change number `seq` of the document.
    ///
    /// # Errors
    /// A [`Refusal`] when it writes into something that was left out; it is left out then, too.
    pub fn make(
        &mut self,
        change: &VerifiedChange,
        actor: ActorId,
        seq: u64,
    ) -> Result<NewChange, Refusal> {
        let dependencies = self.dependencies(change);
        let Some(expanded) = self.rewritten(change, actor, seq, &dependencies) else {
            self.note(change, dependencies, None);
            return Err(Refusal::new("change.rests_on_refused"));
        };
        let made = automerge::Change::from(expanded);
        let made = VerifiedChange::check(made.raw_bytes())
            .map_err(|_| Refusal::new("change.not_taken"))?;
        self.note(change, dependencies.clone(), Some((made.hash(), actor)));
        Ok(NewChange {
            hash: made.hash(),
            bytes: made.bytes().to_vec(),
            dependencies,
            actor,
            seq,
        })
    }

    /// Leaves the last change out after all: the document did not take it.
    pub fn leave_last_out(&mut self) {
        if let Some(last) = self.moved.last_mut() {
            last.new = None;
        }
    }

    /// The hash a dependency has now; none when it was left out.
    #[must_use]
    pub fn hash_now(&self, hash: ChangeHash) -> Option<ChangeHash> {
        match self.find(hash) {
            None => Some(hash),
            Some(moved) => moved.new.map(|(hash, _)| hash),
        }
    }

    fn find(&self, hash: ChangeHash) -> Option<&Moved> {
        self.moved.iter().rfind(|moved| moved.old == hash)
    }

    fn dependencies(&self, change: &VerifiedChange) -> Vec<ChangeHash> {
        let mut now: Vec<ChangeHash> = change
            .dependencies()
            .into_iter()
            .flat_map(|hash| match self.find(hash) {
                None => vec![hash],
                Some(Moved {
                    new: Some((hash, _)),
                    ..
                }) => vec![*hash],
                Some(moved) => moved.dependencies.clone(),
            })
            .collect();
        now.sort_unstable();
        now.dedup();
        now
    }

    fn note(
        &mut self,
        change: &VerifiedChange,
        dependencies: Vec<ChangeHash>,
        new: Option<(ChangeHash, ActorId)>,
    ) {
        self.moved.push(Moved {
            old: change.hash(),
            from: change.actor(),
            first_op: change.inner().start_op().get(),
            ops: change.operations().len() as u64,
            rests_on: change.dependencies(),
            dependencies,
            new,
        });
    }

    fn rewritten(
        &self,
        change: &VerifiedChange,
        actor: ActorId,
        seq: u64,
        dependencies: &[ChangeHash],
    ) -> Option<ExpandedChange> {
        let mut expanded = change.inner().decode();
        let author = automerge::ActorId::from(&actor.0[..]);
        let own = change.inner().start_op().get()
            ..change.inner().start_op().get() + change.operations().len() as u64;
        let past = self.past(change);
        let place = |id: &OpId| place(id, &past, (change.actor(), &own), &author);
        for operation in &mut expanded.operations {
            if let ObjectId::Id(id) = &operation.obj {
                operation.obj = ObjectId::Id(place(id)?);
            }
            if let Key::Seq(ElementId::Id(id)) = &operation.key {
                operation.key = Key::Seq(ElementId::Id(place(id)?));
            }
            // What it replaced and was left out is simply not there any more.
            operation.pred = operation.pred.iter().filter_map(place).collect();
        }
        expanded.actor_id = author;
        expanded.seq = seq;
        expanded.deps = automerge_hashes(dependencies);
        expanded.hash = None;
        Some(expanded)
    }

    /// What was moved in the past of a change. Two copies of a device give the same ids to different
    /// operations: an id means the one that whoever wrote it had seen.
    fn past(&self, change: &VerifiedChange) -> Vec<&Moved> {
        let mut past: Vec<&Moved> = Vec::new();
        let mut next = change.dependencies();
        while let Some(hash) = next.pop() {
            if let Some(moved) = self.find(hash)
                && !past.iter().any(|seen| seen.old == hash)
            {
                next.extend(&moved.rests_on);
                past.push(moved);
            }
        }
        past
    }
}

/// Where an operation stands now; none when its change was left out.
fn place(
    id: &OpId,
    past: &[&Moved],
    (of, own): (ActorId, &std::ops::Range<u64>),
    author: &automerge::ActorId,
) -> Option<OpId> {
    let by = crate::change::actor_of(id.actor()).ok()?;
    if by == of && own.contains(&id.counter()) {
        return Some(OpId::new(id.counter(), author));
    }
    let found = past.iter().find(|moved| {
        moved.from == by && (moved.first_op..moved.first_op + moved.ops).contains(&id.counter())
    });
    match found {
        None => Some(id.clone()),
        Some(moved) => {
            let (_, actor) = moved.new?;
            let actor = automerge::ActorId::from(&actor.0[..]);
            Some(OpId::new(id.counter(), &actor))
        }
    }
}
