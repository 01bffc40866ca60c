//! Settings: opaque values of the desk that must survive, such as who is enrolled and PIN attempts.

use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::setting;

impl Replica {
    /// The value of a setting.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        setting::read(&self.reader(), &desk(name))
    }

    /// Writes a setting; durable on return.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn put_setting(&self, name: &str, value: &[u8]) -> Result<(), Fault> {
        setting::write(&self.work(), &desk(name), value)
    }

    /// Removes a setting.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn remove_setting(&self, name: &str) -> Result<(), Fault> {
        setting::remove(&self.work(), &desk(name))
    }
}

// The replica's own settings live beside the desk's under other names.
pub(crate) fn desk(name: &str) -> String {
    format!("desk/{name}")
}

/// The desk's name of a setting; `None` for the replica's own.
pub(crate) fn of_desk(name: &str) -> Option<&str> {
    name.strip_prefix("desk/")
}
