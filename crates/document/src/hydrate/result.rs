//! Results of steps: what stands beside each other, what a clash left behind, what people chose.

use std::collections::{BTreeMap, BTreeSet};

use fettle_domain::StepId;
use fettle_domain::work_order::settlement::settle;
use fettle_domain::work_order::{
    Authored, Note, Settled, Settlement, StepKind, StepResult, StepState, StepVerdict, Task,
};

use super::read::Reader;
use crate::fields;
use crate::history::{Content, OpId, Written, standing};

impl Reader<'_> {
    /// Steps of which anything was ever recorded.
    pub(super) fn recorded(&self) -> BTreeSet<StepId> {
        self.keys_of(&self.root("results"), StepId)
            .into_iter()
            .filter(|(_, writes)| writes.iter().any(|made| made.content == Content::Map))
            .map(|(step, _)| step)
            .collect()
    }

    /// Results by step: every one that no later recording replaced, and what settlements made of them.
    pub(super) fn results<'t>(
        &self,
        tasks: impl Iterator<Item = &'t Task>,
        notes: &[Authored<Note>],
    ) -> Vec<StepState> {
        let steps = tasks.flat_map(|task| &task.steps);
        let kinds: BTreeMap<StepId, &StepKind> = steps.map(|step| (step.id, &step.kind)).collect();
        let mut settled = self.settled(notes);
        let mut states = Vec::new();
        for (step, writes) in self.keys_of(&self.root("results"), StepId) {
            let state = match kinds.get(&step) {
                Some(kind) => {
                    let (versions, earlier) = self.versions(&writes, kind);
                    let choices = settled.remove(&step).unwrap_or_default();
                    settle(step, kind, versions, earlier, choices)
                }
                // Without its step nobody knows what passes; what was recorded is kept.
                None => {
                    let mut state = StepState::new(step);
                    for (_, result) in self.live(&writes) {
                        state.add(result);
                    }
                    state
                }
            };
            if !(state.results.is_empty() && state.history.is_empty()) {
                states.push(state);
            }
        }
        states
    }

    /// What stands, and what a clash left behind.
    ///
    /// Who records anew while two versions are on view replaces both in the document. A failing
    /// one of them stands nevertheless: it is set aside by name, not measured away.
    fn versions(&self, writes: &[&Written], kind: &StepKind) -> (Vec<StepResult>, Vec<StepResult>) {
        let mut versions = self.live(writes);
        let is_live: BTreeSet<OpId> = versions.iter().map(|(id, _)| *id).collect();
        let mut left: BTreeMap<OpId, StepResult> = BTreeMap::new();
        for written in writes {
            let replaced: Vec<(OpId, StepResult)> = writes
                .iter()
                .filter(|other| written.replaces.contains(&other.id))
                .filter_map(|other| Some((other.id, self.result(other)?)))
                .filter(|(_, result)| result.verdict(kind) != StepVerdict::Open)
                .collect();
            let is_clash = replaced
                .iter()
                .any(|(_, result)| !result.says_the_same(&replaced[0].1));
            if is_clash {
                left.extend(replaced.into_iter().filter(|(id, _)| !is_live.contains(id)));
            }
        }
        let (failing, earlier): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|(_, result)| result.verdict(kind) == StepVerdict::Fail);
        versions.extend(failing);
        let plain = |results: Vec<(OpId, StepResult)>| {
            let results = results.into_iter();
            results.map(|(_, result)| result).collect()
        };
        (plain(versions), plain(earlier))
    }

    fn live(&self, writes: &[&Written]) -> Vec<(OpId, StepResult)> {
        standing(writes.iter().copied(), |_| Some(()))
            .into_iter()
            .filter_map(|(_, made)| Some((made.id, self.result(made)?)))
            .collect()
    }

    fn settled(&self, notes: &[Authored<Note>]) -> BTreeMap<StepId, Vec<Settled>> {
        let mut settled: BTreeMap<StepId, Vec<Settled>> = BTreeMap::new();
        for note in notes.iter().filter(|note| note.is_closed) {
            let Some(Settlement::Step(settlement)) = &note.entry.settles else {
                continue;
            };
            let choice = Settled {
                note: note.id,
                actor: note.actor,
                person: note.person,
                is_office: self
                    .authors
                    .is_office(note.actor, note.entry.at.corrected()),
                choice: settlement.choice.clone(),
                seen: settlement.seen.clone(),
                reason: note.entry.text.clone(),
                at: note.entry.at,
            };
            settled.entry(settlement.step).or_default().push(choice);
        }
        settled
    }

    fn result(&self, made: &Written) -> Option<StepResult> {
        if made.content != Content::Map {
            return None;
        }
        // What one person recorded, only that person's device may have filled in.
        let standing = self.fields(&[made.id], |written| {
            (written.author == made.author).then_some(((), ()))
        });
        let entry = fields::step_entry(&standing)?;
        Some(StepResult {
            is_done: entry.is_done,
            value: entry.value,
            unit: entry.unit,
            text: entry.text,
            photos: entry.photos,
            scanned_code: entry.scanned_code,
            second_signature: entry.second_signature,
            permit_acknowledged: entry.permit_acknowledged,
            at: entry.at,
            actor: made.author,
            person: self.authors.person(made.author),
        })
    }
}
