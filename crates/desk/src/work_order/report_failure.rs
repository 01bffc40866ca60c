//! Report a failure: what, which part, why. Each report is its author's own; two are both shown.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::failure::{check_codes, failure_codes, mode_words};
use fettle_domain::work_order::FailureReport;
use fettle_domain::work_order::step::check_text;
use fettle_replica::{MadeKind, MadeSubject, StoredOrder};

use super::commit::{Scene, Wish, check_open};
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{ChangeView, CodeView, FailureCodesView, ProblemView, ReportFailureInput};

impl Desk {
    /// The codes a report of this order's asset is made of.
    ///
    /// # Errors
    /// `order.unknown`.
    pub async fn failure_codes(&self, order_id: String) -> Result<FailureCodesView, ProblemView> {
        self.on_disk(move |core| {
            let order = core.stored_order(&order_id)?;
            let codes = failure_codes(core.asset_class(&order)?.as_deref());
            Ok(FailureCodesView {
                modes: views(&codes.modes),
                parts: views(&codes.parts),
                causes: views(codes.causes),
            })
        })
        .await
    }

    /// Reports a failure.
    ///
    /// # Errors
    /// `failure.code_unknown`, `text.too_long`, `order.not_open_for_work`.
    pub async fn report_failure(
        &self,
        input: ReportFailureInput,
    ) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id.clone(), move |core, scene| {
            core.report_failure(scene, &input)
        })
        .await
    }
}

impl Core {
    fn report_failure(&self, scene: &Scene, input: &ReportFailureInput) -> Answer<Wish> {
        check_open(&scene.order)?;
        let ReportFailureInput {
            mode, part, cause, ..
        } = input;
        let class = self.asset_class(&scene.order)?;
        check_codes(class.as_deref(), mode, part, cause)?;
        let is_silent = input.text.trim().is_empty();
        let text = (!is_silent).then(|| check_text(&input.text)).transpose()?;
        let id = EntryId(self.new_id()?);
        let entry = FailureReport {
            mode: mode.clone(),
            mechanism: None,
            cause: Some(cause.clone()),
            component: Some(part.clone()),
            detection: None,
            activity: None,
            remedy: text.clone(),
            occurred: None,
            at: scene.now,
        };
        let named = mode_words(mode).unwrap_or(mode);
        let words = text.map_or_else(|| named.to_owned(), |text| format!("{named}. {text}"));
        let edit = Edit::PutFailureReport {
            id,
            entry,
            is_closed: true,
        };
        let subject = MadeSubject::Entry(id);
        Ok(Wish::default().edit(edit, MadeKind::FailureReport, subject, &words))
    }

    /// Equipment class of the order's asset; `None` while the asset is not on this laptop.
    fn asset_class(&self, order: &StoredOrder) -> Answer<Option<String>> {
        let Some(asset) = order.row.asset else {
            return Ok(None);
        };
        Ok(self.replica.asset(asset)?.map(|asset| asset.class))
    }
}

fn views(codes: &[fettle_domain::failure::Code]) -> Vec<CodeView> {
    codes
        .iter()
        .map(|code| CodeView {
            code: code.code.to_owned(),
            words: code.words.to_owned(),
        })
        .collect()
}
