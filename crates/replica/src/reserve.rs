//! Room on the disk: a reserve for the last save, and what gives way before it is touched.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::replica::Replica;

/// Bytes kept aside for the last save on a full disk: 4 MiB, several commits.
const RESERVE_BYTES: u64 = 4 << 20;
const RESERVE_FILE: &str = "reserve";
/// Free bytes below which the catalogue is filled no further: 16 MiB, so that people's own work
/// and that of their colleagues have room longer.
const CATALOGUE_MARGIN_BYTES: u64 = 16 << 20;
/// Free bytes at which there is no trouble: 64 MiB, a shift's work with photos.
const COMFORT_BYTES: u64 = 64 << 20;

/// What wants room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Masters, which can be fetched at any time: they stop first.
    Catalogue,
    /// Work of others: it stops before the last save of somebody here is in danger.
    Work,
}

/// The disk has too little room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskTrouble {
    /// Bytes that are free.
    pub free_bytes: u64,
    /// Bytes people should free.
    pub needed_bytes: u64,
    /// True while the next save still has room for certain.
    pub has_reserve: bool,
}

impl Replica {
    /// Trouble of the disk, when there is any.
    #[must_use]
    pub fn disk_trouble(&self) -> Option<DiskTrouble> {
        let free_bytes = free_bytes(self.folder())?;
        let has_reserve = has_reserve(&self.reserve());
        let is_tight = free_bytes < CATALOGUE_MARGIN_BYTES || !has_reserve;
        is_tight.then(|| DiskTrouble {
            free_bytes,
            needed_bytes: COMFORT_BYTES.saturating_sub(free_bytes),
            has_reserve,
        })
    }

    /// Sets the reserve aside where it is missing and there is room; true when it is there.
    pub(crate) fn keep_reserve(&self) -> bool {
        let path = self.reserve();
        if has_reserve(&path) {
            return true;
        }
        // Taking the last bytes would only make the disk full a little earlier.
        let has_room = free_bytes(self.folder()).is_none_or(|free| free >= 2 * RESERVE_BYTES);
        has_room && make(&path).is_ok()
    }

    /// Gives the reserve back to a full disk; true when there was one.
    pub(crate) fn free_reserve(&self) -> bool {
        free(self.folder())
    }

    /// Refuses what can wait while it would take the room of a save.
    pub(crate) fn refuse_without_room(&self, room: Room) -> Result<(), Fault> {
        let margin = match room {
            Room::Catalogue => CATALOGUE_MARGIN_BYTES,
            // The reserve itself is the margin.
            Room::Work => 0,
        };
        let is_tight = free_bytes(self.folder()).is_some_and(|free| free < margin);
        if is_tight || !self.keep_reserve() {
            return Err(Fault::DiskFull);
        }
        Ok(())
    }

    fn reserve(&self) -> PathBuf {
        self.folder().join(RESERVE_FILE)
    }
}

/// Gives the reserve of a folder back to a full disk; true when there was one.
pub(crate) fn free(folder: &Path) -> bool {
    fs::remove_file(folder.join(RESERVE_FILE)).is_ok()
}

/// Free bytes for this user; `None` where the system does not say.
fn free_bytes(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok()
}

fn has_reserve(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|about| about.len() >= RESERVE_BYTES)
}

/// Writes the reserve. Its bytes are noise: a file system that packs zeros would keep no room.
fn make(path: &Path) -> io::Result<()> {
    let beside = path.with_extension("new");
    let made = write_noise(&beside).and_then(|()| fs::rename(&beside, path));
    if made.is_err() {
        // Half a reserve on a full disk is room nobody can use.
        let _ = fs::remove_file(&beside);
    }
    made
}

fn write_noise(path: &Path) -> io::Result<()> {
    let mut noise = blake3::Hasher::new_derive_key("fettle 2026 noise of a reserve").finalize_xof();
    let mut block = vec![0; 64 << 10];
    let mut file = File::create(path)?;
    let mut left = RESERVE_BYTES;
    while left > 0 {
        noise.fill(&mut block);
        file.write_all(&block)?;
        left = left.saturating_sub(block.len() as u64);
    }
    file.sync_all()
}
