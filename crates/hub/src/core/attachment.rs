//! Attachments: who may bring and who is served a content. Their bytes are files, see `attachments`.

use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::{ContentHash, DocumentId, Timestamp};

use super::account::SessionInfo;
use super::{Core, StoreFault};
use crate::table;

impl Core<'_> {
    /// Notes what a document names.
    pub(crate) fn name_attachments(
        &self,
        id: DocumentId,
        content: &WorkOrderContent,
    ) -> Result<(), StoreFault> {
        let photos = content
            .photos
            .iter()
            .flat_map(|photo| photo.entry.contents());
        let of_steps = content
            .results
            .iter()
            .flat_map(|state| &state.results)
            .flat_map(|result| &result.photos)
            .filter_map(|name| name.parse().ok());
        for content in photos.chain(of_steps) {
            table::attachment::name(self.connection, content, id)?;
        }
        Ok(())
    }

    /// Of each content whether a device may bring it: a document of its plant names it.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn attachments_taken(
        &self,
        session: &SessionInfo,
        contents: &[ContentHash],
    ) -> Result<Vec<bool>, StoreFault> {
        let plant = &session.device.plant;
        let mut taken = Vec::with_capacity(contents.len());
        for content in contents {
            let mut is_taken = false;
            for feed in table::attachment::feeds(self.connection, *content)? {
                is_taken |= self.plant_of_feed(feed)?.as_ref() == Some(plant);
            }
            taken.push(is_taken);
        }
        Ok(taken)
    }

    /// True when a device is served a content: it follows a document that names it.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn is_attachment_served(
        &self,
        session: &SessionInfo,
        content: ContentHash,
    ) -> Result<bool, StoreFault> {
        let followed = self.feeds_of(session)?;
        let feeds = table::attachment::feeds(self.connection, content)?;
        Ok(feeds.iter().any(|feed| followed.contains_key(feed)))
    }

    /// Notes that a content is whole.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn attachment_whole(
        &self,
        content: ContentHash,
        size: u64,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        Ok(table::attachment::set_whole(
            self.connection,
            content,
            size,
            now,
        )?)
    }

    /// Every content a document names.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn attachments_named(&self) -> Result<Vec<ContentHash>, StoreFault> {
        Ok(table::attachment::named(self.connection)?)
    }

    /// Every content that was whole.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn attachments_whole(&self) -> Result<Vec<ContentHash>, StoreFault> {
        Ok(table::attachment::whole(self.connection)?)
    }
}
