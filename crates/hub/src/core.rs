//! The hub without sockets and clocks: what one transaction does, given `now` and any secrets.
//!
//! [`Core`] stands inside somebody's transaction; the store's writer thread and the inline
//! [`Hub`] of a simulation run the same code.

mod account;
mod attachment;
mod backup;
mod bundle;
mod case;
mod change;
mod compact;
mod dead_letter;
mod device;
mod effect;
mod epoch;
mod exchange;
mod import;
mod intent;
mod late;
mod master;
mod offer;
mod order;
mod person;
mod plan;
mod plan_record;
mod proposal;
mod push;
mod quarantine;
mod race;
mod reader;
mod resolve;
mod rows;
mod sealed;
mod settle;
mod slice;
mod step_case;
mod take_back;

use std::path::Path;
use std::sync::Arc;

use fettle_document::RecentDocuments;
use fettle_domain::charter::Charter;
use fettle_domain::{Refusal, Timestamp};
use fettle_sync::bundle::BundleSecret;
use fettle_sync::exchange::{BadExchange, UpExchange};
use rusqlite::Connection;
use uuid::Uuid;

pub use account::{
    LOCK_MS, SecretBytes, SessionInfo, WRONG_PASSWORDS_MAX, hash_password, is_password,
};
pub use backup::{BackupReport, copy_attachments, restore, verify_backup};
pub use bundle::BundleReport;
pub use case::Opening;
pub use device::{NewCode, Standing};
pub use exchange::Arrived;
pub(crate) use import::{CHUNK as IMPORT_CHUNK, News, id_of_file};
pub use import::{KnownImport, UndoPlace};
pub use master::{Masters, Rows};
pub use person::{NewPerson, PersonAccount};
pub use quarantine::{Kept, KeptContent, Release};
pub use rows::Totals;

use crate::effect::{Claimed, Outcome};

mod steps {
    refinery::embed_migrations!("../../migrations/hub-sqlite");
}

/// Why the store could not do what was asked; nothing of it is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// SQLite refused.
    #[error("failed to use the hub's database")]
    Sqlite(#[from] rusqlite::Error),
    /// A migration failed.
    #[error("failed to migrate the hub's database")]
    Migrate(#[from] refinery::Error),
    /// A file could not be read or written.
    #[error("failed to read or write a file of the hub")]
    File(#[from] std::io::Error),
    /// Something stored is not what this program writes.
    #[error("the hub's database holds what cannot be read: {0}")]
    Content(String),
    /// The store is shut down.
    #[error("the hub's store is shut down")]
    Closed,
}

/// What the store does once it is asked: the answer, or a rule that says no.
pub type Answer<T> = Result<Result<T, Refusal>, StoreFault>;

/// What a company decides about its hub.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The authority charter in force.
    pub charter: Charter,
    /// How long a session lasts, in milliseconds.
    pub session_ms: i64,
    /// How long a PIN opens a person's work without a connection, in days.
    pub offline_days: u32,
    /// How long an enrolment code can be used, in milliseconds.
    pub code_ms: i64,
    /// How long after sending an outside system may still be at work, in milliseconds: only
    /// after that is "not there" believed.
    pub settle_ms: i64,
    /// True when photos keep where they were taken.
    pub keeps_position: bool,
    /// Years for which laptops keep orders that are over; `None` for all of them.
    pub closed_years: Option<u16>,
    /// Hash of the password of the demo people's accounts; `None` where people have their own.
    pub demo_password_hash: Option<String>,
    /// Opens bundles; `None` where there is no key, and then none is taken.
    pub bundle: Option<Arc<BundleSecret>>,
}

impl Policy {
    /// A shift's session, a fortnight offline, codes for a day, half a minute of an outside call.
    #[must_use]
    pub fn new(charter: Charter) -> Self {
        Self {
            charter,
            session_ms: 12 * 3_600_000,
            offline_days: 14,
            code_ms: 24 * 3_600_000,
            settle_ms: 35_000,
            keeps_position: false,
            closed_years: None,
            demo_password_hash: None,
            bundle: None,
        }
    }
}

/// The hub inside one transaction.
#[derive(Clone, Copy)]
pub struct Core<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) policy: &'a Policy,
    pub(crate) recent: &'a RecentDocuments,
}

/// The hub on one connection, without threads: for simulations and commands.
pub struct Hub {
    connection: Connection,
    policy: Arc<Policy>,
    recent: RecentDocuments,
}

