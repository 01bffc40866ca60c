//! The replica's key: 32 raw bytes from the keyring, from which each file's key derives.

use std::fmt;

use zeroize::Zeroizing;

/// The key of a replica. Never printed, wiped from memory when dropped.
#[derive(Clone)]
pub struct ReplicaKey(Zeroizing<[u8; 32]>);

impl ReplicaKey {
    /// A key from its raw bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The statement value that opens the file `name`: a raw key, which needs no derivation by SQLCipher.
    pub(crate) fn pragma(&self, name: &str) -> Zeroizing<String> {
        let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 key of a replica file");
        hasher.update(&*self.0);
        hasher.update(name.as_bytes());
        Zeroizing::new(format!("x'{}'", hasher.finalize().to_hex()))
    }

    /// A key for another use than a file of SQLite.
    pub(crate) fn derive(&self, context: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(blake3::derive_key(context, &*self.0))
    }

    /// What tells a wrong key from a damaged file; says nothing about the key.
    pub(crate) fn check(&self) -> [u8; 32] {
        blake3::derive_key("fettle 2026 check of a replica key", &*self.0)
    }
}

impl fmt::Debug for ReplicaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplicaKey(…)")
    }
}
