//! The files of attachments: named by their content once they are whole, arriving until then.
//!
//! Bytes are written at their place as they arrive, each device into a file of its own. Two
//! requests of one device write the same bytes to the same places, so nothing is locked; when all
//! bytes are there they are read back, and only what is what its name says gets that name.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fettle_domain::attachment::MediaType;
use fettle_domain::{ContentHash, DeviceId};
use fettle_sync::attachment::{BadChunk, Chunk, Have, Intake, Offer, Wanted};
use fettle_sync::limits::CHUNK_MAX_BYTES;

/// How long a file that nobody goes on with is kept: a week.
const ARRIVING_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a file that nothing names is kept: 90 days, as long as a laptop may still bring the
/// document that names it after the store was restored.
const UNNAMED_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);
const FOLDER: &str = "attachments";
const ARRIVING: &str = "arriving";

/// The attachments of a hub, or of a copy of one.
#[derive(Debug, Clone)]
pub struct Attachments {
    folder: PathBuf,
}

/// What all bytes of a content turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// What its name says; it has that name now.
    Whole,
    /// Something else; it was thrown away.
    Wrong,
    /// What its name says and nothing that may be attached; it was thrown away.
    Kind,
}

/// A content that is arriving from one device.
#[derive(Debug)]
pub struct Arriving {
    file: File,
    intake: Intake,
    next: u64,
}

impl Arriving {
    /// Writes the bytes that come next of the request.
    ///
    /// # Errors
    /// [`BadChunk`] inside, when they have no place; what can go wrong with a file outside.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<Result<(), BadChunk>> {
        let placed = match self.intake.take(self.next, bytes.len()) {
            Ok(placed) => placed,
            Err(bad) => return Ok(Err(bad)),
        };
        self.next += bytes.len() as u64;
        let rest = bytes.get(placed.skip..).unwrap_or_default();
        if !rest.is_empty() {
            self.file.seek(SeekFrom::Start(placed.at))?;
            self.file.write_all(rest)?;
        }
        Ok(Ok(()))
    }

    /// Bytes held from the beginning.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.intake.received()
    }

    /// True when every byte is here, right or wrong.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.intake.is_full()
    }
}

