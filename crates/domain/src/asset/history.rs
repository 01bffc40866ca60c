//! The history of an asset: one line for each order that was done on it, and what is counted of it.
//!
//! A history has no more than its source recorded. What is not recorded is absent and never zero:
//! a sum without any recorded amount is `None`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::failure::{mode_words, part_words};
use crate::money::{Currency, Money};
use crate::work_order::{
    FailureReport, Recorded, Status, WorkOrderContent, WorkOrderRow, WorkOrderType,
};
use crate::{Day, ImportId, WorkOrderId};

/// A part that one in this many lines with a part names is taken for a system of its own: whatever
/// else such a line names, it counts there.
const LEADING_SHARE: usize = 8;

/// Words that separate several names in one field of a source.
const SEPARATORS: [char; 3] = ['_', ';', '|'];

/// One order of the past. What is empty or `None` is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Order.
    pub order: WorkOrderId,
    /// Day it is filed under: the one its source states, else the day of its actual finish.
    pub day: Day,
    /// Short text.
    pub title: String,
    /// Type in the words of its source, such as `PM01`.
    pub kind: String,
    /// True when it repairs a failure.
    pub is_corrective: bool,
    /// Systems of the machine, in the order they are named.
    pub systems: Vec<String>,
    /// Parts.
    pub parts: Vec<String>,
    /// What was done to them.
    pub actions: Vec<String>,
    /// Failure modes.
    pub modes: Vec<String>,
    /// True when its source says whether it is over.
    pub has_status: bool,
    /// The import that brought it.
    pub import: Option<ImportId>,
    /// What it cost; joined by whoever may see costs, and nothing where none are recorded.
    #[serde(skip)]
    pub cost: Option<Money>,
}

impl HistoryLine {
    /// The line of an order, in the words its source recorded, else those of its failure report;
    /// `None` for an order that is not over or was never done.
    #[must_use]
    pub fn of_order(
        row: &WorkOrderRow,
        content: &WorkOrderContent,
        recorded: Option<&Recorded>,
        report: Option<&FailureReport>,
    ) -> Option<Self> {
        let status = row.status.status;
        let is_done = matches!(status, Status::Comp | Status::Close);
        let finished = content.actual_finish.filter(|_| is_done).map(Day::of);
        let on = recorded
            .and_then(|recorded| recorded.on)
            .filter(|_| status != Status::Can);
        let told = |field: fn(&Recorded) -> Option<&String>| {
            names(recorded.and_then(field).map(String::as_str))
        };
        let line = Self {
            order: row.id,
            day: on.or(finished)?,
            title: row.title.clone(),
            kind: recorded
                .and_then(|recorded| recorded.kind.clone())
                .unwrap_or_else(|| row.kind.word().to_owned()),
            is_corrective: matches!(
                row.kind,
                WorkOrderType::Corrective | WorkOrderType::Emergency
            ),
            systems: told(|recorded| recorded.system.as_ref()),
            parts: told(|recorded| recorded.part.as_ref()),
            actions: told(|recorded| recorded.action.as_ref()),
            modes: told(|recorded| recorded.mode.as_ref()),
            has_status: recorded.is_none_or(|recorded| recorded.status.is_some()),
            import: recorded.and_then(|recorded| recorded.import),
            cost: None,
        };
        Some(match (recorded, report) {
            (None, Some(report)) => line.with_report(report),
            (Some(_), _) | (None, None) => line,
        })
    }

    fn with_report(self, report: &FailureReport) -> Self {
        let word = |code: &Option<String>, of: fn(&str) -> Option<&'static str>| {
            let code = code.as_deref();
            code.map(|code| of(code).unwrap_or(code).to_owned())
                .into_iter()
                .collect()
        };
        Self {
            modes: vec![mode_words(&report.mode).unwrap_or(&report.mode).to_owned()],
            parts: word(&report.component, part_words),
            actions: report.activity.clone().into_iter().collect(),
            ..self
        }
    }

    /// True when no cost is recorded. A source that keeps a column of costs writes nothing spent
    /// as 0, so 0 is no cost.
    #[must_use]
    pub fn has_no_cost(&self) -> bool {
        self.cost.as_ref().is_none_or(|cost| cost.minor == 0)
    }
}

/// The names a field of a source holds, such as `Engine` and `Radiator` of `Engine_Radiator`.
#[must_use]
pub fn names(field: Option<&str>) -> Vec<String> {
    let parts = field.unwrap_or_default().split(SEPARATORS);
    let told = parts.map(str::trim).filter(|name| !name.is_empty());
    told.map(str::to_owned).collect()
}

/// How many lines there are of something and what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Lines.
    pub lines: u32,
    /// Their costs in minor units; `None` when none is recorded.
    pub minor: Option<i64>,
}

impl Tally {
    /// Takes one more line with what it cost.
    pub fn add(&mut self, minor: Option<i64>) {
        self.lines += 1;
        if let Some(minor) = minor {
            self.minor = Some(self.minor.unwrap_or(0).saturating_add(minor));
        }
    }
}

/// The lines of one asset, oldest first.
#[derive(Debug, Clone)]
pub struct History {
    lines: Vec<HistoryLine>,
    repeats: BTreeSet<WorkOrderId>,
    currency: Option<Currency>,
    leading: BTreeSet<String>,
    first: Day,
    last: Day,
}

