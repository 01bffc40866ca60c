//! The folder of attachments: each file encrypted in blocks, and named by nothing that tells.
//!
//! A file is a row of blocks, each `length (u32) | nonce (24 bytes) | sealed bytes`, bound to the
//! content and to its place in it. A file under its own name is whole; one that ends in `.part` is
//! not yet. Bytes are appended as they arrive, so a kill costs what had not arrived.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use fettle_domain::ContentHash;
use fettle_domain::attachment::ATTACHMENT_MAX_BYTES;
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::key::ReplicaKey;
use crate::replica::make_folder;

/// Bytes of a block before it is sealed: 64 KiB.
const BLOCK_BYTES: usize = 64 << 10;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: u64 = 16;
const HEADER_BYTES: u64 = 4 + NONCE_BYTES as u64;
const PART: &str = "part";

/// The attachments of one replica.
pub(crate) struct Vault {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
    names: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

/// A block as it lies in a file.
struct Block {
    /// Place of its first byte in the content.
    offset: u64,
    length: u64,
    /// Place of its header in the file.
    at: u64,
}

impl Block {
    fn end(&self) -> u64 {
        self.offset + self.length
    }

    fn end_in_file(&self) -> u64 {
        self.at + HEADER_BYTES + self.length + TAG_BYTES
    }
}

impl Vault {
    /// The folder is made with its first file.
    pub(crate) fn new(folder: PathBuf, key: &ReplicaKey) -> Self {
        Self {
            folder,
            key: key.derive("fettle 2026 key of attachments"),
            names: key.derive("fettle 2026 names of attachments"),
        }
    }

    /// Keeps a whole content; durable on return.
    pub(crate) fn keep(&self, content: ContentHash, bytes: &[u8]) -> Result<(), Fault> {
        if self.whole(content).exists() {
            return Ok(());
        }
        make_folder(&self.folder)?;
        let part = self.part(content);
        let written = self.write_whole(content, bytes, &part);
        if written.is_err() {
            // Half a file on a full disk would keep it full.
            let _ = fs::remove_file(&part);
        }
        written
    }

    fn write_whole(&self, content: ContentHash, bytes: &[u8], part: &Path) -> Result<(), Fault> {
        let mut file = File::create(part)?;
        let mut offset = 0;
        for block in bytes.chunks(BLOCK_BYTES) {
            file.write_all(&self.seal(content, offset, block)?)?;
            offset += block.len() as u64;
        }
        self.name(content, &file)
    }

