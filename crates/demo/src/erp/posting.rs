//! Postings of the demo ERP: goods issues and time confirmations against a work order.

use fettle_domain::{Decimal, Timestamp};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cost::{self, Element};
use super::reversal::{self, Figure, Reversed};
use crate::answer::{Call, No, Reply, check_reference, check_text, posted, read, refuse};
use crate::table::document::Document;
use crate::table::{Side, counter, document, master, stock};

/// Numbers of goods issues start after this one.
const FIRST_ISSUE: i64 = 4_900_001_200;
/// Numbers of time confirmations start after this one.
const FIRST_CONFIRMATION: i64 = 5_000_000_400;
/// Most hours of one confirmation: one person's day.
const HOURS_MAX: i64 = 24;
/// Rate of an hour by activity type, in euros.
const RATES: &[(&str, i64)] = &[("MECH", 58), ("ELEC", 62), ("TRAVEL", 45)];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Issue {
    reference_document: String,
    order_number: String,
    material: String,
    plant: String,
    storage_location: String,
    storage_bin: String,
    quantity: Decimal,
    entry_unit: String,
    cost_center: String,
    posting_date: Timestamp,
    #[serde(default)]
    document_header_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reversed_document: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Confirmation {
    reference_document: String,
    order_number: String,
    personnel_number: String,
    activity_type: String,
    hours: Decimal,
    cost_center: String,
    posting_date: Timestamp,
    #[serde(default)]
    confirmation_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reversed_document: Option<String>,
}

/// Takes stock out of a bin; a negative quantity brings back what an earlier issue took, and names it
/// when it reverses one.
pub(super) fn issue(connection: &Connection, call: &Call<'_>, now: Timestamp) -> Reply {
    let issue: Issue = read(call.body)?;
    check_text(
        "DocumentHeaderText",
        issue.document_header_text.as_deref().unwrap_or_default(),
    )?;
    check_reference(&issue.reference_document)?;
    check_account(
        connection,
        &issue.order_number,
        &issue.cost_center,
        issue.posting_date,
    )?;
    let material = master::get(connection, Side::Erp, "Material", &issue.material)?
        .ok_or_else(|| unknown("UNKNOWN_MATERIAL", "material", &issue.material))?;
    if material["IsMarkedForDeletion"] == json!(true) {
        let message = format!("material {} is marked for deletion", issue.material);
        return Err(refuse(422, "INACTIVE_MATERIAL", message));
    }
    if material["BaseUnit"] != json!(issue.entry_unit) {
        let message = format!(
            "material {} is kept in {}",
            issue.material, material["BaseUnit"]
        );
        return Err(refuse(422, "WRONG_UNIT", message));
    }
    if issue.quantity == Decimal::ZERO {
        return Err(refuse(422, "BAD_QUANTITY", "the quantity is zero"));
    }
    let reversed = reversal::check(
        connection,
        "GoodsIssue",
        issue.reversed_document.as_deref(),
        &Figure {
            order: &issue.order_number,
            name: "Quantity",
            value: issue.quantity,
        },
    )?;
    move_stock(connection, &issue)?;
    // What is taken back goes back at the value it was charged at, whatever it costs today.
    let value = match reversed.as_ref().and_then(Reversed::amount) {
        Some(amount) => Decimal::ZERO - amount,
        None => cost::of_material(connection, &issue.material, &issue.plant, issue.quantity)?,
    };
    cost::add(
        connection,
        (&issue.order_number, &issue.cost_center),
        Element::Material,
        value,
        now,
    )?;
    let number = counter::next(connection, Side::Erp, "GoodsIssue", FIRST_ISSUE)?.to_string();
    let mut body = json!(issue);
    body["MaterialDocument"] = json!(number);
    body["Amount"] = json!(value);
    reversal::mark(connection, reversed, &number)?;
    let Issue {
        material,
        plant,
        storage_location,
        storage_bin,
        ..
    } = &issue;
    let place = document::place(material, plant, storage_location, storage_bin);
    let document = Document {
        number: &number,
        kind: "GoodsIssue",
        reference: &issue.reference_document,
        place: &place,
        body: &body,
    };
    post(connection, &document, now)
}

fn move_stock(connection: &Connection, issue: &Issue) -> Result<(), No> {
    let (plant, room, bin) = (&issue.plant, &issue.storage_location, &issue.storage_bin);
    let mut balance =
        stock::get(connection, &issue.material, plant, room, bin)?.ok_or_else(|| {
            let place = format!("{} in {plant}/{room}/{bin}", issue.material);
            unknown("UNKNOWN_BIN", "stock of", &place)
        })?;
    if balance.on_hand < issue.quantity {
        let message = format!(
            "{} of {} in {bin}, {} wanted",
            balance.on_hand, issue.material, issue.quantity
        );
        return Err(refuse(422, "NOT_ENOUGH_STOCK", message));
    }
    balance.on_hand = balance.on_hand - issue.quantity;
    Ok(stock::put(connection, &balance)?)
}

/// Books hours; negative hours take back an earlier confirmation, and name it when they reverse one.
pub(super) fn confirm(connection: &Connection, call: &Call<'_>, now: Timestamp) -> Reply {
    let confirmation: Confirmation = read(call.body)?;
    check_text(
        "ConfirmationText",
        confirmation
            .confirmation_text
            .as_deref()
            .unwrap_or_default(),
    )?;
    check_reference(&confirmation.reference_document)?;
    let Confirmation {
        order_number,
        cost_center,
        posting_date,
        hours,
        ..
    } = &confirmation;
    check_account(connection, order_number, cost_center, *posting_date)?;
    let limit = Decimal::from(HOURS_MAX);
    if *hours == Decimal::ZERO || *hours > limit || *hours < Decimal::ZERO - limit {
        return Err(refuse(
            422,
            "BAD_QUANTITY",
            format!("hours are up to {HOURS_MAX}, not zero"),
        ));
    }
    let reversed = reversal::check(
        connection,
        "TimeConfirmation",
        confirmation.reversed_document.as_deref(),
        &Figure {
            order: order_number,
            name: "Hours",
            value: *hours,
        },
    )?;
    let rate = RATES
        .iter()
        .find(|(kind, _)| *kind == confirmation.activity_type)
        .ok_or_else(|| {
            unknown(
                "UNKNOWN_ACTIVITY",
                "activity type",
                &confirmation.activity_type,
            )
        })?
        .1;
    cost::add(
        connection,
        (order_number, cost_center),
        Element::Labor,
        cost::of_hours(*hours, rate),
        now,
    )?;
    let number = counter::next(
        connection,
        Side::Erp,
        "TimeConfirmation",
        FIRST_CONFIRMATION,
    )?
    .to_string();
    let mut body = json!(confirmation);
    body["ConfirmationDocument"] = json!(number);
    reversal::mark(connection, reversed, &number)?;
    body["ActivityRate"] = json!(rate.to_string());
    body["Currency"] = json!("EUR");
    let document = Document {
        number: &number,
        kind: "TimeConfirmation",
        reference: &confirmation.reference_document,
        place: "",
        body: &body,
    };
    post(connection, &document, now)
}

/// What every posting needs: an order that takes costs, a cost centre, an open period.
fn check_account(
    connection: &Connection,
    order: &str,
    cost_center: &str,
    posting_date: Timestamp,
) -> Result<(), No> {
    if order.is_empty() {
        return Err(refuse(422, "UNKNOWN_ORDER", "the order number is empty"));
    }
    if master::get(connection, Side::Erp, "ClosedOrder", order)?.is_some() {
        return Err(refuse(
            422,
            "ORDER_CLOSED",
            format!("order {order} takes no costs"),
        ));
    }
    if master::get(connection, Side::Erp, "CostCenter", cost_center)?.is_none() {
        return Err(unknown("UNKNOWN_COST_CENTRE", "cost centre", cost_center));
    }
    let period: String = posting_date.to_string().chars().take(7).collect();
    let is_open = master::get(connection, Side::Erp, "FiscalPeriod", &period)?
        .is_some_and(|row| row["IsOpen"] == json!(true));
    if !is_open {
        return Err(refuse(
            422,
            "PERIOD_CLOSED",
            format!("period {period} is not open"),
        ));
    }
    Ok(())
}

fn unknown(code: &'static str, noun: &str, number: &str) -> No {
    refuse(422, code, format!("{noun} {number} does not exist"))
}

fn post(connection: &Connection, document: &Document<'_>, now: Timestamp) -> Reply {
    let mut body: Value = document.body.clone();
    body["CreationDateTime"] = json!(now);
    document::add(
        connection,
        &Document {
            body: &body,
            ..*document
        },
    )?;
    posted(&body)
}
