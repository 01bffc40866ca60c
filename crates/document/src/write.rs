//! Writes edits into an Automerge transaction, touching only what differs.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ObjId, ObjType, ReadDoc, ScalarValue, Value};
use fettle_domain::Refusal;
use fettle_domain::work_order::{PartLine, Priority, Task};

use crate::document::{DocumentFault, genesis_object};
use crate::edit::{Edit, WorkOrderPlan};
use crate::fields::{self, CLOSED, Fields};

/// Writes into one transaction.
pub(crate) struct Writer<'t, T> {
    transaction: &'t mut T,
}

impl From<AutomergeError> for DocumentFault {
    fn from(_: AutomergeError) -> Self {
        // Invariant: the writer checks types and positions first, so Automerge has no objection
        // a person could act on.
        Self::NotTaken
    }
}

impl<'t, T: Transactable + ReadDoc> Writer<'t, T> {
    pub(crate) fn new(transaction: &'t mut T) -> Self {
        Self { transaction }
    }

    pub(crate) fn write_all(&mut self, edits: &[Edit]) -> Result<(), DocumentFault> {
        edits.iter().try_for_each(|edit| self.write(edit))
    }

    fn write(&mut self, edit: &Edit) -> Result<(), DocumentFault> {
        match edit {
            Edit::CreateWorkOrder(plan) => self.write_plan(plan),
            Edit::SetPriority(priority) => self.write_order(&priority_field(*priority)),
            Edit::SetRequired { start, finish } => {
                let mut fields = Fields::default();
                fields.moment("required_start", *start);
                fields.moment("required_finish", *finish);
                self.write_order(&fields)
            }
            Edit::SetTimes {
                actual_start,
                actual_finish,
            } => {
                let mut fields = Fields::default();
                fields.moment("actual_start", *actual_start);
                fields.moment("actual_finish", *actual_finish);
                let times = self.root("times", ObjType::Map)?;
                self.write_fields(&times, &fields)
            }
            Edit::SpliceDescription {
                position,
                delete,
                insert,
            } => self.splice_description(*position, *delete, insert),
            Edit::SetDescription(text) => self.write_text("description", text),
            Edit::SetInstructions(text) => self.write_text("instructions", text),
            Edit::PutTask(task) => self.write_task(task),
            Edit::RemoveTask(id) => self.remove(&["tasks", &id.key()]),
            Edit::RemoveStep { task, step } => {
                self.remove(&["tasks", &task.key(), "steps", &step.key()])
            }
            Edit::PutPartLine(line) => self.write_part_line(line),
            Edit::RemovePartLine(id) => self.remove(&["part_lines", &id.key()]),
            Edit::RecordStep { step, entry } => {
                self.record("results", &step.key(), &fields::of_step_entry(entry))
            }
            Edit::PutLabour {
                id,
                entry,
                is_closed,
            } => self.write_entry("labour", &id.key(), fields::of_labour(entry), *is_closed),
            Edit::CloseLabour { id, end } => self.close_labour(&id.key(), *end),
            Edit::PutPartUsed { id, entry } => {
                self.write_entry("parts_used", &id.key(), fields::of_part_used(entry), true)
            }
            Edit::PutReading { id, entry } => {
                self.write_entry("readings", &id.key(), fields::of_reading(entry), true)
            }
            Edit::PutNote { id, entry } => {
                self.write_entry("notes", &id.key(), fields::of_note(entry), true)
            }
            Edit::PutPhoto { id, entry } => {
                self.write_entry("photos", &id.key(), fields::of_photo(entry), true)
            }
            Edit::PutFailureReport {
                id,
                entry,
                is_closed,
            } => {
                let fields = fields::of_failure_report(entry);
                self.write_entry("failure_reports", &id.key(), fields, *is_closed)
            }
            Edit::PutDowntime {
                id,
                entry,
                is_closed,
            } => self.write_entry(
                "downtime",
                &id.key(),
                fields::of_downtime(entry),
                *is_closed,
            ),
            Edit::PutLink(link) => {
                let links = self.root("links", ObjType::Map)?;
                let map = self.map_at(&links, &link.id.key())?;
                self.write_fields(&map, &fields::of_link(link))
            }
        }
    }

    fn write_plan(&mut self, plan: &WorkOrderPlan) -> Result<(), DocumentFault> {
        let mut fields = plan.priority.map(priority_field).unwrap_or_default();
        fields.moment("required_start", plan.required_start);
        fields.moment("required_finish", plan.required_finish);
        self.write_order(&fields)?;
        self.write_text("description", &plan.description)?;
        self.write_text("instructions", &plan.instructions)?;
        for task in &plan.tasks {
            self.write_task(task)?;
        }
        for line in &plan.part_lines {
            self.write_part_line(line)?;
        }
        Ok(())
    }

    fn write_order(&mut self, fields: &Fields) -> Result<(), DocumentFault> {
        let order = self.root("order", ObjType::Map)?;
        self.write_fields(&order, fields)
    }

    pub(crate) fn write_text(&mut self, container: &str, text: &str) -> Result<(), DocumentFault> {
        let object = self.root(container, ObjType::Text)?;
        if self.transaction.text(&object)? != text {
            self.transaction.update_text(&object, text)?;
        }
        Ok(())
    }

