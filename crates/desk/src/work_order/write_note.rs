//! Write a note: closed at once, never changed afterwards.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::work_order::Note;
use fettle_domain::work_order::step::check_text;
use fettle_replica::{MadeKind, MadeSubject};

use super::commit::{Wish, check_open};
use crate::desk::Desk;
use crate::view::{ChangeView, ProblemView, WriteNoteInput};

impl Desk {
    /// Writes a note.
    ///
    /// # Errors
    /// `text.empty`, `text.too_long`, `order.not_open_for_work`, `document.too_large`.
    pub async fn write_note(&self, input: WriteNoteInput) -> Result<ChangeView, ProblemView> {
        self.act(input.order_id, move |core, scene| {
            let text = check_text(&input.text)?;
            check_open(&scene.order)?;
            let id = EntryId(core.new_id()?);
            let words = text.clone();
            let entry = Note {
                text,
                at: scene.now,
                proposes: None,
                settles: None,
            };
            let subject = MadeSubject::Entry(id);
            Ok(Wish::default().edit(Edit::PutNote { id, entry }, MadeKind::Note, subject, &words))
        })
        .await
    }
}
