//! The open order: one past order is made anew in the CMMS, to be worked on. Search before create.

use fettle_connectors::{NewOrder, NewPartLine, NewStep, NewTask, Posting};
use fettle_domain::work_order::StepKind;
use fettle_domain::{Quantity, Timestamp};

use super::mapping::{Asks, Mapping, Open, PartForm, StepForm, TaskForm};
use super::report::{OpenOrder, PastOrder, Report};
use crate::systems::Systems;

/// Most pages of machines read: far more than any plant has.
const PAGES_MAX: usize = 10_000;
const DAY_MS: i64 = 86_400_000;

/// Makes the open order of a mapping, when it names one whose row was taken, and notes it in the
/// report. An order that stands already under its reference is named and left as it is.
pub async fn create_open(
    report: &mut Report,
    mapping: &Mapping,
    systems: &Systems,
    now: Timestamp,
) {
    let (Some(open), Some(past)) = (&mapping.open, &report.open_row) else {
        return;
    };
    report.open = match create(open, past, mapping, systems, now).await {
        Ok(number) => OpenOrder::Stands {
            number,
            line: past.line,
        },
        Err(seen) => OpenOrder::NotMade {
            line: past.line,
            seen,
        },
    };
}

async fn create(
    open: &Open,
    past: &PastOrder,
    mapping: &Mapping,
    systems: &Systems,
    now: Timestamp,
) -> Result<String, String> {
    let orders = &systems.orders;
    let find = || async {
        let found = orders.find_order(&open.reference).await;
        found.map_err(|fault| fault.to_string())
    };
    if let Some(number) = find().await? {
        return Ok(number);
    }
    let order = order(open, past, mapping, systems, now).await?;
    match orders.create_order(&order).await {
        Posting::Posted { number } => Ok(number),
        Posting::Rejected(rejection) => Err(format!(
            "the CMMS refused it: {} {}",
            rejection.code, rejection.message
        )),
        Posting::NotSent { seen } => Err(seen),
        // It is looked up and never sent a second time by the same run: it may still be on its way.
        Posting::Unknown { seen } => find().await?.ok_or(seen),
    }
}

async fn order(
    open: &Open,
    past: &PastOrder,
    mapping: &Mapping,
    systems: &Systems,
    now: Timestamp,
) -> Result<NewOrder, String> {
    let mut since = None;
    for _ in 0..PAGES_MAX {
        let page = systems.maintenance.assets(since.as_ref()).await;
        let page = page.map_err(|fault| fault.to_string())?;
        let mut assets = page.rows.into_iter();
        if let Some(asset) = assets.find(|asset| asset.plant == past.plant && asset.tag == past.tag)
        {
            return Ok(NewOrder {
                reference: open.reference.clone(),
                plant: past.plant.clone(),
                area: asset.area,
                title: past.title.clone(),
                description: past.description(mapping),
                kind: past.kind,
                status: open.status,
                priority: Some(open.priority),
                asset: Some(asset.key),
                location: asset.location,
                cost_centre: mapping.fixed.get("cost_centre").cloned(),
                assignees: vec![open.assignee.clone()],
                planner: None,
                required_start: Some(now),
                required_finish: Some(now.plus_ms(i64::from(open.due_days) * DAY_MS)),
                actual_start: None,
                actual_finish: None,
                tasks: open.tasks.iter().map(task).collect(),
                part_lines: open.part_lines.iter().map(part_line).collect(),
            });
        }
        if !page.has_more {
            break;
        }
        since = Some(page.next);
    }
    let PastOrder { tag, plant, .. } = past;
    Err(format!("the CMMS knows no machine {tag} in plant {plant}"))
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
