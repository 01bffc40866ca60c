//! Stop labour: ends the running entry and closes it, so that it can be posted.

use super::commit::Wish;
use super::labour;
use crate::desk::Desk;
use crate::trouble::Trouble;
use crate::view::{ChangeView, ProblemView};

impl Desk {
    /// Stops the labour of the person at work.
    ///
    /// # Errors
    /// `labour.not_running`.
    pub async fn stop_labour(&self, order_id: String) -> Result<ChangeView, ProblemView> {
        self.act(order_id, |_, scene| {
            let running = labour::running(&scene.order, scene.member.id());
            let running = running.ok_or_else(|| Trouble::new("labour.not_running"))?;
            Ok(labour::stop(Wish::default(), scene, running))
        })
        .await
    }
}
