//! Documents used last, kept read: the next edit of the same order need not read them again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::document::{BadDocument, WorkOrderDocument};

/// Documents kept: more orders than anybody works on at once.
const DOCUMENTS_MAX: usize = 32;
/// Largest document kept, in bytes as saved.
const BYTES_MAX: usize = 64 << 10;

/// Documents used last. A document is recognised by its saved bytes, so what a store holds decides
/// and nothing here is ever stale.
#[derive(Debug, Default)]
pub struct RecentDocuments(Mutex<VecDeque<WorkOrderDocument>>);

impl RecentDocuments {
    /// The document of saved bytes: the one kept, or read anew.
    ///
    /// # Errors
    /// As [`WorkOrderDocument::load`].
    pub fn load(&self, saved: &[u8]) -> Result<WorkOrderDocument, BadDocument> {
        let kept = {
            let mut documents = self.documents();
            let found = documents.iter().position(|held| held.save() == saved);
            found.and_then(|index| documents.remove(index))
        };
        kept.map_or_else(|| WorkOrderDocument::load(saved), Ok)
    }

    /// Keeps a document for the next time.
    pub fn keep(&self, document: WorkOrderDocument) {
        if document.size_bytes() > BYTES_MAX {
            return;
        }
        let mut documents = self.documents();
        documents.truncate(DOCUMENTS_MAX - 1);
        documents.push_front(document);
    }

    fn documents(&self) -> MutexGuard<'_, VecDeque<WorkOrderDocument>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
