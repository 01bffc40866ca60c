//! Orders of the CMMS: official rows, and documents the hub's actor writes what the CMMS changed.

use fettle_connectors::{OrderRecord, PartLineRecord, StepRecord, TaskRecord};
use fettle_document::{Edit, WorkOrderDocument, WorkOrderPlan, hydrate};
use fettle_domain::feed::Feed;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::{PartLine, PartLineSource, Step, Task, WorkOrderRow};
use fettle_domain::{
    AssetId, CrewId, DocumentId, LocationId, PartLineId, PersonId, PlantId, StepId, TaskId,
    Timestamp, WorkOrderId,
};
use fettle_sync::exchange::FeedNumber;
use serde::{Deserialize, Serialize};

use super::master::Outside;
use super::{Core, StoreFault};
use crate::table;
use crate::table::accept::Identity;
use crate::table::log::{Entry, append};

/// The shared fields of an order as the CMMS last stated them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Shadow {
    priority: Option<fettle_domain::work_order::Priority>,
    required_start: Option<Timestamp>,
    required_finish: Option<Timestamp>,
    actual_start: Option<Timestamp>,
    actual_finish: Option<Timestamp>,
    description: String,
    instructions: String,
    tasks: Vec<Task>,
    part_lines: Vec<PartLine>,
}

impl Core<'_> {
    /// Orders whose status could not be believed when they were read, to be read again.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn orders_to_reread(&self, limit: u32) -> Result<Vec<String>, StoreFault> {
        Ok(table::order_reread::all(self.connection, limit)?)
    }

    pub(crate) fn take_order(
        &self,
        outside: &Outside<'_>,
        record: &OrderRecord,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let id = WorkOrderId(outside.id("work_order", &record.number)?);
        table::order_reread::remove(self.connection, &record.number)?;
        let held = self.order_row(id)?;
        let mut row = self.row_of(outside, id, record, now)?;
        match &held {
            None => {
                let number = self.work_feed(&row)?;
                self.put_revision(&row, None, now)?;
                let document = WorkOrderDocument::new();
                table::document::put(self.connection, id.into(), number, &document.save())?;
            }
            Some(held) => {
                row.local_reference.clone_from(&held.local_reference);
                self.move_order(held, &row)?;
                self.update_status(held, row, record, read_at, now)?;
            }
        }
        let shadow = self.shadow_of(outside, record, now)?;
        for line in &shadow.part_lines {
            self.link_item(line.item, &record.plant)?;
        }
        self.write_document(id, &shadow, held.is_none(), now)
    }

    fn work_feed(&self, row: &WorkOrderRow) -> Result<FeedNumber, StoreFault> {
        let feed = Feed::Work(row.plant.clone(), row.area.clone());
        Ok(table::feed::number(self.connection, &feed)?)
    }

    fn row_of(
        &self,
        outside: &Outside<'_>,
        id: WorkOrderId,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<WorkOrderRow, StoreFault> {
        let person = |number: &String| outside.id("person", number).map(PersonId);
        Ok(WorkOrderRow {
            id,
            external_ids: outside.external("work_order", &record.number),
            number: Some(record.number.clone()),
            local_reference: None,
            plant: record.plant.clone(),
            area: record.area.clone(),
            title: record.title.clone(),
            kind: record.kind,
            status: OfficialStatus {
                status: record.status,
                revision: 1,
                cmms: CmmsAnswer::Accepted,
            },
            asset: outside.maybe("asset", record.asset.as_ref(), AssetId)?,
            location: outside.maybe("location", record.location.as_ref(), LocationId)?,
            cost_centre: record.cost_centre.clone(),
            job_plan: record.job_plan.clone(),
            crew: outside.maybe("crew", record.crew.as_ref(), CrewId)?,
            assignees: record
                .assignees
                .iter()
                .map(person)
                .collect::<Result<_, _>>()?,
            planner: record.planner.as_ref().map(person).transpose()?,
            scheduled_start: record.scheduled_start,
            scheduled_finish: record.scheduled_finish,
            permits: record.permits.clone(),
            down_since: record.down_since,
            changed: now,
        })
    }

    /// Tells both feeds when an order changed its area.
    fn move_order(&self, held: &WorkOrderRow, row: &WorkOrderRow) -> Result<(), StoreFault> {
        let (from, to) = (self.work_feed(held)?, self.work_feed(row)?);
        if from == to {
            return Ok(());
        }
        let document: DocumentId = row.id.into();
        append(self.connection, from, &Entry::Leave(document))?;
        table::document::set_feed(self.connection, document, to)?;
        append(self.connection, to, &Entry::Enter(document))?;
        for (_, other) in table::official_row::of_order(self.connection, from, row.id)? {
            table::official_row::put(self.connection, to, &other)?;
        }
        table::official_row::remove_order(self.connection, from, row.id)?;
        Ok(())
    }

    fn update_status(
        &self,
        held: &WorkOrderRow,
        mut row: WorkOrderRow,
        record: &OrderRecord,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        row.status = held.status.clone();
        row.changed = held.changed;
        let is_same = record.status == held.status.status;
        // While our own change of status is on its way, what was read may be older than it.
        if !is_same && table::effect::is_status_in_flight(self.connection, row.id, read_at)? {
            table::order_reread::put(self.connection, &record.number)?;
        } else if !is_same {
            row.status = OfficialStatus {
                status: record.status,
                revision: held.status.revision + 1,
                cmms: CmmsAnswer::Accepted,
            };
            row.changed = now;
            return self.put_revision(&row, None, now);
        }
        if row != *held {
            row.changed = now;
        }
        self.put_order_row(&row)
    }

    fn shadow_of(
        &self,
        outside: &Outside<'_>,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<Shadow, StoreFault> {
        let tasks = record.tasks.iter().map(|task| task_of(outside, task));
        let lines = record.part_lines.iter();
        Ok(Shadow {
            priority: record.priority,
            required_start: record.required_start,
            required_finish: record.required_finish,
            actual_start: record.actual_start,
            actual_finish: record.actual_finish,
            description: record.description.clone(),
            instructions: record.instructions.clone(),
            tasks: tasks.collect::<Result<_, _>>()?,
            part_lines: lines
                .map(|line| self.part_line(outside, line, &record.plant, now))
                .collect::<Result<_, _>>()?,
        })
    }

    fn part_line(
        &self,
        outside: &Outside<'_>,
        line: &PartLineRecord,
        _plant: &PlantId,
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

    /// Writes what the CMMS changed since it was last read into the shared document.
    fn write_document(
        &self,
        id: WorkOrderId,
        shadow: &Shadow,
        is_new: bool,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let before: Shadow = table::order_shadow::get(self.connection, id)?.unwrap_or_default();
        let edits = edits(&before, shadow, is_new);
        table::order_shadow::put(self.connection, id, shadow)?;
        let Some((feed, body)) = table::document::get(self.connection, id.into())? else {
            return Ok(());
        };
        if edits.is_empty() {
            return Ok(());
        }
        let fault =
            |error: &dyn std::fmt::Display| StoreFault::Content(format!("order {id}: {error}"));
        let mut document = WorkOrderDocument::load(&body).map_err(|error| fault(&error))?;
        let actor = self.hub_actor(now)?;
        let change = match document.edit(actor, now, &edits) {
            Ok(Some(change)) => change,
            Ok(None) => return Ok(()),
            Err(error) => {
                // A full document keeps what people wrote; the CMMS still has its own text.
                tracing::error!(order = %id, %error, "document did not take the CMMS's change");
                return Ok(());
            }
        };
        let entry = Entry::Change(id.into(), change.hash, change.bytes);
        let number = append(self.connection, feed, &entry)?;
        let identity = Identity {
            document: id.into(),
            actor,
            seq: change.seq,
            hash: change.hash,
        };
        table::accept::put(self.connection, identity, Some((feed, number)), now)?;
        table::document::put(self.connection, id.into(), feed, &document.save())?;
        Ok(())
    }

    /// An order as the rules see it.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn work_order(
        &self,
        id: WorkOrderId,
    ) -> Result<Option<fettle_domain::work_order::WorkOrder>, StoreFault> {
        let (Some(row), Some((_, body))) = (
            self.order_row(id)?,
            table::document::get(self.connection, id.into())?,
        ) else {
            return Ok(None);
        };
        let document = WorkOrderDocument::load(&body)
            .map_err(|error| StoreFault::Content(format!("order {id}: {error}")))?;
        let content = hydrate(&document, &self.authors()?);
        Ok(Some(fettle_domain::work_order::WorkOrder {
            id,
            row,
            content,
        }))
    }
}

