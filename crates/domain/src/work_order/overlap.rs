//! Labour of one person at the same time: it only warns, for both may be right.

use std::collections::BTreeSet;

use crate::time::elapsed;
use crate::work_order::reversal::standing;
use crate::work_order::work::{Authored, LabourEntry};
use crate::{EntryId, Timestamp};

/// Ended labour that overlaps other ended labour of the same person.
#[must_use]
pub fn overlapping(labour: &[Authored<LabourEntry>]) -> BTreeSet<EntryId> {
    let spans: Vec<_> = standing(labour)
        .filter_map(|labour| Some((labour, span(&labour.entry)?)))
        .collect();
    let mut found = BTreeSet::new();
    for (index, (one, (start, end))) in spans.iter().enumerate() {
        for (other, (other_start, other_end)) in &spans[index + 1..] {
            let is_same = one.entry.person == other.entry.person;
            if is_same && start < other_end && other_start < end {
                found.extend([one.id, other.id]);
            }
        }
    }
    found
}

fn span(labour: &LabourEntry) -> Option<(Timestamp, Timestamp)> {
    let start = labour.start.corrected();
    let lasted = elapsed(labour.start, labour.end?);
    Some((start, start.plus_ms(lasted.ms)))
}
