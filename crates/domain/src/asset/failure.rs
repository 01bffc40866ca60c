//! Failures of a history: modes by year, and the days between failures of one system.
//!
//! The days are days of the calendar. Without meters nobody knows how long the machine ran, so
//! they are no operating time and their mean is no MTBF.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{History, HistoryLine, count, days_between, gaps, median};
use crate::Day;

/// Width of a bar of the gaps, in days.
pub const GAP_WIDTH: u32 = 7;
/// Bars of the gaps; the last one holds every longer gap.
pub const GAP_BARS: usize = 9;

/// A failure mode with the lines that name it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeCount {
    /// Mode in the words of the source; `None` for lines that name none.
    pub mode: Option<String>,
    /// Lines.
    pub lines: u32,
    /// Lines by year, every year of the history in its order.
    pub by_year: Vec<u32>,
}

/// Days between the failures of one system.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureGaps {
    /// The system.
    pub system: String,
    /// Lines that are failures of it.
    pub lines: u32,
    /// Days with such a line.
    pub days: u32,
    /// Gaps between two such days that follow each other.
    pub gaps: u32,
    /// Mean gap in days; `None` without a gap.
    pub mean: Option<f64>,
    /// Median gap, cut to a whole day.
    pub median: Option<u32>,
    /// The longest.
    pub longest: Option<u32>,
    /// Gaps by length, [`GAP_WIDTH`] days a bar.
    pub bars: Vec<GapBar>,
    /// Failures by year.
    pub years: Vec<FailureYear>,
    /// Growth of failures over the history: above 1 they come closer together, 1 is steady. The
    /// shape of a power law process, n / Σ ln(T/tᵢ), with tᵢ the days from the first day of the
    /// history to the failure and T to its last day. `None` with fewer than three failure days.
    pub trend: Option<f64>,
}

/// Gaps of one length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapBar {
    /// Shortest, in days.
    pub from: u32,
    /// Longest; `None` for the last bar.
    pub to: Option<u32>,
    /// Gaps that long.
    pub gaps: u32,
    /// How many there would be if failures came at random with the same mean.
    pub at_random: f64,
}

/// Failures of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureYear {
    /// Year.
    pub year: i16,
    /// Days with a failure.
    pub failures: u32,
    /// Days of the year inside the history.
    pub days: u32,
}

impl History {
    /// Every mode with its lines, the most usual first and lines without one last.
    #[must_use]
    pub fn failure_modes(&self) -> Vec<ModeCount> {
        let first_year = self.first().parts().0;
        let years = self.years().len();
        let mut modes: BTreeMap<Option<&str>, Vec<u32>> = BTreeMap::new();
        for line in self.lines() {
            let mode = line.modes.first().map(String::as_str);
            let by_year = modes.entry(mode).or_insert_with(|| vec![0; years]);
            let place = usize::try_from(line.day.parts().0 - first_year);
            if let Some(lines) = place.ok().and_then(|place| by_year.get_mut(place)) {
                *lines += 1;
            }
        }
        let of = |(mode, by_year): (Option<&str>, Vec<u32>)| ModeCount {
            mode: mode.map(str::to_owned),
            lines: by_year.iter().sum(),
            by_year,
        };
        let mut counts: Vec<ModeCount> = modes.into_iter().map(of).collect();
        counts.sort_by_key(|count| (count.mode.is_none(), std::cmp::Reverse(count.lines)));
        counts
    }

    /// True for a failure of a system: a repair with a mode that names it.
    #[must_use]
    pub fn is_failure(&self, line: &HistoryLine, system: &str) -> bool {
        let is_named = line.systems.iter().any(|named| named == system);
        line.is_corrective && !line.modes.is_empty() && is_named
    }

    /// Systems that have failed, the one with most failure days first.
    #[must_use]
    pub fn failing_systems(&self) -> Vec<String> {
        let mut days: BTreeMap<&str, BTreeSet<Day>> = BTreeMap::new();
        for line in self.lines() {
            for system in &line.systems {
                if self.is_failure(line, system) {
                    days.entry(system).or_default().insert(line.day);
                }
            }
        }
        let mut systems: Vec<_> = days.into_iter().collect();
        systems.sort_by_key(|(_, days)| std::cmp::Reverse(days.len()));
        let names = systems.into_iter().map(|(system, _)| system.to_owned());
        names.collect()
    }

    /// Days between the failures of a system; several lines of one day are one failure.
    #[must_use]
    pub fn failure_gaps(&self, system: &str) -> FailureGaps {
        let lines = self.lines().iter();
        let failures = lines.filter(|line| self.is_failure(line, system));
        let days: BTreeSet<Day> = failures.clone().map(|line| line.day).collect();
        let lengths = gaps(&days);
        let mean = mean(&lengths);
        FailureGaps {
            system: system.to_owned(),
            lines: count(failures),
            days: count(days.iter()),
            gaps: count(lengths.iter()),
            mean,
            median: median(&lengths),
            longest: lengths.iter().copied().max(),
            bars: mean.map_or_else(Vec::new, |mean| bars(&lengths, mean)),
            years: self.failure_years(&days),
            trend: self.trend(&days),
        }
    }

    fn failure_years(&self, days: &BTreeSet<Day>) -> Vec<FailureYear> {
        let of = |year: super::summary::YearCount| {
            let (from, to) = self.within(year.year);
            FailureYear {
                year: year.year,
                failures: count(days.range(from..=to)),
                days: year.days,
            }
        };
        self.years().into_iter().map(of).collect()
    }

    fn trend(&self, days: &BTreeSet<Day>) -> Option<f64> {
        let whole = f64::from(days_between(self.first(), self.last()));
        // A failure on the very first day has waited for nothing.
        let waits = days.iter().map(|day| days_between(self.first(), *day));
        let waits: Vec<f64> = waits.filter(|wait| *wait > 0).map(f64::from).collect();
        let sum: f64 = waits.iter().map(|wait| (whole / wait).ln()).sum();
        let failures = u32::try_from(waits.len()).ok()?;
        (failures >= 3 && sum > 0.0).then(|| f64::from(failures) / sum)
    }
}

fn mean(lengths: &[u32]) -> Option<f64> {
    let gaps = u32::try_from(lengths.len()).ok().filter(|n| *n > 0)?;
    let sum: u32 = lengths.iter().sum();
    Some(f64::from(sum) / f64::from(gaps))
}

fn bars(lengths: &[u32], mean: f64) -> Vec<GapBar> {
    let all = f64::from(count(lengths.iter()));
    let longer = |days: u32| all * (-f64::from(days) / mean).exp();
    let last = GAP_BARS - 1;
    let mut bars = Vec::with_capacity(GAP_BARS);
    let mut from = 0;
    for place in 0..GAP_BARS {
        let to = (place < last).then_some(from + GAP_WIDTH);
        let is_in = |gap: &&u32| **gap > from && to.is_none_or(|to| **gap <= to);
        bars.push(GapBar {
            from: from + 1,
            to,
            gaps: count(lengths.iter().filter(is_in)),
            at_random: longer(from) - to.map_or(0.0, longer),
        });
        from += GAP_WIDTH;
    }
    bars
}
