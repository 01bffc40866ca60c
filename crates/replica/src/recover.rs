//! Unsent items that the outbox has lost and that stand elsewhere in the file: a change is in its
//! document, a claim in the list of claims. The chain proves what goes where: only the right items
//! in the right order lead from the link before a gap to the link after it.

use fettle_document::{VerifiedChange, WorkOrderDocument};
use fettle_domain::{ActorId, Timestamp};
use fettle_sync::chain::{ItemKind, Link, Position};
use fettle_sync::frame::to_cbor;

use crate::salvage::{Author, link_after};
use crate::table::salvage::{self, Item, Source};

/// Most links tried for one gap: several seconds' worth of guessing would help nobody.
const TRIES_MAX: u32 = 50_000;

struct Candidate {
    kind: ItemKind,
    id: uuid::Uuid,
    hash: [u8; 32],
    bytes: Vec<u8>,
    at: Timestamp,
    seq: u64,
}

/// Fills the gaps of an author's chain as far as the rest of the file allows.
pub(crate) fn recover(source: &Source<'_>, actor: ActorId, author: &mut Author) {
    if author.unsent.is_empty() || author.missing().next().is_none() {
        return;
    }
    let candidates = candidates(source, actor, author);
    let mut next_to: Option<u64> = None;
    let ends: Vec<u64> = author.unsent.keys().copied().collect();
    for place in ends {
        let gap_begins = next_to.map_or(author.sent + 1, |last| last + 1);
        if gap_begins < place {
            fill(author, actor, gap_begins, place, &candidates);
        }
        next_to = Some(place);
    }
}

/// Fills the gap from `first` up to the item at `place`, whole or not at all.
fn fill(author: &mut Author, actor: ActorId, first: u64, place: u64, candidates: &[Candidate]) {
    let Some(target) = author.unsent.get(&place).and_then(|item| item.before) else {
        return;
    };
    let Some(start) = start(author, actor, first) else {
        return;
    };
    let from = first
        .checked_sub(1)
        .and_then(|before| author.unsent.get(&before))
        .map(|item| item.at);
    let until = author.unsent.get(&place).map(|item| item.at);
    let within: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| from.is_none_or(|from| candidate.at >= from))
        .filter(|candidate| until.is_none_or(|until| candidate.at <= until))
        .collect();
    let Ok(length) = usize::try_from(place - first) else {
        return;
    };
    let mut search = Search {
        candidates: &within,
        target,
        chosen: Vec::with_capacity(length),
        tries: 0,
    };
    if !search.leads_on(start, length) {
        return;
    }
    let chosen = search.chosen;
    let mut position = start;
    for index in chosen {
        let candidate = within[index];
        let before = position.link;
        position = position.extend(candidate.kind, candidate.id, &candidate.hash);
        let item = Item {
            actor,
            place: position.count,
            kind: candidate.kind,
            id: candidate.id,
            bytes: candidate.bytes.clone(),
            // A later signature vouches for it.
            signature: None,
            before: Some(before),
            at: candidate.at,
            is_sent: false,
        };
        author.unsent.insert(position.count, item);
    }
}

/// The chain before a gap, when it can be known.
fn start(author: &Author, actor: ActorId, first: u64) -> Option<Position> {
    let count = first.checked_sub(1)?;
    if count == 0 {
        return Some(Position::start(actor));
    }
    let link = link_after(author.unsent.get(&count)?)?;
    Some(Position { count, link })
}

struct Search<'a> {
    candidates: &'a [&'a Candidate],
    target: Link,
    /// Candidates taken so far, in their order.
    chosen: Vec<usize>,
    tries: u32,
}

impl Search<'_> {
    /// Looks for candidates that lead to the target in `left` steps; true when they were found.
    fn leads_on(&mut self, position: Position, left: usize) -> bool {
        if left == 0 {
            return position.link == self.target;
        }
        let after = self.chosen.last().map_or(0, |last| last + 1);
        for index in after..self.candidates.len() {
            if self.candidates.len() - index < left || self.tries >= TRIES_MAX {
                return false;
            }
            if self.leaves_one_out(index) {
                continue;
            }
            self.tries += 1;
            let candidate = self.candidates[index];
            let next = position.extend(candidate.kind, candidate.id, &candidate.hash);
            self.chosen.push(index);
            if self.leads_on(next, left - 1) {
                return true;
            }
            self.chosen.pop();
        }
        false
    }

    /// True when an earlier change of the same document would be left out between two that are
    /// not: a gap holds a stretch of each document.
    fn leaves_one_out(&self, index: usize) -> bool {
        let id = self.candidates[index].id;
        let mut chosen = self.chosen.iter().rev();
        let Some(last) = chosen.find(|chosen| self.candidates[**chosen].id == id) else {
            return false;
        };
        (last + 1..index).any(|between| self.candidates[between].id == id)
    }
}

/// What this author made and the outbox does not show, in the order it was made.
fn candidates(source: &Source<'_>, actor: ActorId, author: &Author) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    salvage::each_document(source, |document, saved| {
        let Ok(content) = WorkOrderDocument::load(&saved) else {
            return;
        };
        for change in content.changes_after(&[]) {
            let Ok(change) = VerifiedChange::check(&change.bytes) else {
                continue;
            };
            if change.actor() == actor {
                candidates.push(Candidate {
                    kind: ItemKind::Change,
                    id: document.0,
                    hash: change.hash().0,
                    bytes: change.bytes().to_vec(),
                    at: change.time(),
                    seq: change.seq(),
                });
            }
        }
    });
    for (of, intent) in salvage::claims(source) {
        if of == actor
            && let Ok(bytes) = to_cbor(&intent)
        {
            candidates.push(Candidate {
                kind: ItemKind::Intent,
                id: intent.id.0,
                hash: *blake3::hash(&bytes).as_bytes(),
                bytes,
                at: intent.made.at,
                // After the change of its commit.
                seq: u64::MAX,
            });
        }
    }
    candidates.retain(|candidate| {
        let mut held = author.unsent.values();
        let named = (candidate.id, *blake3::hash(&candidate.bytes).as_bytes());
        !author.known.contains(&named)
            && !held.any(|item| item.id == candidate.id && item.bytes == candidate.bytes)
    });
    candidates.sort_by_key(|candidate| (candidate.at, candidate.seq));
    candidates
}
