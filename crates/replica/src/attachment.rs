//! Attachments on this laptop: their encrypted files, and what is known of them.
//!
//! A file is durable before the commit that names it, so a kill between the two leaves a file
//! that nothing names, which the next opening sweeps, and never a photo without its file.

use fettle_document::Edit;
use fettle_domain::attachment::ATTACHMENT_MAX_BYTES;
use fettle_domain::{ContentHash, PersonId, Refusal, Timestamp, WorkOrderId};
use rusqlite::{Connection, TransactionBehavior};

use crate::commit::Commit;
use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::{attachment, made, setting};
use crate::vault::Vault;

/// What is known of one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Its name.
    pub content: ContentHash,
    /// Size in bytes; 0 while it is unknown.
    pub size_bytes: u64,
    /// True when it is the thumbnail of another.
    pub is_thumbnail: bool,
    /// True when its file is on this laptop.
    pub is_here: bool,
    /// When it was added here; `None` when it came from elsewhere.
    pub made_at: Option<Timestamp>,
    /// When the hub had all of it, by the device's clock.
    pub sent_at: Option<Timestamp>,
    /// Why it can neither be sent nor fetched.
    pub refused: Option<Refusal>,
    /// When somebody asked for it.
    pub wanted_at: Option<Timestamp>,
}

/// Photos and files that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnsentPhotos {
    /// How many.
    pub count: u32,
    /// Their size in bytes.
    pub bytes: u64,
}

const KEEPS_POSITION: &str = "hub/keeps_position";

impl Replica {
    /// Writes the file of a content; durable on return. Nothing names it yet.
    ///
    /// # Errors
    /// [`Fault::DiskFull`] and [`Fault::File`]; nothing is left of it then.
    pub fn keep_attachment(&self, bytes: &[u8]) -> Result<ContentHash, Fault> {
        let content = ContentHash::of(bytes);
        self.vault.keep(content, bytes)?;
        Ok(content)
    }

    /// All bytes of a content; `None` when it is not on this laptop.
    ///
    /// # Errors
    /// [`Fault`] of the store, also when the file is damaged.
    pub fn attachment(&self, content: ContentHash) -> Result<Option<Vec<u8>>, Fault> {
        self.vault.read(content, 0, ATTACHMENT_MAX_BYTES)
    }

    /// Some bytes of a content; `None` when it is not on this laptop.
    ///
    /// # Errors
    /// [`Fault`] of the store, also when the file is damaged.
    pub fn attachment_piece(
        &self,
        content: ContentHash,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, Fault> {
        self.vault.read(content, offset, length)
    }

    /// What is known of a content.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attachment_row(&self, content: ContentHash) -> Result<Option<AttachmentRow>, Fault> {
        attachment::get(&self.reader(), content)
    }

