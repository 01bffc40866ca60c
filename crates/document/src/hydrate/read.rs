//! Reads the collections of a document: what stands of each key, and whose entries count.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ScalarValue;
use fettle_domain::work_order::{Authored, Link, PartLine, Step, Task};
use fettle_domain::{ActorId, ChangeHash, EntryId, PartLineId, StepId, TaskId};
use uuid::Uuid;

use super::{Authors, Rank};
use crate::fields::{self, CLOSED, Read};
use crate::history::{Content, History, OpId, Written, standing};

pub(super) struct Reader<'a> {
    pub(super) history: &'a History,
    pub(super) authors: &'a Authors,
    /// Who stands of the CMMS and a planner who wrote a planned field at once.
    pub(super) at_once: AtOnce,
}

/// Who stands of the CMMS and a planner who wrote the same planned field at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AtOnce {
    /// The CMMS: the plan is its own by the charter.
    Cmms,
    /// The planner: what they wanted.
    Planner,
}

/// The scalars that stand of an object's keys.
#[derive(Default)]
pub(super) struct Standing<'a>(BTreeMap<&'a str, &'a ScalarValue>);

impl Read for Standing<'_> {
    fn scalar(&self, key: &str) -> Option<&ScalarValue> {
        self.0.get(key).copied()
    }
}

impl<'a> Reader<'a> {
    pub(super) fn root(&self, container: &str) -> Vec<OpId> {
        self.history.root(container).into_iter().collect()
    }