    fn splice_description(
        &mut self,
        position: usize,
        delete: usize,
        insert: &str,
    ) -> Result<(), DocumentFault> {
        let object = self.root("description", ObjType::Text)?;
        // The text may have become shorter since the person saw it: what is gone is gone.
        let length = self.transaction.length(&object);
        let position = position.min(length);
        let delete = delete.min(length - position);
        if delete == 0 && insert.is_empty() {
            return Ok(());
        }
        let delete = isize::try_from(delete).map_err(|_| DocumentFault::NotTaken)?;
        self.transaction
            .splice_text(&object, position, delete, insert)?;
        Ok(())
    }

    fn write_task(&mut self, task: &Task) -> Result<(), DocumentFault> {
        let tasks = self.root("tasks", ObjType::Map)?;
        let map = self.map_at(&tasks, &task.id.key())?;
        self.write_fields(&map, &fields::of_task(task))?;
        let steps = self.map_at(&map, "steps")?;
        for step in &task.steps {
            let map = self.map_at(&steps, &step.id.key())?;
            self.write_fields(&map, &fields::of_step(step))?;
        }
        Ok(())
    }

    fn write_part_line(&mut self, line: &PartLine) -> Result<(), DocumentFault> {
        let lines = self.root("part_lines", ObjType::Map)?;
        let map = self.map_at(&lines, &line.id.key())?;
        self.write_fields(&map, &fields::of_part_line(line))
    }

    /// Marks a planned member as no longer planned; one that is not there stays away.
    fn remove(&mut self, path: &[&str]) -> Result<(), DocumentFault> {
        let [container, keys @ ..] = path else {
            return Ok(());
        };
        let mut at = self.root(container, ObjType::Map)?;
        for key in keys {
            match self.transaction.get(&at, *key)? {
                Some((Value::Object(ObjType::Map), map)) => at = map,
                Some(_) | None => return Ok(()),
            }
        }
        self.write_fields(&at, &fields::of_removed())
    }

    /// Puts a fresh map, so that what two people record at once stands side by side.
    fn record(&mut self, container: &str, key: &str, fields: &Fields) -> Result<(), DocumentFault> {
        let results = self.root(container, ObjType::Map)?;
        if let [(Value::Object(ObjType::Map), map)] = &self.transaction.get_all(&results, key)?[..]
            && self.holds(map, fields)?
        {
            return Ok(());
        }
        let map = self.transaction.put_object(&results, key, ObjType::Map)?;
        self.write_fields(&map, fields)
    }

    fn write_entry(
        &mut self,
        container: &str,
        key: &str,
        mut fields: Fields,
        is_closed: bool,
    ) -> Result<(), DocumentFault> {
        fields.flag(CLOSED, is_closed);
        let entries = self.root(container, ObjType::Map)?;
        let map = self.map_at(&entries, key)?;
        if self.is_closed(&map)? {
            if self.holds(&map, &fields)? {
                return Ok(());
            }
            return Err(closed(key));
        }
        self.write_fields(&map, &fields)
    }

    fn close_labour(
        &mut self,
        key: &str,
        end: fettle_domain::DeviceTime,
    ) -> Result<(), DocumentFault> {
        let entries = self.root("labour", ObjType::Map)?;
        let Some((Value::Object(ObjType::Map), map)) = self.transaction.get(&entries, key)? else {
            return Err(DocumentFault::Refused(
                Refusal::new("entry.unknown").with("entry", key),
            ));
        };
        let mut fields = Fields::default();
        fields.device_time("end", Some(end));
        fields.flag(CLOSED, true);
        if self.is_closed(&map)? && !self.holds(&map, &fields)? {
            return Err(closed(key));
        }
        self.write_fields(&map, &fields)
    }

    fn is_closed(&self, map: &ObjId) -> Result<bool, AutomergeError> {
        let values = self.transaction.get_all(map, CLOSED)?;
        Ok(values
            .iter()
            .any(|(value, _)| value.as_bool() == Some(true)))
    }

    fn write_fields(&mut self, map: &ObjId, fields: &Fields) -> Result<(), DocumentFault> {
        for (key, value) in fields.iter() {
            if !self.holds_field(map, key, value)? {
                self.transaction.put(map, key.as_str(), value.clone())?;
            }
        }
        Ok(())
    }

    fn holds(&self, map: &ObjId, fields: &Fields) -> Result<bool, AutomergeError> {
        for (key, value) in fields.iter() {
            if !self.holds_field(map, key, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds_field(
        &self,
        map: &ObjId,
        key: &str,
        value: &ScalarValue,
    ) -> Result<bool, AutomergeError> {
        let values = self.transaction.get_all(map, key)?;
        Ok(match &values[..] {
            [] => *value == ScalarValue::Null,
            [(held, _)] => held.as_scalar() == Some(value),
            // Several values at once: writing settles them.
            [_, _, ..] => false,
        })
    }

    fn map_at(&mut self, parent: &ObjId, key: &str) -> Result<ObjId, AutomergeError> {
        match self.transaction.get(parent, key)? {
            Some((Value::Object(ObjType::Map), map)) => Ok(map),
            Some(_) | None => self.transaction.put_object(parent, key, ObjType::Map),
        }
    }

    /// A container of the genesis.
    fn root(&self, container: &str, kind: ObjType) -> Result<ObjId, DocumentFault> {
        genesis_object(&*self.transaction, container, kind).ok_or(DocumentFault::NotTaken)
    }
}

fn priority_field(priority: Priority) -> Fields {
    let mut fields = Fields::default();
    fields.number("priority", u64::from(priority.number()));
    fields
}

fn closed(key: &str) -> DocumentFault {
    DocumentFault::Refused(Refusal::new("entry.closed").with("entry", key))
}
