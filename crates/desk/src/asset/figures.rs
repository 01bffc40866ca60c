//! Figures of a history as the page draws them.

use fettle_domain::asset::bad_actor::{Actor, BadActor};
use fettle_domain::asset::failure::{FailureGaps, ModeCount};
use fettle_domain::asset::history::{History, HistoryLine, Tally};
use fettle_domain::asset::selection::Selection;
use fettle_domain::asset::summary::BIG_JOB;
use fettle_domain::money::{Currency, Money};
use fettle_domain::{AssetId, WorkOrderId};

use crate::view::{
    ActorKind, AssetHistoryView, BadActorView, BadActorsView, CostState, FailureGapsView,
    FailureYearView, GapBarView, HistoryPageView, HistoryRowView, ModeCountView, MonthCountView,
    ReplacedPartView, SelectionInput, TallyView, TypeCountView, YearCountView,
};

/// Bad actors that have a row of their own.
const ACTORS: usize = 9;
/// Modes that have a row of their own.
const MODES: usize = 6;
/// Replaced parts on a page.
const PARTS: usize = 40;
/// Systems that can be chosen.
const SYSTEMS: usize = 40;
/// The last lines of a history.
const LAST_ROWS: usize = 10;

/// Amounts in one currency, as decimal text in major units.
pub(super) struct Amounts<'a> {
    currency: Option<&'a Currency>,
}

impl<'a> Amounts<'a> {
    pub(super) fn new(currency: Option<&'a Currency>) -> Self {
        Self { currency }
    }

    pub(super) fn text(&self, minor: Option<i64>) -> Option<String> {
        let (minor, currency) = (minor?, self.currency?.clone());
        Some(Money { minor, currency }.to_decimal().to_string())
    }

    pub(super) fn tally(&self, tally: Tally) -> TallyView {
        TallyView {
            lines: tally.lines,
            cost: self.text(tally.minor),
        }
    }
}

/// The page of a history, without its fleet and its sources. `counted` is `whole`, or `whole` with
/// repeated lines counted once.
pub(super) fn view(
    asset: AssetId,
    whole: &History,
    counted: &History,
    costs: CostState,
    system: Option<&str>,
) -> AssetHistoryView {
    let amounts = Amounts::new(whole.currency());
    let knows_costs = costs == CostState::Shown;
    let row = |line: &HistoryLine| row(whole, &amounts, line);
    let systems = counted.failing_systems();
    let chosen = system.filter(|chosen| systems.iter().any(|known| known == chosen));
    let chosen = chosen.or(systems.first().map(String::as_str));
    let parts = counted.replaced_parts();
    let recent = counted.recent_work();
    AssetHistoryView {
        asset_id: asset.to_string(),
        is_once: whole.lines().len() != counted.lines().len(),
        costs,
        currency: whole.currency().map(ToString::to_string),
        first: counted.first().to_string(),
        last: counted.last().to_string(),
        all: amounts.tally(counted.total()),
        lines_a_week: counted.lines_a_week(),
        types: types(counted),
        big: knows_costs.then(|| amounts.tally(counted.big_jobs())),
        big_from: u32::try_from(BIG_JOB).unwrap_or(u32::MAX),
        without_cost: knows_costs.then(|| counted.without_cost()),
        negative: knows_costs.then(|| counted.negative()),
        in_other_currencies: counted.in_other_currencies(),
        repeated: knows_costs.then(|| amounts.tally(whole.repeated())),
        months: months(counted, &amounts),
        years: years(counted, &amounts),
        dearest: counted.dearest().into_iter().map(row).collect(),
        actors: actors(counted, &amounts),
        modes: modes(counted),
        gaps: chosen.map(|system| gaps(counted.failure_gaps(system))),
        systems: systems.into_iter().take(SYSTEMS).collect(),
        parts_left: u32::try_from(parts.len().saturating_sub(PARTS)).unwrap_or(0),
        parts: parts
            .into_iter()
            .take(PARTS)
            .map(|part| ReplacedPartView {
                part: part.part,
                all: amounts.tally(part.all),
                every: part.every,
                last: part.last.to_string(),
            })
            .collect(),
        recent_since: recent.since.to_string(),
        recent: recent.lines,
        recent_without_cost: knows_costs.then_some(recent.without_cost),
        last_rows: counted
            .select(&Selection::All)
            .take(LAST_ROWS)
            .map(row)
            .collect(),
        fleet: Vec::new(),
        fleet_all: TallyView::none(),
        sources: Vec::new(),
        from_cmms: 0,
    }
}

/// A page of the lines of a selection, after the line of an order.
pub(super) fn page(
    whole: &History,
    counted: &History,
    selection: &Selection,
    after: Option<WorkOrderId>,
    length: usize,
) -> HistoryPageView {
    let amounts = Amounts::new(whole.currency());
    let lines: Vec<&HistoryLine> = counted.select(selection).collect();
    let mut all = Tally::default();
    lines.iter().for_each(|line| all.add(counted.minor(line)));
    let place = after.and_then(|after| lines.iter().position(|line| line.order == after));
    let from = place.map_or(0, |place| place + 1);
    let rows = lines.iter().skip(from).take(length);
    HistoryPageView {
        all: amounts.tally(all),
        currency: whole.currency().map(ToString::to_string),
        rows: rows.map(|line| row(whole, &amounts, line)).collect(),
        has_more: lines.len() > from + length,
    }
}

/// A page of a history without a line.
pub(super) fn empty_page() -> HistoryPageView {
    HistoryPageView {
        all: TallyView::none(),
        currency: None,
        rows: Vec::new(),
        has_more: false,
    }
}

