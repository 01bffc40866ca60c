//! A fresh work file in the place of a damaged one, which is moved away and kept as it is.
//!
//! The fresh file is made beside the damaged one with everything it needs. Then a mark says that
//! the change has begun: whoever finds the mark finishes it, so that a program killed at any point
//! finds either the damaged file or the fresh one, whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, OpenFault};
use crate::file::Kind;
use crate::head::HEADS;
use crate::key::ReplicaKey;
use crate::replica::{ATTACHMENTS, Replica, WORK, file};
use crate::setting::desk;
use crate::table::setting;

const FRESH: &str = "work.fresh.db";
const MARK: &str = "work.change";
/// What belongs to the work file, the file itself last. Photos nobody names any more would be swept
/// away; beside the file that names them they stay.
const PARTS: [&str; 6] = [
    ATTACHMENTS,
    "work.db-wal",
    "work.db-shm",
    HEADS[0],
    HEADS[1],
    WORK,
];

impl Replica {
    /// Puts a fresh work file with these settings in the place of the damaged one and answers
    /// where that lies now. Nobody may have the folder's files open.
    ///
    /// # Errors
    /// [`Fault`]; the damaged file is then still in its place, or already whole in its new one.
    pub fn start_afresh(
        folder: &Path,
        key: &ReplicaKey,
        settings: &[(String, Vec<u8>)],
        name: &str,
    ) -> Result<PathBuf, Fault> {
        for part in ["", "-wal", "-shm"] {
            // Left over from a try that was killed.
            let _ = fs::remove_file(folder.join(format!("{FRESH}{part}")));
        }
        let mut fresh = file(Kind::Work, folder, WORK);
        fresh.path = folder.join(FRESH);
        let connection = fresh.open(key)?;
        for (name, value) in settings {
            setting::write(&connection, &desk(name), value)?;
        }
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        connection.close().map_err(|(_, error)| error)?;
        fs::File::open(&fresh.path)
            .and_then(|file| file.sync_all())
            .and_then(|()| write_mark(folder, name))
            .and_then(|()| finish(folder))
            .map_err(OpenFault::from)?;
        Ok(folder.join(name))
    }
}

/// True when a change has begun and was not finished.
pub(crate) fn is_begun(folder: &Path) -> bool {
    folder.join(MARK).exists()
}

/// Finishes a change that has begun; does nothing otherwise.
pub(crate) fn finish(folder: &Path) -> io::Result<()> {
    let name = match fs::read_to_string(folder.join(MARK)) {
        Ok(name) => name,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let aside = folder.join(&name);
    fs::create_dir_all(&aside)?;
    // Once the fresh file has its name, nothing of the damaged one is left to move.
    if folder.join(FRESH).exists() {
        for part in PARTS {
            move_if_there(&folder.join(part), &aside.join(part))?;
        }
        sync(&aside)?;
        fs::rename(folder.join(FRESH), folder.join(WORK))?;
        sync(folder)?;
    }
    fs::remove_file(folder.join(MARK))?;
    sync(folder)
}

fn write_mark(folder: &Path, name: &str) -> io::Result<()> {
    let beside = folder.join("work.change.new");
    fs::write(&beside, name)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, folder.join(MARK))?;
    sync(folder)
}

pub(crate) fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes new names of a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