    /// Makes a partial file the whole one.
    fn name(&self, content: ContentHash, file: &File) -> Result<(), Fault> {
        file.sync_all()?;
        fs::rename(self.part(content), self.whole(content))?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// True when the whole content is here.
    pub(crate) fn has(&self, content: ContentHash) -> bool {
        self.whole(content).exists()
    }

    /// Size of a whole content; `None` when it is not here.
    pub(crate) fn size(&self, content: ContentHash) -> Result<Option<u64>, Fault> {
        match File::open(self.whole(content)) {
            Ok(mut file) => Ok(Some(blocks(&mut file)?.last().map_or(0, Block::end))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes of a whole content; fewer than asked for where it ends. `None` when it is not here.
    pub(crate) fn read(
        &self,
        content: ContentHash,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, Fault> {
        match File::open(self.whole(content)) {
            Ok(mut file) => self.read_from(&mut file, content, offset, length).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn read_from(
        &self,
        file: &mut File,
        content: ContentHash,
        offset: u64,
        length: u64,
    ) -> Result<Vec<u8>, Fault> {
        let end = offset.saturating_add(length);
        let mut bytes = Vec::new();
        for block in blocks(file)? {
            if block.end() <= offset || block.offset >= end {
                continue;
            }
            let open = self.open(file, content, &block)?;
            let from = offset.saturating_sub(block.offset).min(block.length);
            let to = end.saturating_sub(block.offset).min(block.length);
            // Both are at most the length of a block.
            bytes.extend_from_slice(open.get(from as usize..to as usize).unwrap_or_default());
        }
        Ok(bytes)
    }

    /// Bytes of a content that is still arriving.
    pub(crate) fn arrived(&self, content: ContentHash) -> Result<u64, Fault> {
        match File::open(self.part(content)) {
            Ok(mut file) => Ok(blocks(&mut file)?.last().map_or(0, Block::end)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Appends bytes of a content that is still arriving; they are not durable yet.
    pub(crate) fn append(&self, content: ContentHash, bytes: &[u8]) -> Result<(), Fault> {
        make_folder(&self.folder)?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(self.part(content))?;
        let last = blocks(&mut file)?.pop();
        let (mut offset, end) = last.map_or((0, 0), |last| (last.end(), last.end_in_file()));
        // What a kill left of a block goes.
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        for block in bytes.chunks(BLOCK_BYTES) {
            file.write_all(&self.seal(content, offset, block)?)?;
            offset += block.len() as u64;
        }
        Ok(())
    }

    /// Looks at all that arrived: under its name when it is what the name says, else thrown away.
    pub(crate) fn finish(&self, content: ContentHash) -> Result<bool, Fault> {
        let part = self.part(content);
        let mut file = OpenOptions::new().read(true).write(true).open(&part)?;
        let arrived = self.read_from(&mut file, content, 0, ATTACHMENT_MAX_BYTES);
        if arrived.is_ok_and(|bytes| ContentHash::of(&bytes) == content) {
            self.name(content, &file)?;
            return Ok(true);
        }
        fs::remove_file(&part)?;
        Ok(false)
    }

    /// Removes what none of these contents is, partial files of contents still wanted excepted.
    pub(crate) fn sweep(
        &self,
        whole: impl Iterator<Item = ContentHash>,
        arriving: impl Iterator<Item = ContentHash>,
    ) -> Result<(), Fault> {
        if !self.folder.exists() {
            return Ok(());
        }
        let mut kept: BTreeSet<PathBuf> = whole.map(|content| self.whole(content)).collect();
        kept.extend(arriving.map(|content| self.part(content)));
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !kept.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn whole(&self, content: ContentHash) -> PathBuf {
        let name = blake3::keyed_hash(&self.names, &content.0);
        self.folder.join(name.to_hex().as_str())
    }

    fn part(&self, content: ContentHash) -> PathBuf {
        self.whole(content).with_extension(PART)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }

    fn seal(&self, content: ContentHash, offset: u64, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Fault::Stored("random bytes"))?;
        let sealed = self
            .cipher()
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: bytes,
                    aad: &label(content, offset),
                },
            )
            .map_err(|_| Fault::Stored("attachment"))?;
        let length = u32::try_from(bytes.len()).map_err(|_| Fault::Stored("attachment"))?;
        let mut block = length.to_be_bytes().to_vec();
        block.extend_from_slice(&nonce);
        block.extend_from_slice(&sealed);
        Ok(block)
    }

    fn open(&self, file: &mut File, content: ContentHash, block: &Block) -> Result<Vec<u8>, Fault> {
        let damaged = || Fault::Stored("attachment");
        file.seek(SeekFrom::Start(block.at + 4))?;
        let mut nonce = [0; NONCE_BYTES];
        file.read_exact(&mut nonce)?;
        let length = usize::try_from(block.length + TAG_BYTES).map_err(|_| damaged())?;
        let mut sealed = vec![0; length];
        file.read_exact(&mut sealed)?;
        self.cipher()
            .decrypt(
                &nonce.into(),
                Payload {
                    msg: &sealed,
                    aad: &label(content, block.offset),
                },
            )
            .map_err(|_| damaged())
    }
}

/// What a block is bound to: it fits no other content and no other place.
fn label(content: ContentHash, offset: u64) -> [u8; 40] {
    let mut label = [0; 40];
    let (name, place) = label.split_at_mut(32);
    name.copy_from_slice(&content.0);
    place.copy_from_slice(&offset.to_be_bytes());
    label
}

/// The blocks of a file up to the first that is not all there.
fn blocks(file: &mut File) -> Result<Vec<Block>, Fault> {
    let end = file.metadata()?.len();
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut offset) = (0, 0);
    while at + HEADER_BYTES <= end {
        file.seek(SeekFrom::Start(at))?;
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let block = Block {
            offset,
            length: u64::from(u32::from_be_bytes(length)),
            at,
        };
        if block.length == 0 || block.length > BLOCK_BYTES as u64 || block.end_in_file() > end {
            break;
        }
        at = block.end_in_file();
        offset = block.end();
        blocks.push(block);
    }
    Ok(blocks)
}
