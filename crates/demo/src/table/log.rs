//! What was reported to the demo CMMS: facts of the work log, changes of status and plan.

use rusqlite::{Connection, Result};
use serde_json::Value;

use super::master;

/// A line to write.
pub(crate) struct Line<'a> {
    pub(crate) number: &'a str,
    /// `worklog`, `statuschange` or `planchange`.
    pub(crate) kind: &'a str,
    pub(crate) wonum: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) body: &'a Value,
}

/// Adds a line.
pub(crate) fn add(connection: &Connection, line: &Line<'_>) -> Result<()> {
    connection.execute(
        "INSERT INTO cmms_log (lognum, kind, wonum, reference, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            line.number,
            line.kind,
            line.wonum,
            line.reference,
            line.body.to_string(),
        ),
    )?;
    Ok(())
}

/// Lines of a kind, of an order or of a reference, in the order they were written.
pub(crate) fn find(
    connection: &Connection,
    kind: &str,
    wonum: Option<&str>,
    reference: Option<&str>,
) -> Result<Vec<Value>> {
    connection
        .prepare_cached(
            "SELECT body FROM cmms_log WHERE kind = ?1 AND (?2 IS NULL OR wonum = ?2)
             AND (?3 IS NULL OR reference = ?3) ORDER BY lognum LIMIT 500",
        )?
        .query_map((kind, wonum, reference), |row| {
            Ok(master::parse(&row.get::<_, String>(0)?))
        })?
        .collect()
}

/// How many lines each reference has.
pub(crate) fn count_by_reference(connection: &Connection) -> Result<Vec<(String, i64)>> {
    connection
        .prepare_cached(
            "SELECT reference, count(*) FROM cmms_log WHERE reference <> ''
             GROUP BY reference ORDER BY 1",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
