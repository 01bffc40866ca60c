//! What is sent to the built-in CMMS, made from our records.

use fettle_domain::work_order::{Priority, StepKind};
use fettle_domain::{Decimal, Timestamp};
use serde::Serialize;

use super::code;
use crate::order::{Fact, FactReport, NewOrder, NewPartLine, NewStep, NewTask, StatusChange};

/// Priority of an order nobody rated: this system has no word for unrated, its lowest is nearest.
const PRIORITY_UNRATED: u8 = 4;

#[derive(Serialize)]
pub(super) struct NewOrderBody<'a> {
    externalrefid: &'a str,
    wo: NewWorkOrder<'a>,
}

#[derive(Serialize)]
struct NewWorkOrder<'a> {
    siteid: &'a str,
    sector: &'a str,
    description: &'a str,
    description_longdescription: &'a str,
    worktype: &'static str,
    status: &'static str,
    wopriority: u8,
    assetnum: Option<&'a str>,
    location: Option<&'a str>,
    glaccount: Option<&'a str>,
    assignments: &'a [String],
    planner: Option<&'a str>,
    targstartdate: Option<Timestamp>,
    targcompdate: Option<Timestamp>,
    actstart: Option<Timestamp>,
    actfinish: Option<Timestamp>,
    woactivity: Vec<NewActivity<'a>>,
    wpmaterial: Vec<NewPart<'a>>,
}

#[derive(Serialize)]
struct NewActivity<'a> {
    taskid: u32,
    description: &'a str,
    craft: &'a str,
    estdurmin: u32,
    quantity: u32,
    checklist: Vec<NewCheck<'a>>,
}

#[derive(Serialize)]
struct NewCheck<'a> {
    line: u32,
    description: &'a str,
    kind: &'static str,
    measureunit: Option<String>,
    lowerlimit: Option<Decimal>,
    upperlimit: Option<Decimal>,
}

#[derive(Serialize)]
struct NewPart<'a> {
    line: u32,
    itemnum: &'a str,
    itemqty: Decimal,
    orderunit: String,
    critical: bool,
}

impl<'a> From<&'a NewOrder> for NewOrderBody<'a> {
    fn from(order: &'a NewOrder) -> Self {
        let wo = NewWorkOrder {
            siteid: order.plant.as_str(),
            sector: order.area.as_str(),
            description: &order.title,
            description_longdescription: &order.description,
            worktype: code::kind_word(order.kind),
            status: code::status_word(order.status),
            wopriority: order.priority.map_or(PRIORITY_UNRATED, Priority::number),
            assetnum: order.asset.as_deref(),
            location: order.location.as_deref(),
            glaccount: order.cost_centre.as_deref(),
            assignments: &order.assignees,
            planner: order.planner.as_deref(),
            targstartdate: order.required_start,
            targcompdate: order.required_finish,
            actstart: order.actual_start,
            actfinish: order.actual_finish,
            woactivity: order.tasks.iter().map(Into::into).collect(),
            wpmaterial: (1..)
                .zip(&order.part_lines)
                .map(|(line, part)| new_part(line, part))
                .collect(),
        };
        Self {
            externalrefid: &order.reference.0,
            wo,
        }
    }
}

impl<'a> From<&'a NewTask> for NewActivity<'a> {
    fn from(task: &'a NewTask) -> Self {
        Self {
            taskid: task.number,
            description: &task.text,
            craft: &task.craft,
            estdurmin: task.planned_minutes,
            quantity: task.headcount,
            // Lines are numbered in tens, as this system's own are.
            checklist: (10..)
                .step_by(10)
                .zip(&task.steps)
                .map(|(line, step)| new_check(line, step))
                .collect(),
        }
    }
}

fn new_check(line: u32, step: &NewStep) -> NewCheck<'_> {
    let plain = |kind| NewCheck {
        line,
        description: &step.text,
        kind,
        measureunit: None,
        lowerlimit: None,
        upperlimit: None,
    };
    match &step.kind {
        StepKind::Tick => plain("CHECK"),
        StepKind::Text => plain("REMARK"),
        StepKind::Value { unit, lower, upper } => NewCheck {
            measureunit: Some(code::unit_word(unit)),
            lowerlimit: *lower,
            upperlimit: *upper,
            ..plain("MEASURE")
        },
    }
}

