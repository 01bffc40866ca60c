//! What a history comes to, on a made-up machine.

use fettle_domain::asset::bad_actor::Actor;
use fettle_domain::asset::fleet::MachineTotal;
use fettle_domain::asset::history::{History, HistoryLine, Tally, names};
use fettle_domain::asset::selection::Selection;
use fettle_domain::money::{Currency, Money};
use fettle_domain::{Day, WorkOrderId};

use crate::id;

/// A repair of a day, told in the fields of a source.
fn line(n: u128, day: &str, title: &str) -> HistoryLine {
    HistoryLine {
        order: WorkOrderId(id(n)),
        day: day.parse().unwrap(),
        title: title.to_owned(),
        kind: "PM01".to_owned(),
        is_corrective: true,
        systems: Vec::new(),
        parts: Vec::new(),
        actions: Vec::new(),
        modes: Vec::new(),
        has_status: false,
        import: None,
        cost: None,
    }
}

fn eur(minor: i64) -> Option<Money> {
    Some(Money {
        minor,
        currency: Currency::new("EUR").unwrap(),
    })
}

fn words(field: &str) -> Vec<String> {
    names(Some(field))
}

fn history(lines: Vec<HistoryLine>) -> History {
    History::new(lines).unwrap()
}

fn leak(n: u128, day: &str) -> HistoryLine {
    HistoryLine {
        systems: words("Engine_Hydraulics"),
        modes: words("Leak"),
        ..line(n, day, "Hose leaks")
    }
}

#[test]
fn an_asset_without_orders_has_no_history() {
    assert!(History::new(Vec::new()).is_none());
}

#[test]
fn a_field_may_hold_several_names() {
    assert_eq!(words("Engine_ Radiator "), ["Engine", "Radiator"]);
    assert!(names(None).is_empty() && words(" _ ").is_empty());
}

#[test]
fn what_costs_nothing_and_what_has_no_cost_have_none() {
    let free = HistoryLine {
        cost: eur(0),
        ..line(1, "2024-03-01", "Check lights")
    };
    let unknown = line(2, "2024-03-02", "Check horn");
    let known = history(vec![free, unknown]);
    assert_eq!(
        known.total(),
        Tally {
            lines: 2,
            minor: None
        }
    );
    assert_eq!(known.without_cost(), 2);
    let back = HistoryLine {
        cost: eur(-500),
        ..line(3, "2024-03-03", "Return of a core")
    };
    assert_eq!(history(vec![back]).negative(), 1);
}

#[test]
fn a_line_repeats_another_only_with_the_same_day_text_and_cost() {
    let first = HistoryLine {
        cost: eur(100),
        ..line(1, "2024-03-01", "Fit hose")
    };
    let again = HistoryLine {
        order: WorkOrderId(id(2)),
        ..first.clone()
    };
    let dearer = HistoryLine {
        order: WorkOrderId(id(3)),
        cost: eur(101),
        ..first.clone()
    };
    let later = HistoryLine {
        order: WorkOrderId(id(4)),
        day: "2024-03-02".parse().unwrap(),
        ..first.clone()
    };
    let whole = history(vec![first.clone(), again.clone(), dearer, later]);
    assert_eq!(
        whole.repeated(),
        Tally {
            lines: 1,
            minor: Some(100)
        }
    );
    assert!(!whole.is_repeat(&first) && whole.is_repeat(&again) && whole.is_repeated(&first));
    let once = whole.counted_once();
    assert_eq!(
        once.total(),
        Tally {
            lines: 3,
            minor: Some(301)
        }
    );
    assert_eq!(once.repeated(), Tally::default());
}

#[test]
fn counting_once_keeps_the_days_of_the_whole() {
    let first = line(1, "2024-03-01", "Fit hose");
    let last = line(2, "2024-04-30", "Fit hose");
    let again = HistoryLine {
        order: WorkOrderId(id(3)),
        ..last.clone()
    };
    let whole = history(vec![first, last, again]);
    assert_eq!(whole.counted_once().days(), whole.days());
}

#[test]
fn costs_of_another_currency_are_counted_and_not_summed() {
    let usd = Money {
        minor: 900,
        currency: Currency::new("USD").unwrap(),
    };
    let known = history(vec![
        HistoryLine {
            cost: eur(100),
            ..line(1, "2024-03-01", "Fit hose")
        },
        HistoryLine {
            cost: eur(200),
            ..line(2, "2024-03-02", "Fit belt")
        },
        HistoryLine {
            cost: Some(usd),
            ..line(3, "2024-03-03", "Fit pump")
        },
    ]);
    assert_eq!(known.total().minor, Some(300));
    assert_eq!(known.in_other_currencies(), 1);
    assert_eq!(known.without_cost(), 0);
}

#[test]
fn a_month_without_work_stands_between_its_neighbours() {
    let known = history(vec![
        line(1, "2023-11-20", "Fit hose"),
        line(2, "2024-02-03", "Fit belt"),
    ]);
    let months: Vec<_> = known
        .months()
        .iter()
        .map(|m| (m.year, m.month, m.all.lines))
        .collect();
    assert_eq!(
        months,
        [(2023, 11, 1), (2023, 12, 0), (2024, 1, 0), (2024, 2, 1)]
    );
    let years: Vec<_> = known
        .years()
        .iter()
        .map(|y| (y.year, y.days, y.is_part))
        .collect();
    assert_eq!(years, [(2023, 42, true), (2024, 34, true)]);
}

