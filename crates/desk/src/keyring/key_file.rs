//! The key file: 64 hexadecimal digits, readable by its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use fettle_sync::request::HexKey;
use zeroize::Zeroizing;

use super::{KeyringFault, RootSecret};

/// Most bytes read: the digits and a line end.
const FILE_MAX_BYTES: u64 = 66;

pub(super) fn read(path: &Path) -> Result<Option<RootSecret>, KeyringFault> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(KeyringFault::File(error)),
    };
    check_private(&file)?;
    let mut text = Zeroizing::new(String::new());
    // One byte more than allowed, so that a longer file is noticed and not cut.
    file.take(FILE_MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => KeyringFault::NotAKey,
            _ => KeyringFault::File(error),
        })?;
    let key = HexKey::try_from(text.trim_end().to_owned()).map_err(|_| KeyringFault::NotAKey)?;
    Ok(Some(RootSecret::new(key.0)))
}

/// Makes the file anew; one that exists meanwhile is never overwritten.
pub(super) fn create(path: &Path, root: &RootSecret) -> Result<(), KeyringFault> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(KeyringFault::File)?;
    }
    let digits = Zeroizing::new(String::from(HexKey(*root.0)));
    let mut file = private_options().open(path).map_err(KeyringFault::File)?;
    file.write_all(digits.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(KeyringFault::File)
}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

#[cfg(unix)]
fn check_private(file: &File) -> Result<(), KeyringFault> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file
        .metadata()
        .map_err(KeyringFault::File)?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(KeyringFault::OpenToOthers)
    }
}

/// Elsewhere the folder's access list decides who may read the file.
#[cfg(not(unix))]
fn check_private(_: &File) -> Result<(), KeyringFault> {
    Ok(())
}
