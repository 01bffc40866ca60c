//! From our ids to the keys of an outside system, when an effect is about to be sent.

use fettle_connectors::{
    GoodsMovement, LabourConfirmation, Movement, PlanFieldUpdate, PlanUpdate, StatusChange,
    TaskPlan,
};
use fettle_domain::effect::{EffectState, Reference, Rejection, RejectionClass};
use fettle_domain::work_order::{PlanChange, PlanField, PlanValue, Task, WorkOrderRow};
use fettle_domain::{EffectId, PersonId, TaskId, Timestamp, WorkOrderId};
use uuid::Uuid;

use super::{Core, StoreFault};
use crate::effect::{Body, Call};
use crate::table;
use crate::table::effect::Stored;

type Resolved<T> = Result<Result<T, Rejection>, StoreFault>;

macro_rules! resolved {
    ($answer:expr) => {
        match $answer {
            Ok(value) => value,
            Err(rejection) => return Ok(Err(rejection)),
        }
    };
}

impl Core<'_> {
    /// The call of an effect, or what is missing for it: a matter of master data.
    pub(crate) fn call_of(&self, effect: &Stored) -> Resolved<Call> {
        let row = resolved!(
            self.order_row(effect.order)?
                .ok_or_else(|| missing("order"))
        );
        let order = resolved!(row.number.clone().ok_or_else(|| missing("order number")));
        let reference = effect.reference.clone();
        Ok(Ok(match &effect.body {
            Body::SetStatus { to, reason, at, .. } => Call::SetStatus(StatusChange {
                reference,
                order,
                to: *to,
                reason: reason.clone(),
                at: *at,
                row_stamp: None,
            }),
            Body::ChangePlan { changes } => {
                let mut fields = Vec::with_capacity(changes.len());
                for change in changes {
                    fields.push(resolved!(self.plan_field(change)?));
                }
                Call::ChangePlan(PlanUpdate {
                    reference,
                    order,
                    fields,
                })
            }
            Body::ConfirmLabour {
                person,
                kind,
                task,
                minutes,
                at,
                plant,
                ..
            } => Call::ConfirmLabour(LabourConfirmation {
                reference,
                reversal_of: None,
                order,
                task: self.task_number(effect.order, *task)?,
                person: resolved!(self.employee(*person)?.ok_or_else(|| missing("person"))),
                kind: *kind,
                minutes: *minutes,
                cost_centre: resolved!(self.cost_centre(&row)),
                plant: plant.clone().unwrap_or(row.plant),
                at: *at,
            }),
            Body::IssueGoods {
                item,
                storeroom,
                bin,
                quantity,
                person,
                at,
                plant,
                ..
            } => Call::MoveGoods(GoodsMovement {
                reference,
                movement: Movement::Issue,
                order,
                item: resolved!(self.key(item.0, "item")?.ok_or_else(|| missing("item"))),
                storeroom: storeroom.clone(),
                bin: bin.clone(),
                quantity: quantity.clone(),
                cost_centre: resolved!(self.cost_centre(&row)),
                plant: plant.clone().unwrap_or(row.plant),
                person: match person {
                    Some(person) => self.employee(*person)?,
                    None => None,
                },
                at: *at,
            }),
            Body::ReverseLabour { of, at, .. } | Body::ReverseIssue { of, at, .. } => {
                resolved!(self.reversal_call(*of, reference, *at)?)
            }
        }))
    }

    /// A field of a plan in the keys of the CMMS.
    fn plan_field(&self, change: &PlanChange) -> Resolved<PlanFieldUpdate> {
        let PlanChange { field, from, to } = change;
        Ok(Ok(match (field, from, to) {
            (PlanField::Priority, from, PlanValue::Priority(to)) => {
                let from = match from {
                    Some(PlanValue::Priority(from)) => Some(*from),
                    Some(_) | None => None,
                };
                PlanFieldUpdate::Priority(from, *to)
            }
            (PlanField::RequiredStart, from, PlanValue::Moment(to)) => {
                PlanFieldUpdate::RequiredStart(moment(from.as_ref()), *to)
            }
            (PlanField::RequiredFinish, from, PlanValue::Moment(to)) => {
                PlanFieldUpdate::RequiredFinish(moment(from.as_ref()), *to)
            }
            (PlanField::ActualStart, from, PlanValue::Moment(to)) => {
                PlanFieldUpdate::ActualStart(moment(from.as_ref()), *to)
            }
            (PlanField::ActualFinish, from, PlanValue::Moment(to)) => {
                PlanFieldUpdate::ActualFinish(moment(from.as_ref()), *to)
            }
            (PlanField::Description, from, PlanValue::Text(to)) => {
                let from = match from {
                    Some(PlanValue::Text(from)) => from.clone(),
                    Some(_) | None => String::new(),
                };
                PlanFieldUpdate::Description(from, to.clone())
            }
            (PlanField::Task(id), Some(PlanValue::Task(from)), PlanValue::Task(to)) => {
                let key = self.key(id.0, "task")?;
                let key = resolved!(key.ok_or_else(|| missing("task")));
                PlanFieldUpdate::Task(key, task_plan(from), task_plan(to))
            }
            (PlanField::PartLine(id), Some(PlanValue::PartLine(from)), PlanValue::PartLine(to)) => {
                let key = self.key(id.0, "part_line")?;
                let key = resolved!(key.ok_or_else(|| missing("part line")));
                PlanFieldUpdate::Quantity(key, from.quantity.clone(), to.quantity.clone())
            }
            (field, _, _) => return Ok(Err(missing(&format!("field {field}")))),
        }))
    }

    /// The call that reverses what another effect posted: the same, the other way round.
    fn reversal_call(&self, of: EffectId, reference: Reference, at: Timestamp) -> Resolved<Call> {
        let Some(reversed) = table::effect::get(self.connection, of)? else {
            return Ok(Err(missing("document to take back")));
        };
        let EffectState::Posted { number } = reversed.state.clone() else {
            return Ok(Err(missing("document to take back")));
        };
        Ok(match self.call_of(&reversed)? {
            Ok(Call::ConfirmLabour(labour)) => Ok(Call::ConfirmLabour(LabourConfirmation {
                reference,
                reversal_of: Some(number),
                at,
                ..labour
            })),
            Ok(Call::MoveGoods(issue)) => Ok(Call::MoveGoods(GoodsMovement {
                reference,
                movement: Movement::Reversal { of: number },
                at,
                ..issue
            })),
            Ok(Call::SetStatus(_) | Call::ChangePlan(_)) => Err(missing("document to take back")),
            Err(rejection) => Err(rejection),
        })
    }

    fn key(&self, id: Uuid, kind: &str) -> Result<Option<String>, StoreFault> {
        Ok(table::external_id::value(self.connection, id, kind)?)
    }

    fn employee(&self, person: PersonId) -> Result<Option<String>, StoreFault> {
        self.key(person.0, "person")
    }

    fn cost_centre(&self, row: &WorkOrderRow) -> Result<String, Rejection> {
        row.cost_centre
            .clone()
            .ok_or_else(|| missing("cost centre"))
    }

    fn task_number(
        &self,
        order: WorkOrderId,
        task: Option<TaskId>,
    ) -> Result<Option<u32>, StoreFault> {
        let Some(task) = task else {
            return Ok(None);
        };
        let Some(content) = self.content(order.into())? else {
            return Ok(None);
        };
        let found = content.tasks.iter().find(|candidate| candidate.id == task);
        Ok(found.map(|task| task.number))
    }
}

fn moment(value: Option<&PlanValue>) -> Option<Timestamp> {
    match value {
        Some(PlanValue::Moment(at)) => Some(*at),
        Some(_) | None => None,
    }
}

fn task_plan(task: &Task) -> TaskPlan {
    TaskPlan {
        text: task.text.clone(),
        craft: task.craft.clone(),
        planned_minutes: task.planned_minutes,
        headcount: task.headcount,
    }
}

fn missing(what: &str) -> Rejection {
    Rejection {
        class: RejectionClass::MasterData,
        code: "FETTLE_UNMAPPED".to_owned(),
        message: format!("The hub knows no {what} the outside system would understand."),
    }
}
