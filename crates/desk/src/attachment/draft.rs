//! Drafts: files somebody chose whose bytes are on the disk and that nothing names yet.

use std::collections::BTreeMap;

use fettle_domain::attachment::{MediaType, check_content, without_position};
use fettle_domain::{ContentHash, Refusal};

use super::thumbnail::thumbnail;
use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{DraftView, ProblemView};

/// Most drafts held at a time; the file of one that is pushed out is swept at the next start.
const DRAFTS_MAX: usize = 32;

/// A file that can be attached.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) kind: MediaType,
    pub(crate) size_bytes: u64,
    pub(crate) thumbnail: Option<ContentHash>,
}

/// What a file becomes before it is attached.
#[derive(Clone)]
pub struct Prepared {
    /// What it is, told by its bytes.
    pub kind: MediaType,
    /// The bytes that are kept and sent.
    pub bytes: Vec<u8>,
    /// A small JPEG of it; `None` for what is no picture.
    pub thumbnail: Option<Vec<u8>>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, bytes) = (self.kind.name(), self.bytes.len());
        write!(f, "Prepared({kind}, {bytes} bytes)")
    }
}

/// Takes the position out of a file somebody chose, unless it is kept, and draws the thumbnail.
///
/// # Errors
/// `attachment.empty`, `attachment.too_large`, `attachment.kind`, `attachment.damaged`,
/// `attachment.too_many_pixels`.
pub fn prepare(file: Vec<u8>, keeps_position: bool) -> Result<Prepared, Refusal> {
    let kind = check_content(&file)?;
    // Read even where the position stays: what is cut should be said now.
    let stripped = without_position(kind, &file).map_err(|_| Refusal::new("attachment.damaged"))?;
    let bytes = if keeps_position { file } else { stripped };
    Ok(Prepared {
        kind,
        thumbnail: thumbnail(kind, &bytes)?,
        bytes,
    })
}

/// The drafts of whoever is at work.
pub(crate) type Drafts = BTreeMap<ContentHash, Draft>;

impl Desk {
    /// Takes a file somebody chose: takes the position out, draws the thumbnail, keeps both.
    ///
    /// # Errors
    /// `attachment.empty`, `attachment.too_large`, `attachment.kind`, `attachment.damaged`,
    /// `attachment.too_many_pixels`, `replica.disk_full`.
    pub async fn draft_photo(&self, bytes: Vec<u8>) -> Result<DraftView, ProblemView> {
        self.on_disk(move |core| core.draft_photo(bytes)).await
    }
}

impl Core {
    fn draft_photo(&self, file: Vec<u8>) -> Answer<DraftView> {
        self.member()?;
        let Prepared {
            kind,
            bytes,
            thumbnail,
        } = prepare(file, self.replica.keeps_position()?)?;
        let thumbnail = thumbnail
            .map(|small| self.replica.keep_attachment(&small))
            .transpose()?;
        let content = self.replica.keep_attachment(&bytes)?;
        let draft = Draft {
            kind,
            size_bytes: bytes.len() as u64,
            thumbnail,
        };
        let view = DraftView {
            content: content.to_string(),
            thumbnail: thumbnail.map(|content| content.to_string()),
            kind: kind.name().to_owned(),
            size_bytes: bytes_of(draft.size_bytes),
        };
        let mut drafts = locked(&self.drafts);
        if drafts.len() >= DRAFTS_MAX && !drafts.contains_key(&content) {
            drafts.pop_first();
        }
        drafts.insert(content, draft);
        Ok(view)
    }

    pub(crate) fn draft(&self, content: ContentHash) -> Option<Draft> {
        locked(&self.drafts).get(&content).cloned()
    }
}

/// A size as screens count it; sizes of attachments are far below what `f64` holds exactly.
pub(crate) fn bytes_of(size_bytes: u64) -> f64 {
    size_bytes as f64
}
