//! Changing the plan of an order in the built-in CMMS, over the row as it stands.

use async_trait::async_trait;
use fettle_domain::effect::{Reference, Rejection, RejectionClass};
use fettle_domain::{Decimal, Timestamp};
use serde::Serialize;

use super::request::numbers_of;
use super::{BASE, DemoCmms, TRIES_MAX, busy, code, payload};
use crate::order::{OrderRecord, TaskRecord};
use crate::plan::{OrderPlans, PLAN_CHANGED, PlanFieldUpdate, PlanUpdate, TaskPlan};
use crate::posting::{Fault, Posting};
use crate::wire::{encode, not_sent};

#[derive(Serialize, Default)]
struct NewPlan<'a> {
    externalrefid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wopriority: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description_longdescription: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    targstartdate: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    targcompdate: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actstart: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actfinish: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    woactivity: Vec<NewActivity<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wpmaterial: Vec<NewMaterial>,
}

#[derive(Serialize)]
struct NewActivity<'a> {
    taskid: Option<u32>,
    description: &'a str,
    craft: &'a str,
    estdurmin: u32,
    quantity: u32,
}

#[derive(Serialize)]
struct NewMaterial {
    line: Option<u32>,
    itemqty: Decimal,
}

impl<'a> From<&'a PlanUpdate> for NewPlan<'a> {
    fn from(update: &'a PlanUpdate) -> Self {
        let mut plan = Self {
            externalrefid: &update.reference.0,
            ..Self::default()
        };
        for field in &update.fields {
            match field {
                PlanFieldUpdate::Priority(_, to) => plan.wopriority = Some(to.number()),
                PlanFieldUpdate::RequiredStart(_, to) => plan.targstartdate = Some(*to),
                PlanFieldUpdate::RequiredFinish(_, to) => plan.targcompdate = Some(*to),
                PlanFieldUpdate::ActualStart(_, to) => plan.actstart = Some(*to),
                PlanFieldUpdate::ActualFinish(_, to) => plan.actfinish = Some(*to),
                PlanFieldUpdate::Description(_, to) => {
                    plan.description_longdescription = Some(to);
                }
                PlanFieldUpdate::Task(key, _, to) => plan.woactivity.push(NewActivity {
                    taskid: numbers_of(key).1,
                    description: &to.text,
                    craft: &to.craft,
                    estdurmin: to.planned_minutes,
                    quantity: to.headcount,
                }),
                PlanFieldUpdate::Quantity(key, _, to) => plan.wpmaterial.push(NewMaterial {
                    line: numbers_of(key).1,
                    itemqty: to.value,
                }),
            }
        }
        plan
    }
}

/// How a field stands towards what is to be written over it.
fn is_free(order: &OrderRecord, field: &PlanFieldUpdate) -> bool {
    fn over<T: PartialEq>(held: Option<&T>, from: Option<&T>, to: &T) -> bool {
        held == from || held == Some(to)
    }
    match field {
        PlanFieldUpdate::Priority(from, to) => over(order.priority.as_ref(), from.as_ref(), to),
        PlanFieldUpdate::RequiredStart(from, to) => {
            over(order.required_start.as_ref(), from.as_ref(), to)
        }
        PlanFieldUpdate::RequiredFinish(from, to) => {
            over(order.required_finish.as_ref(), from.as_ref(), to)
        }
        PlanFieldUpdate::ActualStart(from, to) => {
            over(order.actual_start.as_ref(), from.as_ref(), to)
        }
        PlanFieldUpdate::ActualFinish(from, to) => {
            over(order.actual_finish.as_ref(), from.as_ref(), to)
        }
        PlanFieldUpdate::Description(from, to) => over(Some(&order.description), Some(from), to),
        PlanFieldUpdate::Task(key, from, to) => {
            let task = order.tasks.iter().find(|task| task.key == *key);
            over(task.map(plan_of).as_ref(), Some(from), to)
        }
        PlanFieldUpdate::Quantity(key, from, to) => {
            let line = order.part_lines.iter().find(|line| line.key == *key);
            over(line.map(|line| &line.quantity), Some(from), to)
        }
    }
}

fn plan_of(task: &TaskRecord) -> TaskPlan {
    TaskPlan {
        text: task.text.clone(),
        craft: task.craft.clone(),
        planned_minutes: task.planned_minutes,
        headcount: task.headcount,
    }
}

#[async_trait]
impl OrderPlans for DemoCmms {
    async fn find_plan_change(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("planchange", reference).await
    }

    /// Whoever changes another field between reading and writing only makes us read again;
    /// whoever changes the same field has won.
    async fn change_plan(&self, update: &PlanUpdate) -> Posting {
        let path = format!("{BASE}/wo/{}/plan", encode(&update.order));
        let body = NewPlan::from(update);
        for _ in 0..TRIES_MAX {
            let order = match self.read_order_of(&update.order).await {
                Ok(Some(order)) => order,
                Ok(None) => return Posting::Rejected(unknown(&update.order)),
                Err(fault) => return not_sent(fault),
            };
            if let Some(field) = update.fields.iter().find(|field| !is_free(&order, field)) {
                return Posting::Rejected(changed(&update.order, field));
            }
            let headers = vec![("if-match".to_owned(), order.row_stamp)];
            let posting = self
                .caller
                .post(path.clone(), headers, &body, payload::number_of)
                .await;
            match &posting {
                Posting::Rejected(rejection) if rejection.code == code::STALE_ROW => {}
                Posting::Rejected(_)
                | Posting::Posted { .. }
                | Posting::Unknown { .. }
                | Posting::NotSent { .. } => return posting,
            }
        }
        Posting::Rejected(busy(&update.order))
    }
}

fn unknown(order: &str) -> Rejection {
    Rejection {
        class: RejectionClass::MasterData,
        code: "UNKNOWN_ORDER".to_owned(),
        message: format!("work order {order} does not exist"),
    }
}

fn changed(order: &str, field: &PlanFieldUpdate) -> Rejection {
    let field = match field {
        PlanFieldUpdate::Priority(..) => "priority",
        PlanFieldUpdate::RequiredStart(..) => "required start",
        PlanFieldUpdate::RequiredFinish(..) => "required finish",
        PlanFieldUpdate::ActualStart(..) => "actual start",
        PlanFieldUpdate::ActualFinish(..) => "actual finish",
        PlanFieldUpdate::Description(..) => "description",
        PlanFieldUpdate::Task(..) => "task",
        PlanFieldUpdate::Quantity(..) => "planned quantity",
    };
    Rejection {
        class: RejectionClass::ProcessState,
        code: PLAN_CHANGED.to_owned(),
        message: format!("the {field} of {order} was changed there meanwhile"),
    }
}
