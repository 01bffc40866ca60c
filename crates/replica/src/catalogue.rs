//! The catalogue file: all of it is the hub's to send again, so one that is damaged is set aside
//! and made anew, at the start or in the middle of the work.

use std::path::Path;

use rusqlite::Connection;

use crate::fault::{Fault, OpenFault};
use crate::file::Kind;
use crate::key::ReplicaKey;
use crate::replica::{Replica, file, locked};

const CATALOGUE: &str = "catalogue.db";
const DAMAGED: &str = "catalogue.damaged";
/// What SQLite keeps beside a file.
const SIDES: [&str; 2] = ["-wal", "-shm"];

/// Opens the catalogue; a damaged one is set aside and an empty one made. Its cursors go with it,
/// so the hub sends everything again.
pub(crate) fn open(folder: &Path, key: &ReplicaKey) -> Result<Connection, OpenFault> {
    let catalogue = file(Kind::Catalogue, folder, CATALOGUE);
    match catalogue.open(key) {
        Err(OpenFault::Damaged) => {
            set_aside(folder)?;
            catalogue.open(key)
        }
        other => other,
    }
}

/// Sets the files aside. Killed at any point, the next start finds either the damaged file or none:
/// a log without its file is removed by SQLite before it makes a new one.
fn set_aside(folder: &Path) -> std::io::Result<()> {
    std::fs::rename(folder.join(CATALOGUE), folder.join(DAMAGED))?;
    for side in SIDES {
        // Left over from the damaged file or not there at all.
        let _ = std::fs::remove_file(folder.join(format!("{CATALOGUE}{side}")));
    }
    Ok(())
}

impl Replica {
    /// Works in the catalogue. One that turns out to be damaged is made anew, and the work is done
    /// once more in the empty one: what is not there yet is shown as that.
    pub(crate) fn in_catalogue<T>(
        &self,
        mut work: impl FnMut(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut held = locked(&self.catalogue);
        if let Some(catalogue) = held.as_mut() {
            match work(catalogue) {
                Err(Fault::Damaged) => {}
                other => return other,
            }
            // Closed before its file is moved.
            *held = None;
            *locked(&self.catalogue_reader) = None;
            set_aside(self.folder()).map_err(OpenFault::from)?;
        }
        let catalogue = held.insert(open(self.folder(), self.key())?);
        work(catalogue)
    }

    /// Reads the catalogue beside whatever is just being applied to it. One that turns out to be
    /// damaged is made anew as in [`Self::in_catalogue`].
    pub(crate) fn read_catalogue<T>(
        &self,
        read: impl Fn(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let answer = {
            let mut held = locked(&self.catalogue_reader);
            if held.is_none() {
                let catalogue = file(Kind::Catalogue, self.folder(), CATALOGUE);
                *held = catalogue.open_reader(self.key()).ok();
            }
            held.as_ref().map(&read)
        };
        match answer {
            // The writer finds the damage, too, and deals with it.
            None | Some(Err(Fault::Damaged)) => self.in_catalogue(|catalogue| read(catalogue)),
            Some(other) => other,
        }
    }

    /// Removes everything of the catalogue from the disk and begins an empty one.
    pub(crate) fn empty_catalogue(&self) -> Result<(), Fault> {
        let mut held = locked(&self.catalogue);
        *held = None;
        *locked(&self.catalogue_reader) = None;
        for part in ["", "-wal", "-shm"] {
            remove_if_there(&self.folder().join(format!("{CATALOGUE}{part}")))?;
        }
        remove_if_there(&self.folder().join(DAMAGED))?;
        *held = Some(open(self.folder(), self.key())?);
        Ok(())
    }
}

fn remove_if_there(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(OpenFault::from(error).into())
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
