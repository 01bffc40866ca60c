//! Work orders of the demo CMMS: listing, creating, changing status.

use fettle_domain::Timestamp;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::members;
use crate::answer::{
    Call, No, Reply, Target, check_reference, check_text, ok, posted, read, refuse,
};
use crate::table::order::{self, Order};
use crate::table::{Side, counter, log, master};
use crate::world::{self, WorkOrder};

/// Legal pairs in this system's own words; what is not here is refused.
const LEGAL: &[(&str, &[&str])] = &[
    ("WAPPR", &["APPR", "CAN"]),
    ("APPR", &["WMATL", "WPCOND", "WSCH", "INPRG", "CAN"]),
    ("WMATL", &["WSCH", "INPRG", "CAN"]),
    ("WPCOND", &["WSCH", "CAN"]),
    ("WSCH", &["SCHD", "INPRG", "CAN"]),
    ("SCHD", &["DISPATCHED", "INPRG", "CAN"]),
    ("DISPATCHED", &["INPRG", "CAN"]),
    ("INPRG", &["ONHOLD", "WMATL", "COMP"]),
    ("ONHOLD", &["INPRG"]),
    ("COMP", &["INPRG", "CLOSE"]),
    ("CLOSE", &[]),
    ("CAN", &[]),
];

/// Most operations, checklist lines and planned materials an order may have.
const LINES_MAX: usize = 500;

/// Numbers of status changes start after this one.
const FIRST_TRANSID: i64 = 88_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    externalrefid: String,
    wo: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: String,
    #[serde(default)]
    memo: Option<String>,
    #[serde(default)]
    externalrefid: Option<String>,
    #[serde(default)]
    statusdate: Option<Timestamp>,
}

/// The order as the API shows it.
pub(super) fn shown(order: &Order) -> Value {
    let mut body = order.body.clone();
    body["status"] = json!(order.status);
    body["externalrefid"] = json!(order.reference);
    body["_rowstamp"] = json!(order.change.to_string());
    body
}

pub(super) fn insert(
    connection: &Connection,
    work_order: &WorkOrder,
    reference: Option<String>,
    now: Timestamp,
) -> rusqlite::Result<Order> {
    let mut order = Order {
        wonum: work_order.wonum.clone(),
        status: work_order.status.clone(),
        change: 0,
        reference,
        body: json!(work_order),
    };
    order.body["changedate"] = json!(now);
    order::put(connection, &mut order)?;
    Ok(order)
}

/// The order, or the refusal that it is not known.
pub(super) fn get(connection: &Connection, wonum: &str) -> Result<Order, No> {
    order::get(connection, wonum)?.ok_or_else(|| {
        refuse(
            404,
            "UNKNOWN_ORDER",
            format!("work order {wonum} does not exist"),
        )
    })
}

/// Refuses an order that takes no more facts.
pub(super) fn refuse_closed(order: &Order) -> Result<(), No> {
    if matches!(order.status.as_str(), "CLOSE" | "CAN") {
        let message = format!("work order {} is {}", order.wonum, order.status);
        return Err(refuse(409, "CLOSED_ORDER", message));
    }
    Ok(())
}

pub(super) fn list(connection: &Connection, target: &Target<'_>) -> Reply {
    if let Some(reference) = target.get("externalrefid") {
        let orders = order::by_reference(connection, reference)?;
        return ok(&json!({ "member": orders.iter().map(shown).collect::<Vec<_>>() }));
    }
    let page = target.page("changedsince", "pagesize")?;
    let orders = order::changed(connection, page)?;
    members(
        orders
            .iter()
            .map(|order| (order.change, shown(order)))
            .collect(),
        page,
    )
}

pub(super) fn show(connection: &Connection, wonum: &str) -> Reply {
    ok(&shown(&get(connection, wonum)?))
}

pub(super) fn create(connection: &Connection, call: &Call<'_>, now: Timestamp) -> Reply {
    let NewOrder {
        externalrefid,
        mut wo,
    } = read(call.body)?;
    check_reference(&externalrefid)?;
    if !wo.is_object() {
        return Err(refuse(400, "BAD_JSON", "wo is not an object"));
    }
    // The number is this system's own; a client's is overwritten.
    wo["wonum"] = json!("");
    let mut work_order: WorkOrder =
        serde_json::from_value(wo).map_err(|error| refuse(400, "BAD_JSON", error.to_string()))?;
    check(connection, &work_order)?;
    work_order.wonum =
        counter::next(connection, Side::Cmms, "wonum", world::next_order_number())?.to_string();
    posted(&shown(&insert(
        connection,
        &work_order,
        Some(externalrefid),
        now,
    )?))
}

