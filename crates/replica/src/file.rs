//! Opening one SQLCipher file: key first, then format, settings and migrations.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::fault::OpenFault;
use crate::key::ReplicaKey;

mod work_steps {
    refinery::embed_migrations!("../../migrations/replica");
}
mod catalogue_steps {
    refinery::embed_migrations!("../../migrations/replica-catalogue");
}
mod restricted_steps {
    refinery::embed_migrations!("../../migrations/replica-restricted");
}

/// The newest format this program writes; a file that needs a later one is refused unharmed.
const FORMAT: i64 = 1;
/// Page cache of each connection in KiB: a miss costs a decryption.
const CACHE_KIB: i64 = 16_384;

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What may never be lost.
    Work,
    /// What the hub can send again.
    Catalogue,
    /// What one person may see.
    Restricted,
}

impl Kind {
    fn runner(self) -> refinery::Runner {
        match self {
            Self::Work => work_steps::migrations::runner(),
            Self::Catalogue => catalogue_steps::migrations::runner(),
            Self::Restricted => restricted_steps::migrations::runner(),
        }
    }

    fn synchronous(self) -> &'static str {
        match self {
            // *Saved on this laptop* means on the disk.
            Self::Work => "FULL",
            Self::Catalogue | Self::Restricted => "NORMAL",
        }
    }
}

/// A file of the replica.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

impl File {
    /// Opens the file, made when it is not there, at the newest schema.
    pub(crate) fn open(&self, key: &ReplicaKey) -> Result<Connection, OpenFault> {
        let mut connection = self.connect(key, OpenFlags::default())?;
        check_format(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A later program may have added steps that this one can live with: it set the format.
        self.kind
            .runner()
            .set_abort_missing(false)
            .run(&mut connection)
            .map_err(migrate_fault)?;
        // Only where it says something else: a full disk must open, too.
        if format_of(&connection)? != FORMAT {
            connection.pragma_update(None, "user_version", FORMAT)?;
        }
        Ok(connection)
    }

    /// A second connection that only reads, so that a long write never holds up a screen.
    pub(crate) fn open_reader(&self, key: &ReplicaKey) -> Result<Connection, OpenFault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        self.connect(key, flags)
    }

    /// A connection to a file that may not be readable: the key is set and nothing is read.
    pub(crate) fn open_blind(&self, key: &ReplicaKey) -> Result<Connection, OpenFault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.pragma_update(None, "key", key.pragma(&self.name).as_str())?;
        Ok(connection)
    }

    fn connect(&self, key: &ReplicaKey, flags: OpenFlags) -> Result<Connection, OpenFault> {
        let connection = Connection::open_with_flags(&self.path, flags)?;
        // The key must be the first statement.
        connection.pragma_update(None, "key", key.pragma(&self.name).as_str())?;
        // A wrong key shows at the first read.
        connection.pragma_query_value(None, "schema_version", |_| Ok(()))?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "synchronous", self.kind.synchronous())?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(connection)
    }
}

fn format_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn check_format(connection: &Connection) -> Result<(), OpenFault> {
    let needs = format_of(connection)?;
    if needs > FORMAT {
        return Err(OpenFault::Newer { needs });
    }
    Ok(())
}

fn migrate_fault(error: refinery::Error) -> OpenFault {
    use std::error::Error;
    let sqlite = error
        .source()
        .and_then(|source| source.downcast_ref::<rusqlite::Error>())
        .and_then(rusqlite::Error::sqlite_error_code);
    match sqlite {
        Some(rusqlite::ErrorCode::DiskFull) => OpenFault::DiskFull,
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            OpenFault::Damaged
        }
        _ => OpenFault::Migrate(Box::new(error)),
    }
}

/// What the folder says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCheck {
    /// The key the folder was made with.
    Fits,
    /// Another key.
    Other,
    /// The folder says nothing.
    Unknown,
}

/// Compares the key with the one the folder was made with.
pub(crate) fn check_key(folder: &Path, key: &ReplicaKey) -> Result<KeyCheck, OpenFault> {
    match std::fs::read(folder.join(CHECK_FILE)) {
        Ok(stored) if stored == key.check() => Ok(KeyCheck::Fits),
        Ok(_) => Ok(KeyCheck::Other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(KeyCheck::Unknown),
        Err(error) => Err(error.into()),
    }
}

/// Notes which key the folder was made with.
pub(crate) fn write_check(folder: &Path, key: &ReplicaKey) -> Result<(), OpenFault> {
    let path = folder.join(CHECK_FILE);
    std::fs::write(&path, key.check())?;
    std::fs::File::open(path)?.sync_all()?;
    Ok(())
}

const CHECK_FILE: &str = "key-check";
