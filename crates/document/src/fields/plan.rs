//! Tasks, steps and part lines as fields.

use fettle_domain::work_order::{PartLine, PartLineSource, Step, StepKind, Task};
use fettle_domain::{ItemId, PartLineId, Quantity, StepId, TaskId, Unit};

use super::{Fields, REMOVED, Read};

pub(crate) fn of_task(task: &Task) -> Fields {
    let mut fields = Fields::default();
    fields.number("number", u64::from(task.number));
    fields.text("text", &task.text);
    fields.text("craft", &task.craft);
    fields.number("planned_minutes", u64::from(task.planned_minutes));
    fields.number("headcount", u64::from(task.headcount));
    fields.id("predecessor", task.predecessor.map(|id| id.0));
    fields.put(REMOVED, None);
    fields
}

/// A task without its steps.
pub(crate) fn task(id: TaskId, fields: &impl Read) -> Task {
    Task {
        id,
        number: fields.small_number("number").unwrap_or(0),
        text: fields.text("text").unwrap_or_default(),
        craft: fields.text("craft").unwrap_or_default(),
        planned_minutes: fields.small_number("planned_minutes").unwrap_or(0),
        headcount: fields.small_number("headcount").unwrap_or(1),
        predecessor: fields.id("predecessor").map(TaskId),
        steps: Vec::new(),
    }
}

pub(crate) fn of_step(step: &Step) -> Fields {
    let mut fields = Fields::default();
    fields.text("order_key", &step.order_key);
    fields.text("text", &step.text);
    match &step.kind {
        StepKind::Tick => fields.text("kind", "tick"),
        StepKind::Text => fields.text("kind", "text"),
        StepKind::Value { unit, lower, upper } => {
            fields.text("kind", "value");
            fields.text("unit", &unit.0);
            fields.decimal("lower", *lower);
            fields.decimal("upper", *upper);
        }
    }
    fields.put(REMOVED, None);
    fields
}

/// A step; `None` when its kind is one this program does not know.
pub(crate) fn step(id: StepId, fields: &impl Read) -> Option<Step> {
    let kind = match fields.text("kind")?.as_str() {
        "tick" => StepKind::Tick,
        "text" => StepKind::Text,
        "value" => StepKind::Value {
            unit: Unit(fields.text("unit").unwrap_or_default()),
            lower: fields.decimal("lower"),
            upper: fields.decimal("upper"),
        },
        _ => return None,
    };
    Some(Step {
        id,
        order_key: fields.text("order_key").unwrap_or_default(),
        text: fields.text("text").unwrap_or_default(),
        kind,
    })
}

pub(crate) fn of_part_line(line: &PartLine) -> Fields {
    let mut fields = Fields::default();
    fields.id("item", Some(line.item.0));
    fields.decimal("quantity", Some(line.quantity.value));
    fields.text("unit", &line.quantity.unit.0);
    fields.moment("need_date", line.need_date);
    fields.flag("is_critical", line.is_critical);
    fields.text(
        "source",
        match line.source {
            PartLineSource::BillOfMaterial => "bill_of_material",
            PartLineSource::Manual => "manual",
            PartLineSource::Scan => "scan",
        },
    );
    fields.flag("is_substitute_allowed", line.is_substitute_allowed);
    fields.put(REMOVED, None);
    fields
}

/// What is written into a planned member that is no longer planned.
pub(crate) fn of_removed() -> Fields {
    let mut fields = Fields::default();
    fields.flag(REMOVED, true);
    fields
}

/// True when a member is no longer planned.
pub(crate) fn is_removed(fields: &impl Read) -> bool {
    fields.flag(REMOVED).unwrap_or(false)
}

pub(crate) fn part_line(id: PartLineId, fields: &impl Read) -> Option<PartLine> {
    Some(PartLine {
        id,
        item: ItemId(fields.id("item")?),
        quantity: Quantity {
            value: fields.decimal("quantity")?,
            unit: fields.text("unit").map_or_else(Unit::piece, Unit),
        },
        need_date: fields.moment("need_date"),
        is_critical: fields.flag("is_critical").unwrap_or(false),
        source: match fields.text("source").as_deref() {
            Some("bill_of_material") => PartLineSource::BillOfMaterial,
            Some("scan") => PartLineSource::Scan,
            Some(_) | None => PartLineSource::Manual,
        },
        is_substitute_allowed: fields.flag("is_substitute_allowed").unwrap_or(false),
    })
}