impl Hub {
    /// Opens a file, or memory when there is none, and brings it to the newest schema.
    ///
    /// # Errors
    /// [`StoreFault`] when the file cannot be used.
    pub fn open(file: Option<&Path>, policy: Arc<Policy>) -> Result<Self, StoreFault> {
        Ok(Self {
            connection: open(file)?,
            policy,
            recent: RecentDocuments::default(),
        })
    }

    /// Does something in one transaction; nothing is kept when it fails.
    ///
    /// # Errors
    /// What `work` answers, and [`StoreFault`] when it cannot be committed.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(Core<'_>) -> Result<T, StoreFault>,
    ) -> Result<T, StoreFault> {
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done = work(Core {
            connection: &transaction,
            policy: &self.policy,
            recent: &self.recent,
        })?;
        transaction.commit()?;
        Ok(done)
    }

    /// Reads something.
    ///
    /// # Errors
    /// What `work` answers.
    pub fn read<T>(
        &self,
        work: impl FnOnce(Core<'_>) -> Result<T, StoreFault>,
    ) -> Result<T, StoreFault> {
        work(Core {
            connection: &self.connection,
            policy: &self.policy,
            recent: &self.recent,
        })
    }

    /// One whole exchange: what arrived is committed, then the answer is made.
    ///
    /// # Errors
    /// [`ExchangeFault`] when the request is none or the store fails.
    pub fn exchange(
        &mut self,
        session: &SessionInfo,
        request: &[u8],
        now: Timestamp,
    ) -> Result<Vec<u8>, ExchangeFault> {
        let exchange = UpExchange::decode(request)?;
        let arrived = self.write(|core| core.accept(session, &exchange, now))?;
        Ok(self.read(|core| core.answer(session, &exchange, &arrived, now))?)
    }

    /// Takes one page of masters or orders.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn ingest(
        &mut self,
        masters: &Masters,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.write(|core| core.ingest(masters, None, read_at, now))
    }

    /// Claims effects that are due.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn due_effects(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreFault> {
        self.write(|core| core.claim_effects(now, limit))
    }

    /// Writes what came of an attempt.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn effect_answered(
        &mut self,
        claimed: &Claimed,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        self.write(|core| core.effect_answered(claimed.id, claimed.attempt, outcome, now))
    }
}

/// Why an exchange was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeFault {
    /// The request is none.
    #[error(transparent)]
    Bad(#[from] BadExchange),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Opens a connection with the settings every connection of the hub has.
pub(crate) fn open(file: Option<&Path>) -> Result<Connection, StoreFault> {
    let mut connection = match file {
        Some(path) => Connection::open(path)?,
        None => Connection::open_in_memory()?,
    };
    connect(&connection)?;
    // Ids are random, so a page of a long list touches every corner of an index: the writer keeps
    // what it can in memory, and a page that many commits change reaches the file once.
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    // What a job may take back goes to a file once it is much: in memory, SQLite walks all of it
    // after every statement, and a page of a thousand rows takes a second.
    connection.pragma_update(None, "temp_store", "FILE")?;
    steps::migrations::runner().run(&mut connection)?;
    Ok(connection)
}

/// Opens one more connection to a file that [`open`] has prepared.
pub(crate) fn open_again(path: &Path) -> Result<Connection, StoreFault> {
    let connection = Connection::open(path)?;
    connect(&connection)?;
    Ok(connection)
}

/// Pages of the store the writer keeps in memory, in KiB.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Pages of 4 KiB after which what was committed is brought into the file.
const WAL_PAGES: i64 = 16_384;

fn connect(connection: &Connection) -> Result<(), StoreFault> {
    // A command beside a running hub waits for the writer instead of failing.
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What is acknowledged must survive the loss of power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// The time in ids that hold none of their own: the first day of 2026.
const LASTING_MS: i64 = 1_767_225_600_000;

/// An id that rests on nothing but what it is the id of: a store restored from a backup gives it
/// again.
pub(crate) fn lasting_id(kind: &str, of: &[u8]) -> Uuid {
    derived_id(kind, of, Timestamp::from_ms(LASTING_MS))
}

/// An id that rests on what it is the id of, so that the same thing gets the same id again.
pub(crate) fn derived_id(kind: &str, of: &[u8], now: Timestamp) -> Uuid {
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 derived id");
    hasher.update(kind.as_bytes());
    hasher.update(&[0]);
    hasher.update(of);
    let mut random = [0; 10];
    hasher.finalize_xof().fill(&mut random);
    let ms = u64::try_from(now.as_ms()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}