#[test]
fn a_line_counts_under_its_first_system_else_its_part() {
    let by_system = HistoryLine {
        systems: words("Engine_Radiator"),
        parts: words("Fan"),
        ..line(1, "2024-03-01", "Fan worn")
    };
    let by_part = HistoryLine {
        parts: words("Ladder"),
        ..line(2, "2024-03-02", "Step bent")
    };
    let known = history(vec![by_system.clone(), by_part.clone()]);
    assert_eq!(
        known.actor_of(&by_system),
        Actor::System("Engine".to_owned())
    );
    assert_eq!(known.actor_of(&by_part), Actor::Part("Ladder".to_owned()));
    assert_eq!(
        known.actor_of(&line(3, "2024-03-03", "Noise")),
        Actor::Unnamed
    );
    assert_eq!(known.without_system(), 1);
}

#[test]
fn a_part_that_many_lines_name_leads_over_what_else_they_name() {
    let grease = |n| HistoryLine {
        parts: words("Grease"),
        ..line(n, "2024-03-01", "No grease")
    };
    let mut lines: Vec<_> = (1..=4).map(grease).collect();
    let both = HistoryLine {
        parts: words("Pump_Grease"),
        ..line(5, "2024-03-02", "Grease pump")
    };
    lines.push(both.clone());
    // Nine other parts, so that no one of them leads.
    lines.extend((10..19).map(|n| HistoryLine {
        parts: vec![format!("Part {n}")],
        ..line(n, "2024-03-03", "Worn")
    }));
    assert_eq!(history(lines).part_of(&both), Some("Grease"));
    assert_eq!(
        history(vec![HistoryLine {
            parts: words("Pump"),
            ..both.clone()
        }])
        .part_of(&both),
        Some("Pump")
    );
}

#[test]
fn the_running_share_ends_with_everything() {
    let known = history(vec![
        HistoryLine {
            systems: words("Engine"),
            cost: eur(700),
            ..line(1, "2024-03-01", "A")
        },
        HistoryLine {
            systems: words("Bucket"),
            cost: eur(300),
            ..line(2, "2024-03-02", "B")
        },
        HistoryLine {
            systems: words("Cab"),
            ..line(3, "2024-03-03", "C")
        },
    ]);
    let running: Vec<_> = known
        .bad_actors()
        .iter()
        .map(|actor| actor.running_minor)
        .collect();
    assert_eq!(running, [700, 1000, 1000]);
}

#[test]
fn a_failure_is_a_repair_with_a_mode_and_one_a_day() {
    let known = history(vec![
        leak(1, "2024-03-01"),
        leak(2, "2024-03-01"),
        leak(3, "2024-03-11"),
        HistoryLine {
            is_corrective: false,
            ..leak(4, "2024-03-20")
        },
        HistoryLine {
            modes: Vec::new(),
            ..leak(5, "2024-03-21")
        },
        leak(6, "2024-03-31"),
    ]);
    let gaps = known.failure_gaps("Hydraulics");
    assert_eq!((gaps.lines, gaps.days, gaps.gaps), (4, 3, 2));
    assert_eq!(
        (gaps.mean, gaps.median, gaps.longest),
        (Some(15.0), Some(15), Some(20))
    );
    let bars: Vec<_> = gaps.bars.iter().map(|bar| bar.gaps).collect();
    assert_eq!(bars, [0, 1, 1, 0, 0, 0, 0, 0, 0]);
    let at_random: f64 = gaps.bars.iter().map(|bar| bar.at_random).sum();
    assert!((at_random - 2.0).abs() < 1e-9);
}

#[test]
fn one_failure_has_no_gap_and_no_trend() {
    let gaps = history(vec![leak(1, "2024-03-01")]).failure_gaps("Engine");
    assert_eq!(
        (gaps.gaps, gaps.mean, gaps.median, gaps.trend),
        (0, None, None, None)
    );
    assert!(gaps.bars.is_empty());
}

#[test]
fn failures_that_come_closer_together_have_a_trend_above_one() {
    let at = |days: &[i32]| {
        let days = days.iter().zip(1..);
        let lines = days.map(|(day, n)| HistoryLine {
            day: Day::from_days(19_000 + day),
            ..leak(n, "2024-03-01")
        });
        history(lines.collect())
            .failure_gaps("Engine")
            .trend
            .unwrap()
    };
    assert!(at(&[0, 100, 150, 175, 190, 198, 200]) > 1.2);
    assert!(at(&[0, 2, 10, 25, 50, 100, 200]) < 0.8);
}

#[test]
fn work_near_the_end_without_status_and_cost_may_be_open() {
    let known = history(vec![
        line(1, "2024-01-01", "Long ago"),
        line(2, "2024-05-01", "No cost yet"),
        HistoryLine {
            cost: eur(100),
            ..line(3, "2024-05-02", "Paid")
        },
        HistoryLine {
            has_status: true,
            ..line(4, "2024-05-03", "Closed")
        },
    ]);
    let recent = known.recent_work();
    assert_eq!((recent.lines, recent.without_cost), (2, 1));
    let open: Vec<_> = known
        .select(&Selection::MayBeOpen)
        .map(|line| line.title.as_str())
        .collect();
    assert_eq!(open, ["No cost yet"]);
}

#[test]
fn a_year_of_costs_counts_the_days_of_the_history() {
    let total = MachineTotal {
        all: Tally {
            lines: 4,
            minor: Some(20_000),
        },
        first: "2022-01-01".parse().unwrap(),
        last: "2023-12-31".parse().unwrap(),
    };
    assert_eq!(total.tenths_of_years(), 20);
    assert_eq!(total.minor_a_year(), Some(10_006));
    let without = MachineTotal {
        all: Tally {
            lines: 4,
            minor: None,
        },
        ..total
    };
    assert_eq!(without.minor_a_year(), None);
}
