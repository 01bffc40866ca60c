//! A copy of the work file's first pages. They say where every table begins; without them a file of
//! a thousand good pages could not be read at all.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rusqlite::Connection;

use crate::afresh::move_if_there;
use crate::fault::OpenFault;
use crate::replica::{Replica, WORK};

/// The newest copy and the one before.
pub(crate) const HEADS: [&str; 2] = ["work.head", "work.head.before"];
/// SQLCipher's page.
const PAGE_BYTES: usize = 4096;
/// Pages kept: every table and index of a new file begins within half of them, and so do the pages
/// that its schema has spread to since.
const HEAD_PAGES: usize = 128;

impl Replica {
    /// Copies the first pages as they lie on the disk, when they are others than before. A copy
    /// that cannot be written costs only what it could have saved. Two are kept: pages that were
    /// damaged while the program ran are copied like any others.
    pub(crate) fn keep_head(&self) {
        let checkpointed = self
            .work()
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        let head = self.folder().join(HEADS[0]);
        if checkpointed.is_ok()
            && let Ok(pages) = first_pages(&self.folder().join(WORK))
            && fs::read(&head).ok().as_ref() != Some(&pages)
        {
            let beside = self.folder().join("work.head.new");
            let _ = fs::write(&beside, pages)
                .and_then(|()| move_if_there(&head, &self.folder().join(HEADS[1])))
                .and_then(|()| fs::rename(&beside, &head));
        }
    }
}

/// Numbers of the pages that are not what was written, from 1. Nothing of the file needs to be
/// readable for that but the salt at its beginning.
pub(crate) fn bad_pages(connection: &Connection) -> Result<BTreeSet<usize>, OpenFault> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let mut rows = statement.query([])?;
    let mut bad = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let words: String = row.get(0)?;
        bad.extend(
            words
                .split(' ')
                .next_back()
                .and_then(|page| page.parse::<usize>().ok()),
        );
    }
    Ok(bad)
}

/// Copies the work file with its log into `scratch`, with the bad ones of its first pages as they
/// were when they were kept. False when there is no such copy.
pub(crate) fn copy_under_kept(
    folder: &Path,
    scratch: &Path,
    head: &str,
    bad: &BTreeSet<usize>,
) -> io::Result<bool> {
    let kept = match fs::read(folder.join(head)) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut bytes = fs::read(folder.join(WORK))?;
    let places = bytes.chunks_exact_mut(PAGE_BYTES);
    for (index, (page, kept)) in places.zip(kept.chunks_exact(PAGE_BYTES)).enumerate() {
        if bad.contains(&(index + 1)) {
            page.copy_from_slice(kept);
        }
    }
    fs::write(scratch.join(WORK), bytes)?;
    let log = format!("{WORK}-wal");
    if folder.join(&log).exists() {
        fs::copy(folder.join(&log), scratch.join(&log))?;
    }
    Ok(true)
}

fn first_pages(path: &Path) -> io::Result<Vec<u8>> {
    let mut pages = Vec::with_capacity(HEAD_PAGES * PAGE_BYTES);
    let limit = (HEAD_PAGES * PAGE_BYTES) as u64;
    fs::File::open(path)?.take(limit).read_to_end(&mut pages)?;
    Ok(pages)
}
