//! Projection: an order's official row, document and claims become its line and content.

use fettle_document::hydrate;
use fettle_domain::work_order::reversal::standing;
use fettle_domain::work_order::{Clash, StepVerdict, WorkOrderContent, WorkOrderRow};
use fettle_domain::{Day, StepId, WorkOrderId};
use rusqlite::Connection;

use crate::fault::Fault;
use crate::line::{ClaimRow, OrderLine, status_with_claims};
use crate::replica::Replica;
use crate::table::order_list::Projection;
use crate::table::{attachment, claim, document, history, official, order_list};

impl Replica {
    /// Projects an order anew. An order whose official row has not come is in no list.
    pub(crate) fn project(&self, connection: &Connection, order: WorkOrderId) -> Result<(), Fault> {
        let Some(row) = official::work_order(connection, order)? else {
            attachment::unname(connection, order)?;
            history::remove(connection, order)?;
            return order_list::remove(connection, order);
        };
        let document = document::load_recent(connection, &self.recent, order.into())?;
        let is_sealed = document.is_none();
        let (mut ended_on, mut recorded) = (None, None);
        let content = match document {
            None => match official::sealed(connection, order)? {
                None => WorkOrderContent::default(),
                Some(sealed) => {
                    ended_on = sealed.ended_on();
                    recorded = sealed.recorded;
                    sealed.content
                }
            },
            Some(document) => {
                let content =
                    self.with_authors(connection, |authors| hydrate(&document, authors))?;
                self.recent.keep(document);
                content
            }
        };
        attachment::name(connection, order, &content)?;
        self.project_history(connection, &row, &content, recorded.as_ref())?;
        let claims = claim::of_order(connection, order)?;
        let line = line(&row, &content, &claims);
        let moments = [
            line.finished,
            ended_on.map(Day::start),
            line.due,
            line.scheduled_start,
        ];
        let projection = Projection {
            line: &line,
            content: &content,
            is_sealed,
            at: moments.into_iter().flatten().next().unwrap_or(row.changed),
        };
        order_list::write(connection, &projection)
    }
}

fn line(row: &WorkOrderRow, content: &WorkOrderContent, claims: &[ClaimRow]) -> OrderLine {
    let number = row.number.clone().or_else(|| row.local_reference.clone());
    OrderLine {
        id: row.id,
        number: number.unwrap_or_default(),
        title: row.title.clone(),
        kind: row.kind,
        plant: row.plant.clone(),
        area: row.area.clone(),
        priority: content.priority,
        official: row.status.status,
        status: status_with_claims(&row.status, row.changed, claims),
        asset: row.asset,
        location: row.location,
        due: content.required_finish,
        scheduled_start: row.scheduled_start,
        finished: content.actual_finish,
        crew: row.crew,
        assignees: row.assignees.clone(),
        steps_done: number_of(steps(content).filter(|is_done| *is_done)),
        steps_total: number_of(steps(content)),
        parts_total: number_of(content.part_lines.iter()),
        parts_taken: number_of(content.part_lines.iter().filter(|line| {
            standing(&content.parts_used).any(|used| used.entry.part_line == Some(line.id))
        })),
        clashes: number_of(clashes(content)),
        unsent: 0,
        attention: 0,
    }
}

/// Whether each step has a result.
fn steps(content: &WorkOrderContent) -> impl Iterator<Item = bool> {
    content
        .tasks
        .iter()
        .flat_map(|task| &task.steps)
        .map(|step| {
            content
                .results
                .iter()
                .find(|state| state.step == step.id)
                .is_some_and(|state| state.verdict(&step.kind) != StepVerdict::Open)
        })
}

/// Steps with two versions that wait for a choice, or for the planner who was asked.
fn clashes(content: &WorkOrderContent) -> impl Iterator<Item = StepId> {
    content
        .tasks
        .iter()
        .flat_map(|task| &task.steps)
        .filter(|step| {
            let mut states = content.results.iter();
            let state = states.find(|state| state.step == step.id);
            let clash = state.map_or(Clash::None, |state| state.clash(&step.kind));
            matches!(clash, Clash::Open | Clash::Asked(_))
        })
        .map(|step| step.id)
}

fn number_of<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}
