//! Finish an order: stops the person's labour, sets when work ended and claims completion, at once.

use fettle_document::Edit;
use fettle_domain::work_order::{Status, check_finish};

use super::commit::{Wanted, Wish};
use super::labour;
use crate::desk::Desk;
use crate::view::{ChangeView, ProblemView};

impl Desk {
    /// Finishes an order.
    ///
    /// # Errors
    /// `finish.steps_open`, `order.transition_illegal`, `order.transition_not_yours`.
    pub async fn finish_order(&self, order_id: String) -> Result<ChangeView, ProblemView> {
        self.act(order_id, |_, scene| {
            let content = &scene.order.content;
            let person = scene.member.id();
            check_finish(content, person).decide()?;
            let mut wish = Wish {
                claim: Some(Wanted {
                    to: Status::Comp,
                    reason: None,
                }),
                ..Wish::default()
            };
            if let Some(running) = labour::running(&scene.order, person) {
                wish = labour::stop(wish, scene, running);
            }
            wish.edits.push(Edit::SetTimes {
                actual_start: content.actual_start,
                actual_finish: Some(scene.now.corrected()),
            });
            Ok(wish)
        })
        .await
    }
}