fn edits(before: &Shadow, now: &Shadow, is_new: bool) -> Vec<Edit> {
    let mut edits = Vec::new();
    if is_new {
        edits.push(Edit::CreateWorkOrder(Box::new(WorkOrderPlan {
            priority: now.priority,
            required_start: now.required_start,
            required_finish: now.required_finish,
            description: now.description.clone(),
            instructions: now.instructions.clone(),
            tasks: now.tasks.clone(),
            part_lines: now.part_lines.clone(),
        })));
    } else {
        if let Some(priority) = now.priority.filter(|_| before.priority != now.priority) {
            edits.push(Edit::SetPriority(priority));
        }
        let required = |shadow: &Shadow| (shadow.required_start, shadow.required_finish);
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
        let tasks = now.tasks.iter().filter(|task| !before.tasks.contains(task));
        edits.extend(tasks.cloned().map(Edit::PutTask));
        let lines = now.part_lines.iter();
        let lines = lines.filter(|line| !before.part_lines.contains(line));
        edits.extend(lines.cloned().map(Edit::PutPartLine));
    }
    let times = |shadow: &Shadow| (shadow.actual_start, shadow.actual_finish);
    if times(before) != times(now) && times(now) != (None, None) {
        edits.push(Edit::SetTimes {
            actual_start: now.actual_start,
            actual_finish: now.actual_finish,
        });
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
