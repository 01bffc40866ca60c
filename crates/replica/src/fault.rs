//! What can go wrong with the replica, kept apart because each asks for something else.

use fettle_document::DocumentFault;
use fettle_domain::Refusal;
use fettle_sync::exchange::FeedNumber;
use fettle_sync::frame::BadFrame;
use rusqlite::ErrorCode;

/// Why a replica cannot be opened. Nothing in it was touched.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The key is not the one the files were made with.
    #[error("replica key does not fit the files")]
    WrongKey,
    /// The key fits and the file cannot be read.
    #[error("replica file is damaged")]
    Damaged,
    /// A later program wrote the file in a way this one does not know.
    #[error("replica needs a program of format {needs}")]
    Newer {
        /// Format the file needs.
        needs: i64,
    },
    /// No room left on the disk.
    #[error("disk is full")]
    DiskFull,
    /// The folder or a file in it cannot be used.
    #[error("failed to use the replica's folder")]
    Io(#[source] std::io::Error),
    /// SQLite refused for another reason.
    #[error("failed to open the replica")]
    Sqlite(#[source] rusqlite::Error),
    /// A migration failed.
    #[error("failed to migrate the replica")]
    Migrate(#[source] Box<refinery::Error>),
}

impl OpenFault {
    /// The fault as people are told.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal::new(match self {
            Self::WrongKey => "replica.key_wrong",
            Self::Damaged => "replica.damaged",
            Self::Newer { .. } => "replica.too_new",
            Self::DiskFull => "replica.disk_full",
            Self::Io(_) | Self::Sqlite(_) | Self::Migrate(_) => "replica.unreadable",
        })
    }
}

impl From<std::io::Error> for OpenFault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for OpenFault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // The caller has already ruled out a wrong key.
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}

/// Why an operation on an open replica failed. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// No room left on the disk.
    #[error("disk is full")]
    DiskFull,
    /// The file cannot be read.
    #[error("replica file is damaged")]
    Damaged,
    /// A document did not take a change.
    #[error("document did not take a change")]
    Document(#[source] DocumentFault),
    /// The hub sent something that cannot be applied; its cursor stays where it was.
    #[error("feed {feed} holds {what}")]
    BadItem {
        /// Feed.
        feed: FeedNumber,
        /// What is wrong.
        what: &'static str,
    },
    /// The hub sent a feed it has not named.
    #[error("feed {0} has no name")]
    UnknownFeed(FeedNumber),
    /// A stored value is not what this program writes.
    #[error("stored {0} is malformed")]
    Stored(&'static str),
    /// A value cannot be encoded.
    #[error("failed to encode")]
    Frame(#[from] BadFrame),
    /// A value cannot be written as JSON or read back.
    #[error("failed to read or write a projection")]
    Json(#[from] serde_json::Error),
    /// A file beside the database cannot be used.
    #[error("failed to use a file of the replica")]
    File(#[source] std::io::Error),
    /// A file of the replica cannot be made anew.
    #[error("failed to make a file of the replica anew")]
    Reopen(#[source] Box<OpenFault>),
    /// SQLite refused for another reason.
    #[error("replica failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl Fault {
    /// The fault as people are told.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::DiskFull => Refusal::new("replica.disk_full"),
            Self::Damaged => Refusal::new("replica.damaged"),
            Self::Document(DocumentFault::Refused(refusal)) => refusal.clone(),
            Self::Document(DocumentFault::Fork { .. } | DocumentFault::NotTaken) => {
                Refusal::new("document.not_taken")
            }
            Self::BadItem { .. } | Self::UnknownFeed(_) | Self::Frame(_) => {
                Refusal::new("hub.answer_unreadable")
            }
            Self::Stored(_) | Self::Json(_) | Self::File(_) | Self::Reopen(_) | Self::Sqlite(_) => {
                Refusal::new("replica.unreadable")
            }
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::File(error),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<OpenFault> for Fault {
    fn from(fault: OpenFault) -> Self {
        match fault {
            OpenFault::DiskFull => Self::DiskFull,
            OpenFault::WrongKey | OpenFault::Damaged => Self::Damaged,
            OpenFault::Sqlite(error) => Self::Sqlite(error),
            fault @ (OpenFault::Newer { .. } | OpenFault::Io(_) | OpenFault::Migrate(_)) => {
                Self::Reopen(Box::new(fault))
            }
        }
    }
}

impl From<DocumentFault> for Fault {
    fn from(fault: DocumentFault) -> Self {
        match fault {
            DocumentFault::Refused(refusal) => Self::Refused(refusal),
            DocumentFault::Fork { .. } | DocumentFault::NotTaken => Self::Document(fault),
        }
    }
}
