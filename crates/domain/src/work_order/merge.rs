//! Three-way merge of an order's plan with a CMMS that keeps one value of each field and no history.
//!
//! *Base* is what the CMMS stated when it was last read, *ours* what the document says, *theirs*
//! what the CMMS states now. The charter makes the CMMS the system of record of the plan, and no
//! overlay may loosen that: where both sides changed a field, its value stands and the planner is
//! told both. What people observed is a fact: it stands against the CMMS and is pushed to it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::work_order::{PartLine, Priority, Task, WorkOrderContent};
use crate::{PartLineId, TaskId, Timestamp};

/// The fields of an order that both sides write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedPlan {
    /// Priority.
    pub priority: Option<Priority>,
    /// Required start.
    pub required_start: Option<Timestamp>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
    /// When work began, as observed.
    pub actual_start: Option<Timestamp>,
    /// When work ended, as observed.
    pub actual_finish: Option<Timestamp>,
    /// Description.
    pub description: String,
    /// Instructions.
    pub instructions: String,
    /// Tasks.
    pub tasks: Vec<Task>,
    /// Planned part lines.
    pub part_lines: Vec<PartLine>,
}

/// A field of the plan: the unit in which the two sides are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanField {
    /// Priority.
    Priority,
    /// Required start.
    RequiredStart,
    /// Required finish.
    RequiredFinish,
    /// Actual start.
    ActualStart,
    /// Actual finish.
    ActualFinish,
    /// Description.
    Description,
    /// Instructions.
    Instructions,
    /// A task with its steps.
    Task(TaskId),
    /// A planned part line.
    PartLine(PartLineId),
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanValue {
    /// Of the priority.
    Priority(Priority),
    /// Of a date.
    Moment(Timestamp),
    /// Of a text.
    Text(String),
    /// Of a task.
    Task(Task),
    /// Of a part line.
    PartLine(PartLine),
}

/// A field of ours the CMMS is to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Field.
    pub field: PlanField,
    /// What the CMMS holds; only over this may it be written.
    pub from: Option<PlanValue>,
    /// What it shall hold.
    pub to: PlanValue,
}

/// A field both sides changed to different values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Field.
    pub field: PlanField,
    /// What the document said.
    pub ours: Option<PlanValue>,
    /// What the CMMS states, and what stands.
    pub theirs: Option<PlanValue>,
}

/// What comes of a merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// The plan that stands: what the document is to say.
    pub stands: SharedPlan,
    /// What the CMMS is to take.
    pub push: Vec<PlanChange>,
    /// What the planner is told.
    pub clashes: Vec<Clash>,
}

/// Merges a plan.
///
/// Equal values merge silently. What one side alone has added stays with it: the CMMS's additions
/// come into the document, a technician's extra part line stays there until the planner takes it
/// over. What is empty here is never pushed: an emptiness may also mean that nothing was written.
#[must_use]
pub fn merge_plan(base: &SharedPlan, ours: &SharedPlan, theirs: &SharedPlan) -> Merge {
    let (was, mine, other) = (base.fields(), ours.fields(), theirs.fields());
    let mut merge = Merge {
        stands: ours.clone(),
        ..Merge::default()
    };
    let mut fields: Vec<PlanField> = [&was, &mine, &other]
        .into_iter()
        .flat_map(BTreeMap::keys)
        .copied()
        .collect();
    fields.sort_unstable();
    fields.dedup();
    for field in fields {
        let (b, o, t) = (was.get(&field), mine.get(&field), other.get(&field));
        if o == t {
            continue;
        }
        let is_fact = field.is_fact() && o.is_some();
        if t == b || (o != b && is_fact) {
            merge.push.extend(push(field, t, o));
        } else {
            if o != b {
                merge.clashes.push(Clash {
                    field,
                    ours: o.cloned(),
                    theirs: t.cloned(),
                });
            }
            merge.stands.set(field, t.cloned());
        }
    }
    merge
}

fn push(
    field: PlanField,
    held: Option<&PlanValue>,
    ours: Option<&PlanValue>,
) -> Option<PlanChange> {
    let to = ours?;
    let is_taken = match (held, to) {
        // Steps, numbers and predecessors are the CMMS's alone.
        (Some(PlanValue::Task(held)), PlanValue::Task(to)) => {
            let said = |task: &Task| {
                let text = (task.text.clone(), task.craft.clone());
                (text, task.planned_minutes, task.headcount)
            };
            said(held) != said(to)
        }
        (Some(PlanValue::PartLine(held)), PlanValue::PartLine(to)) => held.quantity != to.quantity,
        (None, PlanValue::Task(_) | PlanValue::PartLine(_)) => false,
        _ => field != PlanField::Instructions,
    };
    is_taken.then(|| PlanChange {
        field,
        from: held.cloned(),
        to: to.clone(),
    })
}

impl SharedPlan {
    /// The plan a document says.
    #[must_use]
    pub fn of(content: &WorkOrderContent) -> Self {
        Self {
            priority: content.priority,
            required_start: content.required_start,
            required_finish: content.required_finish,
            actual_start: content.actual_start,
            actual_finish: content.actual_finish,
            description: content.description.clone(),
            instructions: content.instructions.clone(),
            tasks: content.tasks.clone(),
            part_lines: content.part_lines.clone(),
        }
    }

