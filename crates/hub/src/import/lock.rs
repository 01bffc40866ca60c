//! One import at a time: searching before creating holds only while nobody else creates.

use std::fs::{File, TryLockError};
use std::path::Path;

const FILE: &str = "import.lock";

/// The right to import, given back when dropped, also by a kill.
#[derive(Debug)]
pub struct ImportLock(#[expect(dead_code, reason = "held for its lock")] File);

/// Why an import may not begin.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// The lock file cannot be made.
    #[error("failed to make {FILE} in {folder}")]
    Open {
        /// The hub's folder.
        folder: String,
        /// Cause.
        source: std::io::Error,
    },
    /// Another import runs.
    #[error("another import is running; wait until it has ended")]
    Taken,
}

impl ImportLock {
    /// Takes the right to import into the CMMS of the hub whose data lie in `folder`.
    ///
    /// # Errors
    /// [`LockFault`] when another import runs or the folder takes no file.
    pub fn take(folder: &Path) -> Result<Self, LockFault> {
        let fault = |source| LockFault::Open {
            folder: folder.display().to_string(),
            source,
        };
        let file = File::create(folder.join(FILE)).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(LockFault::Taken),
            Err(TryLockError::Error(source)) => Err(fault(source)),
        }
    }
}
