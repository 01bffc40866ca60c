//! Lock: forgets the open key. Labour goes on and nothing unsent is touched.

use crate::core::AtWork;
use crate::desk::Desk;
use crate::view::{ProblemView, Shell};

impl Desk {
    /// Locks the desk.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn lock(&self) -> Result<Shell, ProblemView> {
        self.on_disk(|core| {
            core.set_at_work(AtWork::Nobody);
            core.changed(&[]);
            core.shell()
        })
        .await
    }
}
