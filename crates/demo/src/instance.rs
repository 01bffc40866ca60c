//! Which demo system answers at a port: its name, the file it keeps and its process.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// Path at which a demo system says which one it is.
pub const INSTANCE_PATH: &str = "/admin/instance";

/// What a demo system says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// `cmms` or `erp`.
    pub system: String,
    /// Name of the file it keeps, as [`instance_of`] makes it.
    pub instance: String,
    /// Its process.
    pub pid: u32,
}

/// A name for the file a demo system keeps: the same for the same file, and no path of it.
///
/// # Errors
/// When the file does not exist.
pub fn instance_of(file: &Path) -> std::io::Result<String> {
    let path = std::fs::canonicalize(file)?;
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 instance of a demo system");
    hasher.update(path.as_os_str().as_encoded_bytes());
    let mut name = [0; 16];
    hasher.finalize_xof().fill(&mut name);
    Ok(name.iter().map(|byte| format!("{byte:02x}")).collect())
}
