//! Choose about two versions of a step: a note that names what was on view.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::Refusal;
use fettle_domain::work_order::settlement::check_choice;
use fettle_domain::work_order::step::TEXT_MAX;
use fettle_domain::work_order::{Choice, Note, ResultId, Settlement, StepSettlement};
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::{Scene, Wish, check_open};
use super::step;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, ChoiceKind, ProblemView, SettleStepInput};

impl Desk {
    /// Chooses about two versions of a step.
    ///
    /// # Errors
    /// `step.no_two_versions`, `step.version_unknown`, `step.fail_stands`,
    /// `step.set_aside_not_yours`, `step.reason_missing`, `text.too_long`, `order.not_open_for_work`.
    pub async fn settle_step(&self, input: SettleStepInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.settle_step(scene, &input)
        })
        .await
    }
}

impl Core {
    fn settle_step(&self, scene: &Scene, input: &SettleStepInput) -> Answer<Wish> {
        let step = step::find(&scene.order, &input.step_id)?;
        check_open(&scene.order)?;
        let states = &scene.order.content.results;
        let state = states.iter().find(|state| state.step == step.id);
        let state = state.ok_or_else(|| Trouble::new("step.no_two_versions"))?;
        let result = || {
            let id = input.result_id.clone();
            id.map(ResultId)
                .ok_or_else(|| Trouble::new("step.version_unknown"))
        };
        let choice = match input.choice {
            ChoiceKind::KeepBoth => Choice::KeepBoth,
            ChoiceKind::Use => Choice::Use(result()?),
            ChoiceKind::SetAside => Choice::SetAside(result()?),
            ChoiceKind::Ask => Choice::Ask,
        };
        let reason = input.reason.trim();
        check_choice(&step.kind, state, &choice, reason, scene.member.roles())?;
        if reason.len() > TEXT_MAX {
            return Err(Refusal::new("text.too_long")
                .with("length", reason.len())
                .with("limit", TEXT_MAX)
                .into());
        }
        let entry = Note {
            text: reason.to_owned(),
            at: scene.now,
            proposes: None,
            settles: Some(Settlement::Step(StepSettlement {
                step: step.id,
                choice,
                seen: state.on_view(),
            })),
        };
        let id = EntryId(self.new_id()?);
        let subject = MadeSubject::Step(step.id);
        Ok(Wish::default().edit(
            Edit::PutNote { id, entry },
            MadeKind::Step,
            subject,
            &step.text,
        ))
    }
}
