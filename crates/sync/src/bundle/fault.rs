//! Why nothing of a bundle is taken, and how people are told.

use fettle_domain::Refusal;

use crate::frame::BadFrame;

/// Why nothing of a bundle is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// It does not begin like one.
    #[error("not a bundle")]
    NotABundle,
    /// A later program wrote it.
    #[error("bundle of format {0} needs a later program")]
    Format(u16),
    /// It is sealed for another hub.
    #[error("bundle is sealed for another hub")]
    OtherHub,
    /// It ends before its first item.
    #[error("bundle was cut")]
    Cut,
    /// Its beginning is not what was sealed.
    #[error("bundle is damaged")]
    Damaged,
    /// A limit is exceeded.
    #[error("bundle exceeds {0}")]
    Limit(&'static str),
    /// It holds a frame that cannot be read.
    #[error(transparent)]
    Frame(#[from] BadFrame),
}

impl BadBundle {
    /// The fault as people are told.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::NotABundle => Refusal::new("bundle.not_one"),
            Self::Format(format) => Refusal::new("bundle.too_new").with("format", format),
            Self::OtherHub => Refusal::new("bundle.other_hub"),
            Self::Cut => Refusal::new("bundle.cut"),
            Self::Damaged => Refusal::new("bundle.damaged"),
            Self::Limit(limit) => Refusal::new("bundle.too_large").with("limit", limit),
            Self::Frame(BadFrame::Version(version)) => {
                Refusal::new("bundle.too_new").with("format", version)
            }
            Self::Frame(_) => Refusal::new("bundle.unreadable"),
        }
    }
}
