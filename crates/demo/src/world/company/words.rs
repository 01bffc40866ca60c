//! What people write: capitals, abbreviations, a slip now and then, and the part before the grammar.

use super::super::{Dice, FailureReport};
use super::asset::Machine;
use super::class::{Failure, Plan};
use super::job::{Cause, Job};
use super::order::report;

/// The words of an order.
pub(super) struct Told {
    pub(super) short: String,
    pub(super) long: String,
    pub(super) report: FailureReport,
}

/// Longest short text a CMMS of this kind takes, in letters.
const SHORT_MAX: usize = 60;
/// Of a thousand texts so many have a slip.
const SLIPS: u64 = 45;

const ASKS: &[&str] = &[
    "please check",
    "needs replacing",
    "urgent",
    "again",
    "to be replaced",
    "getting worse",
    "second time this month",
    "check at next stop",
    "reported by operator",
    "see photo",
    "since restart",
    "spare in store",
    "no spare",
    "temporary repair only",
    "watch until stop",
];

const FIRST: &[&str] = &[
    "Replace", "Repair", "Check", "Fix", "Change", "Inspect", "Renew", "Look at",
];

const SEEN: &[&str] = &[
    "Operator reported it at start of shift",
    "Found on the round",
    "Seen during cleaning",
    "Alarm in the control room",
    "Noticed at restart",
    "Reported by the night shift",
    "Found while working next to it",
    "Line was slowed down",
    "Came up at the morning meeting",
];

const CLOSINGS: &[&str] = &[
    "Ran 20 min, OK.",
    "Test run OK.",
    "Tight now.",
    "Handed back to operation.",
    "Check again in a week.",
    "Old part kept for inspection.",
    "Needs a proper repair at the stop.",
    "Area cleaned.",
    "Readings normal.",
    "Took longer, bolts seized.",
    "Spare ordered.",
    "Guard refitted.",
    "No further findings.",
    "Aligned to tolerance.",
    "Second man needed for lifting.",
];

const SHORTER: &[(&str, &str)] = &[
    ("bearing", "brg"),
    ("replace", "repl"),
    ("change", "chg"),
    ("hydraulic", "hyd"),
    ("pressure", "press"),
    ("conveyor", "conv"),
    ("gearbox", "gbox"),
    ("motor", "mtr"),
    ("check", "chk"),
    ("please", "pls"),
    ("coupling", "cplg"),
    ("cylinder", "cyl"),
    ("transmitter", "xmtr"),
    ("discharge", "disch"),
    ("suction", "suct"),
    ("vibration", "vib"),
    ("temperature", "temp"),
    ("inspect", "insp"),
    ("drive end", "DE"),
    ("not working", "u/s"),
    ("with", "w/"),
    ("and", "+"),
    ("compressor", "compr"),
    ("contactor", "cont"),
];

pub(super) fn tell(dice: &mut Dice, machine: &Machine, job: &Job) -> Told {
    match job.cause {
        Cause::Failure(failure) => tell_failure(dice, machine, failure),
        Cause::Plan(plan) => tell_plan(dice, machine, plan),
    }
}

fn tell_failure(dice: &mut Dice, machine: &Machine, failure: &'static Failure) -> Told {
    let (part, sign) = (*dice.pick(failure.parts), *dice.pick(failure.signs));
    let remedy = *dice.pick(failure.remedies);
    let place = dice.chance(550).then(|| *dice.pick(machine.class.places));
    let tag = machine.asset.tag.as_str();
    let short = match (dice.roll(8), place) {
        (0 | 1, Some(place)) => format!("{part} {sign} {place}"),
        (0 | 1, None) => format!("{part} {sign}"),
        (2, Some(place)) => format!("{place} {part} {sign}"),
        (2, None) | (3, _) => format!("{tag} {part} {sign}"),
        (4, Some(place)) => format!("{} {part} {place}", dice.pick(FIRST)),
        (4, None) => format!("{} {part}", dice.pick(FIRST)),
        (5, _) => format!("{part} {sign}, {}", dice.pick(ASKS)),
        (6, _) => format!("{}: {part} {sign}", machine.asset.description),
        _ => format!("{} {part} {tag}", dice.pick(FIRST)),
    };
    let at = place.map(|place| format!(", {place}")).unwrap_or_default();
    let long = match dice.roll(4) {
        0 => format!(
            "{}. {}",
            dice.pick(SEEN),
            sentence(&format!("{part} {sign}{at}."))
        ),
        1 => format!(
            "{}. {}",
            sentence(&format!("{part} {sign}{at}")),
            sentence(&format!("{remedy} {part}. {}", dice.pick(CLOSINGS)))
        ),
        2 => format!(
            "{} {}",
            sentence(&format!("{remedy} {part}{at}.")),
            dice.pick(CLOSINGS)
        ),
        _ => String::new(),
    };
    Told {
        short: style(dice, &short),
        long: slip(dice, long),
        report: report(Cause::Failure(failure), (part, remedy, place)),
    }
}

fn tell_plan(dice: &mut Dice, machine: &Machine, plan: &'static Plan) -> Told {
    let tag = machine.asset.tag.as_str();
    let short = match dice.roll(5) {
        0 => format!("{tag} {}", plan.title),
        1 => format!("{} {} d {}", plan.kind, plan.days, plan.title),
        2 => style(dice, plan.title),
        _ => plan.title.to_owned(),
    };
    let remark = *dice.pick(CLOSINGS);
    Told {
        short: cut(short),
        long: format!("{} on {tag}, {}.", plan.title, machine.asset.description),
        report: report(Cause::Plan(plan), ("", remark, None)),
    }
}

/// How whoever typed it types.
fn style(dice: &mut Dice, text: &str) -> String {
    let text = if dice.chance(450) {
        SHORTER.iter().fold(text.to_owned(), |text, (long, short)| {
            if dice.chance(700) {
                text.replace(long, short)
            } else {
                text
            }
        })
    } else {
        text.to_owned()
    };
    let text = slip(dice, text);
    cut(match dice.roll(10) {
        0..=3 => text.to_uppercase(),
        4..=7 => sentence(&text),
        _ => text.to_lowercase(),
    })
}

fn cut(text: String) -> String {
    text.chars()
        .take(SHORT_MAX)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Swaps two letters of a word now and then, or loses one.
fn slip(dice: &mut Dice, text: String) -> String {
    if !dice.chance(SLIPS) {
        return text;
    }
    let mut letters: Vec<char> = text.chars().collect();
    let at = 1 + dice.roll(letters.len().saturating_sub(3));
    let is_word = letters
        .get(at - 1..at + 2)
        .is_some_and(|three| three.iter().all(|letter| letter.is_alphabetic()));
    if is_word {
        if dice.chance(600) {
            letters.swap(at, at + 1);
        } else {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}