impl History {
    /// A history; `None` without any line.
    #[must_use]
    pub fn new(mut lines: Vec<HistoryLine>) -> Option<Self> {
        lines.sort_by_key(|line| (line.day, line.order));
        let (first, last) = (lines.first()?.day, lines.last()?.day);
        Some(Self {
            repeats: repeats(&lines),
            currency: usual_currency(&lines),
            leading: leading_parts(&lines),
            lines,
            first,
            last,
        })
    }

    /// The same history with every group of repeated lines counted once. Its days, its currency
    /// and its leading parts stay those of the whole.
    #[must_use]
    pub fn counted_once(&self) -> Self {
        let mut once = self.clone();
        once.lines.retain(|line| !self.is_repeat(line));
        once.repeats.clear();
        once
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[HistoryLine] {
        &self.lines
    }

    /// First day with a line.
    #[must_use]
    pub fn first(&self) -> Day {
        self.first
    }

    /// Last day with a line.
    #[must_use]
    pub fn last(&self) -> Day {
        self.last
    }

    /// Days it covers, the first and the last counted.
    #[must_use]
    pub fn days(&self) -> u32 {
        days_between(self.first, self.last) + 1
    }

    /// The currency all sums are in: the one most costs have. `None` when no cost is known.
    #[must_use]
    pub fn currency(&self) -> Option<&Currency> {
        self.currency.as_ref()
    }

    /// Lines with costs in another currency, which no sum holds.
    #[must_use]
    pub fn in_other_currencies(&self) -> u32 {
        let others = self.lines.iter().filter_map(|line| line.cost.as_ref());
        count(others.filter(|cost| Some(&cost.currency) != self.currency.as_ref()))
    }

    /// What a line cost in minor units of the currency of the history.
    #[must_use]
    pub fn minor(&self, line: &HistoryLine) -> Option<i64> {
        let cost = line.cost.as_ref().filter(|_| !line.has_no_cost())?;
        (Some(&cost.currency) == self.currency.as_ref()).then_some(cost.minor)
    }

    /// True for a line that repeats an earlier one: same day, text and cost.
    #[must_use]
    pub fn is_repeat(&self, line: &HistoryLine) -> bool {
        self.repeats.contains(&line.order)
    }

    /// True for a line that repeats another or is repeated.
    #[must_use]
    pub fn is_repeated(&self, line: &HistoryLine) -> bool {
        let mut repeats = self.lines.iter().filter(|other| self.is_repeat(other));
        repeats.any(|other| Likeness::of(other) == Likeness::of(line))
    }

    /// The lines that repeat another, and what they cost.
    #[must_use]
    pub fn repeated(&self) -> Tally {
        self.tally(self.lines.iter().filter(|line| self.is_repeat(line)))
    }

    /// All lines with what they cost.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.tally(&self.lines)
    }

    pub(crate) fn tally<'a>(&self, lines: impl IntoIterator<Item = &'a HistoryLine>) -> Tally {
        let mut tally = Tally::default();
        lines.into_iter().for_each(|l| tally.add(self.minor(l)));
        tally
    }

    /// The part a line counts under: one that leads if it names one, else the first it names.
    #[must_use]
    pub fn part_of<'a>(&self, line: &'a HistoryLine) -> Option<&'a str> {
        let leads = |part: &&String| self.leading.contains(*part);
        let leading = line.parts.iter().find(leads);
        leading.or(line.parts.first()).map(String::as_str)
    }
}

/// What two lines must have in common to be taken for one that stands twice.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness<'a>(Day, &'a str, Option<(i64, &'a str)>);

impl<'a> Likeness<'a> {
    fn of(line: &'a HistoryLine) -> Self {
        let cost = line.cost.as_ref();
        let cost = cost.map(|cost| (cost.minor, cost.currency.as_str()));
        Self(line.day, &line.title, cost)
    }
}

fn repeats(lines: &[HistoryLine]) -> BTreeSet<WorkOrderId> {
    let mut seen = BTreeSet::new();
    let mut repeats = BTreeSet::new();
    for line in lines {
        if !seen.insert(Likeness::of(line)) {
            repeats.insert(line.order);
        }
    }
    repeats
}

fn usual_currency(lines: &[HistoryLine]) -> Option<Currency> {
    let mut counts: BTreeMap<&Currency, u32> = BTreeMap::new();
    for cost in lines.iter().filter_map(|line| line.cost.as_ref()) {
        *counts.entry(&cost.currency).or_default() += 1;
    }
    let usual = counts.into_iter().max_by_key(|(_, count)| *count);
    usual.map(|(currency, _)| currency.clone())
}

fn leading_parts(lines: &[HistoryLine]) -> BTreeSet<String> {
    let with_part = lines.iter().filter(|line| !line.parts.is_empty()).count();
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for line in lines {
        for part in line.parts.iter().collect::<BTreeSet<_>>() {
            *counts.entry(part).or_default() += 1;
        }
    }
    let lead = |(_, count): &(&String, usize)| count * LEADING_SHARE >= with_part;
    let leading = counts.into_iter().filter(lead);
    leading.map(|(part, _)| part.clone()).collect()
}

/// Days from one day to a later one.
pub(crate) fn days_between(from: Day, to: Day) -> u32 {
    u32::try_from(to.days() - from.days()).unwrap_or(0)
}

/// Gaps between days that follow each other.
pub(crate) fn gaps(days: &BTreeSet<Day>) -> Vec<u32> {
    let following = days.iter().zip(days.iter().skip(1));
    following.map(|(a, b)| days_between(*a, *b)).collect()
}

/// Median of lengths in days, cut to a whole day.
pub(crate) fn median(lengths: &[u32]) -> Option<u32> {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(lower.midpoint(upper))
}

pub(crate) fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}
