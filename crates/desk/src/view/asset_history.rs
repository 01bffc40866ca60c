//! The history of an asset: what its page draws. Amounts are decimal text in major units of
//! `currency`, days are `YYYY-MM-DD`; `None` is what is not recorded or not this person's to see.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Which history is asked for.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct AssetHistoryInput {
    /// Asset id.
    pub asset_id: String,
    /// Repeated lines count once.
    pub is_once: bool,
    /// System whose failures are looked at; the one that failed most often when it is `None`.
    pub system: Option<String>,
}

/// Why a page has costs or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CostState {
    /// They are on the page.
    Shown,
    /// This person may see costs, and none is recorded here.
    NotRecorded,
    /// Costs of this plant are for planners and supervisors.
    NotYours,
}

/// Lines and what they cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TallyView {
    /// Lines.
    pub lines: u32,
    /// Their costs.
    pub cost: Option<String>,
}

/// The history of one asset.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AssetHistoryView {
    /// Asset id.
    pub asset_id: String,
    /// Repeated lines are counted once.
    pub is_once: bool,
    /// Whether there are costs.
    pub costs: CostState,
    /// Currency of every amount.
    pub currency: Option<String>,
    /// First day.
    pub first: String,
    /// Last day.
    pub last: String,
    /// All lines.
    pub all: TallyView,
    /// Lines a week.
    pub lines_a_week: f64,
    /// Lines by type, the most usual first.
    pub types: Vec<TypeCountView>,
    /// Big jobs.
    pub big: Option<TallyView>,
    /// Amount from which a job is a big one, in major units.
    pub big_from: u32,
    /// Lines without any cost.
    pub without_cost: Option<u32>,
    /// Lines with a cost below nothing.
    pub negative: Option<u32>,
    /// Lines with a cost in another currency, which no sum holds.
    pub in_other_currencies: u32,
    /// Lines that repeat another; counted in the whole history.
    pub repeated: Option<TallyView>,
    /// Every month.
    pub months: Vec<MonthCountView>,
    /// Every year.
    pub years: Vec<YearCountView>,
    /// The dearest jobs, in the order of their days.
    pub dearest: Vec<HistoryRowView>,
    /// Bad actors.
    pub actors: BadActorsView,
    /// Failure modes by year, the most usual first, those without a mode last.
    pub modes: Vec<ModeCountView>,
    /// Systems that have failed, the one with most failures first.
    pub systems: Vec<String>,
    /// Days between the failures of one of them.
    pub gaps: Option<FailureGapsView>,
    /// Replaced parts, the one replaced most often first.
    pub parts: Vec<ReplacedPartView>,
    /// Replaced parts that are not listed.
    pub parts_left: u32,
    /// First day of the lines near the end.
    pub recent_since: String,
    /// Lines since then whose source states no status.
    pub recent: u32,
    /// Those of them without a cost.
    pub recent_without_cost: Option<u32>,
    /// The last lines, newest first.
    pub last_rows: Vec<HistoryRowView>,
    /// Machines of the same kind, this one among them; empty when there is no other.
    pub fleet: Vec<MachineView>,
    /// All of them together.
    pub fleet_all: TallyView,
    /// Files the lines come from.
    pub sources: Vec<SourceView>,
    /// Lines that come from the CMMS.
    pub from_cmms: u32,
}

/// Lines of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TypeCountView {
    /// Type in the words of the source.
    pub kind: String,
    /// True for repairs of failures.
    pub is_corrective: bool,
    /// Lines.
    pub lines: u32,
}

/// One month.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MonthCountView {
    /// Year.
    pub year: i16,
    /// Month, from 1.
    pub month: i8,
    /// Lines that repair failures.
    pub corrective: u32,
    /// All lines.
    pub lines: u32,
    /// Their costs.
    pub cost: Option<String>,
}

/// One year.
#[derive(Debug, Clone, Serialize, Type)]
pub struct YearCountView {
    /// Year.
    pub year: i16,
    /// True when the history begins or ends within it.
    pub is_part: bool,
    /// Lines and costs.
    pub all: TallyView,
}

/// What costs most.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BadActorsView {
    /// The first of them.
    pub rows: Vec<BadActorView>,
    /// How many are not listed.
    pub others: u32,
    /// Lines and costs of those.
    pub rest: TallyView,
    /// Lines that name no system and count by part.
    pub by_part: u32,
}

/// What a line counts under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The first system it names.
    System,
    /// No system, so its part.
    Part,
    /// Neither.
    Unnamed,
}

/// One bad actor.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct BadActorView {
    /// What its name names.
    pub kind: ActorKind,
    /// Its name; empty for what names neither.
    pub name: String,
    /// Lines and costs.
    pub all: TallyView,
    /// Its share of all costs together with every dearer one, 0 to 1.
    pub running: Option<f64>,
}