fn row(whole: &History, amounts: &Amounts<'_>, line: &HistoryLine) -> HistoryRowView {
    let named = if line.systems.is_empty() {
        &line.parts
    } else {
        &line.systems
    };
    HistoryRowView {
        id: line.order.to_string(),
        day: line.day.to_string(),
        title: line.title.clone(),
        kind: line.kind.clone(),
        named: named.clone(),
        mode: line.modes.first().cloned(),
        cost: amounts.text(whole.minor(line)),
        // Without costs nobody can tell whether two lines are one.
        is_repeated: amounts.currency.is_some() && whole.is_repeated(line),
    }
}

fn types(counted: &History) -> Vec<TypeCountView> {
    let types = counted.types().into_iter().map(|of| TypeCountView {
        kind: of.kind,
        is_corrective: of.is_corrective,
        lines: of.lines,
    });
    types.collect()
}

fn months(counted: &History, amounts: &Amounts<'_>) -> Vec<MonthCountView> {
    let months = counted.months().into_iter().map(|of| MonthCountView {
        year: of.year,
        month: of.month,
        corrective: of.corrective,
        lines: of.all.lines,
        cost: amounts.text(of.all.minor),
    });
    months.collect()
}

fn years(counted: &History, amounts: &Amounts<'_>) -> Vec<YearCountView> {
    let years = counted.years().into_iter().map(|of| YearCountView {
        year: of.year,
        is_part: of.is_part,
        all: amounts.tally(of.all),
    });
    years.collect()
}

fn actors(counted: &History, amounts: &Amounts<'_>) -> BadActorsView {
    let actors = counted.bad_actors();
    let total = counted.total().minor;
    let (shown, left) = actors.split_at(actors.len().min(ACTORS));
    let mut rest = Tally::default();
    for actor in left {
        rest.lines += actor.all.lines;
        if let Some(minor) = actor.all.minor {
            rest.minor = Some(rest.minor.unwrap_or(0).saturating_add(minor));
        }
    }
    BadActorsView {
        rows: shown
            .iter()
            .map(|of| actor_row(of, total, amounts))
            .collect(),
        others: u32::try_from(left.len()).unwrap_or(u32::MAX),
        rest: amounts.tally(rest),
        by_part: counted.without_system(),
    }
}

fn actor_row(of: &BadActor, total: Option<i64>, amounts: &Amounts<'_>) -> BadActorView {
    let (kind, name) = match &of.actor {
        Actor::System(name) => (ActorKind::System, name.clone()),
        Actor::Part(name) => (ActorKind::Part, name.clone()),
        Actor::Unnamed => (ActorKind::Unnamed, String::new()),
    };
    BadActorView {
        kind,
        name,
        all: amounts.tally(of.all),
        running: total.and_then(|total| share(of.running_minor, total)),
    }
}

/// A share of costs to the thousandth, for a bar.
fn share(part: i64, whole: i64) -> Option<f64> {
    let thousandths = (i128::from(part) * 1000).checked_div(i128::from(whole))?;
    i32::try_from(thousandths)
        .ok()
        .map(|share| f64::from(share) / 1000.0)
}

fn modes(counted: &History) -> Vec<ModeCountView> {
    let (named, none): (Vec<ModeCount>, Vec<ModeCount>) = counted
        .failure_modes()
        .into_iter()
        .partition(|mode| mode.mode.is_some());
    let of = |mode: &ModeCount| ModeCountView {
        mode: mode.mode.clone(),
        together: 0,
        lines: mode.lines,
        by_year: mode.by_year.clone(),
    };
    let (shown, rare) = named.split_at(named.len().min(MODES));
    let mut rows: Vec<ModeCountView> = shown.iter().map(of).collect();
    if let Some(first) = rare.first() {
        let mut together = of(first);
        together.mode = None;
        together.together = u32::try_from(rare.len()).unwrap_or(u32::MAX);
        for mode in rare.iter().skip(1) {
            together.lines += mode.lines;
            for (sum, lines) in together.by_year.iter_mut().zip(&mode.by_year) {
                *sum += lines;
            }
        }
        rows.push(together);
    }
    rows.extend(none.iter().map(of));
    rows
}

fn gaps(gaps: FailureGaps) -> FailureGapsView {
    let bars = gaps.bars.into_iter().map(|bar| GapBarView {
        from: bar.from,
        to: bar.to,
        gaps: bar.gaps,
        at_random: bar.at_random,
    });
    let years = gaps.years.into_iter().map(|year| FailureYearView {
        year: year.year,
        failures: year.failures,
        days: year.days,
    });
    FailureGapsView {
        system: gaps.system,
        lines: gaps.lines,
        days: gaps.days,
        gaps: gaps.gaps,
        mean: gaps.mean,
        median: gaps.median,
        longest: gaps.longest,
        trend: gaps.trend,
        bars: bars.collect(),
        years: years.collect(),
    }
}

impl From<SelectionInput> for Selection {
    fn from(input: SelectionInput) -> Self {
        match input {
            SelectionInput::All => Self::All,
            SelectionInput::Month { year, month } => Self::Month(year, month),
            SelectionInput::Type { kind } => Self::Type(kind),
            SelectionInput::Big => Self::Big,
            SelectionInput::WithoutCost => Self::WithoutCost,
            SelectionInput::Repeats => Self::Repeats,
            SelectionInput::Actor { kind, name } => Self::Actor(match kind {
                ActorKind::System => Actor::System(name),
                ActorKind::Part => Actor::Part(name),
                ActorKind::Unnamed => Actor::Unnamed,
            }),
            SelectionInput::Mode { mode } => Self::Mode(mode),
            SelectionInput::Failures { system } => Self::Failures(system),
            SelectionInput::Replaced { part } => Self::Replaced(part),
            SelectionInput::MayBeOpen => Self::MayBeOpen,
        }
    }
}
