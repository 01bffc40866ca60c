//! What a mapping says of the one past order that is made anew, to be worked on.

use fettle_domain::effect::Reference;
use fettle_domain::work_order::{Priority, Status};
use fettle_domain::{Decimal, Unit};
use serde::Deserialize;

use super::{MappingFault, must};

/// Most days in which an open order may be due.
const DUE_DAYS_MAX: u16 = 366;

/// The one row after which an open order is made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Open {
    /// Where the row lies in the file as published; for people and for messages.
    pub(in super::super) line: u64,
    /// Which row: its reference, made of mapping name, content and occurrence number.
    pub(in super::super) reference: Reference,
    pub(in super::super) status: Status,
    /// Employee number.
    pub(in super::super) assignee: String,
    pub(in super::super) priority: Priority,
    /// Days from the import to the required finish.
    pub(in super::super) due_days: u16,
    #[serde(default)]
    pub(in super::super) tasks: Vec<TaskForm>,
    #[serde(default)]
    pub(in super::super) part_lines: Vec<PartForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct TaskForm {
    pub(in super::super) number: u32,
    pub(in super::super) text: String,
    pub(in super::super) craft: String,
    pub(in super::super) planned_minutes: u32,
    pub(in super::super) headcount: u32,
    pub(in super::super) steps: Vec<StepForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct StepForm {
    pub(in super::super) text: String,
    pub(in super::super) asks: Asks,
}

/// What a step asks for: `"tick"`, `"text"` or `{ value = { unit, lower, upper } }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(in super::super) enum Asks {
    Tick,
    Text,
    Value {
        unit: Unit,
        lower: Option<Decimal>,
        upper: Option<Decimal>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PartForm {
    pub(in super::super) item: String,
    pub(in super::super) quantity: Decimal,
    pub(in super::super) unit: Unit,
    pub(in super::super) is_critical: bool,
}

impl Open {
    pub(super) fn check(&self) -> Result<(), MappingFault> {
        let is_open = !self.status.is_ended();
        must(is_open, "open.status", "must be one of an open order")?;
        let is_near = self.due_days <= DUE_DAYS_MAX;
        must(is_near, "open.due_days", "must be 0 to 366")?;
        let mut parts = self.part_lines.iter();
        let are_positive = parts.all(|part| part.quantity.is_positive());
        must(
            are_positive,
            "open.part_lines.quantity",
            "must be more than zero",
        )
    }
}