/// One failure mode.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ModeCountView {
    /// Mode; `None` for lines without one.
    pub mode: Option<String>,
    /// How many rarer modes are counted together here; 0 for a row of one mode.
    pub together: u32,
    /// Lines.
    pub lines: u32,
    /// Lines by year, in the order of the years.
    pub by_year: Vec<u32>,
}

/// Days between failures, in days of the calendar.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FailureGapsView {
    /// The system.
    pub system: String,
    /// Lines that are failures of it.
    pub lines: u32,
    /// Days with such a line.
    pub days: u32,
    /// Gaps.
    pub gaps: u32,
    /// Mean gap.
    pub mean: Option<f64>,
    /// Median gap, cut to a whole day.
    pub median: Option<u32>,
    /// Longest gap.
    pub longest: Option<u32>,
    /// Growth: above 1 failures come closer together, 1 is steady.
    pub trend: Option<f64>,
    /// Gaps by length.
    pub bars: Vec<GapBarView>,
    /// Failures by year.
    pub years: Vec<FailureYearView>,
}

/// Gaps of one length.
#[derive(Debug, Clone, Serialize, Type)]
pub struct GapBarView {
    /// Shortest, in days.
    pub from: u32,
    /// Longest; `None` for the last bar.
    pub to: Option<u32>,
    /// Gaps.
    pub gaps: u32,
    /// Gaps there would be if failures came at random.
    pub at_random: f64,
}

/// Failures of a year.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FailureYearView {
    /// Year.
    pub year: i16,
    /// Days with a failure.
    pub failures: u32,
    /// Days of the year in the history.
    pub days: u32,
}

/// A part that was replaced.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ReplacedPartView {
    /// Word of the part.
    pub part: String,
    /// Replacements and their costs.
    pub all: TallyView,
    /// Median of the days between two replacements.
    pub every: Option<u32>,
    /// Day of the last one.
    pub last: String,
}

/// One machine of a fleet.
#[derive(Debug, Clone, Serialize, Type)]
pub struct MachineView {
    /// Asset id.
    pub id: String,
    /// Tag.
    pub tag: String,
    /// Name.
    pub name: String,
    /// True for the machine of the page.
    pub is_this: bool,
    /// Lines and costs.
    pub all: TallyView,
    /// Years of its history.
    pub years: f64,
    /// Costs of a year.
    pub cost_a_year: Option<String>,
}

/// A file that lines come from.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SourceView {
    /// Name of the file; `None` when this laptop does not know the import.
    pub file: Option<String>,
    /// Lines of this asset from it.
    pub lines: u32,
    /// Rows of the file.
    pub read: u32,
    /// Rows refused.
    pub refused: u32,
    /// Rows repaired.
    pub repaired: u32,
    /// Last day of its rows.
    pub last: Option<String>,
    /// Rows refused or repaired.
    pub remarks: Vec<RemarkView>,
}

/// A row that was not taken as it stands.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RemarkView {
    /// Line of the file.
    pub line: u32,
    /// True when it was repaired and taken.
    pub is_repaired: bool,
    /// Why, in a sentence.
    pub why: String,
}

/// The lines a figure was counted from.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum SelectionInput {
    /// All.
    All,
    /// Of a month.
    Month {
        /// Year.
        year: i16,
        /// Month, from 1.
        month: i8,
    },
    /// Of a type.
    Type {
        /// The type.
        kind: String,
    },
    /// Big jobs.
    Big,
    /// Without any cost.
    WithoutCost,
    /// Those that repeat another.
    Repeats,
    /// Of a bad actor.
    Actor {
        /// What its name names.
        kind: ActorKind,
        /// Its name.
        name: String,
    },
    /// With a mode named first, or none.
    Mode {
        /// The mode.
        mode: Option<String>,
    },
    /// Failures of a system.
    Failures {
        /// The system.
        system: String,
    },
    /// Replacements of a part.
    Replaced {
        /// The part.
        part: String,
    },
    /// Near the end, without status and cost.
    MayBeOpen,
}

/// Which page of which lines is asked for.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct HistoryPageInput {
    /// Asset id.
    pub asset_id: String,
    /// Repeated lines count once.
    pub is_once: bool,
    /// Which lines.
    pub selection: SelectionInput,
    /// Order id of the last row of the page before.
    pub after: Option<String>,
}

/// A page of lines.
#[derive(Debug, Clone, Serialize, Type)]
pub struct HistoryPageView {
    /// All lines of the selection with their costs.
    pub all: TallyView,
    /// Currency of every amount.
    pub currency: Option<String>,
    /// Rows of this page, newest first.
    pub rows: Vec<HistoryRowView>,
    /// True when older ones follow.
    pub has_more: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HistoryRowView {
    /// Order id.
    pub id: String,
    /// Day.
    pub day: String,
    /// Short text.
    pub title: String,
    /// Type in the words of the source.
    pub kind: String,
    /// Systems it names, else its parts.
    pub named: Vec<String>,
    /// First failure mode.
    pub mode: Option<String>,
    /// What it cost.
    pub cost: Option<String>,
    /// True when another line of the history says the same.
    pub is_repeated: bool,
}