    /// The fields in which this plan differs from the one that stands.
    #[must_use]
    pub fn clashes_with(&self, stands: &Self) -> Vec<Clash> {
        let (ours, theirs) = (self.fields(), stands.fields());
        let mut fields: Vec<PlanField> = ours.keys().chain(theirs.keys()).copied().collect();
        fields.sort_unstable();
        fields.dedup();
        fields
            .into_iter()
            .filter(|field| ours.get(field) != theirs.get(field))
            .map(|field| Clash {
                field,
                ours: ours.get(&field).cloned(),
                theirs: theirs.get(&field).cloned(),
            })
            .collect()
    }

    /// The plan with changes in it, as the CMMS will state it once it took them.
    #[must_use]
    pub fn with<'c>(mut self, changes: impl IntoIterator<Item = &'c PlanChange>) -> Self {
        for change in changes {
            self.set(change.field, Some(change.to.clone()));
        }
        self
    }

    /// The value of a field; `None` when it is empty.
    #[must_use]
    pub fn get(&self, field: PlanField) -> Option<PlanValue> {
        self.fields().remove(&field)
    }

    /// Sets a field; a value of another field's kind changes nothing.
    pub fn set(&mut self, field: PlanField, value: Option<PlanValue>) {
        let moment = |value| match value {
            Some(PlanValue::Moment(at)) => Some(at),
            _ => None,
        };
        let text = |value| match value {
            Some(PlanValue::Text(text)) => text,
            _ => String::new(),
        };
        match field {
            PlanField::Priority => {
                self.priority = match value {
                    Some(PlanValue::Priority(priority)) => Some(priority),
                    _ => None,
                }
            }
            PlanField::RequiredStart => self.required_start = moment(value),
            PlanField::RequiredFinish => self.required_finish = moment(value),
            PlanField::ActualStart => self.actual_start = moment(value),
            PlanField::ActualFinish => self.actual_finish = moment(value),
            PlanField::Description => self.description = text(value),
            PlanField::Instructions => self.instructions = text(value),
            PlanField::Task(id) => {
                self.tasks.retain(|task| task.id != id);
                if let Some(PlanValue::Task(task)) = value {
                    self.tasks.push(task);
                }
            }
            PlanField::PartLine(id) => {
                self.part_lines.retain(|line| line.id != id);
                if let Some(PlanValue::PartLine(line)) = value {
                    self.part_lines.push(line);
                }
            }
        }
    }

    fn fields(&self) -> BTreeMap<PlanField, PlanValue> {
        let moment = |field, at: Option<Timestamp>| Some((field, PlanValue::Moment(at?)));
        let text = |field, text: &String| {
            (!text.is_empty()).then(|| (field, PlanValue::Text(text.clone())))
        };
        let single = [
            self.priority
                .map(|priority| (PlanField::Priority, PlanValue::Priority(priority))),
            moment(PlanField::RequiredStart, self.required_start),
            moment(PlanField::RequiredFinish, self.required_finish),
            moment(PlanField::ActualStart, self.actual_start),
            moment(PlanField::ActualFinish, self.actual_finish),
            text(PlanField::Description, &self.description),
            text(PlanField::Instructions, &self.instructions),
        ];
        let tasks = self.tasks.iter().map(|task| {
            let mut task = task.clone();
            // The order of a list says nothing that the keys do not.
            task.steps
                .sort_by(|one, other| (&one.order_key, one.id).cmp(&(&other.order_key, other.id)));
            (PlanField::Task(task.id), PlanValue::Task(task))
        });
        let lines = self.part_lines.iter();
        let lines = lines.map(|line| {
            (
                PlanField::PartLine(line.id),
                PlanValue::PartLine(line.clone()),
            )
        });
        single
            .into_iter()
            .flatten()
            .chain(tasks)
            .chain(lines)
            .collect()
    }
}

impl PlanField {
    /// True for what people observed.
    #[must_use]
    pub fn is_fact(self) -> bool {
        match self {
            Self::ActualStart | Self::ActualFinish => true,
            Self::Priority
            | Self::RequiredStart
            | Self::RequiredFinish
            | Self::Description
            | Self::Instructions
            | Self::Task(_)
            | Self::PartLine(_) => false,
        }
    }
}

impl fmt::Display for PlanField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priority => f.write_str("priority"),
            Self::RequiredStart => f.write_str("required_start"),
            Self::RequiredFinish => f.write_str("required_finish"),
            Self::ActualStart => f.write_str("actual_start"),
            Self::ActualFinish => f.write_str("actual_finish"),
            Self::Description => f.write_str("description"),
            Self::Instructions => f.write_str("instructions"),
            Self::Task(id) => write!(f, "task/{id}"),
            Self::PartLine(id) => write!(f, "part_line/{id}"),
        }
    }
}

impl fmt::Display for PlanValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priority(priority) => write!(f, "{}", priority.number()),
            Self::Moment(at) => write!(f, "{at}"),
            Self::Text(text) => f.write_str(text),
            Self::Task(task) => write!(
                f,
                "{} {} ({} min, {} × {})",
                task.number, task.text, task.planned_minutes, task.headcount, task.craft
            ),
            Self::PartLine(line) => {
                write!(f, "{} {}", line.quantity.value, line.quantity.unit.0)
            }
        }
    }
}
