//! What demonstrations and tests change in the demo ERP's world.

use fettle_domain::Decimal;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Call, Reply, ok, read, refuse};
use crate::table::stock::{self, Stock};
use crate::table::{Side, document, master};
use crate::world::{MaterialPrice, Period};

/// Largest amount added to a bin at once.
const STOCK_MAX: i64 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct MoreStock {
    material: String,
    plant: String,
    storage_location: String,
    storage_bin: String,
    quantity: Decimal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Movements {
    plant: String,
    bins: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct ClosedOrder {
    order_number: String,
}

pub(super) fn documents(connection: &Connection) -> Reply {
    let counts = document::count_by_reference(connection)?;
    let rows = counts.iter().map(|(reference, kind, count)| {
        json!({ "ReferenceDocument": reference, "Kind": kind, "Count": count })
    });
    ok(&json!({ "value": rows.collect::<Vec<_>>() }))
}

pub(super) fn set_period(connection: &Connection, call: &Call<'_>) -> Reply {
    let period: Period = read(call.body)?;
    master::put(
        connection,
        Side::Erp,
        "FiscalPeriod",
        &period.fiscal_period,
        &json!(period),
    )?;
    ok(&period)
}

pub(super) fn set_price(connection: &Connection, call: &Call<'_>) -> Reply {
    let price: MaterialPrice = read(call.body)?;
    if master::get(connection, Side::Erp, "Material", &price.material)?.is_none() {
        return Err(refuse(404, "UNKNOWN_MATERIAL", price.material));
    }
    if !price.price.is_positive() || !price.price_unit.is_positive() {
        return Err(refuse(
            400,
            "BAD_QUANTITY",
            "price and price unit are above zero",
        ));
    }
    let number = price.number();
    master::put(
        connection,
        Side::Erp,
        "MaterialPrice",
        &number,
        &json!(price),
    )?;
    ok(&price)
}

pub(super) fn add_stock(connection: &Connection, call: &Call<'_>) -> Reply {
    let more: MoreStock = read(call.body)?;
    if !more.quantity.is_positive() || more.quantity > Decimal::from(STOCK_MAX) {
        return Err(refuse(
            400,
            "BAD_QUANTITY",
            format!("the quantity is 0 to {STOCK_MAX}"),
        ));
    }
    if master::get(connection, Side::Erp, "Material", &more.material)?.is_none() {
        return Err(refuse(404, "UNKNOWN_MATERIAL", more.material));
    }
    let MoreStock {
        material,
        plant,
        storage_location: storeroom,
        storage_bin: bin,
        quantity,
    } = more;
    let mut balance =
        stock::get(connection, &material, &plant, &storeroom, &bin)?.unwrap_or(Stock {
            material,
            plant,
            storeroom,
            bin,
            on_hand: Decimal::ZERO,
            reserved: Decimal::ZERO,
            reorder_point: None,
            change: 0,
        });
    balance.on_hand = balance.on_hand + quantity;
    stock::put(connection, &balance)?;
    ok(&json!({ "QuantityOnHand": balance.on_hand }))
}

/// A day's business: so many bins of a plant hold one more or less.
pub(super) fn move_stock(connection: &Connection, call: &Call<'_>) -> Reply {
    let Movements { plant, bins } = read(call.body)?;
    let moved = stock::of_plant(connection, &plant, bins)?;
    let one = Decimal::from(1);
    for mut balance in moved.iter().cloned() {
        let is_left = balance.on_hand > balance.reserved;
        balance.on_hand = if is_left {
            balance.on_hand - one
        } else {
            balance.on_hand + one
        };
        stock::put(connection, &balance)?;
    }
    ok(&json!({ "Bins": moved.len() }))
}

pub(super) fn close_order(connection: &Connection, call: &Call<'_>) -> Reply {
    let ClosedOrder { order_number } = read(call.body)?;
    let body = json!({ "OrderNumber": order_number });
    master::put(connection, Side::Erp, "ClosedOrder", &order_number, &body)?;
    ok(&body)
}