impl Attachments {
    /// The attachments in a hub's folder.
    #[must_use]
    pub fn in_folder(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
        }
    }

    /// The attachments that belong to a copy of the store: in the folder beside it, which copies
    /// of different days share.
    #[must_use]
    pub fn beside(copy: &Path) -> Self {
        Self::in_folder(copy.parent().unwrap_or(Path::new("")))
    }

    /// True when all of a content is here.
    #[must_use]
    pub fn has(&self, content: ContentHash) -> bool {
        self.whole(content).is_file()
    }

    /// Bytes of a content that have arrived from a device.
    ///
    /// # Errors
    /// What can go wrong with a file.
    pub fn received(&self, device: DeviceId, content: ContentHash) -> io::Result<u64> {
        match fs::metadata(self.arriving(device, content)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// What is held of an offer of a device; `named` says of each content whether it is taken.
    ///
    /// # Errors
    /// What can go wrong with a file.
    pub fn have(&self, device: DeviceId, offer: &Offer, named: &[bool]) -> io::Result<Have> {
        let mut have = Have::nothing(offer.contents.len());
        for (place, (content, is_named)) in offer.contents.iter().zip(named).enumerate() {
            if !is_named {
                continue;
            }
            have.named.set(place);
            if self.has(*content) {
                have.whole.set(place);
                continue;
            }
            let received = self.received(device, *content)?;
            if received > 0
                && let Ok(place) = u32::try_from(place)
            {
                have.received.insert(place, received);
            }
        }
        Ok(have)
    }

    /// Goes on with a content.
    ///
    /// # Errors
    /// [`BadChunk`] inside, when its size is none or it begins beyond what is held; what can go
    /// wrong with a file outside.
    pub fn arrive(
        &self,
        device: DeviceId,
        content: ContentHash,
        chunk: Chunk,
    ) -> io::Result<Result<Arriving, BadChunk>> {
        let received = self.received(device, content)?;
        let intake = match Intake::new(chunk.size, received) {
            Ok(intake) if chunk.offset <= received => intake,
            Ok(_) => return Ok(Err(BadChunk::Gap)),
            // Of another size than before: one of the two was wrong, so it begins again.
            Err(BadChunk::Beyond) if received > chunk.size => {
                self.forget(device, content)?;
                return Ok(Err(BadChunk::Gap));
            }
            Err(bad) => return Ok(Err(bad)),
        };
        fs::create_dir_all(self.folder.join(ARRIVING))?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.arriving(device, content))?;
        Ok(Ok(Arriving {
            file,
            intake,
            next: chunk.offset,
        }))
    }

    /// Reads all bytes of a content back and gives them their name.
    ///
    /// # Errors
    /// What can go wrong with a file; the bytes stay where they are.
    pub fn finish(&self, device: DeviceId, content: ContentHash) -> io::Result<Finished> {
        match self.try_finish(device, content) {
            // Another request of the same device, or another device, was faster.
            Ok(Finished::Wrong) if self.has(content) => Ok(Finished::Whole),
            Err(error) if error.kind() == ErrorKind::NotFound && self.has(content) => {
                Ok(Finished::Whole)
            }
            finished => finished,
        }
    }

    fn try_finish(&self, device: DeviceId, content: ContentHash) -> io::Result<Finished> {
        let arriving = self.arriving(device, content);
        let bytes = fs::read(&arriving)?;
        if ContentHash::of(&bytes) != content {
            self.forget(device, content)?;
            return Ok(Finished::Wrong);
        }
        if MediaType::of_content(&bytes).is_none() {
            self.forget(device, content)?;
            return Ok(Finished::Kind);
        }
        self.name(&arriving, content)?;
        Ok(Finished::Whole)
    }

    /// Gives a file the name of its content; durable on return.
    fn name(&self, from: &Path, content: ContentHash) -> io::Result<()> {
        let whole = self.whole(content);
        let folder = whole.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        File::open(from)?.sync_all()?;
        fs::rename(from, &whole)?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    fn forget(&self, device: DeviceId, content: ContentHash) -> io::Result<()> {
        match fs::remove_file(self.arriving(device, content)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Bytes of a content; `None` when it is not here or ends before them.
    ///
    /// # Errors
    /// What can go wrong with a file.
    pub fn read(
        &self,
        content: ContentHash,
        wanted: Wanted,
    ) -> io::Result<Option<(Chunk, Vec<u8>)>> {
        let mut file = match File::open(self.whole(content)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let size = file.metadata()?.len();
        let left = size.saturating_sub(wanted.offset);
        let length = wanted.length.min(CHUNK_MAX_BYTES).min(left);
        let Some(chunk) = Chunk::new(wanted.offset, length, size) else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(chunk.offset))?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        Ok(Some((chunk, bytes)))
    }

    /// Those of the contents that are not here, or are something else than their name says.
    #[must_use]
    pub fn missing(&self, contents: &[ContentHash]) -> Vec<ContentHash> {
        let is_right = |content: &ContentHash| {
            fs::read(self.whole(*content)).is_ok_and(|bytes| ContentHash::of(&bytes) == *content)
        };
        contents
            .iter()
            .filter(|content| !is_right(content))
            .copied()
            .collect()
    }

    /// Copies contents to where they are not yet; what is missing here is left out.
    ///
    /// # Errors
    /// What can go wrong with a file; what was copied before stays.
    pub fn copy_to(&self, other: &Self, contents: &[ContentHash]) -> io::Result<()> {
        fs::create_dir_all(&other.folder)?;
        for content in contents {
            if other.has(*content) {
                continue;
            }
            let Ok(bytes) = fs::read(self.whole(*content)) else {
                continue;
            };
            if ContentHash::of(&bytes) == *content {
                let beside = other.folder.join(format!("{content}.copying"));
                fs::write(&beside, bytes)?;
                other.name(&beside, *content)?;
            }
        }
        Ok(())
    }

    /// Removes what nobody goes on with and what nothing names, after the time each is kept.
    ///
    /// # Errors
    /// What can go wrong with a file.
    pub fn sweep(&self, named: &[ContentHash], now: SystemTime) -> io::Result<()> {
        let named: BTreeSet<PathBuf> = named.iter().map(|name| self.whole(*name)).collect();
        for folder in entries(&self.folder)? {
            let kept = if folder.ends_with(ARRIVING) {
                ARRIVING_KEPT
            } else {
                UNNAMED_KEPT
            };
            for file in entries(&folder)? {
                let changed = fs::metadata(&file)?.modified()?;
                let is_old = now.duration_since(changed).is_ok_and(|age| age > kept);
                if is_old && !named.contains(&file) {
                    fs::remove_file(file)?;
                }
            }
        }
        Ok(())
    }

    fn whole(&self, content: ContentHash) -> PathBuf {
        let name = content.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    fn arriving(&self, device: DeviceId, content: ContentHash) -> PathBuf {
        let name = format!("{}-{content}", device.key());
        self.folder.join(ARRIVING).join(name)
    }
}

/// What lies in a folder; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}
