//! Name the official failure report: a note by a planner or supervisor; the last one stands.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::failure::mode_words;
use fettle_domain::work_order::failure_report::check_naming;
use fettle_domain::work_order::{Note, Settlement};
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::{Scene, Wish, check_open};
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangeView, NameReportInput, ProblemView};

impl Desk {
    /// Names the official failure report.
    ///
    /// # Errors
    /// `entry.unknown`, `failure.naming_not_yours`, `order.not_open_for_work`.
    pub async fn name_report(&self, input: NameReportInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.name_report(scene, &input)
        })
        .await
    }
}

impl Core {
    fn name_report(&self, scene: &Scene, input: &NameReportInput) -> Answer<Wish> {
        let id: EntryId = input
            .report_id
            .parse()
            .map_err(|_| Trouble::new("entry.unknown"))?;
        check_open(&scene.order)?;
        let reports = &scene.order.content.failure_reports;
        let report = check_naming(reports, id, scene.member.roles())?;
        let mode = &report.entry.mode;
        let words = mode_words(mode).unwrap_or(mode).to_owned();
        let entry = Note {
            text: String::new(),
            at: scene.now,
            proposes: None,
            settles: Some(Settlement::FailureReport(report.id)),
        };
        let id = EntryId(self.new_id()?);
        let subject = MadeSubject::Entry(id);
        let edit = Edit::PutNote { id, entry };
        Ok(Wish::default().edit(edit, MadeKind::FailureReport, subject, &words))
    }
}
