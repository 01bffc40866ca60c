//! Looking at an attachment: the desk decides who may, and hands out bytes that are what they say.

use fettle_domain::attachment::MediaType;
use fettle_domain::{ContentHash, Refusal};

use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::trouble::{Answer, Trouble};
use crate::view::ProblemView;

/// The bytes of an attachment.
#[derive(Clone)]
pub struct AttachmentFile {
    /// What they are, told by themselves.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for AttachmentFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.bytes.len();
        write!(f, "AttachmentFile({}, {bytes} bytes)", self.media_type)
    }
}

impl Desk {
    /// The bytes of a content that an order on this laptop names, or that was just chosen.
    ///
    /// # Errors
    /// `desk.locked`, `attachment.unknown`, `attachment.not_here`.
    pub async fn attachment(&self, content: String) -> Result<AttachmentFile, ProblemView> {
        self.on_disk(move |core| core.attachment(&content)).await
    }
}

impl Core {
    fn attachment(&self, content: &str) -> Answer<AttachmentFile> {
        self.member()?;
        let unknown = || Trouble::new("attachment.unknown");
        let content: ContentHash = content.parse().map_err(|_| unknown())?;
        if !self.is_draft(content) && !self.replica.is_attachment_named(content)? {
            return Err(unknown());
        }
        let bytes = self
            .replica
            .attachment(content)?
            .ok_or_else(|| Refusal::new("attachment.not_here"))?;
        let kind = MediaType::of_content(&bytes).ok_or_else(unknown)?;
        Ok(AttachmentFile {
            media_type: kind.name(),
            bytes,
        })
    }

    fn is_draft(&self, content: ContentHash) -> bool {
        let drafts = locked(&self.drafts);
        drafts.contains_key(&content)
            || drafts
                .values()
                .any(|draft| draft.thumbnail == Some(content))
    }
}
