//! From our ids to the keys of an outside system, when an effect is about to be sent.

use fettle_connectors::{GoodsMovement, LabourConfirmation, Movement, StatusChange};
use fettle_document::{WorkOrderDocument, hydrate};
use fettle_domain::effect::{EffectState, Reference, Rejection, RejectionClass};
use fettle_domain::work_order::WorkOrderRow;
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
            Body::ConfirmLabour {
                person,
                kind,
                task,
                minutes,
                at,
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
                plant: row.plant,
                at: *at,
            }),
            Body::IssueGoods {
                item,
                storeroom,
                bin,
                quantity,
                person,
                at,
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
                plant: row.plant,
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
            Ok(Call::SetStatus(_)) => Err(missing("document to take back")),
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
        let Some((_, body)) = table::document::get(self.connection, order.into())? else {
            return Ok(None);
        };
        let Ok(document) = WorkOrderDocument::load(&body) else {
            return Ok(None);
        };
        let content = hydrate(&document, &self.authors()?);
        let found = content.tasks.iter().find(|candidate| candidate.id == task);
        Ok(found.map(|task| task.number))
    }
}

fn missing(what: &str) -> Rejection {
    Rejection {
        class: RejectionClass::MasterData,
        code: "FETTLE_UNMAPPED".to_owned(),
        message: format!("The hub knows no {what} the outside system would understand."),
    }
}
