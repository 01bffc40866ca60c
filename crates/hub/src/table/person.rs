//! People as the system of record has them, and what was decided here.

use fettle_domain::PersonId;
use fettle_domain::person::{Person, Role};
use rusqlite::{Connection, OptionalExtension, Result};

use super::{cbor, json, read_cbor, read_json};

/// Writes a person as the system of record has them; what was decided here stays.
pub(crate) fn put(connection: &Connection, person: &Person) -> Result<()> {
    connection.execute(
        "INSERT INTO person (id, body) VALUES (?1, ?2)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        (person.id.0.into_bytes(), cbor(person)?),
    )?;
    Ok(())
}

/// A person with what was decided here.
pub(crate) fn get(connection: &Connection, id: PersonId) -> Result<Option<Person>> {
    connection
        .prepare_cached("SELECT body, roles_here, is_disabled_here FROM person WHERE id = ?1")?
        .query_row([id.0.into_bytes()], person)
        .optional()
}

/// Everybody.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Person>> {
    connection
        .prepare_cached("SELECT body, roles_here, is_disabled_here FROM person ORDER BY id")?
        .query_map([], person)?
        .collect()
}

/// Decides the roles here.
pub(crate) fn set_roles(connection: &Connection, id: PersonId, roles: &[Role]) -> Result<()> {
    connection.execute(
        "UPDATE person SET roles_here = ?2 WHERE id = ?1",
        (id.0.into_bytes(), json(&roles)?),
    )?;
    Ok(())
}

/// Disables or enables a person here.
pub(crate) fn set_disabled(connection: &Connection, id: PersonId, disabled: bool) -> Result<()> {
    connection.execute(
        "UPDATE person SET is_disabled_here = ?2 WHERE id = ?1",
        (id.0.into_bytes(), disabled),
    )?;
    Ok(())
}

fn person(row: &rusqlite::Row<'_>) -> Result<Person> {
    let mut person: Person = read_cbor(&row.get::<_, Vec<u8>>(0)?)?;
    if let Some(roles) = row.get::<_, Option<String>>(1)? {
        person.roles = read_json(&roles)?;
    }
    person.is_disabled |= row.get::<_, bool>(2)?;
    Ok(person)
}