    /// Fields the planner and the CMMS own: lighter authors never supersede heavier ones.
    pub(super) fn planned(&self, objects: Vec<OpId>) -> Standing<'a> {
        self.fields(&objects, |written| {
            let rank = self.authors.rank(written.author);
            let is_cmms = self.authors.is_cmms(written.author);
            let is_first = is_cmms == (self.at_once == AtOnce::Cmms);
            Some((rank, (rank, is_first)))
        })
    }

    /// Fields anybody may write: the last word stands, and of several at once the heavier author's.
    pub(super) fn shared(&self, objects: Vec<OpId>) -> Standing<'a> {
        self.fields(&objects, |written| {
            Some((Rank::Other, self.authors.rank(written.author)))
        })
    }

    /// The planned tasks with their planned steps; and of what is no longer planned, the steps
    /// somebody recorded results of, in their tasks.
    pub(super) fn tasks(&self, recorded: &BTreeSet<StepId>) -> (Vec<Task>, Vec<Task>) {
        let (mut tasks, mut removed) = (Vec::new(), Vec::new());
        for (id, objects) in self.collection(&self.root("tasks"), TaskId) {
            let (mut steps, mut gone) = self.steps(&objects);
            let standing = self.planned(objects);
            let task = fields::task(id, &standing);
            let is_removed = fields::is_removed(&standing);
            if is_removed {
                gone.append(&mut steps);
            }
            gone.retain(|step| recorded.contains(&step.id));
            if !gone.is_empty() {
                sort_steps(&mut gone);
                removed.push(Task {
                    steps: gone,
                    ..task.clone()
                });
            }
            if !is_removed {
                tasks.push(Task { steps, ..task });
            }
        }
        let by_number = |task: &Task| (task.number, task.id);
        tasks.sort_by_key(by_number);
        removed.sort_by_key(by_number);
        (tasks, removed)
    }

    pub(super) fn part_lines(&self) -> Vec<PartLine> {
        self.collection(&self.root("part_lines"), PartLineId)
            .map(|(id, objects)| (id, self.planned(objects)))
            .filter(|(_, standing)| !fields::is_removed(standing))
            .filter_map(|(id, standing)| fields::part_line(id, &standing))
            .collect()
    }

    pub(super) fn links(&self) -> Vec<Link> {
        self.collection(&self.root("links"), EntryId)
            .filter_map(|(id, objects)| fields::link(id, &self.shared(objects)))
            .collect()
    }

    /// Entries with their authors. Only the author's person writes to an entry, and only until it
    /// is closed for the first time. In the order they were seen, never by anybody's clock.
    pub(super) fn entries<T>(
        &self,
        container: &str,
        read: impl Fn(&Standing<'a>) -> Option<T>,
    ) -> Vec<Authored<T>> {
        let mut entries: Vec<(OpId, Authored<T>)> = self
            .keys_of(&self.root(container), EntryId)
            .into_iter()
            .filter_map(|(id, writes)| {
                let made = first_map(&writes)?;
                let closing = closing(self.history, self.authors, made.id, made.author);
                let standing = self.fields(&[made.id], |written| {
                    let counts = self.authors.is_same_person(written.author, made.author)
                        && closing
                            .is_none_or(|closing| self.history.is_before(written.hash, closing));
                    counts.then_some(((), ()))
                });
                let entry = Authored {
                    id,
                    is_closed: closing.is_some(),
                    actor: made.author,
                    person: self.authors.person(made.author),
                    entry: read(&standing)?,
                };
                Some((made.id, entry))
            })
            .collect();
        entries.sort_by_key(|(made, _)| *made);
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The steps of a task that are planned, and those that no longer are.
    fn steps(&self, task: &[OpId]) -> (Vec<Step>, Vec<Step>) {
        let containers: Vec<OpId> = task
            .iter()
            .filter_map(|object| self.history.keys(*object)?.get("steps"))
            .flat_map(|writes| self.maps(writes))
            .collect();
        let (mut steps, mut gone) = (Vec::new(), Vec::new());
        for (id, objects) in self.collection(&containers, StepId) {
            let standing = self.planned(objects);
            let Some(step) = fields::step(id, &standing) else {
                continue;
            };
            if fields::is_removed(&standing) {
                gone.push(step);
            } else {
                steps.push(step);
            }
        }
        sort_steps(&mut steps);
        (steps, gone)
    }

    /// Members of planned collections, each with every map that stands for it: two devices may
    /// have made the same member at once, and it is one.
    fn collection<I: Ord + Copy>(
        &self,
        containers: &[OpId],
        id: impl Fn(Uuid) -> I,
    ) -> std::vec::IntoIter<(I, Vec<OpId>)> {
        self.keys_of(containers, id)
            .into_iter()
            .map(|(id, writes)| (id, self.maps(writes)))
            .filter(|(_, maps)| !maps.is_empty())
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn maps<'w>(&self, writes: impl IntoIterator<Item = &'w Written>) -> Vec<OpId> {
        standing(writes, |written| Some(self.authors.rank(written.author)))
            .into_iter()
            .filter(|(_, written)| written.content == Content::Map)
            .map(|(_, written)| written.id)
            .collect()
    }

    /// Keys that are ids, in order, with all that was written there.
    pub(super) fn keys_of<I: Ord>(
        &self,
        containers: &[OpId],
        id: impl Fn(Uuid) -> I,
    ) -> BTreeMap<I, Vec<&'a Written>> {
        let mut keys: BTreeMap<I, Vec<&'a Written>> = BTreeMap::new();
        for (key, writes) in containers
            .iter()
            .filter_map(|container| self.history.keys(*container))
            .flatten()
        {
            if let Ok(uuid) = Uuid::parse_str(key)
                && uuid.simple().to_string() == *key
            {
                keys.entry(id(uuid)).or_default().extend(writes);
            }
        }
        keys
    }

    /// The scalar that stands of every key: what supersedes what by the first weight, what stands
    /// of several by the second, then by hash.
    pub(super) fn fields<W: Ord + Copy, T: Ord + Copy>(
        &self,
        objects: &[OpId],
        weight: impl Fn(&Written) -> Option<(W, T)>,
    ) -> Standing<'a> {
        let mut keys: BTreeMap<&'a str, Vec<&'a Written>> = BTreeMap::new();
        for (key, writes) in objects
            .iter()
            .filter_map(|object| self.history.keys(*object))
            .flatten()
        {
            keys.entry(key).or_default().extend(writes);
        }
        let mut values = BTreeMap::new();
        for (key, writes) in keys {
            let mut stand = standing(writes, |written| weight(written).map(|(first, _)| first));
            stand.sort_by_key(|(first, written)| {
                let second = weight(written).map(|(_, second)| second);
                (*first, second, written.hash, written.id)
            });
            if let Some(value) = stand.iter().rev().find_map(|(_, written)| scalar(written)) {
                values.insert(key, value);
            }
        }
        Standing(values)
    }
}

fn sort_steps(steps: &mut [Step]) {
    steps.sort_by(|one, other| (&one.order_key, one.id).cmp(&(&other.order_key, other.id)));
}

fn scalar(written: &Written) -> Option<&ScalarValue> {
    match &written.content {
        Content::Scalar(value) => Some(value),
        Content::Map | Content::Removed | Content::Other => None,
    }
}

/// The map that made an entry: nobody replaces an entry by another one under its id.
fn first_map<'w>(writes: &[&'w Written]) -> Option<&'w Written> {
    writes
        .iter()
        .filter(|written| written.content == Content::Map)
        .min_by_key(|written| written.id)
        .copied()
}

/// The change in which the entry's author closed it first.
pub(crate) fn closing(
    history: &History,
    authors: &Authors,
    entry: OpId,
    author: ActorId,
) -> Option<ChangeHash> {
    let writes = history.keys(entry)?.get(CLOSED)?;
    let closings: Vec<ChangeHash> = writes
        .iter()
        .filter(|written| written.content == Content::Scalar(ScalarValue::Boolean(true)))
        .filter(|written| authors.is_same_person(written.author, author))
        .map(|written| written.hash)
        .collect();
    let is_first = |one: &ChangeHash| {
        !closings
            .iter()
            .any(|other| other != one && history.is_before(*other, *one))
    };
    closings.iter().copied().filter(is_first).min()
}
