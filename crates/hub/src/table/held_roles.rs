//! Roles people held until they were changed: what somebody decided is judged by them.

use std::collections::BTreeMap;

use fettle_domain::person::{HeldRoles, Role};
use fettle_domain::{PersonId, Timestamp};
use rusqlite::{Connection, Result};
use uuid::Uuid;

use super::{json, read_json};

/// Notes until when a person held roles.
pub(crate) fn put(
    connection: &Connection,
    person: PersonId,
    roles: &[Role],
    until: Timestamp,
) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO held_roles (person, until, roles) VALUES (?1, ?2, ?3)",
        (person.0.into_bytes(), until.as_ms(), json(&roles)?),
    )?;
    Ok(())
}

/// Everybody's, oldest first.
pub(crate) fn all(connection: &Connection) -> Result<BTreeMap<PersonId, Vec<HeldRoles>>> {
    let mut statement = connection
        .prepare_cached("SELECT person, until, roles FROM held_roles ORDER BY person, until")?;
    let mut rows = statement.query([])?;
    let mut held: BTreeMap<PersonId, Vec<HeldRoles>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let person = PersonId(Uuid::from_bytes(row.get(0)?));
        held.entry(person).or_default().push(HeldRoles {
            until: Timestamp::from_ms(row.get(1)?),
            roles: read_json(&row.get::<_, String>(2)?)?,
        });
    }
    Ok(held)
}
