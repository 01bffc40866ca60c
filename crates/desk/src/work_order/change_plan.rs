//! Change priority and required finish: the planner does, anybody else proposes it as a note.

use fettle_document::Edit;
use fettle_domain::work_order::Note;
use fettle_domain::work_order::wish::{PlanWish, change_plan, propose_plan};
use fettle_domain::{EntryId, Timestamp};
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::Wish;
use crate::desk::Desk;
use crate::view::{ChangePlanInput, ChangeView, ProblemView};

impl Desk {
    /// Changes priority and required finish of an order.
    ///
    /// # Errors
    /// `plan.planners_only`, `plan.order_ended`, `plan.priority_unknown`,
    /// `plan.finish_before_start`, `plan.nothing_changes`.
    pub async fn change_plan(&self, input: ChangePlanInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |_, scene| {
            let (content, status) = (&scene.order.content, scene.order.line.status);
            let decided = change_plan(wish(&input), content, status, scene.member.roles())?;
            let subject = MadeSubject::Plan(scene.order.line.id);
            let mut wish = Wish::default();
            if let Some(priority) = decided.priority {
                let words = format!("priority {}", priority.number());
                wish = wish.edit(Edit::SetPriority(priority), MadeKind::Plan, subject, &words);
            }
            if let Some(finish) = decided.required_finish {
                let edit = Edit::SetRequired {
                    start: content.required_start,
                    finish: Some(finish),
                };
                wish = wish.edit(edit, MadeKind::Plan, subject, "required finish");
            }
            Ok(wish)
        })
        .await
    }

    /// Proposes priority and required finish to the planner, as a note of the person.
    ///
    /// # Errors
    /// `plan.order_ended`, `plan.priority_unknown`, `plan.finish_before_start`,
    /// `plan.nothing_changes`, `text.too_long`.
    pub async fn propose_plan(&self, input: ChangePlanInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            let (content, status) = (&scene.order.content, scene.order.line.status);
            let (proposal, text) = propose_plan(wish(&input), &input.reason, content, status)?;
            let id = EntryId(core.new_id()?);
            let words = text.clone();
            let entry = Note {
                text,
                at: scene.now,
                settles: None,
                proposes: Some(proposal),
            };
            let subject = MadeSubject::Entry(id);
            Ok(Wish::default().edit(Edit::PutNote { id, entry }, MadeKind::Note, subject, &words))
        })
        .await
    }
}

fn wish(input: &ChangePlanInput) -> PlanWish {
    // A screen's moment is whole milliseconds; anything else is far out of every plan.
    let moment = |ms: f64| Timestamp::from_ms(ms as i64);
    PlanWish {
        priority: input.priority,
        required_finish: input.required_finish.map(moment),
    }
}
