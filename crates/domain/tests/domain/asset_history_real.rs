//! What the history of excavator D comes to, beside figures worked out from the same file by hand.
//!
//! The file is not ours to keep; `FETTLE_REAL_DATA` names the folder it lies in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fettle_domain::asset::bad_actor::Actor;
use fettle_domain::asset::fleet::MachineTotal;
use fettle_domain::asset::history::{History, HistoryLine, Tally, names};
use fettle_domain::asset::selection::Selection;
use fettle_domain::money::{Currency, Money};
use fettle_domain::{Decimal, WorkOrderId};

use crate::id;

/// Machines by their letter; a line whose columns are shifted is left out.
fn machines() -> Option<BTreeMap<String, History>> {
    let Some(folder) = std::env::var_os("FETTLE_REAL_DATA").map(PathBuf::from) else {
        println!("not checked: FETTLE_REAL_DATA names no folder with the records of excavators");
        return None;
    };
    let aud = Currency::new("AUD").unwrap();
    let mut file = csv::Reader::from_path(folder.join("excavators-cleaned.csv")).unwrap();
    let mut lines: BTreeMap<String, Vec<HistoryLine>> = BTreeMap::new();
    for (place, row) in file.records().enumerate() {
        let row = row.unwrap();
        let field = |place: usize| row.get(place).filter(|text| *text != "NA");
        let Ok(cost) = field(4).unwrap().parse::<Decimal>() else {
            continue;
        };
        let kind = field(3).unwrap();
        let line = HistoryLine {
            order: WorkOrderId(id(u128::try_from(place).unwrap())),
            day: field(0).unwrap().parse().unwrap(),
            title: field(2).unwrap().to_owned(),
            kind: kind.to_owned(),
            is_corrective: kind == "PM01",
            systems: names(field(6)),
            parts: names(field(7)),
            actions: names(field(8)),
            modes: names(field(10)),
            has_status: false,
            import: None,
            cost: Money::from_decimal(cost, aud.clone()),
        };
        lines
            .entry(field(1).unwrap().to_owned())
            .or_default()
            .push(line);
    }
    let known = lines
        .into_iter()
        .map(|(machine, lines)| (machine, History::new(lines).unwrap()));
    Some(known.collect())
}

fn excavator_d() -> Option<History> {
    machines().and_then(|mut machines| machines.remove("D"))
}

/// Thousands of major units, rounded.
fn thousands(minor: Option<i64>) -> i64 {
    (minor.unwrap() + 50_000) / 100_000
}

fn per_cent(part: i64, whole: i64) -> i64 {
    (part * 100 + whole / 2) / whole
}

#[test]
fn the_totals_of_excavator_d() {
    let Some(d) = excavator_d() else { return };
    assert_eq!(
        d.total(),
        Tally {
            lines: 2374,
            minor: Some(512_853_449)
        }
    );
    assert_eq!(
        (d.first().to_string(), d.last().to_string()),
        ("2003-06-29".into(), "2011-10-18".into())
    );
    assert_eq!(format!("{:.1}", d.lines_a_week()), "5.5");
    let types: Vec<_> = d.types().into_iter().map(|t| (t.kind, t.lines)).collect();
    let expected = [("PM01", 2304), ("PM06", 48), ("PM02", 22)];
    assert_eq!(
        types,
        expected.map(|(kind, lines)| (kind.to_owned(), lines))
    );
    let big = d.big_jobs();
    assert_eq!(
        (big.lines, per_cent(big.minor.unwrap(), 512_853_449)),
        (23, 38)
    );
    assert_eq!((d.without_cost(), d.negative()), (668, 2));
    assert_eq!(
        (d.repeated().lines, d.repeated().minor.unwrap() / 100),
        (144, 352_210)
    );
    assert_eq!(d.counted_once().total().lines, 2374 - 144);
    let recent = d.recent_work();
    assert_eq!(recent.since.to_string(), "2011-08-19");
    assert_eq!((recent.lines, recent.without_cost), (34, 16));
}

#[test]
fn the_years_and_dearest_jobs_of_excavator_d() {
    let Some(d) = excavator_d() else { return };
    let years: Vec<_> = d
        .years()
        .iter()
        .map(|y| (y.year, y.all.lines, thousands(y.all.minor), y.is_part))
        .collect();
    let expected = [
        (2003, 72, 67, true),
        (2004, 165, 229, false),
        (2005, 219, 226, false),
        (2006, 329, 621, false),
        (2007, 333, 1006, false),
        (2008, 302, 516, false),
        (2009, 400, 754, false),
        (2010, 338, 1044, false),
        (2011, 216, 665, true),
    ];
    assert_eq!(years, expected);
    let dearest: Vec<_> = d
        .dearest()
        .iter()
        .map(|line| (d.minor(line).unwrap() + 50) / 100)
        .collect();
    assert_eq!(dearest, [193_506, 98_418, 90_186, 120_984, 218_970]);
    let months = d.months();
    assert_eq!(months.len(), 101);
    assert_eq!(
        months.iter().map(|month| month.all.lines).sum::<u32>(),
        2374
    );
}

