//! What somebody wants changed of an order's priority and required finish: the planner changes it,
//! anybody else proposes it in their own words.

use crate::person::Role;
use crate::work_order::step::check_text;
use crate::work_order::{Priority, Status, WorkOrderContent};
use crate::{Refusal, Timestamp};

/// What is wanted; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanWish {
    /// Priority as chosen, 1 to 4.
    pub priority: Option<u8>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
}

/// What is to be written of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanDecision {
    /// New priority, when it is another one.
    pub priority: Option<Priority>,
    /// New required finish, when it is another one.
    pub required_finish: Option<Timestamp>,
}

/// Decides a change of the plan.
///
/// # Errors
/// A [`Refusal`]: `plan.planners_only` for anybody but a planner, `plan.order_ended`,
/// `plan.priority_unknown`, `plan.finish_before_start`, `plan.nothing_changes`.
pub fn change_plan(
    wish: PlanWish,
    content: &WorkOrderContent,
    status: Status,
    roles: &[Role],
) -> Result<PlanDecision, Refusal> {
    if !roles.contains(&Role::Planner) {
        return Err(Refusal::new("plan.planners_only"));
    }
    decide(wish, content, status)
}

/// The words of a proposal, to be written as a note of the person who proposes.
///
/// # Errors
/// A [`Refusal`] as of [`change_plan`], without `plan.planners_only`; and of the reason's text.
pub fn propose_plan(
    wish: PlanWish,
    reason: &str,
    content: &WorkOrderContent,
    status: Status,
) -> Result<String, Refusal> {
    let decision = decide(wish, content, status)?;
    let wanted = [
        decision
            .priority
            .map(|priority| format!("priority {}", priority.number())),
        decision
            .required_finish
            .map(|finish| format!("finish by {finish}")),
    ];
    let wanted: Vec<String> = wanted.into_iter().flatten().collect();
    check_text(&format!(
        "Proposed: {}. {}",
        wanted.join(", "),
        reason.trim()
    ))
}

fn decide(
    wish: PlanWish,
    content: &WorkOrderContent,
    status: Status,
) -> Result<PlanDecision, Refusal> {
    if status.is_ended() {
        return Err(Refusal::new("plan.order_ended").with("status", status.word()));
    }
    let priority = wish
        .priority
        .map(Priority::try_from)
        .transpose()
        .map_err(|bad| Refusal::new("plan.priority_unknown").with("priority", bad.0))?
        .filter(|priority| content.priority != Some(*priority));
    let required_finish = wish
        .required_finish
        .filter(|finish| content.required_finish != Some(*finish));
    if let (Some(start), Some(finish)) = (content.required_start, required_finish)
        && finish < start
    {
        return Err(Refusal::new("plan.finish_before_start").with("start", start));
    }
    if (priority, required_finish) == (None, None) {
        return Err(Refusal::new("plan.nothing_changes"));
    }
    Ok(PlanDecision {
        priority,
        required_finish,
    })
}
