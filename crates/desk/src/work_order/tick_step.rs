//! Tick or untick a step.

use fettle_domain::work_order::step::Entry;

use super::step;
use crate::desk::Desk;
use crate::view::{ChangeView, ProblemView, TickStepInput};

impl Desk {
    /// Ticks or unticks a step.
    ///
    /// # Errors
    /// `step.value_missing`, `step.text_missing`, `order.not_open_for_work`.
    pub async fn tick_step(&self, input: TickStepInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id, move |_, scene| {
            step::wish(scene, &input.step_id, &Entry::Tick(input.is_done))
        })
        .await
    }
}
