//! Record a step's value or text. A value outside the limits is recorded: it is what was measured.

use fettle_domain::work_order::step::Entry;

use super::step;
use crate::desk::Desk;
use crate::trouble::Trouble;
use crate::view::{ChangeView, ProblemView, RecordStepInput};

impl Desk {
    /// Records a step.
    ///
    /// # Errors
    /// `step.value_not_a_number`, `text.empty`, `text.too_long`, `step.entry_does_not_fit`.
    pub async fn record_step(&self, input: RecordStepInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id, move |_, scene| {
            let entry = match (input.value, input.text) {
                (Some(value), None) => Entry::Value(value),
                (None, Some(text)) => Entry::Text(text),
                (None, None) => return Err(Trouble::new("step.value_missing")),
                (Some(_), Some(_)) => return Err(Trouble::new("step.entry_does_not_fit")),
            };
            step::wish(scene, &input.step_id, &entry)
        })
        .await
    }
}
