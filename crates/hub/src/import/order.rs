//! From a row to the order that is created for it.

use std::collections::{BTreeMap, BTreeSet};

use fettle_connectors::{AssetRecord, MaintenanceMasters, NewOrder, NewPartLine, NewStep, NewTask};
use fettle_domain::work_order::StepKind;
use fettle_domain::{Quantity, Timestamp};

use super::ImportFault;
use super::intake::{Intake, ReadRow};
use super::mapping::{Asks, Mapping, Open, PartForm, StepForm, TaskForm};

/// Most pages of machines read: far more than any plant has.
const PAGES_MAX: usize = 10_000;

const DAY_MS: i64 = 86_400_000;

/// Where a tag stands in the CMMS.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    key: String,
    location: Option<String>,
}

/// Finds the machines of the rows, so that an unknown one is told before anything is created.
pub(super) async fn machines<C: MaintenanceMasters>(
    mapping: &Mapping,
    intake: &Intake,
    cmms: &C,
) -> Result<BTreeMap<String, Machine>, ImportFault> {
    let mut wanted: BTreeSet<&str> = intake.rows.iter().map(|row| row.tag.as_str()).collect();
    let mut machines = BTreeMap::new();
    let mut since = None;
    for _ in 0..PAGES_MAX {
        if wanted.is_empty() {
            break;
        }
        let page = cmms
            .assets(since.as_ref())
            .await
            .map_err(ImportFault::Masters)?;
        for asset in page.rows {
            if asset.plant == mapping.history.plant && wanted.remove(asset.tag.as_str()) {
                let AssetRecord {
                    tag, key, location, ..
                } = asset;
                machines.insert(tag, Machine { key, location });
            }
        }
        if !page.has_more {
            break;
        }
        since = Some(page.next);
    }
    match wanted.first() {
        None => Ok(machines),
        Some(tag) => Err(ImportFault::UnknownMachine {
            tag: (*tag).to_owned(),
            plant: mapping.history.plant.clone(),
        }),
    }
}

/// The orders of all rows; the one that is taken as open is due from `now`.
pub(super) fn orders(
    intake: &Intake,
    mapping: &Mapping,
    machines: &BTreeMap<String, Machine>,
    now: Timestamp,
) -> Vec<NewOrder> {
    intake
        .rows
        .iter()
        .map(|row| {
            let past = past_order(row, mapping, machines.get(&row.tag));
            match &mapping.open {
                Some(open) if open.reference == row.reference => open_order(past, open, now),
                Some(_) | None => past,
            }
        })
        .collect()
}

fn past_order(row: &ReadRow, mapping: &Mapping, machine: Option<&Machine>) -> NewOrder {
    let history = &mapping.history;
    NewOrder {
        reference: row.reference.clone(),
        plant: history.plant.clone(),
        area: history.area.clone(),
        title: row.title.clone(),
        description: long_text(row, mapping),
        kind: row.kind,
        status: history.status,
        priority: None,
        asset: machine.map(|machine| machine.key.clone()),
        location: machine.and_then(|machine| machine.location.clone()),
        cost_centre: Some(history.cost_centre.clone()),
        assignees: Vec::new(),
        planner: None,
        // Such files state when work was meant to begin, not when it did or ended.
        required_start: Some(row.date),
        required_finish: None,
        actual_start: None,
        actual_finish: None,
        tasks: Vec::new(),
        part_lines: Vec::new(),
    }
}

fn open_order(past: NewOrder, open: &Open, now: Timestamp) -> NewOrder {
    NewOrder {
        status: open.status,
        priority: Some(open.priority),
        assignees: vec![open.assignee.clone()],
        required_start: Some(now),
        required_finish: Some(now.plus_ms(i64::from(open.due_days) * DAY_MS)),
        tasks: open.tasks.iter().map(task).collect(),
        part_lines: open.part_lines.iter().map(part_line).collect(),
        ..past
    }
}

/// What the file says beyond the short text, one statement a line.
fn long_text(row: &ReadRow, mapping: &Mapping) -> String {
    let day: String = row.date.to_string().chars().take(10).collect();
    let first = format!(
        "Imported by the mapping {}. Date {day}, cost {} {}.",
        mapping.name, mapping.history.currency, row.cost
    );
    let details = row
        .details
        .iter()
        .map(|(label, value)| format!("{label}: {value}"));
    std::iter::once(first)
        .chain(details)
        .collect::<Vec<_>>()
        .join("\n")
}

fn task(form: &TaskForm) -> NewTask {
    NewTask {
        number: form.number,
        text: form.text.clone(),
        craft: form.craft.clone(),
        planned_minutes: form.planned_minutes,
        headcount: form.headcount,
        steps: form.steps.iter().map(step).collect(),
    }
}

fn step(form: &StepForm) -> NewStep {
    let kind = match &form.asks {
        Asks::Tick => StepKind::Tick,
        Asks::Text => StepKind::Text,
        Asks::Value { unit, lower, upper } => StepKind::Value {
            unit: unit.clone(),
            lower: *lower,
            upper: *upper,
        },
    };
    NewStep {
        text: form.text.clone(),
        kind,
    }
}

fn part_line(form: &PartForm) -> NewPartLine {
    NewPartLine {
        item: form.item.clone(),
        quantity: Quantity {
            value: form.quantity,
            unit: form.unit.clone(),
        },
        is_critical: form.is_critical,
    }
}
