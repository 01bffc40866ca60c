//! Hold an order, with a reason in the person's words.

use fettle_domain::Refusal;
use fettle_domain::work_order::Status;
use fettle_domain::work_order::step::check_text;

use super::commit::{Wanted, Wish};
use crate::desk::Desk;
use crate::view::{ChangeView, HoldInput, ProblemView};

impl Desk {
    /// Holds an order.
    ///
    /// # Errors
    /// `order.reason_missing`, `text.too_long`, `order.transition_illegal`.
    pub async fn hold_order(&self, input: HoldInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id, move |_, _| {
            if input.reason.trim().is_empty() {
                return Err(Refusal::new("order.reason_missing")
                    .with("to", Status::Hold.word())
                    .into());
            }
            let reason = check_text(&input.reason)?;
            Ok(Wish {
                claim: Some(Wanted {
                    to: Status::Hold,
                    reason: Some(reason),
                }),
                ..Wish::default()
            })
        })
        .await
    }
}
