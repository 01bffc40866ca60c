//! The restricted file of one person: prices and costs, readable only while that person is unlocked.

use fettle_domain::PersonId;
use rusqlite::Connection;

/// An open restricted file. The feeds that fill it come with prices and costs.
#[derive(Debug)]
pub struct Restricted {
    person: PersonId,
    #[expect(
        dead_code,
        reason = "the file is made and opened now; its feeds follow"
    )]
    connection: Connection,
}

impl Restricted {
    pub(crate) fn new(person: PersonId, connection: Connection) -> Self {
        Self { person, connection }
    }

    /// Whose file it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }
}
