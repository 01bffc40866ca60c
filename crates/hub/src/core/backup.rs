//! Backups: an online copy, its check, and a restore that raises the epoch of the log.

use std::path::{Path, PathBuf};

use fettle_domain::{ContentHash, Timestamp};

use super::{Core, StoreFault, open, open_again};
use crate::attachments::Attachments;
use crate::table;
use crate::table::store_file;

/// Name of the time before which everything acknowledged is in a backup.
const BACKED_UP: &str = "backed_up_through";

/// Name of the time of the last restore.
const RESTORED: &str = "restored_at";

/// Most laptops that are enrolled or begin anew between a backup and a restore from it.
const DEVICES_LOST_MAX: u64 = 256;

/// Longest a desk waits for the answer to an exchange: ten minutes. What it was told at a time of
/// the hub earlier than this before a copy began was committed before the copy began.
const ANSWER_WAIT_MS: i64 = 600_000;

/// What a check of a copy found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Epoch of its log.
    pub log_epoch: u64,
    /// Changes it holds.
    pub changes: u64,
    /// What is wrong with it; empty when nothing is.
    pub faults: Vec<String>,
    /// Attachments that belong to it.
    pub attachments: usize,
    /// Those of them whose files are not beside it, or are something else than their name says.
    pub missing_attachments: Vec<ContentHash>,
}

impl Core<'_> {
    /// Writes a consistent copy beside the running hub; not inside a transaction.
    ///
    /// # Errors
    /// [`StoreFault`], also when the file exists.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreFault> {
        if to.exists() {
            return Err(exists(to));
        }
        let path = to
            .to_str()
            .ok_or_else(|| StoreFault::Content(format!("{} is no text", to.display())))?;
        let copied = store_file::copy_to(self.connection, path)
            .map_err(StoreFault::from)
            .and_then(|()| keep_private(to));
        if copied.is_err() {
            // Half a copy under the name of a whole one would be taken for it.
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    /// Notes that a whole copy was begun at a time; answers with the time before which everything
    /// acknowledged is in it. From now on desks are told.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn note_backup(&self, begun: Timestamp, to: &Path) -> Result<Timestamp, StoreFault> {
        let through = begun.plus_ms(-ANSWER_WAIT_MS);
        let ms = u64::try_from(through.as_ms()).unwrap_or(0);
        table::meta::set(self.connection, BACKED_UP, ms)?;
        let file = to.display().to_string();
        table::audit::put(self.connection, "backed up", "store", &file, begun)?;
        Ok(through)
    }

    /// When this store was last restored from a backup; `None` when it never was.
    pub(crate) fn restored_at(&self) -> Result<Option<Timestamp>, StoreFault> {
        let ms = table::meta::find(self.connection, RESTORED)?;
        Ok(ms.map(|ms| Timestamp::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))))
    }

    /// The time before which everything acknowledged is in a backup; `None` without one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn backed_up_through(&self) -> Result<Option<Timestamp>, StoreFault> {
        let ms = table::meta::find(self.connection, BACKED_UP)?;
        Ok(ms.map(|ms| Timestamp::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))))
    }
}

/// Checks a copy as a whole: the file, its references, the chain of its audit log, and every
/// attachment in the folder beside it.
///
/// # Errors
/// [`StoreFault`] when it is no store at all.
pub fn verify_backup(file: &Path) -> Result<BackupReport, StoreFault> {
    if !file.is_file() {
        return Err(std::io::Error::from(std::io::ErrorKind::NotFound).into());
    }
    let connection = open_again(file)?;
    let mut faults = store_file::faults(&connection)?;
    if let Some(number) = table::audit::first_broken(&connection)? {
        faults.push(format!(
            "audit line {number} does not fit the one before it"
        ));
    }
    let attachments = table::attachment::whole(&connection)?;
    Ok(BackupReport {
        log_epoch: table::meta::get(&connection, "log_epoch")?,
        changes: table::accept::count(&connection)?.0,
        faults,
        attachments: attachments.len(),
        missing_attachments: Attachments::beside(file).missing(&attachments),
    })
}

/// Copies the attachments of a copy of the store from beside it, or to there.
///
/// # Errors
/// [`StoreFault`]; what is missing is no error, [`verify_backup`] names it.
pub fn copy_attachments(
    copy: &Path,
    from: &Attachments,
    to: &Attachments,
) -> Result<(), StoreFault> {
    let contents = table::attachment::whole(&open_again(copy)?)?;
    Ok(from.copy_to(to, &contents)?)
}

/// Puts a copy in the place of the hub's file and raises the epoch of its log; the hub is stopped.
///
/// # Errors
/// [`StoreFault`], also when the hub's file exists: it is moved away by a person, never by us.
pub fn restore(backup: &Path, file: &Path, now: Timestamp) -> Result<u64, StoreFault> {
    // A log left behind by a hub that was killed holds acknowledged work, and would be read into
    // whatever stands beside it.
    for end in ["", "-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{end}", file.display()));
        if left.exists() {
            return Err(exists(&left));
        }
    }
    let report = verify_backup(backup)?;
    if !report.faults.is_empty() {
        return Err(StoreFault::Content(report.faults.join("; ")));
    }
    let beside = file.with_extension("restoring");
    std::fs::copy(backup, &beside)?;
    let connection = open(Some(&beside))?;
    // The time makes it differ from the epoch of another restore of the same copy.
    let seconds = u64::try_from(now.as_ms() / 1000).unwrap_or(0);
    let epoch = seconds.max(report.log_epoch + 1);
    table::meta::set(&connection, "log_epoch", epoch)?;
    let detail = format!("log epoch {epoch}");
    table::meta::set(
        &connection,
        RESTORED,
        u64::try_from(now.as_ms()).unwrap_or(0),
    )?;
    // Codes of laptops that were enrolled after the backup are in use and must not be given again.
    let devices = table::meta::get(&connection, "device_count")?;
    table::meta::set(&connection, "device_count", devices + DEVICES_LOST_MAX)?;
    table::audit::put(&connection, "restored", "store", &detail, now)?;
    connection.close().map_err(|(_, error)| error)?;
    let (from, to) = (Attachments::beside(backup), Attachments::beside(file));
    copy_attachments(&beside, &from, &to)?;
    std::fs::rename(&beside, file)?;
    let restored = verify_backup(file)?;
    if restored.log_epoch == epoch && restored.faults.is_empty() {
        Ok(epoch)
    } else {
        let file = file.display();
        Err(StoreFault::Content(format!(
            "{file} is not what was restored"
        )))
    }
}

/// Makes a copy durable and readable by its owner alone: it holds password hashes.
fn keep_private(file: &Path) -> Result<(), StoreFault> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(std::fs::File::open(file)?.sync_all()?)
}

fn exists(file: &Path) -> StoreFault {
    let message = format!("{} exists already; move it away first", file.display());
    std::io::Error::new(std::io::ErrorKind::AlreadyExists, message).into()
}