/// Refuses an order this system would not hold.
pub(super) fn check(connection: &Connection, work_order: &WorkOrder) -> Result<(), No> {
    check_text("description", &work_order.description)?;
    check_text(
        "description_longdescription",
        &work_order.description_longdescription,
    )?;
    let lines = work_order
        .woactivity
        .iter()
        .map(|a| a.checklist.len() + 1)
        .sum::<usize>();
    if lines > LINES_MAX || work_order.wpmaterial.len() > LINES_MAX {
        return Err(refuse(
            400,
            "TOO_LONG",
            format!("more than {LINES_MAX} lines"),
        ));
    }
    if !LEGAL.iter().any(|(status, _)| *status == work_order.status) {
        return Err(refuse(
            400,
            "UNKNOWN_STATUS",
            format!("no status {}", work_order.status),
        ));
    }
    if !(1..=4).contains(&work_order.wopriority) {
        return Err(refuse(400, "BAD_PRIORITY", "wopriority is 1 to 4"));
    }
    let must_exist = |kind, code: &'static str, number: &str| match master::get(
        connection,
        Side::Cmms,
        kind,
        number,
    ) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(refuse(422, code, format!("{kind} {number} does not exist"))),
        Err(error) => Err(No::Broken(error)),
    };
    must_exist("site", "UNKNOWN_SITE", &work_order.siteid)?;
    if let Some(asset) = &work_order.assetnum {
        must_exist("asset", "UNKNOWN_ASSET", asset)?;
    }
    if let Some(location) = &work_order.location {
        must_exist("location", "UNKNOWN_LOCATION", location)?;
    }
    work_order
        .assignments
        .iter()
        .try_for_each(|labor| must_exist("labor", "UNKNOWN_LABOR", labor))
}

pub(super) fn change_status(
    connection: &Connection,
    wonum: &str,
    call: &Call<'_>,
    now: Timestamp,
) -> Reply {
    let wanted: NewStatus = read(call.body)?;
    check_text("memo", wanted.memo.as_deref().unwrap_or_default())?;
    wanted
        .externalrefid
        .as_deref()
        .map_or(Ok(()), check_reference)?;
    let mut order = get(connection, wonum)?;
    if wanted.status == order.status {
        // A status that holds already is no change: it is noted and nothing else happens.
        return answer_status(connection, &order, &wanted, now);
    }
    refuse_closed(&order)?;
    refuse_stale(&order, call.if_match)?;
    let next = LEGAL
        .iter()
        .find(|(from, _)| *from == order.status)
        .map_or(&[][..], |(_, to)| to);
    if !next.contains(&wanted.status.as_str()) {
        let message = format!(
            "{wonum} is {} and cannot become {}",
            order.status, wanted.status
        );
        return Err(refuse(409, "ILLEGAL_STATUS", message));
    }
    let stated = wanted.statusdate.unwrap_or(now);
    match wanted.status.as_str() {
        "INPRG" if order.body["actstart"].is_null() => order.body["actstart"] = json!(stated),
        "COMP" => order.body["actfinish"] = json!(stated),
        _ => {}
    }
    order.body["statusmemo"] = json!(wanted.memo);
    order.status.clone_from(&wanted.status);
    order.body["changedate"] = json!(now);
    order::put(connection, &mut order)?;
    answer_status(connection, &order, &wanted, now)
}

/// Refuses a change decided on an older version of the row.
pub(super) fn refuse_stale(order: &Order, if_match: Option<&str>) -> Result<(), No> {
    if if_match.is_some_and(|stamp| stamp.trim_matches('"') != order.change.to_string()) {
        let message = format!("the row stamp of {} is {}", order.wonum, order.change);
        return Err(refuse(412, "STALE_ROWSTAMP", message));
    }
    Ok(())
}

/// Notes the change under its reference; the answer is the order and the number of the note.
fn answer_status(
    connection: &Connection,
    order: &Order,
    wanted: &NewStatus,
    now: Timestamp,
) -> Reply {
    let transid = counter::next(connection, Side::Cmms, "transid", FIRST_TRANSID)?.to_string();
    let reference = wanted.externalrefid.as_deref().unwrap_or_default();
    let body = json!({ "transid": transid, "wonum": order.wonum, "status": wanted.status,
        "externalrefid": reference, "memo": wanted.memo, "statusdate": wanted.statusdate,
        "createdate": now });
    let (number, kind, wonum) = (transid.as_str(), "statuschange", order.wonum.as_str());
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
    let mut answer = shown(order);
    answer["transid"] = json!(transid);
    posted(&answer)
}

/// Changes of status by order or reference.
pub(super) fn status_changes(connection: &Connection, target: &Target<'_>) -> Reply {
    let (wonum, reference) = (target.get("wonum"), target.get("externalrefid"));
    ok(&json!({ "member": log::find(connection, "statuschange", wonum, reference)? }))
}
