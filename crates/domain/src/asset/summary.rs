//! What a history comes to: types, months, years, big jobs, and what it does not record.

use std::collections::BTreeMap;

use super::history::{History, HistoryLine, Tally, count, days_between};
use crate::Day;

/// Amount from which a job is a big one, in major units.
pub const BIG_JOB: i64 = 50_000;
/// Most of the dearest jobs that are named.
const NAMED_JOBS: usize = 5;
/// How long before the end of a history a line without cost may still be open work, in days.
const RECENT_DAYS: i32 = 60;

/// Lines of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeCount {
    /// Type in the words of the source.
    pub kind: String,
    /// True for repairs of failures.
    pub is_corrective: bool,
    /// Lines of it.
    pub lines: u32,
}

/// A month of a history. Months without a line stand in the list, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCount {
    /// Year.
    pub year: i16,
    /// Month, from 1.
    pub month: i8,
    /// Lines that repair failures.
    pub corrective: u32,
    /// All lines and their costs.
    pub all: Tally,
}

/// A year of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearCount {
    /// Year.
    pub year: i16,
    /// Days of it inside the history.
    pub days: u32,
    /// True when the history begins or ends within it.
    pub is_part: bool,
    /// Lines and costs.
    pub all: Tally,
}

/// Lines near the end of a history, which may be work that is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentWork {
    /// First day that counts as near.
    pub since: Day,
    /// Lines since then whose source states no status.
    pub lines: u32,
    /// Those of them without a cost.
    pub without_cost: u32,
}

impl History {
    /// Lines a week, over the days the history covers.
    #[must_use]
    pub fn lines_a_week(&self) -> f64 {
        f64::from(self.total().lines) * 7.0 / f64::from(self.days())
    }

    /// Lines by type, the most usual first.
    #[must_use]
    pub fn types(&self) -> Vec<TypeCount> {
        let mut counts: BTreeMap<(&str, bool), u32> = BTreeMap::new();
        for line in self.lines() {
            *counts.entry((&line.kind, line.is_corrective)).or_default() += 1;
        }
        let of = |((kind, is_corrective), lines): ((&str, bool), u32)| TypeCount {
            kind: kind.to_owned(),
            is_corrective,
            lines,
        };
        let mut types: Vec<TypeCount> = counts.into_iter().map(of).collect();
        types.sort_by_key(|a| std::cmp::Reverse(a.lines));
        types
    }

    /// True for a line that cost [`BIG_JOB`] or more.
    #[must_use]
    pub fn is_big(&self, line: &HistoryLine) -> bool {
        let digits = self.currency().map_or(0, |known| known.minor_digits());
        let least = BIG_JOB.saturating_mul(10_i64.pow(digits));
        self.minor(line).is_some_and(|minor| minor >= least)
    }

    /// The big jobs.
    #[must_use]
    pub fn big_jobs(&self) -> Tally {
        self.tally(self.lines().iter().filter(|line| self.is_big(line)))
    }

    /// Lines without any cost.
    #[must_use]
    pub fn without_cost(&self) -> u32 {
        count(self.lines().iter().filter(|line| line.has_no_cost()))
    }

    /// Lines whose cost is below nothing: something was taken back.
    #[must_use]
    pub fn negative(&self) -> u32 {
        let minor = self.lines().iter().filter_map(|line| self.minor(line));
        count(minor.filter(|minor| *minor < 0))
    }

    /// Every month from the first to the last day.
    #[must_use]
    pub fn months(&self) -> Vec<MonthCount> {
        let ((first_year, first_month, _), (last_year, last_month, _)) =
            (self.first().parts(), self.last().parts());
        let mut months: BTreeMap<(i16, i8), MonthCount> = (first_year..=last_year)
            .flat_map(|year| (1..=12).map(move |month| (year, month)))
            .filter(|at| ((first_year, first_month)..=(last_year, last_month)).contains(at))
            .map(|(year, month)| ((year, month), empty(year, month)))
            .collect();
        for line in self.lines() {
            let (year, month, _) = line.day.parts();
            if let Some(count) = months.get_mut(&(year, month)) {
                count.all.add(self.minor(line));
                count.corrective += u32::from(line.is_corrective);
            }
        }
        months.into_values().collect()
    }

    /// Every year from the first to the last day.
    #[must_use]
    pub fn years(&self) -> Vec<YearCount> {
        let mut years: BTreeMap<i16, YearCount> = BTreeMap::new();
        for month in self.months() {
            let year = years.entry(month.year).or_insert_with(|| {
                let (from, to) = self.within(month.year);
                let days = days_between(from, to) + 1;
                let whole = days_between(new_year(month.year), new_year(month.year + 1));
                YearCount {
                    year: month.year,
                    days,
                    is_part: days < whole,
                    all: Tally::default(),
                }
            });
            year.all.lines += month.all.lines;
            if let Some(minor) = month.all.minor {
                year.all.minor = Some(year.all.minor.unwrap_or(0).saturating_add(minor));
            }
        }
        years.into_values().collect()
    }

    /// First and last day of a year inside the history.
    pub(crate) fn within(&self, year: i16) -> (Day, Day) {
        let last = Day::from_days(new_year(year + 1).days() - 1);
        (new_year(year).max(self.first()), last.min(self.last()))
    }

    /// The dearest jobs in the order of their days; a job that stands twice is named once.
    #[must_use]
    pub fn dearest(&self) -> Vec<&HistoryLine> {
        let lines = self.lines().iter();
        let mut dearest: Vec<_> = lines
            .filter(|line| !self.is_repeat(line) && self.minor(line).is_some_and(|m| m > 0))
            .collect();
        dearest.sort_by_key(|line| std::cmp::Reverse(self.minor(line)));
        dearest.truncate(NAMED_JOBS);
        dearest.sort_by_key(|line| (line.day, line.order));
        dearest
    }

    /// True for a line near the end that states no status and no cost: it may be open.
    #[must_use]
    pub fn may_be_open(&self, line: &HistoryLine) -> bool {
        self.is_recent(line) && line.has_no_cost()
    }

    /// Lines near the end without a status.
    #[must_use]
    pub fn recent_work(&self) -> RecentWork {
        let lines = self.lines().iter();
        RecentWork {
            since: self.recent_since(),
            lines: count(lines.clone().filter(|line| self.is_recent(line))),
            without_cost: count(lines.filter(|line| self.may_be_open(line))),
        }
    }

    fn recent_since(&self) -> Day {
        Day::from_days(self.last().days() - RECENT_DAYS)
    }

    fn is_recent(&self, line: &HistoryLine) -> bool {
        !line.has_status && line.day >= self.recent_since()
    }
}

fn empty(year: i16, month: i8) -> MonthCount {
    MonthCount {
        year,
        month,
        corrective: 0,
        all: Tally::default(),
    }
}

fn new_year(year: i16) -> Day {
    Day::from(jiff::civil::date(year.clamp(-9999, 9999), 1, 1))
}
