//! What the postings of an order come to, kept beside it with every posting.

use fettle_domain::{Decimal, Timestamp};
use rusqlite::{Connection, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::table::{Side, master};
use crate::world::CURRENCY;

/// Digits of a cent: what is posted has no finer parts.
const CENT_DIGITS: u32 = 2;

/// What a posting pays for.
#[derive(Clone, Copy)]
pub(super) enum Element {
    Labor,
    Material,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OrderCost {
    order_number: String,
    plant: String,
    currency: String,
    labor_actual: Decimal,
    material_actual: Decimal,
    as_of: Timestamp,
}

/// Value of a material by the plant's price; nothing where it has none.
pub(super) fn of_material(
    connection: &Connection,
    material: &str,
    plant: &str,
    quantity: Decimal,
) -> Result<Decimal> {
    let number = format!("{material}/{plant}");
    let found = master::get(connection, Side::Erp, "MaterialPrice", &number)?;
    let value = found.and_then(|price| {
        let figure = |name: &str| price[name].as_str()?.parse::<Decimal>().ok();
        let amount = quantity.0.checked_mul(figure("Price")?.0)?;
        amount.checked_div(figure("PriceUnit")?.0).map(Decimal)
    });
    Ok(value.unwrap_or_default().rounded(CENT_DIGITS))
}

/// Value of hours at a rate in euros.
pub(super) fn of_hours(hours: Decimal, rate: i64) -> Decimal {
    Decimal(hours.0.saturating_mul(rate.into())).rounded(CENT_DIGITS)
}

/// Adds a posting's value to its order; the plant is the cost centre's.
pub(super) fn add(
    connection: &Connection,
    (order, cost_center): (&str, &str),
    element: Element,
    value: Decimal,
    now: Timestamp,
) -> Result<()> {
    let kept = master::get(connection, Side::Erp, "OrderCost", order)?
        .and_then(|body| serde_json::from_value::<OrderCost>(body).ok());
    let mut cost = match kept {
        Some(cost) => cost,
        None => OrderCost {
            order_number: order.to_owned(),
            plant: plant_of(connection, cost_center)?,
            currency: CURRENCY.to_owned(),
            labor_actual: Decimal::ZERO,
            material_actual: Decimal::ZERO,
            as_of: now,
        },
    };
    match element {
        Element::Labor => cost.labor_actual = cost.labor_actual + value,
        Element::Material => cost.material_actual = cost.material_actual + value,
    }
    cost.as_of = now;
    master::put(connection, Side::Erp, "OrderCost", order, &json!(cost))
}

fn plant_of(connection: &Connection, cost_center: &str) -> Result<String> {
    let center = master::get(connection, Side::Erp, "CostCenter", cost_center)?;
    let plant = center.as_ref().and_then(|center| center["Plant"].as_str());
    Ok(plant.unwrap_or_default().to_owned())
}
