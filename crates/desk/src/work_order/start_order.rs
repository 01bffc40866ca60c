//! Start an order: claims that it is in progress and sets when work began, as observed.

use fettle_document::Edit;
use fettle_domain::work_order::Status;

use super::commit::{Wanted, Wish};
use crate::desk::Desk;
use crate::view::{ChangeView, ProblemView};

impl Desk {
    /// Starts an order.
    ///
    /// # Errors
    /// `order.transition_illegal`, `order.transition_not_yours`.
    pub async fn start_order(&self, order_id: String) -> Result<ChangeView, ProblemView> {
        self.act(order_id, |_, scene| {
            let content = &scene.order.content;
            let mut wish = Wish {
                claim: Some(Wanted {
                    to: Status::Inprg,
                    reason: None,
                }),
                ..Wish::default()
            };
            if content.actual_start.is_none() {
                wish.edits.push(Edit::SetTimes {
                    actual_start: Some(scene.now.corrected()),
                    actual_finish: content.actual_finish,
                });
            }
            Ok(wish)
        })
        .await
    }
}
