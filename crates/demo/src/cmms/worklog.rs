//! The work log of the demo CMMS: facts reported against an order, each under an external reference.

use fettle_domain::{Decimal, Timestamp};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::order;
use crate::answer::{Call, Reply, Target, check_reference, check_text, ok, posted, read, refuse};
use crate::table::{Side, counter, log};

/// First number of a log line.
const FIRST_LOG: i64 = 70_000_000;

/// A fact as the API takes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    externalrefid: String,
    /// `LABOR`, `NOTE`, `READING`, `CHECK`, `MATERIAL` or `FAILURE`.
    logtype: String,
    #[serde(default)]
    laborcode: Option<String>,
    #[serde(default)]
    taskid: Option<u32>,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    minutes: Option<i64>,
    /// Name of the meter of a reading.
    #[serde(default)]
    meter: Option<String>,
    #[serde(default)]
    value: Option<Decimal>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    itemnum: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    logdate: Option<Timestamp>,
}

pub(super) fn add(connection: &Connection, wonum: &str, call: &Call<'_>, now: Timestamp) -> Reply {
    let fact: Fact = read(call.body)?;
    check_reference(&fact.externalrefid)?;
    check_text("text", fact.text.as_deref().unwrap_or_default())?;
    if !["LABOR", "NOTE", "READING", "CHECK", "MATERIAL", "FAILURE"]
        .contains(&fact.logtype.as_str())
    {
        return Err(refuse(
            400,
            "UNKNOWN_LOGTYPE",
            format!("no log type {}", fact.logtype),
        ));
    }
    order::refuse_closed(&order::get(connection, wonum)?)?;
    let lognum = counter::next(connection, Side::Cmms, "lognum", FIRST_LOG)?.to_string();
    let mut body = json!(fact);
    body["lognum"] = json!(lognum);
    body["wonum"] = json!(wonum);
    body["createdate"] = json!(now);
    let (number, kind, reference) = (lognum.as_str(), "worklog", fact.externalrefid.as_str());
    log::add(
        connection,
        &log::Line {
            number,
            kind,
            wonum,
            reference,
            body: &body,
        },
    )?;
    posted(&body)
}

pub(super) fn find(connection: &Connection, target: &Target<'_>) -> Reply {
    let lines = log::find(
        connection,
        "worklog",
        target.get("wonum"),
        target.get("externalrefid"),
    )?;
    ok(&json!({ "member": lines }))
}
