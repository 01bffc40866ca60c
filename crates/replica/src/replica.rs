//! The open replica: its files, its connections and who may write when.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fettle_document::{Authors, RecentDocuments};
use fettle_domain::{Timestamp, WorkOrderId};
use rusqlite::Connection;

use crate::afresh;
use crate::anew::Sums;
use crate::catalogue;
use crate::fault::{Fault, OpenFault};
use crate::file::{File, KeyCheck, Kind, check_key, write_check};
use crate::key::ReplicaKey;
use crate::reserve;
use crate::vault::Vault;

/// The store of one device. Shared between threads; each call is one short transaction.
#[derive(Debug)]
pub struct Replica {
    folder: PathBuf,
    // Closed before the writer: the last connection to close moves the log into the file, which a
    // reader cannot.
    reader: Mutex<Connection>,
    // Invariant: the only connection that writes the work file.
    work: Mutex<Connection>,
    /// Closed before the catalogue, for the same reason; `None` until something is read.
    pub(crate) catalogue_reader: Mutex<Option<Connection>>,
    /// `None` after it was found damaged and could not be made anew at once.
    pub(crate) catalogue: Mutex<Option<Connection>>,
    key: ReplicaKey,
    /// Files of photos, written before the commit that names them.
    pub(crate) vault: Vault,
    pub(crate) authors: Mutex<Option<Authors>>,
    pub(crate) recent: RecentDocuments,
    /// Rows applied since the start and rows the hub says are to come.
    pub(crate) filling: Mutex<(u32, u32)>,
    /// Sums of the hub with when they were asked for, until they are compared.
    pub(crate) sums: Mutex<(Timestamp, Sums)>,
}

pub(crate) const WORK: &str = "work.db";
pub(crate) const ATTACHMENTS: &str = "attachments";

impl Replica {
    /// True when the folder holds a replica: then a key that is missing must not be made anew.
    #[must_use]
    pub fn exists(folder: &Path) -> bool {
        folder.join(WORK).exists() || afresh::is_begun(folder)
    }

    /// Opens the replica of a folder, made when there is none.
    ///
    /// A catalogue that is damaged is set aside and filled again from the hub; the work file is
    /// never replaced.
    ///
    /// # Errors
    /// [`OpenFault`]; nothing was changed then.
    pub fn open(folder: &Path, key: &ReplicaKey) -> Result<Self, OpenFault> {
        match Self::try_open(folder, key) {
            // Even opening may need a little room.
            Err(OpenFault::DiskFull) if reserve::free(folder) => Self::try_open(folder, key),
            other => other,
        }
    }

    fn try_open(folder: &Path, key: &ReplicaKey) -> Result<Self, OpenFault> {
        let is_new = !Self::exists(folder);
        make_folder(folder)?;
        afresh::finish(folder)?;
        let check = check_key(folder, key)?;
        if check == KeyCheck::Other && !is_new {
            return Err(OpenFault::WrongKey);
        }
        let work = file(Kind::Work, folder, WORK);
        let writer = work.open(key).map_err(|fault| match (fault, check) {
            (OpenFault::Damaged, KeyCheck::Unknown) => OpenFault::WrongKey,
            (fault, _) => fault,
        })?;
        if check != KeyCheck::Fits {
            write_check(folder, key)?;
        }
        let reader = work.open_reader(key)?;
        let catalogue = catalogue::open(folder, key)?;
        let replica = Self {
            folder: folder.to_owned(),
            work: Mutex::new(writer),
            reader: Mutex::new(reader),
            catalogue_reader: Mutex::new(None),
            catalogue: Mutex::new(Some(catalogue)),
            key: key.clone(),
            vault: Vault::new(folder.join(ATTACHMENTS), key),
            authors: Mutex::new(None),
            recent: RecentDocuments::default(),
            filling: Mutex::new((0, 0)),
            sums: Mutex::default(),
        };
        match replica.project_stale() {
            Err(Fault::DiskFull) => return Err(OpenFault::DiskFull),
            Err(Fault::Damaged) => return Err(OpenFault::Damaged),
            // Tried again at the next opening; documents and what is unsent need no projection.
            Ok(()) | Err(_) => {}
        }
        // What is not taken now stays kept, and is no reason to refuse.
        let _ = replica.read_kept_rows();
        // What cannot be swept now is swept at the next opening; work does not wait for it.
        let _ = replica.sweep_attachments();
        // Nor is either of these: the disk may just be full.
        replica.keep_reserve();
        replica.keep_head();
        Ok(replica)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn work(&self) -> MutexGuard<'_, Connection> {
        locked(&self.work)
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Connection> {
        locked(&self.reader)
    }

    pub(crate) fn key(&self) -> &ReplicaKey {
        &self.key
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.keep_head();
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held rolled its transaction back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds ids that are not there yet, in the order they came.
pub(crate) fn add_orders(
    orders: &mut Vec<WorkOrderId>,
    more: impl IntoIterator<Item = WorkOrderId>,
) {
    for order in more {
        if !orders.contains(&order) {
            orders.push(order);
        }
    }
}

pub(crate) fn file(kind: Kind, folder: &Path, name: &str) -> File {
    File {
        kind,
        path: folder.join(name),
        name: name.to_owned(),
    }
}

pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
