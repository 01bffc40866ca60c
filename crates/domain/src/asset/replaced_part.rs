//! Parts that were replaced, by the word a line counts under.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{History, HistoryLine, Tally, gaps, median};
use crate::Day;

/// Words for an action that puts a new part in the place of an old one.
const REPLACING: [&str; 3] = ["replace", "replaced", "replacement"];

/// A part with its replacements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedPart {
    /// Word of the part.
    pub part: String,
    /// Replacements and their costs.
    pub all: Tally,
    /// Median of the days between two days with a replacement, cut to a whole day.
    pub every: Option<u32>,
    /// The last one.
    pub last: Day,
}

impl History {
    /// The part a line replaced.
    #[must_use]
    pub fn replaced_by<'a>(&self, line: &'a HistoryLine) -> Option<&'a str> {
        let replaces = |action: &String| REPLACING.iter().any(|r| action.eq_ignore_ascii_case(r));
        let part = self.part_of(line)?;
        line.actions.iter().any(replaces).then_some(part)
    }

    /// Replaced parts, the one replaced most often first.
    #[must_use]
    pub fn replaced_parts(&self) -> Vec<ReplacedPart> {
        let mut parts: BTreeMap<&str, (Tally, BTreeSet<Day>)> = BTreeMap::new();
        for line in self.lines() {
            if let Some(part) = self.replaced_by(line) {
                let (all, days) = parts.entry(part).or_default();
                all.add(self.minor(line));
                days.insert(line.day);
            }
        }
        let of = |(part, (all, days)): (&str, (Tally, BTreeSet<Day>))| {
            days.last().map(|last| ReplacedPart {
                part: part.to_owned(),
                all,
                every: median(&gaps(&days)),
                last: *last,
            })
        };
        let mut replaced: Vec<ReplacedPart> = parts.into_iter().filter_map(of).collect();
        replaced.sort_by_key(|part| std::cmp::Reverse((part.all.lines, part.all.minor)));
        replaced
    }
}
