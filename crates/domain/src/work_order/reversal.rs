//! Reversals: an author takes an entry back by a reversing entry; nothing is ever deleted.

use crate::work_order::work::{Authored, LabourEntry, PartUsed, Reading};
use crate::{ActorId, EntryId, PersonId, Refusal};

/// An entry that can be taken back by another one of its kind.
pub trait Reversible {
    /// The entry this one takes back.
    fn reversal_of(&self) -> Option<EntryId>;
}

impl Reversible for LabourEntry {
    fn reversal_of(&self) -> Option<EntryId> {
        self.reversal_of
    }
}

impl Reversible for PartUsed {
    fn reversal_of(&self) -> Option<EntryId> {
        self.reversal_of
    }
}

impl Reversible for Reading {
    fn reversal_of(&self) -> Option<EntryId> {
        self.reversal_of
    }
}

/// The entry that takes `of` back, when one does: the first by its author, of several at once.
///
/// A reversal is closed, names a closed entry that is no reversal itself, and has the same author:
/// any actor of the same person.
#[must_use]
pub fn reversal<'a, T: Reversible>(
    entries: &'a [Authored<T>],
    of: &Authored<T>,
) -> Option<&'a Authored<T>> {
    if !of.is_closed || of.entry.reversal_of().is_some() {
        return None;
    }
    entries.iter().find(|entry| {
        entry.entry.reversal_of() == Some(of.id)
            && entry.is_closed
            && is_by(of, entry.actor, entry.person)
    })
}

/// Entries that stand: no reversals, and none that was taken back.
pub fn standing<T: Reversible>(entries: &[Authored<T>]) -> impl Iterator<Item = &Authored<T>> {
    entries
        .iter()
        .filter(|entry| entry.entry.reversal_of().is_none() && reversal(entries, entry).is_none())
}

/// Whether an actor of a person may take an entry back.
///
/// # Errors
/// A [`Refusal`]: `entry.unknown`, `entry.not_yours`, `entry.open`, `entry.is_reversal`,
/// `entry.taken_back`.
pub fn check_reversal<T: Reversible>(
    entries: &[Authored<T>],
    of: EntryId,
    (actor, person): (ActorId, PersonId),
) -> Result<&Authored<T>, Refusal> {
    let refuse = |code: &str| Err(Refusal::new(code).with("entry", of));
    let Some(entry) = entries.iter().find(|entry| entry.id == of) else {
        return refuse("entry.unknown");
    };
    if !is_by(entry, actor, Some(person)) {
        refuse("entry.not_yours")
    } else if entry.entry.reversal_of().is_some() {
        refuse("entry.is_reversal")
    } else if !entry.is_closed {
        refuse("entry.open")
    } else if reversal(entries, entry).is_some() {
        refuse("entry.taken_back")
    } else {
        Ok(entry)
    }
}

fn is_by<T>(entry: &Authored<T>, actor: ActorId, person: Option<PersonId>) -> bool {
    entry.actor == actor || (person.is_some() && entry.person == person)
}
