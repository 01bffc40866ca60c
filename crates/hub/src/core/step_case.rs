//! Steps with two versions that the planner has to look at, as cases; derived from the document.

use fettle_domain::case::{CaseSubject, Resolution, Settlement};
use fettle_domain::charter::Domain;
use fettle_domain::work_order::settlement::{PASS_AGAINST_FAIL, PLANNER_ASKED};
use fettle_domain::work_order::{Settled, Step, StepState, WorkOrderContent};
use fettle_domain::{Refusal, Timestamp, WorkOrderId};

use super::case::Opening;
use super::{Core, StoreFault};

impl Core<'_> {
    /// Opens and settles the cases of an order's steps; said twice it is said once.
    pub(super) fn step_cases(
        &self,
        order: WorkOrderId,
        content: &WorkOrderContent,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(row) = self.order_row(order)? else {
            return Ok(());
        };
        let mut wanted = Vec::new();
        for step in content.tasks.iter().flat_map(|task| &task.steps) {
            let state = content.results.iter().find(|state| state.step == step.id);
            if let Some((state, code)) =
                state.and_then(|state| Some((state, state.case(&step.kind)?)))
            {
                wanted.push((step, state, code));
            }
        }
        for case in self.cases_of_order(order)? {
            let CaseSubject::Step(id) = &case.subject else {
                continue;
            };
            let code = case.cause.code.as_str();
            let is_ours = code == PASS_AGAINST_FAIL || code == PLANNER_ASKED;
            let is_wanted = wanted
                .iter()
                .any(|(step, _, wanted)| step.id == *id && *wanted == code);
            if is_ours && !is_wanted && !case.is_settled() {
                let state = content.results.iter().find(|state| state.step == *id);
                let last = state.and_then(|state| state.settlements.last());
                self.resolve_case(case.id, overtaken(last, now))?;
            }
        }
        for (step, state, code) in wanted {
            let subject = CaseSubject::Step(step.id);
            let opening = Opening {
                order: Some(order),
                author: state.results.first().and_then(|result| result.person),
                ..Opening::new(
                    row.plant.clone(),
                    subject,
                    cause(step, state, code),
                    Domain::StepResult,
                )
            };
            self.open_case(opening, now)?;
        }
        Ok(())
    }
}

/// Names the versions, so that new ones after a settlement are another case than the settled one.
fn cause(step: &Step, state: &StepState, code: &str) -> Refusal {
    let versions: Vec<String> = state
        .results
        .iter()
        .map(|result| match (result.value, &result.text) {
            (Some(value), _) => value.to_string(),
            (None, Some(text)) => text.chars().take(VERSION_MAX).collect(),
            (None, None) => String::new(),
        })
        .collect();
    let results: Vec<String> = state.on_view().into_iter().map(|id| id.0).collect();
    Refusal::new(code)
        .with("step", &step.text)
        .with("versions", versions.join(" / "))
        .with("results", results.join(" "))
}

/// Longest beginning of a text shown as a version, in characters.
const VERSION_MAX: usize = 40;

fn overtaken(last: Option<&Settled>, now: Timestamp) -> Resolution {
    Resolution {
        by: last.and_then(|settled| settled.person),
        at: now,
        how: Settlement::Overtaken,
        reason: last
            .map(|settled| settled.reason.clone())
            .filter(|reason| !reason.is_empty()),
    }
}
