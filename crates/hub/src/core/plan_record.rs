//! The plan of an order as it comes from the CMMS, and as it is written into a document.

use fettle_connectors::{OrderRecord, PartLineRecord, StepRecord, TaskRecord};
use fettle_document::{Edit, WorkOrderPlan};
use fettle_domain::work_order::{PartLine, PartLineSource, SharedPlan, Step, Task};
use fettle_domain::{PartLineId, StepId, TaskId, Timestamp};

use super::master::Outside;
use super::{Core, StoreFault};

impl Core<'_> {
    /// The plan of an order in our ids.
    pub(super) fn plan_of(
        &self,
        outside: &Outside<'_>,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<SharedPlan, StoreFault> {
        let tasks = record.tasks.iter().map(|task| task_of(outside, task));
        let lines = record.part_lines.iter();
        let part_lines: Vec<PartLine> = lines
            .map(|line| self.part_line(outside, line, now))
            .collect::<Result<_, _>>()?;
        for line in &part_lines {
            self.link_item(line.item, &record.plant)?;
        }
        Ok(SharedPlan {
            priority: record.priority,
            required_start: record.required_start,
            required_finish: record.required_finish,
            actual_start: record.actual_start,
            actual_finish: record.actual_finish,
            description: record.description.clone(),
            instructions: record.instructions.clone(),
            tasks: tasks.collect::<Result<_, _>>()?,
            part_lines,
        })
    }

    fn part_line(
        &self,
        outside: &Outside<'_>,
        line: &PartLineRecord,
        now: Timestamp,
    ) -> Result<PartLine, StoreFault> {
        Ok(PartLine {
            id: PartLineId(outside.id("part_line", &line.key)?),
            item: self.item_id(&line.item, now)?,
            quantity: line.quantity.clone(),
            need_date: line.need_date,
            is_critical: line.is_critical,
            source: PartLineSource::BillOfMaterial,
            is_substitute_allowed: line.is_substitute_allowed,
        })
    }
}

/// The edits of a new order.
pub(super) fn all_of(plan: &SharedPlan) -> Vec<Edit> {
    let mut all = vec![Edit::CreateWorkOrder(Box::new(WorkOrderPlan {
        priority: plan.priority,
        required_start: plan.required_start,
        required_finish: plan.required_finish,
        description: plan.description.clone(),
        instructions: plan.instructions.clone(),
        tasks: plan.tasks.clone(),
        part_lines: plan.part_lines.clone(),
    }))];
    if (plan.actual_start, plan.actual_finish) != (None, None) {
        all.push(times(plan));
    }
    all
}

fn times(plan: &SharedPlan) -> Edit {
    Edit::SetTimes {
        actual_start: plan.actual_start,
        actual_finish: plan.actual_finish,
    }
}

/// The edits that make a document that says `before` say `now`.
pub(super) fn edits(before: &SharedPlan, now: &SharedPlan) -> Vec<Edit> {
    let mut edits = Vec::new();
    // An order nobody rates any more keeps its last rating: a document has no word for none.
    if let Some(priority) = now.priority.filter(|_| before.priority != now.priority) {
        edits.push(Edit::SetPriority(priority));
    }
    let required = |plan: &SharedPlan| (plan.required_start, plan.required_finish);
    if required(before) != required(now) {
        edits.push(Edit::SetRequired {
            start: now.required_start,
            finish: now.required_finish,
        });
    }
    if before.description != now.description {
        edits.push(Edit::SetDescription(now.description.clone()));
    }
    if before.instructions != now.instructions {
        edits.push(Edit::SetInstructions(now.instructions.clone()));
    }
    for task in &before.tasks {
        match now.tasks.iter().find(|other| other.id == task.id) {
            None => edits.push(Edit::RemoveTask(task.id)),
            Some(other) => {
                let gone = task.steps.iter().map(|step| step.id);
                let gone = gone.filter(|id| !other.steps.iter().any(|step| step.id == *id));
                edits.extend(gone.map(|step| Edit::RemoveStep {
                    task: task.id,
                    step,
                }));
            }
        }
    }
    let tasks = now.tasks.iter().filter(|task| !before.tasks.contains(task));
    edits.extend(tasks.cloned().map(Edit::PutTask));
    let gone = before.part_lines.iter().map(|line| line.id);
    let gone = gone.filter(|id| !now.part_lines.iter().any(|line| line.id == *id));
    edits.extend(gone.map(Edit::RemovePartLine));
    let lines = now.part_lines.iter();
    let lines = lines.filter(|line| !before.part_lines.contains(line));
    edits.extend(lines.cloned().map(Edit::PutPartLine));
    let observed = |plan: &SharedPlan| (plan.actual_start, plan.actual_finish);
    if observed(before) != observed(now) && observed(now) != (None, None) {
        edits.push(times(now));
    }
    edits
}

fn task_of(outside: &Outside<'_>, task: &TaskRecord) -> Result<Task, StoreFault> {
    let steps = task.steps.iter().map(|step| step_of(outside, task, step));
    Ok(Task {
        id: TaskId(outside.id("task", &task.key)?),
        number: task.number,
        text: task.text.clone(),
        craft: task.craft.clone(),
        planned_minutes: task.planned_minutes,
        headcount: task.headcount,
        predecessor: outside.maybe("task", task.predecessor.as_ref(), TaskId)?,
        steps: steps.collect::<Result<_, _>>()?,
    })
}

fn step_of(
    outside: &Outside<'_>,
    task: &TaskRecord,
    step: &StepRecord,
) -> Result<Step, StoreFault> {
    Ok(Step {
        id: StepId(outside.id("step", &step.key)?),
        // Fixed width, so that text order is number order, within the order and not the task.
        order_key: format!("{:05}.{:05}", task.number, step.position),
        text: step.text.clone(),
        kind: step.kind.clone(),
    })
}