fn new_part(line: u32, part: &NewPartLine) -> NewPart<'_> {
    NewPart {
        line,
        itemnum: &part.item,
        itemqty: part.quantity.value,
        orderunit: code::unit_word(&part.quantity.unit),
        critical: part.is_critical,
    }
}

#[derive(Serialize)]
pub(super) struct NewStatus<'a> {
    externalrefid: &'a str,
    status: &'static str,
    memo: Option<&'a str>,
    statusdate: Timestamp,
}

impl<'a> From<&'a StatusChange> for NewStatus<'a> {
    fn from(change: &'a StatusChange) -> Self {
        Self {
            externalrefid: &change.reference.0,
            status: code::status_word(change.to),
            memo: change.reason.as_deref(),
            statusdate: change.at,
        }
    }
}

/// A line of the work log; which fields it has depends on `logtype`.
#[derive(Serialize, Default)]
pub(super) struct NewFact<'a> {
    externalrefid: &'a str,
    logtype: &'static str,
    laborcode: Option<&'a str>,
    logdate: Timestamp,
    taskid: Option<u32>,
    line: Option<u32>,
    minutes: Option<i64>,
    value: Option<Decimal>,
    unit: Option<String>,
    meter: Option<&'a str>,
    text: Option<String>,
}

impl<'a> From<&'a FactReport> for NewFact<'a> {
    fn from(report: &'a FactReport) -> Self {
        let fact = Self {
            externalrefid: &report.reference.0,
            laborcode: report.person.as_deref(),
            logdate: report.at,
            ..Self::default()
        };
        match &report.fact {
            Fact::Step {
                step,
                is_done,
                value,
                unit,
                text,
            } => {
                let (taskid, line) = numbers_of(step);
                Self {
                    logtype: "CHECK",
                    taskid,
                    line,
                    value: *value,
                    unit: unit.as_ref().map(code::unit_word),
                    // A tick says so in words: the log has no field for it.
                    text: text
                        .clone()
                        .or_else(|| Some(tick_words(*is_done).to_owned())),
                    ..fact
                }
            }
            Fact::Note { text } => Self {
                logtype: "NOTE",
                text: Some(text.clone()),
                ..fact
            },
            Fact::Labour {
                kind,
                task,
                minutes,
            } => Self {
                logtype: "LABOR",
                taskid: task.as_deref().and_then(|key| numbers_of(key).1),
                minutes: Some(*minutes),
                text: code::labour_word(*kind).map(str::to_owned),
                ..fact
            },
            Fact::Reading { meter, value, unit } => Self {
                logtype: "READING",
                value: Some(*value),
                unit: Some(code::unit_word(unit)),
                meter: Some(meter),
                ..fact
            },
            Fact::Failure {
                mode,
                mechanism,
                cause,
                remedy,
            } => Self {
                logtype: "FAILURE",
                text: Some(failure_words(mode, [mechanism, cause, remedy])),
                ..fact
            },
        }
    }
}

fn tick_words(is_done: bool) -> &'static str {
    if is_done { "DONE" } else { "NOT DONE" }
}

/// Codes of a failure in one text, in the order mode, mechanism, cause, remedy.
fn failure_words(mode: &str, rest: [&Option<String>; 3]) -> String {
    let names = ["mechanism", "cause", "remedy"];
    let known = names
        .iter()
        .zip(rest)
        .filter_map(|(name, value)| Some(format!("{name} {}", value.as_deref()?)));
    std::iter::once(format!("mode {mode}"))
        .chain(known)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The last two numbers of a key such as `4182207/10/40`.
pub(super) fn numbers_of(key: &str) -> (Option<u32>, Option<u32>) {
    let mut parts = key.rsplit('/').map(|part| part.parse().ok());
    let last = parts.next().flatten();
    let before = parts.next().flatten();
    (before, last)
}
