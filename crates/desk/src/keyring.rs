//! The root secret of a laptop: in the operating system's keyring, or in a key file.
//!
//! The only room that touches the keyring. A keyring may hang while it waits for a person who is
//! not there, so every call runs off the async threads and with a time-out. A new secret is made
//! only when the keyring says that there is none and no replica needs one: on any other answer a
//! new secret would orphan unsent work.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fettle_domain::Refusal;
use zeroize::Zeroizing;

mod key_file;

/// Longest wait for the keyring: 20 s, enough for a person to unlock it.
const KEYRING_TIMEOUT: Duration = Duration::from_secs(20);
/// Name the entries are filed under.
const SERVICE: &str = "fettle-desk";
/// Bytes of the root secret.
const ROOT_BYTES: usize = 32;

/// The secret everything on this laptop is encrypted under. Never printed, wiped when dropped.
#[derive(Clone)]
pub struct RootSecret(Zeroizing<[u8; ROOT_BYTES]>);

impl RootSecret {
    /// A secret from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; ROOT_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn random() -> Result<Self, KeyringFault> {
        let mut bytes = Zeroizing::new([0; ROOT_BYTES]);
        getrandom::fill(&mut *bytes).map_err(KeyringFault::Random)?;
        Ok(Self(bytes))
    }

    /// Key of the replica's files.
    #[must_use]
    pub fn replica_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive("fettle 2026 replica key of a laptop")
    }

    /// The keyring's share in every PIN: without it a PIN opens nothing.
    #[must_use]
    pub fn pin_secret(&self) -> Zeroizing<[u8; 32]> {
        self.derive("fettle 2026 pin secret of a laptop")
    }

    fn derive(&self, context: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(blake3::derive_key(context, &*self.0))
    }

    fn is_same(&self, other: &Self) -> bool {
        blake3::hash(&*self.0) == blake3::hash(&*other.0)
    }
}

impl fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootSecret(…)")
    }
}

/// Where the root secret lies.
#[derive(Debug, Clone)]
pub enum KeyPlace {
    /// In the operating system's keyring, one entry per data folder.
    Keyring {
        /// User name of the entry.
        entry: String,
    },
    /// In a file of 64 hexadecimal digits that only its owner may read.
    File(PathBuf),
}

impl KeyPlace {
    /// The place for a data folder: the key file when one is set, else the keyring.
    #[must_use]
    pub fn of(data_dir: &Path, key_file: Option<&Path>) -> Self {
        match key_file {
            Some(path) => Self::File(path.to_owned()),
            None => Self::Keyring {
                entry: entry_name(data_dir),
            },
        }
    }
}

/// Two data folders of one user are two laptops, so each has an entry of its own.
fn entry_name(data_dir: &Path) -> String {
    let absolute = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_owned());
    let hash = blake3::hash(absolute.as_os_str().as_encoded_bytes()).to_hex();
    format!("laptop-{}", &hash[..16])
}

/// Whether files exist that need the secret they were made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicaFiles {
    /// None yet: a new secret may be made.
    Absent,
    /// Some: a missing secret is a fault.
    Present,
}

/// Why there is no root secret.
#[derive(Debug, thiserror::Error)]
pub enum KeyringFault {
    /// The keyring did not answer in time.
    #[error("keyring did not answer within {} s", KEYRING_TIMEOUT.as_secs())]
    TimedOut,
    /// The keyring answered with anything else than an entry or that there is none.
    #[error("failed to use the keyring")]
    Keyring(#[source] keyring::Error),
    /// The thread that asked the keyring ended early.
    #[error("failed to wait for the keyring")]
    Interrupted(#[source] tokio::task::JoinError),
    /// The key file cannot be read or written.
    #[error("failed to use the key file")]
    File(#[source] io::Error),
    /// The key file or the entry holds something else than a secret.
    #[error("key holds something else than 32 bytes")]
    NotAKey,
    /// Others than its owner may read or write the key file.
    #[error("key file is open to others")]
    OpenToOthers,
    /// There is a replica and no secret for it.
    #[error("key of an existing replica is missing")]
    Missing,
    /// What was written reads back as something else.
    #[error("key does not read back as written")]
    NotKept,
    /// The operating system has no random bytes.
    #[error("failed to draw random bytes")]
    Random(#[source] getrandom::Error),
}

impl KeyringFault {
    /// The sentence people see.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal::new(match self {
            Self::Missing => "replica.key_missing",
            Self::NotAKey => "replica.key_wrong",
            Self::TimedOut
            | Self::Keyring(_)
            | Self::Interrupted(_)
            | Self::File(_)
            | Self::OpenToOthers
            | Self::NotKept
            | Self::Random(_) => "keyring.unavailable",
        })
    }
}

/// Reads the root secret; makes one only where there is none and nothing needs an older one.
///
/// # Errors
/// [`KeyringFault`]; the caller then changes nothing on disk.
pub async fn open_root(place: KeyPlace, files: ReplicaFiles) -> Result<RootSecret, KeyringFault> {
    let ask = tokio::task::spawn_blocking(move || open_blocking(&place, files));
    // The thread of a hanging keyring stays behind, idle: it cannot be ended from outside.
    tokio::time::timeout(KEYRING_TIMEOUT, ask)
        .await
        .map_err(|_| KeyringFault::TimedOut)?
        .map_err(KeyringFault::Interrupted)?
}

fn open_blocking(place: &KeyPlace, files: ReplicaFiles) -> Result<RootSecret, KeyringFault> {
    if let Some(root) = read(place)? {
        return Ok(root);
    }
    match files {
        ReplicaFiles::Present => Err(KeyringFault::Missing),
        ReplicaFiles::Absent => create(place),
    }
}

fn read(place: &KeyPlace) -> Result<Option<RootSecret>, KeyringFault> {
    match place {
        KeyPlace::File(path) => key_file::read(path),
        KeyPlace::Keyring { entry } => {
            let entry = keyring_entry(entry)?;
            match entry.get_secret().map(Zeroizing::new) {
                Ok(secret) => <[u8; ROOT_BYTES]>::try_from(secret.as_slice())
                    .map(|bytes| Some(RootSecret::new(bytes)))
                    .map_err(|_| KeyringFault::NotAKey),
                Err(keyring::Error::NoEntry) => Ok(None),
                Err(other) => Err(KeyringFault::Keyring(other)),
            }
        }
    }
}

fn create(place: &KeyPlace) -> Result<RootSecret, KeyringFault> {
    let root = RootSecret::random()?;
    match place {
        KeyPlace::File(path) => key_file::create(path, &root)?,
        KeyPlace::Keyring { entry } => keyring_entry(entry)?
            .set_secret(&*root.0)
            .map_err(KeyringFault::Keyring)?,
    }
    // A replica is encrypted only under a secret that was seen to come back.
    match read(place)? {
        Some(kept) if kept.is_same(&root) => Ok(root),
        Some(_) | None => Err(KeyringFault::NotKept),
    }
}

fn keyring_entry(entry: &str) -> Result<keyring::Entry, KeyringFault> {
    keyring::Entry::new(SERVICE, entry).map_err(KeyringFault::Keyring)
}
