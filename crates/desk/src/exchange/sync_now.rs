//! A person asks for an exchange: it becomes due at once; the answer does not wait for it.

use fettle_sync::link::LinkEvent;

use crate::desk::Desk;
use crate::view::{ProblemView, Shell};

impl Desk {
    /// Makes an exchange due at once.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn sync_now(&self) -> Result<Shell, ProblemView> {
        self.on_disk(|core| {
            core.link_event(LinkEvent::Asked);
            core.shell()
        })
        .await
    }
}