#[test]
fn the_bad_actors_of_excavator_d() {
    let Some(d) = excavator_d() else { return };
    let actors = d.bad_actors();
    let shown: Vec<_> = actors
        .iter()
        .take(9)
        .map(|actor| {
            let name = match &actor.actor {
                Actor::System(name) | Actor::Part(name) => name.as_str(),
                Actor::Unnamed => "",
            };
            (
                name,
                actor.all.lines,
                thousands(actor.all.minor),
                per_cent(actor.running_minor, 512_853_449),
            )
        })
        .collect();
    let expected = [
        ("Hydraulic Cylinders", 79, 898, 18),
        ("Hydraulic System", 459, 811, 33),
        ("Engine", 369, 707, 47),
        ("Bucket", 308, 605, 59),
        ("Final Drive", 45, 544, 70),
        ("Grease System", 216, 206, 74),
        ("Pump", 53, 206, 78),
        ("Track", 12, 150, 80),
        ("Lift", 39, 147, 83),
    ];
    assert_eq!(shown, expected);
    assert_eq!(actors.len() - shown.len(), 36);
    assert_eq!(
        actors
            .iter()
            .skip(9)
            .map(|actor| actor.all.lines)
            .sum::<u32>(),
        794
    );
    assert_eq!(d.without_system(), 1003);
    let engine = Selection::Actor(Actor::System("Engine".to_owned()));
    assert_eq!(d.select(&engine).count(), 369);
}

#[test]
fn the_failure_modes_of_excavator_d() {
    let Some(d) = excavator_d() else { return };
    let modes = d.failure_modes();
    let named: Vec<_> = modes
        .iter()
        .take(6)
        .map(|m| (m.mode.as_deref().unwrap(), m.lines))
        .collect();
    let expected = [
        ("Leak", 362),
        ("Structural Integrity", 279),
        ("Unspecified", 162),
        ("Missing / Loose", 129),
        ("Over Temp", 32),
        ("Fail to Start", 24),
    ];
    assert_eq!(named, expected);
    assert_eq!(
        modes.first().unwrap().by_year,
        [4, 15, 24, 42, 31, 74, 91, 62, 19]
    );
    let none = modes.last().unwrap();
    assert_eq!((none.mode.as_deref(), none.lines), (None, 1334));
    assert_eq!(none.by_year, [43, 93, 141, 186, 205, 158, 192, 189, 127]);
    let others = modes.iter().skip(6).filter(|mode| mode.mode.is_some());
    assert_eq!(others.map(|mode| mode.lines).sum::<u32>(), 52);
}

#[test]
fn the_days_between_hydraulic_failures_of_excavator_d() {
    let Some(d) = excavator_d() else { return };
    assert_eq!(d.failing_systems().first().unwrap(), "Hydraulic System");
    let gaps = d.failure_gaps("Hydraulic System");
    assert_eq!((gaps.lines, gaps.days, gaps.gaps), (312, 233, 232));
    assert_eq!(format!("{:.1}", gaps.mean.unwrap()), "13.1");
    assert_eq!((gaps.median, gaps.longest), (Some(8), Some(102)));
    let bars: Vec<_> = gaps.bars.iter().map(|bar| bar.gaps).collect();
    assert_eq!(bars, [111, 44, 32, 18, 8, 11, 3, 2, 3]);
    let at_random: Vec<_> = gaps
        .bars
        .iter()
        .map(|bar| format!("{:.0}", bar.at_random))
        .collect();
    assert_eq!(
        at_random,
        ["96", "56", "33", "19", "11", "7", "4", "2", "3"]
    );
    assert_eq!(format!("{:.2}", gaps.trend.unwrap()), "1.28");
    let years: Vec<_> = gaps
        .years
        .iter()
        .map(|year| {
            let days = f64::from(year.days) / f64::from(year.failures);
            (year.year, year.failures, format!("{days:.1}"))
        })
        .collect();
    let expected = [
        (2003, 10, "18.6"),
        (2004, 16, "22.9"),
        (2005, 17, "21.5"),
        (2006, 28, "13.0"),
        (2007, 23, "15.9"),
        (2008, 39, "9.4"),
        (2009, 51, "7.2"),
        (2010, 32, "11.4"),
        (2011, 17, "17.1"),
    ];
    assert_eq!(
        years,
        expected.map(|(year, failures, days)| (year, failures, days.to_owned()))
    );
}

#[test]
fn the_parts_replaced_on_excavator_d() {
    let Some(d) = excavator_d() else { return };
    let parts = d.replaced_parts();
    let expected = [
        ("GET", 114, 13, "2011-09-20", 149_570),
        ("Grease System", 71, 28, "2011-05-23", 86_204),
        ("Filter", 38, 48, "2011-09-19", 61_626),
        ("Air Conditioning", 23, 112, "2011-05-03", 34_747),
        ("Seal", 22, 136, "2011-04-05", 1_875),
        ("Lift", 22, 51, "2011-03-22", 350_932),
        ("Instrumentation", 20, 94, "2011-10-10", 9_823),
    ];
    for (word, times, every, last, cost) in expected {
        let part = parts.iter().find(|part| part.part == word).unwrap();
        let minor = part.all.minor.unwrap();
        assert_eq!(
            (
                part.all.lines,
                part.every,
                part.last.to_string(),
                (minor + 50) / 100
            ),
            (times, Some(every), last.to_owned(), cost),
            "{word}"
        );
    }
}

#[test]
fn the_five_machines_beside_each_other() {
    let Some(machines) = machines() else { return };
    let total = |history: &History| MachineTotal {
        all: history.total(),
        first: history.first(),
        last: history.last(),
    };
    let rows: Vec<_> = machines
        .iter()
        .map(|(machine, history)| {
            let total = total(history);
            (
                machine.as_str(),
                total.all.lines,
                thousands(total.all.minor),
                total.tenths_of_years(),
                thousands(total.minor_a_year()),
            )
        })
        .collect();
    let expected = [
        ("A", 151, 78, 50, 15),
        ("B", 1016, 1312, 42, 313),
        ("C", 992, 6229, 95, 659),
        ("D", 2374, 5129, 83, 617),
        ("E", 951, 4759, 58, 822),
    ];
    assert_eq!(rows, expected);
    let all: i64 = machines
        .values()
        .map(|history| history.total().minor.unwrap())
        .sum();
    assert_eq!(all, 1_750_606_813);
}
