//! The key bundles are sealed to: made at first start, kept beside the store, never replaced.

use std::path::{Path, PathBuf};

use fettle_sync::bundle::BundleSecret;
use fettle_sync::request::HexKey;

use crate::clock::random;
use crate::core::StoreFault;
use crate::private_file;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum BundleKeyFault {
    /// The file could not be read or written.
    #[error("failed to read or write {0}")]
    File(PathBuf, #[source] std::io::Error),
    /// The file holds something else than a key.
    #[error("{0} holds no key; bring the hub's own back from its backup")]
    NotAKey(PathBuf),
    /// Others may read it.
    #[error("others can read {0}; run chmod 600 on it")]
    Exposed(PathBuf),
    /// The system has no random bytes.
    #[error("failed to draw random bytes")]
    Random(#[source] StoreFault),
}

fn path_of(data: &Path) -> PathBuf {
    data.join("bundle-key")
}

/// Reads the key of a data folder; `None` where the hub never started.
///
/// # Errors
/// [`BundleKeyFault`].
pub fn read(data: &Path) -> Result<Option<BundleSecret>, BundleKeyFault> {
    let path = path_of(data);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BundleKeyFault::File(path, error)),
    };
    match private_file::is_exposed(&path) {
        Ok(false) => {}
        Ok(true) => return Err(BundleKeyFault::Exposed(path)),
        Err(error) => return Err(BundleKeyFault::File(path, error)),
    }
    let seed =
        HexKey::try_from(text.trim().to_owned()).map_err(|_| BundleKeyFault::NotAKey(path))?;
    Ok(Some(BundleSecret::from_seed(&seed.0)))
}

/// Reads the key, made where there is none. An existing one is never replaced: laptops have sealed
/// work to it.
///
/// # Errors
/// [`BundleKeyFault`].
pub fn read_or_make(data: &Path) -> Result<BundleSecret, BundleKeyFault> {
    if let Some(key) = read(data)? {
        return Ok(key);
    }
    let path = path_of(data);
    let seed = HexKey(random().map_err(BundleKeyFault::Random)?);
    let key = BundleSecret::from_seed(&seed.0);
    // A name of its own until it is whole: half a key would be none for ever.
    let beside = path.with_extension("new");
    private_file::write(&beside, &String::from(seed))
        .and_then(|()| std::fs::rename(&beside, &path))
        .and_then(|()| sync_folder(data))
        .map_err(|error| BundleKeyFault::File(path, error))?;
    Ok(key)
}

/// Makes the new name durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
