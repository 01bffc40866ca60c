//! Posted documents of the demo ERP.

use rusqlite::{Connection, OptionalExtension, Result};
use serde_json::Value;

use super::master;

/// A document to write.
pub(crate) struct Document<'a> {
    pub(crate) number: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) reference: &'a str,
    /// Bin whose stock it moved, see [`place`]; empty for labour.
    pub(crate) place: &'a str,
    pub(crate) body: &'a Value,
}

/// The key of a bin's stock in documents.
pub(crate) fn place(material: &str, plant: &str, storeroom: &str, bin: &str) -> String {
    format!("{material}/{plant}/{storeroom}/{bin}")
}

/// Adds a document.
pub(crate) fn add(connection: &Connection, document: &Document<'_>) -> Result<()> {
    let Document {
        number,
        kind,
        reference,
        place,
        body,
    } = document;
    connection.execute(
        "INSERT INTO erp_document (number, kind, reference, place, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        (number, kind, reference, place, body.to_string()),
    )?;
    Ok(())
}

/// One document, with its kind.
pub(crate) fn get(connection: &Connection, number: &str) -> Result<Option<(String, Value)>> {
    connection
        .prepare_cached("SELECT kind, body FROM erp_document WHERE number = ?1")?
        .query_row([number], |row| {
            Ok((row.get(0)?, master::parse(&row.get::<_, String>(1)?)))
        })
        .optional()
}

/// Writes what a later document changed of an earlier one.
pub(crate) fn set_body(connection: &Connection, number: &str, body: &Value) -> Result<()> {
    connection
        .prepare_cached("UPDATE erp_document SET body = ?2 WHERE number = ?1")?
        .execute((number, body.to_string()))?;
    Ok(())
}

/// References of the newest documents that moved the stock of a place, newest first.
pub(crate) fn recent_references(connection: &Connection, place: &str) -> Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT reference FROM erp_document WHERE place = ?1 ORDER BY number DESC LIMIT 50",
        )?
        .query_map([place], |row| row.get(0))?
        .collect()
}

/// Documents of a kind under a reference, or all of the kind, lowest number first.
pub(crate) fn find(
    connection: &Connection,
    kind: &str,
    reference: Option<&str>,
) -> Result<Vec<Value>> {
    connection
        .prepare_cached(
            "SELECT body FROM erp_document WHERE kind = ?1 AND (?2 IS NULL OR reference = ?2)
             ORDER BY number LIMIT 500",
        )?
        .query_map((kind, reference), |row| {
            Ok(master::parse(&row.get::<_, String>(0)?))
        })?
        .collect()
}

/// How many documents each reference has, by kind.
pub(crate) fn count_by_reference(connection: &Connection) -> Result<Vec<(String, String, i64)>> {
    connection
        .prepare_cached(
            "SELECT reference, kind, count(*) FROM erp_document GROUP BY reference, kind ORDER BY 1, 2",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}
