//! Changes of the plan of an order in an outside maintenance system.

use async_trait::async_trait;
use fettle_domain::effect::Reference;
use fettle_domain::work_order::Priority;
use fettle_domain::{Quantity, Timestamp};

use crate::posting::{Fault, Posting};

/// The code under which a change is refused because somebody else changed the same field there
/// since: the order is read again, and the merge decides.
pub const PLAN_CHANGED: &str = "PLAN_CHANGED";

/// An outside maintenance system that takes changes of an order's plan.
///
/// One that does not offer it is told nothing: what the planner changed here becomes an exception
/// case that says so, and is entered there by hand.
#[async_trait]
pub trait OrderPlans: Send + Sync {
    /// Number of the change made under a reference.
    async fn find_plan_change(&self, reference: &Reference) -> Result<Option<String>, Fault>;
    /// Changes fields of a plan, all or none, each only over the value it is said to hold.
    async fn change_plan(&self, change: &PlanUpdate) -> Posting;
}

/// Fields of an order's plan to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanUpdate {
    /// Our reference.
    pub reference: Reference,
    /// Number of the order.
    pub order: String,
    /// The fields.
    pub fields: Vec<PlanFieldUpdate>,
}

/// One field: what the outside system must still hold, and what it shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanFieldUpdate {
    /// Priority.
    Priority(Option<Priority>, Priority),
    /// Required start.
    RequiredStart(Option<Timestamp>, Timestamp),
    /// Required finish.
    RequiredFinish(Option<Timestamp>, Timestamp),
    /// Actual start.
    ActualStart(Option<Timestamp>, Timestamp),
    /// Actual finish.
    ActualFinish(Option<Timestamp>, Timestamp),
    /// Long text.
    Description(String, String),
    /// Key of a task, and what is planned of it.
    Task(String, TaskPlan, TaskPlan),
    /// Key of a part line, and its quantity.
    Quantity(String, Quantity, Quantity),
}

/// What is planned of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPlan {
    /// Text.
    pub text: String,
    /// Craft.
    pub craft: String,
    /// Planned minutes.
    pub planned_minutes: u32,
    /// People needed.
    pub headcount: u32,
}
