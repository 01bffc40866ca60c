//! What somebody wants changed of an order's priority and required finish: the planner changes it,
//! anybody else proposes it in their own words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::person::Role;
use crate::work_order::merge::{PlanField, PlanValue, SharedPlan};
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

/// What somebody proposes of the planner's fields; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// Priority.
    pub priority: Option<Priority>,
    /// Required finish.
    pub required_finish: Option<Timestamp>,
}

/// Code of the cause of a case about a proposal.
pub const PROPOSED: &str = "plan.proposed";

impl Proposal {
    /// The fields it is about, with what each is to be.
    #[must_use]
    pub fn wanted(&self) -> Vec<(PlanField, PlanValue)> {
        let priority = self.priority.map(PlanValue::Priority);
        let finish = self.required_finish.map(PlanValue::Moment);
        [
            (PlanField::Priority, priority),
            (PlanField::RequiredFinish, finish),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }

    /// True when an order says so already.
    #[must_use]
    pub fn is_met(&self, content: &WorkOrderContent) -> bool {
        let plan = SharedPlan::of(content);
        let mut wanted = self.wanted().into_iter();
        wanted.all(|(field, value)| plan.get(field) == Some(value))
    }
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

/// A proposal and its words, to be written as a note of the person who proposes.
///
/// # Errors
/// A [`Refusal`] as of [`change_plan`], without `plan.planners_only`; and of the reason's text.
pub fn propose_plan(
    wish: PlanWish,
    reason: &str,
    content: &WorkOrderContent,
    status: Status,
) -> Result<(Proposal, String), Refusal> {
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
    let proposal = Proposal {
        priority: decision.priority,
        required_finish: decision.required_finish,
    };
    let words = format!("Proposed: {}. {}", wanted.join(", "), reason.trim());
    Ok((proposal, check_text(&words)?))
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
