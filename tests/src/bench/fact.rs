//! The facts every contestant works on, and what they become as orders of ours.
//!
//! Every fact is carried once. The CMMS states number, title, type, status and who and what an
//! order refers to; a planner writes the rest. A reference is an id, as everywhere in ours; what
//! the facts say of a part beside its number, and what has no field, stands in the instructions.

use std::fmt::Write;
use std::io::BufRead;
use std::path::Path;

use anyhow::Context;
use fettle_connectors::OrderRecord;
use fettle_document::WorkOrderPlan;
use fettle_domain::work_order::{PartLine, PartLineSource, Priority, Status, Task, WorkOrderType};
use fettle_domain::{AreaId, ItemId, PartLineId, PlantId, Quantity, TaskId, Timestamp, Unit};
use fettle_hub::clock::random;
use serde::Deserialize;
use uuid::Uuid;

/// The plant all orders belong to; the plants of the facts are its areas, since a device serves one plant.
pub(super) const PLANT: &str = "BENCH";

/// An order of the facts.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Fact {
    /// The line it was read from.
    #[serde(skip)]
    pub(super) line: String,
    pub(super) number: String,
    pub(super) plant: String,
    asset: String,
    kind: WorkOrderType,
    priority: u8,
    title: String,
    description: String,
    created: Timestamp,
    due: String,
    planner: String,
    assignee: String,
    crew: String,
    hours_planned: f64,
    tasks: Vec<FactTask>,
    parts: Vec<FactPart>,
}

#[derive(Debug, Clone, Deserialize)]
struct FactTask {
    number: u32,
    text: String,
    craft: String,
    hours: f64,
}

#[derive(Debug, Clone, Deserialize)]
struct FactPart {
    text: String,
    quantity: i64,
    unit: String,
    bin: String,
}

/// Reads one order a line.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Fact>> {
    let opened = std::fs::File::open(file);
    let opened = opened.with_context(|| format!("failed to read {}", file.display()))?;
    let mut facts = Vec::new();
    for line in std::io::BufReader::new(opened).lines() {
        let line = line? + "\n";
        let fact: Fact = serde_json::from_str(&line).context("failed to read an order")?;
        facts.push(Fact { line, ..fact });
    }
    Ok(facts)
}

/// Bytes of text once compressed as a frame is.
pub(super) fn packed_bytes(text: &str) -> anyhow::Result<f64> {
    // The level of the frames, with a window over all of it, which frames do not have.
    const LEVEL: i32 = 3;
    Ok(zstd::bulk::compress(text.as_bytes(), LEVEL)?.len() as f64)
}

impl Fact {
    /// The order as the CMMS states it, before anything is planned.
    pub(super) fn record(&self) -> anyhow::Result<OrderRecord> {
        Ok(OrderRecord {
            number: self.number.clone(),
            row_stamp: "1".to_owned(),
            reference: None,
            plant: PlantId::new(PLANT)?,
            area: AreaId::new(&self.plant)?,
            title: self.title.clone(),
            description: String::new(),
            instructions: String::new(),
            kind: self.kind,
            status: Status::Appr,
            priority: None,
            asset: Some(self.asset.clone()),
            location: None,
            cost_centre: None,
            job_plan: None,
            crew: Some(self.crew.clone()),
            assignees: vec![self.assignee.clone()],
            planner: Some(self.planner.clone()),
            required_start: None,
            required_finish: None,
            scheduled_start: None,
            scheduled_finish: None,
            actual_start: None,
            actual_finish: None,
            permits: Vec::new(),
            down_since: None,
            tasks: Vec::new(),
            part_lines: Vec::new(),
            recorded: None,
            changed: self.created,
        })
    }

    /// What a planner writes into the order's document.
    pub(super) fn plan(&self, ids: &mut Ids) -> anyhow::Result<WorkOrderPlan> {
        let due = format!("{}T00:00:00Z", self.due);
        let tasks: Vec<_> = self.tasks.iter().map(|task| task.task(ids)).collect();
        let lines: Vec<_> = self.parts.iter().map(|part| part.line(ids)).collect();
        Ok(WorkOrderPlan {
            priority: Some(Priority::clamped(self.priority)),
            required_start: None,
            required_finish: Some(due.parse().context("failed to read a date")?),
            description: self.description.clone(),
            instructions: self.instructions()?,
            tasks: tasks.into_iter().collect::<anyhow::Result<_>>()?,
            part_lines: lines.into_iter().collect::<anyhow::Result<_>>()?,
        })
    }

    fn instructions(&self) -> anyhow::Result<String> {
        let mut text = format!("{} {} h", self.created, self.hours_planned);
        for part in &self.parts {
            write!(text, "\n{} {}", part.text, part.bin)?;
        }
        Ok(text)
    }
}

impl FactTask {
    fn task(&self, ids: &mut Ids) -> anyhow::Result<Task> {
        // Tenths of hours are whole minutes.
        let minutes = (self.hours * 60.0).round().max(0.0);
        Ok(Task {
            id: TaskId(ids.next()?),
            number: self.number,
            text: self.text.clone(),
            craft: self.craft.clone(),
            planned_minutes: minutes as u32,
            headcount: 1,
            predecessor: None,
            steps: Vec::new(),
        })
    }
}

impl FactPart {
    fn line(&self, ids: &mut Ids) -> anyhow::Result<PartLine> {
        Ok(PartLine {
            id: PartLineId(ids.next()?),
            item: ItemId(ids.next()?),
            quantity: Quantity {
                value: self.quantity.into(),
                unit: Unit(self.unit.clone()),
            },
            need_date: None,
            is_critical: false,
            source: PartLineSource::BillOfMaterial,
            is_substitute_allowed: false,
        })
    }
}

/// Draws ids as a desk does: time and chance.
pub(super) struct Ids {
    at: Timestamp,
}

impl Ids {
    pub(super) fn from(at: Timestamp) -> Self {
        Self { at }
    }

    fn next(&mut self) -> anyhow::Result<Uuid> {
        self.at = self.at.plus_ms(1);
        let ms = u64::try_from(self.at.as_ms()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(ms, &random()?).into_uuid())
    }
}
