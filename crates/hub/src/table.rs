//! The SQL of the hub's SQLite store, one file per table.
//!
//! Functions take a connection that stands in somebody's transaction and decide nothing.

pub(crate) mod accept;
pub(crate) mod account;
pub(crate) mod actor;
pub(crate) mod attachment;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod case;
pub(crate) mod chain_item;
pub(crate) mod compensation;
pub(crate) mod device;
pub(crate) mod device_cursor;
pub(crate) mod document;
pub(crate) mod effect;
pub(crate) mod effect_dependency;
pub(crate) mod enrolment_code;
pub(crate) mod external_id;
pub(crate) mod feed;
pub(crate) mod held_change;
pub(crate) mod held_roles;
pub(crate) mod import;
pub(crate) mod intent;
pub(crate) mod item;
pub(crate) mod log;
pub(crate) mod meta;
pub(crate) mod official_row;
pub(crate) mod order_reread;
pub(crate) mod order_shadow;
pub(crate) mod person;
pub(crate) mod plan_clash;
pub(crate) mod poll_cursor;
pub(crate) mod quarantine;
pub(crate) mod record;
pub(crate) mod restored_verdict;
pub(crate) mod revision;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod session_reader;
pub(crate) mod store_file;
pub(crate) mod work_order;

use fettle_sync::frame::{from_cbor, to_cbor};
use rusqlite::Result;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A column that holds something this program did not write.
pub(crate) fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
}

/// Writes a value as CBOR.
pub(crate) fn cbor<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    to_cbor(value).map_err(malformed)
}

/// Reads a value written by [`cbor`].
pub(crate) fn read_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    from_cbor(bytes).map_err(malformed)
}

/// Writes a value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(malformed)
}

/// Reads a value written by [`json`].
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(malformed)
}

/// Reads an id of 16 bytes.
pub(crate) fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}
