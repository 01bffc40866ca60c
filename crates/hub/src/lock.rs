//! One process at a time: rights to a hub's folder that end with the process that holds them.

use std::fs::{File, TryLockError};
use std::path::Path;

/// What only one process may do at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Serving the store, or putting another one in its place.
    Serve,
    /// Importing: what waits to be seen belongs to one import, and searching before creating holds
    /// only while nobody else creates.
    Import,
}

impl Right {
    fn file(self) -> &'static str {
        match self {
            Self::Serve => "hub.lock",
            Self::Import => "import.lock",
        }
    }
}

/// A right that is held, given back when dropped, also by a kill.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

/// Why a right cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// The lock file cannot be made.
    #[error("failed to make {file} in {folder}")]
    Open {
        /// The lock's file.
        file: &'static str,
        /// The hub's folder.
        folder: String,
        /// Cause.
        source: std::io::Error,
    },
    /// Another process serves the folder.
    #[error("a hub is running on {0}; stop it first")]
    Served(String),
    /// Another import runs.
    #[error("another import is running; wait until it has ended")]
    Importing,
}

impl Lock {
    /// Takes a right to the hub whose data lie in `folder`.
    ///
    /// # Errors
    /// [`LockFault`] when another process has it or the folder takes no file.
    pub fn take(folder: &Path, right: Right) -> Result<Self, LockFault> {
        let fault = |source| LockFault::Open {
            file: right.file(),
            folder: folder.display().to_string(),
            source,
        };
        let file = File::create(folder.join(right.file())).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(match right {
                Right::Serve => LockFault::Served(folder.display().to_string()),
                Right::Import => LockFault::Importing,
            }),
            Err(TryLockError::Error(source)) => Err(fault(source)),
        }
    }
}
