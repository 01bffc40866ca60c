//! Resume an order that was held or waited for parts.

use fettle_domain::work_order::Status;

use super::commit::{Wanted, Wish};
use crate::desk::Desk;
use crate::view::{ChangeView, ProblemView};

impl Desk {
    /// Resumes an order.
    ///
    /// # Errors
    /// `order.transition_illegal`, `order.transition_not_yours`.
    pub async fn resume_order(&self, order_id: String) -> Result<ChangeView, ProblemView> {
        self.act(order_id, |_, _| {
            Ok(Wish {
                claim: Some(Wanted {
                    to: Status::Inprg,
                    reason: None,
                }),
                ..Wish::default()
            })
        })
        .await
    }
}
