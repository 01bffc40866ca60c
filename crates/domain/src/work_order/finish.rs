//! What Finish looks at before it is claimed.

use crate::work_order::reversal::standing;
use crate::work_order::step::{StepState, Verdict};
use crate::work_order::{PartLine, Step, WorkOrderContent};
use crate::{PersonId, Refusal};

/// What is missing or remarkable before an order is finished.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FinishCheck<'a> {
    /// Steps without a result.
    pub open_steps: Vec<&'a Step>,
    /// Steps whose standing result is outside its limits.
    pub failed_steps: Vec<&'a Step>,
    /// Part lines from which nothing was taken.
    pub untaken_parts: Vec<&'a PartLine>,
    /// True when the person's own labour runs.
    pub is_labour_running: bool,
}

impl FinishCheck<'_> {
    /// Whether the order may be claimed as completed.
    ///
    /// # Errors
    /// A [`Refusal`] that names the first open step: open steps must be done or held with a
    /// reason. A failed step and an untaken part are facts, shown but no obstacle.
    pub fn decide(&self) -> Result<(), Refusal> {
        match self.open_steps.first() {
            Some(step) => Err(Refusal::new("finish.steps_open")
                .with("count", self.open_steps.len())
                .with("step", &step.text)),
            None => Ok(()),
        }
    }
}

/// Looks through an order before `person` finishes it.
#[must_use]
pub fn check_finish(content: &WorkOrderContent, person: PersonId) -> FinishCheck<'_> {
    let mut check = FinishCheck {
        is_labour_running: content
            .labour
            .iter()
            .any(|labour| labour.entry.person == person && labour.entry.end.is_none()),
        ..FinishCheck::default()
    };
    for step in content.tasks.iter().flat_map(|task| &task.steps) {
        let state = content.results.iter().find(|state| state.step == step.id);
        match verdict(step, state) {
            Verdict::Open => check.open_steps.push(step),
            Verdict::Fail => check.failed_steps.push(step),
            Verdict::Pass => {}
        }
    }
    check.untaken_parts = content
        .part_lines
        .iter()
        .filter(|line| {
            !standing(&content.parts_used).any(|used| used.entry.part_line == Some(line.id))
        })
        .collect();
    check
}

fn verdict(step: &Step, state: Option<&StepState>) -> Verdict {
    state.map_or(Verdict::Open, |state| state.verdict(&step.kind))
}
