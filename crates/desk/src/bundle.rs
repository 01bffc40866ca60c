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

/// Seals pushes for the hub, cut into as many bundles as their size needs.
pub(crate) fn seal(template: &Bundle, pushes: Vec<Push>, key: BundleKey) -> Answer<Vec<Vec<u8>>> {
    let mut bundles = vec![template.clone()];
    let mut bytes = 0;
    for push in pushes {
        let size = push.items.iter().map(item_bytes).sum::<usize>();
        bytes += size;
        if bytes > BUNDLE_RAW_TARGET_BYTES {
            bundles.push(Bundle::new(template.head.clone()));
            bytes = size;
        }
        if let Some(bundle) = bundles.last_mut() {
            bundle.pushes.push(push);
        }
    }
    bundles
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
