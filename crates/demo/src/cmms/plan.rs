//! Changes of the plan of an order in the demo CMMS, each over the row its author has seen.

use fettle_domain::{Decimal, Timestamp};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::order::{check, get, refuse_closed, refuse_stale, shown};
use crate::answer::{Call, No, Reply, Target, check_reference, ok, posted, read, refuse};
use crate::table::{Side, counter, log, order};
use crate::world::WorkOrder;

/// Numbers of changes of a plan start after this one.
const FIRST_PLANNUM: i64 = 55_000_000;

/// What may be changed; a field that is not there stays.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    externalrefid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wopriority: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description_longdescription: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    targstartdate: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    targcompdate: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actstart: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actfinish: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    woactivity: Vec<NewActivity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wpmaterial: Vec<NewMaterial>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewActivity {
    taskid: u32,
    description: String,
    craft: String,
    estdurmin: u32,
    quantity: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMaterial {
    line: u32,
    itemqty: Decimal,
}

/// Changes fields of the plan and notes it under its reference; the answer is the order.
pub(super) fn change(
    connection: &Connection,
    wonum: &str,
    call: &Call<'_>,
    now: Timestamp,
) -> Reply {
    let wanted: NewPlan = read(call.body)?;
    check_reference(&wanted.externalrefid)?;
    let mut held = get(connection, wonum)?;
    refuse_closed(&held)?;
    if call.if_match.is_none() {
        let message = format!("a change of the plan of {wonum} names the row stamp it was made on");
        return Err(refuse(428, "ROWSTAMP_NEEDED", message));
    }
    refuse_stale(&held, call.if_match)?;
    write(&mut held.body, &wanted)?;
    let mut whole = held.body.clone();
    whole["status"] = json!(held.status);
    let work_order: WorkOrder = serde_json::from_value(whole)
        .map_err(|error| refuse(400, "BAD_JSON", error.to_string()))?;
    check(connection, &work_order)?;
    held.body["changedate"] = json!(now);
    order::put(connection, &mut held)?;
    let plannum = counter::next(connection, Side::Cmms, "plannum", FIRST_PLANNUM)?.to_string();
    let mut body = json!(wanted);
    body["plannum"] = json!(plannum);
    body["wonum"] = json!(wonum);
    body["createdate"] = json!(now);
    let (number, kind, reference) = (
        plannum.as_str(),
        "planchange",
        wanted.externalrefid.as_str(),
    );
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
    let mut answer = shown(&held);
    answer["plannum"] = json!(plannum);
    posted(&answer)
}

fn write(body: &mut Value, wanted: &NewPlan) -> Result<(), No> {
    let single = [
        ("wopriority", json!(wanted.wopriority)),
        (
            "description_longdescription",
            json!(wanted.description_longdescription),
        ),
        ("targstartdate", json!(wanted.targstartdate)),
        ("targcompdate", json!(wanted.targcompdate)),
        ("actstart", json!(wanted.actstart)),
        ("actfinish", json!(wanted.actfinish)),
    ];
    for (field, value) in single.into_iter().filter(|(_, value)| !value.is_null()) {
        body[field] = value;
    }
    for activity in &wanted.woactivity {
        let at = member(body, "woactivity", "taskid", activity.taskid)
            .ok_or_else(|| unknown("UNKNOWN_TASK", "operation", activity.taskid))?;
        at["description"] = json!(activity.description);
        at["craft"] = json!(activity.craft);
        at["estdurmin"] = json!(activity.estdurmin);
        at["quantity"] = json!(activity.quantity);
    }
    for material in &wanted.wpmaterial {
        if !material.itemqty.is_positive() {
            return Err(refuse(400, "BAD_QUANTITY", "itemqty is above zero"));
        }
        let at = member(body, "wpmaterial", "line", material.line)
            .ok_or_else(|| unknown("UNKNOWN_LINE", "planned material", material.line))?;
        at["itemqty"] = json!(material.itemqty);
    }
    Ok(())
}

/// The member of a list that carries a number.
fn member<'b>(body: &'b mut Value, list: &str, key: &str, number: u32) -> Option<&'b mut Value> {
    let members = body.get_mut(list)?.as_array_mut()?;
    members
        .iter_mut()
        .find(|member| member[key] == json!(number))
}

fn unknown(code: &'static str, what: &str, number: u32) -> No {
    refuse(404, code, format!("the order has no {what} {number}"))
}

/// Changes of plans by order or reference.
pub(super) fn find(connection: &Connection, target: &Target<'_>) -> Reply {
    let (wonum, reference) = (target.get("wonum"), target.get("externalrefid"));
    ok(&json!({ "member": log::find(connection, "planchange", wonum, reference)? }))
}
