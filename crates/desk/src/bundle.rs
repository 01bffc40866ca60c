//! Work as files: what is unsent here saved for another laptop to carry, and what others gave this
//! one to carry. No laptop reads what it carries.

mod carry;
mod deliver;
mod save;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use fettle_domain::{Refusal, Timestamp};
use fettle_replica::Replica;
use fettle_sync::bundle::{BUNDLE_ENDING, Bundle, BundleAnswer, BundleHead, BundleKey};
use fettle_sync::exchange::{Push, PushItem};
use fettle_sync::limits::BUNDLE_RAW_TARGET_BYTES;
use fettle_sync::request::HexKey;
use serde::{Deserialize, Serialize};

use crate::identity::IdentityFault;
use crate::laptop;
use crate::trouble::{Answer, Trouble};

pub(crate) use deliver::deliver;

/// A file this laptop carries or has carried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Carried {
    /// Hash of the file, which names it here.
    pub(crate) id: String,
    /// Name it came under.
    pub(crate) name: String,
    pub(crate) at: Timestamp,
    /// What the hub said of it; `None` while it waits.
    pub(crate) answer: Option<BundleAnswer>,
    /// Why the hub takes nothing of it.
    pub(crate) refusal: Option<Refusal>,
}

/// Folder of the files that wait for the hub; others are in folders of it.
pub(crate) fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("carry")
}

/// Seals what a bundle carries for the hub, cut into as many bundles as its size needs.
pub(crate) fn seal(whole: Bundle, key: BundleKey) -> Answer<Vec<Vec<u8>>> {
    let mut parts = Parts {
        bundles: vec![Bundle {
            lost: whole.lost,
            ..Bundle::new(whole.head)
        }],
        bytes: 0,
    };
    for push in whole.pushes {
        parts.part_for(&push).pushes.push(push);
    }
    for torn in whole.torn {
        parts.part_for(&torn.push).torn.push(torn);
    }
    parts
        .bundles
        .iter()
        .map(|bundle| {
            let mut random = [0; 32];
            getrandom::fill(&mut random).map_err(|_| IdentityFault::Random)?;
            bundle
                .seal(key, random)
                .map_err(|bad| Trouble(bad.refusal()))
        })
        .collect()
}

/// Bundles being filled.
struct Parts {
    // Invariant: never empty.
    bundles: Vec<Bundle>,
    /// Raw size of the last one.
    bytes: usize,
}

impl Parts {
    /// The bundle a push belongs into: the last, or a new one when that is full.
    fn part_for(&mut self, push: &Push) -> &mut Bundle {
        let size = push.items.iter().map(item_bytes).sum::<usize>();
        let last = self.bundles.len() - 1;
        if self.bytes > 0 && self.bytes + size > BUNDLE_RAW_TARGET_BYTES {
            let next = Bundle::new(self.bundles[last].head.clone());
            self.bundles.push(next);
            self.bytes = 0;
        }
        self.bytes += size;
        let last = self.bundles.len() - 1;
        &mut self.bundles[last]
    }
}

fn item_bytes(item: &PushItem) -> usize {
    match item {
        PushItem::Change(_, bytes) => bytes.len(),
        // Bounded by the contract; counted at its usual size.
        PushItem::Intent(_) | PushItem::Record(_) => 1024,
    }
}

/// Where a bundle of this laptop comes from.
pub(crate) fn head(laptop: Option<&laptop::Laptop>, made: Timestamp) -> BundleHead {
    BundleHead {
        device: laptop.map(|laptop| laptop.device.id),
        made,
    }
}

/// Keeps a sealed file until the hub has it; the same file twice is one.
pub(crate) fn keep(data_dir: &Path, bytes: &[u8]) -> std::io::Result<String> {
    let id = blake3::hash(bytes).to_hex()[..32].to_owned();
    write_durable(&folder(data_dir), &file_name(&id), bytes)?;
    Ok(id)
}

pub(crate) fn file_name(id: &str) -> String {
    format!("{id}.{BUNDLE_ENDING}")
}

/// Writes a file that is whole or not there, durable on return.
fn write_durable(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    let beside = folder.join(format!("{name}.new"));
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, &path));
    if let Err(error) = written {
        // Half a file helps nobody and takes room.
        let _ = fs::remove_file(&beside);
        return Err(error);
    }
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(path)
}

/// What a folder or file that cannot be used is told as.
pub(crate) fn file_trouble(error: &std::io::Error) -> Trouble {
    tracing::error!(error = error as &dyn std::error::Error, "a file failed");
    Trouble::new(match error.kind() {
        std::io::ErrorKind::StorageFull => "replica.disk_full",
        _ => "bundle.not_written",
    })
}

/// The hub's key for bundles.
pub(crate) fn key(replica: &Replica) -> Answer<BundleKey> {
    laptop::bundle_key(replica)?.ok_or_else(|| Trouble::new("bundle.no_key"))
}

const KEY_BESIDE: &str = "hub-key";

/// Keeps the hub's key beside the data, too: it is no secret, and it is needed when the data cannot
/// be read.
pub(crate) fn keep_key_beside(data_dir: &Path, key: BundleKey) -> std::io::Result<()> {
    let text = String::from(HexKey(key.0));
    write_durable(data_dir, KEY_BESIDE, text.as_bytes()).map(|_| ())
}

/// The hub's key as it was kept beside the data.
pub(crate) fn key_beside(data_dir: &Path) -> Option<BundleKey> {
    let text = fs::read_to_string(data_dir.join(KEY_BESIDE)).ok()?;
    let key = HexKey::try_from(text.trim().to_owned()).ok()?;
    Some(BundleKey(key.0))
}
