//! What Finish shows before it commits.

use fettle_domain::work_order::check_finish;

use super::commit::Scene;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{FinishView, ProblemView};

impl Desk {
    /// Looks through an order before it is finished.
    ///
    /// # Errors
    /// `order.unknown`.
    pub async fn finish_check(&self, order_id: String) -> Result<FinishView, ProblemView> {
        self.on_disk(move |core| core.finish_check(&core.scene(&order_id)?))
            .await
    }
}

impl Core {
    fn finish_check(&self, scene: &Scene) -> Answer<FinishView> {
        let check = check_finish(&scene.order.content, scene.member.id());
        let mut untaken_parts = Vec::new();
        for line in &check.untaken_parts {
            let words = match self.replica.item(line.item)? {
                Some(item) => format!("{} {}", item.number, item.description),
                None => line.item.to_string(),
            };
            untaken_parts.push(words);
        }
        Ok(FinishView {
            open_steps: check.open_steps.iter().map(|s| s.text.clone()).collect(),
            failed_steps: check.failed_steps.iter().map(|s| s.text.clone()).collect(),
            untaken_parts,
            is_labour_running: check.is_labour_running,
            can_finish: check.decide().is_ok(),
        })
    }
}
