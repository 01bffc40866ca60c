//! Start labour: one running entry per person, wherever it runs.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::work_order::{LabourEntry, LabourKind};
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::{Wish, check_open};
use crate::desk::Desk;
use crate::trouble::Trouble;
use crate::view::{ChangeView, ProblemView};

impl Desk {
    /// Starts the labour of the person at work.
    ///
    /// # Errors
    /// `labour.already_running`, on this order or another; `order.not_open_for_work`.
    pub async fn start_labour(&self, order_id: String) -> Result<ChangeView, ProblemView> {
        self.act(order_id, |core, scene| {
            check_open(&scene.order)?;
            let person = scene.member.id();
            let running = core.replica.running_labour()?;
            if running.iter().any(|labour| labour.person == person) {
                return Err(Trouble::new("labour.already_running"));
            }
            let id = EntryId(core.new_id()?);
            let entry = LabourEntry {
                person,
                kind: LabourKind::Regular,
                task: None,
                start: scene.now,
                end: None,
                reversal_of: None,
            };
            let edit = Edit::PutLabour {
                id,
                entry,
                is_closed: false,
            };
            let subject = MadeSubject::Entry(id);
            let name = &scene.member.person.name;
            Ok(Wish::default().edit(edit, MadeKind::Labour, subject, name))
        })
        .await
    }
}
