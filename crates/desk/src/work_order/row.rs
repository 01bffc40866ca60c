//! Rows of order lists.

use fettle_domain::work_order::Status;
use fettle_domain::{PersonId, WorkOrderId};
use fettle_replica::{OrderLine, RunningLabour};

use crate::core::Core;
use crate::person::shell::{ms, running_since};
use crate::trouble::Answer;
use crate::view::OrderRowView;

/// Priority shown while the planner has set none: the lowest.
const PRIORITY_UNSET: u8 = 4;

/// What rows are made with, read once per list.
pub(crate) struct Rows<'a> {
    core: &'a Core,
    person: PersonId,
    running: Vec<(WorkOrderId, f64)>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(core: &'a Core, person: PersonId) -> Answer<Self> {
        let now = core.now();
        let since = |labour: RunningLabour| (labour.order, ms(running_since(labour.start, now)));
        let running = core.replica.running_labour()?;
        let own = running.into_iter().filter(|labour| labour.person == person);
        Ok(Self {
            core,
            person,
            running: own.map(since).collect(),
        })
    }

    pub(crate) fn all(&self, lines: &[OrderLine]) -> Answer<Vec<OrderRowView>> {
        lines.iter().map(|line| self.row(line)).collect()
    }

    pub(crate) fn row(&self, line: &OrderLine) -> Answer<OrderRowView> {
        let running = self.running.iter().find(|(order, _)| *order == line.id);
        Ok(OrderRowView {
            id: line.id.to_string(),
            number: line.number.clone(),
            title: line.title.clone(),
            priority: line.priority.map_or(PRIORITY_UNSET, |p| p.number()),
            status: line.status.word().to_owned(),
            asset: self.asset(line)?,
            location: self.location(line)?,
            due: line.due.map(ms),
            steps_done: line.steps_done,
            steps_total: line.steps_total,
            parts_total: line.parts_total,
            parts_taken: line.parts_taken,
            labour_since: running.map(|(_, since)| *since),
            clashes: line.clashes,
            unsent: line.unsent,
            attention: line.attention,
            now_with: self.now_with(line)?,
        })
    }

    /// Who has an order in hand that this person does not: it was given to others meanwhile.
    fn now_with(&self, line: &OrderLine) -> Answer<Vec<String>> {
        let is_begun = matches!(line.status, Status::Inprg | Status::Hold | Status::Wmatl);
        if !is_begun || line.assignees.contains(&self.person) {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for id in &line.assignees {
            let name = self.core.person_name(Some(*id))?;
            // Somebody this laptop does not know yet has no name here.
            names.extend((!name.is_empty()).then_some(name));
        }
        Ok(names)
    }

    fn asset(&self, line: &OrderLine) -> Answer<String> {
        let Some(id) = line.asset else {
            return Ok(String::new());
        };
        let asset = self.core.replica.asset(id)?;
        Ok(asset.map_or_else(String::new, |asset| format!("{} {}", asset.tag, asset.name)))
    }

    fn location(&self, line: &OrderLine) -> Answer<String> {
        let of_asset = match line.asset {
            Some(id) => self
                .core
                .replica
                .asset(id)?
                .and_then(|asset| asset.location),
            None => None,
        };
        self.core.location_name(line.location.or(of_asset))
    }
}

impl Core {
    /// Name of a location; empty while it is not on this laptop.
    pub(crate) fn location_name(&self, id: Option<fettle_domain::LocationId>) -> Answer<String> {
        let Some(id) = id else {
            return Ok(String::new());
        };
        let location = self.replica.location(id)?;
        Ok(location.map_or_else(String::new, |location| location.name))
    }
}