    /// True when an order on this laptop names the content.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn is_attachment_named(&self, content: ContentHash) -> Result<bool, Fault> {
        attachment::is_named(&self.reader(), content)
    }

    /// What was added here and is not at the hub: thumbnails first, then the longest waiting.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn unsent_attachments(&self, limit: usize) -> Result<Vec<AttachmentRow>, Fault> {
        attachment::unsent(&self.reader(), limit)
    }

    /// Photos and files that wait to be sent.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn unsent_photos(&self) -> Result<UnsentPhotos, Fault> {
        attachment::waiting(&self.reader())
    }

    /// What is to be fetched: what people asked for, then the thumbnails of the order looked at
    /// and of a person's orders.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn missing_attachments(
        &self,
        person: Option<PersonId>,
        order: Option<WorkOrderId>,
        limit: usize,
    ) -> Result<Vec<AttachmentRow>, Fault> {
        attachment::missing(&self.reader(), person, order, limit)
    }

    /// Notes that the hub has all of a content; answers with the orders whose photos are *Sent* now.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attachment_sent(
        &self,
        content: ContentHash,
        now: Timestamp,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        let mut work = self.work();
        let transaction = work.transaction_with_behavior(TransactionBehavior::Immediate)?;
        attachment::set_sent(&transaction, content, now)?;
        let orders = made::content_sent(&transaction, content, now)?;
        transaction.commit()?;
        Ok(orders)
    }

    /// Notes why a content can neither be sent nor fetched; answers with the orders that name it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attachment_refused(
        &self,
        content: ContentHash,
        refusal: &Refusal,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        let work = self.work();
        attachment::set_refused(&work, content, refusal)?;
        attachment::orders(&work, content)
    }

    /// Notes that somebody wants a content; answers with the orders that name it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn want_attachment(
        &self,
        content: ContentHash,
        now: Timestamp,
    ) -> Result<Vec<WorkOrderId>, Fault> {
        let work = self.work();
        attachment::set_wanted(&work, content, now)?;
        attachment::orders(&work, content)
    }

    /// How many bytes of a content have arrived.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn attachment_arrived(&self, content: ContentHash) -> Result<u64, Fault> {
        self.vault.arrived(content)
    }

    /// Takes bytes of a content as they arrive, after those that have.
    ///
    /// # Errors
    /// [`Fault::DiskFull`] and [`Fault::File`].
    pub fn take_attachment(&self, content: ContentHash, bytes: &[u8]) -> Result<(), Fault> {
        self.vault.append(content, bytes)
    }

    /// Looks at all that arrived of a content: `None` when it is something else and was thrown
    /// away, otherwise the orders that name it.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn end_attachment(&self, content: ContentHash) -> Result<Option<Vec<WorkOrderId>>, Fault> {
        if !self.vault.has(content) && !self.vault.finish(content)? {
            return Ok(None);
        }
        let work = self.work();
        attachment::set_here(&work, content, true)?;
        attachment::orders(&work, content).map(Some)
    }

    /// True when the company keeps where photos were taken.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn keeps_position(&self) -> Result<bool, Fault> {
        Ok(setting::read(&self.reader(), KEEPS_POSITION)?.is_some())
    }

    /// Removes files that nothing names, and notes what is no longer here.
    pub(crate) fn sweep_attachments(&self) -> Result<(), Fault> {
        let work = self.work();
        let mut kept = Vec::new();
        for row in attachment::here(&work)? {
            if self.vault.has(row.content) {
                kept.push(row.content);
                continue;
            }
            // Somebody emptied the folder: said rather than tried for ever.
            attachment::set_here(&work, row.content, false)?;
            if row.made_at.is_some() && row.sent_at.is_none() {
                let lost = Refusal::new("attachment.file_missing");
                attachment::set_refused(&work, row.content, &lost)?;
            }
        }
        let arriving = attachment::missing(&work, None, None, usize::MAX)?;
        self.vault.sweep(
            kept.into_iter(),
            arriving.into_iter().map(|row| row.content),
        )
    }
}

/// Notes what the edits of a commit attach; what has no file here cannot be attached.
pub(crate) fn write_made(
    connection: &Connection,
    vault: &Vault,
    commit: &Commit<'_>,
) -> Result<(), Fault> {
    for edit in &commit.edits {
        let Edit::PutPhoto { entry, .. } = edit else {
            continue;
        };
        let full = entry.content.parse().ok();
        for content in entry.contents() {
            let size = vault
                .size(content)?
                .ok_or_else(|| Fault::Refused(Refusal::new("attachment.file_missing")))?;
            let is_thumbnail = full != Some(content);
            attachment::make(connection, content, (size, is_thumbnail), commit.now)?;
        }
    }
    Ok(())
}

/// Takes the company's word on positions.
pub(crate) fn write_keeps_position(
    connection: &Connection,
    keeps_position: bool,
) -> Result<(), Fault> {
    let before = setting::read(connection, KEEPS_POSITION)?.is_some();
    match (before, keeps_position) {
        (false, true) => setting::write(connection, KEEPS_POSITION, &[1]),
        (true, false) => setting::remove(connection, KEEPS_POSITION),
        (true, true) | (false, false) => Ok(()),
    }
}
