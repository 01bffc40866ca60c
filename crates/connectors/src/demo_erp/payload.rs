//! The built-in ERP's payloads and their conversion.

use fettle_domain::effect::Reference;
use fettle_domain::money::{Currency, Money, UnitPrice};
use fettle_domain::price::{CostElement, ElementCost};
use fettle_domain::{Decimal, PlantId, Quantity, Timestamp};
use serde::{Deserialize, Serialize};

use super::code;
use crate::master::{CostRecord, ItemRecord, PriceRecord, StockRecord};
use crate::stock::{GoodsMovement, LabourConfirmation, Movement};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List<P> {
    #[serde(rename = "value")]
    pub(super) value: Vec<P>,
    pub(super) next_change: i64,
    pub(super) has_more: bool,
}

/// Answer to a search by reference.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) value: Vec<DocumentKey>,
}

/// Number of a document: each kind names it in its own way.
#[derive(Deserialize)]
pub(super) struct DocumentKey {
    #[serde(alias = "MaterialDocument", alias = "ConfirmationDocument")]
    pub(super) number: String,
}

/// Number in the answer to a posting.
pub(super) fn number_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<DocumentKey>(body)
        .ok()
        .map(|document| document.number)
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Deserialize)]
struct ErrorDetail {
    code: String,
    message: ErrorMessage,
}

#[derive(Deserialize)]
struct ErrorMessage {
    value: String,
}

/// Code and message of a refusal.
pub(super) fn read_error(body: &[u8]) -> Option<(String, String)> {
    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    Some((body.error.code, body.error.message.value))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Material {
    material: String,
    material_description: String,
    manufacturer_name: String,
    manufacturer_part_nmbr: String,
    base_unit: String,
    material_group: String,
    criticality: Option<String>,
    abc_indicator: Option<String>,
    #[serde(default)]
    substitutes: Vec<String>,
    superseded_by: Option<String>,
    /// Plants the material is set up for; none where the system keeps no such list.
    #[serde(default)]
    plants: Vec<String>,
    planned_delivery_days: Option<u32>,
    is_marked_for_deletion: bool,
}

impl TryFrom<Material> for ItemRecord {
    type Error = String;

    fn try_from(material: Material) -> Result<Self, String> {
        let criticality = material.criticality.as_deref();
        Ok(Self {
            criticality: criticality.map(code::criticality_of).transpose()?,
            number: material.material,
            description: material.material_description,
            manufacturer: material.manufacturer_name,
            part_number: material.manufacturer_part_nmbr,
            unit: code::unit_of(&material.base_unit),
            class: material.material_group,
            lead_time_days: material.planned_delivery_days,
            is_inactive: material.is_marked_for_deletion,
            abc: material
                .abc_indicator
                .as_deref()
                .map(code::abc_of)
                .transpose()?,
            substitutes: material.substitutes,
            superseded_by: material.superseded_by,
            plants: material
                .plants
                .into_iter()
                .map(plant_of)
                .collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stock {
    material: String,
    plant: String,
    storage_location: String,
    storage_bin: String,
    base_unit: String,
    quantity_on_hand: Decimal,
    quantity_reserved: Decimal,
    reorder_point: Option<Decimal>,
    as_of: Timestamp,
    #[serde(default)]
    recent_references: Vec<String>,
}

impl TryFrom<Stock> for StockRecord {
    type Error = String;

    fn try_from(stock: Stock) -> Result<Self, String> {
        let plant = plant_of(stock.plant)?;
        Ok(Self {
            item: stock.material,
            plant,
            storeroom: stock.storage_location,
            bin: stock.storage_bin,
            unit: code::unit_of(&stock.base_unit),
            on_hand: stock.quantity_on_hand,
            hard_reserved: stock.quantity_reserved,
            // This system keeps no soft reservations.
            soft_reserved: Decimal::ZERO,
            reorder_point: stock.reorder_point,
            as_of: stock.as_of,
            includes: stock.recent_references.into_iter().map(Reference).collect(),
        })
    }
}

fn plant_of(code: String) -> Result<PlantId, String> {
    PlantId::new(code).map_err(|bad| format!("Plant {:?}", bad.0))
}

fn currency_of(code: String) -> Result<Currency, String> {
    Currency::new(code).map_err(|bad| format!("Currency {:?}", bad.0))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Price {
    material: String,
    plant: String,
    price: Decimal,
    price_unit: Decimal,
    base_unit: String,
    currency: String,
    price_control: String,
    valid_from: Timestamp,
}

impl TryFrom<Price> for PriceRecord {
    type Error = String;

    fn try_from(price: Price) -> Result<Self, String> {
        if !price.price_unit.is_positive() {
            return Err(format!("PriceUnit {}", price.price_unit));
        }
        Ok(Self {
            item: price.material,
            plant: plant_of(price.plant)?,
            price: UnitPrice {
                amount: price.price,
                currency: currency_of(price.currency)?,
                per: Quantity {
                    value: price.price_unit,
                    unit: code::unit_of(&price.base_unit),
                },
            },
            source: code::price_source_of(&price.price_control)?,
            as_of: price.valid_from,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Cost {
    order_number: String,
    plant: String,
    currency: String,
    labor_actual: Decimal,
    material_actual: Decimal,
    as_of: Timestamp,
}

impl TryFrom<Cost> for CostRecord {
    type Error = String;

    fn try_from(cost: Cost) -> Result<Self, String> {
        let currency = currency_of(cost.currency)?;
        let element = |element, amount| {
            let actual = Money::from_decimal(amount, currency.clone());
            Ok::<_, String>(ElementCost {
                element,
                // This system keeps no planned costs of orders.
                planned: None,
                actual: actual.ok_or_else(|| format!("amount {amount} {currency}"))?,
            })
        };
        Ok(Self {
            elements: vec![
                element(CostElement::Labour, cost.labor_actual)?,
                element(CostElement::Material, cost.material_actual)?,
            ],
            order: cost.order_number,
            plant: plant_of(cost.plant)?,
            as_of: cost.as_of,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewIssue<'a> {
    reference_document: &'a str,
    order_number: &'a str,
    material: &'a str,
    plant: &'a str,
    storage_location: &'a str,
    storage_bin: &'a str,
    quantity: Decimal,
    entry_unit: String,
    cost_center: &'a str,
    posting_date: Timestamp,
    document_header_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_document: Option<&'a str>,
}

impl<'a> From<&'a GoodsMovement> for NewIssue<'a> {
    fn from(movement: &'a GoodsMovement) -> Self {
        let quantity = movement.quantity.value;
        let taken_by = movement
            .person
            .as_ref()
            .map(|person| format!("taken by {person}"));
        let (quantity, document_header_text, reversed_document) = match &movement.movement {
            Movement::Issue => (quantity, taken_by, None),
            Movement::Reversal { of } => (
                Decimal::ZERO - quantity,
                Some(format!("reverses {of}")),
                Some(of.as_str()),
            ),
        };
        Self {
            reference_document: &movement.reference.0,
            order_number: &movement.order,
            material: &movement.item,
            plant: movement.plant.as_str(),
            storage_location: &movement.storeroom,
            storage_bin: &movement.bin,
            quantity,
            entry_unit: code::unit_word(&movement.quantity.unit),
            cost_center: &movement.cost_centre,
            posting_date: movement.at,
            document_header_text,
            reversed_document,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewConfirmation<'a> {
    reference_document: &'a str,
    order_number: &'a str,
    personnel_number: &'a str,
    activity_type: &'static str,
    hours: String,
    cost_center: &'a str,
    posting_date: Timestamp,
    confirmation_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_document: Option<&'a str>,
}

impl<'a> From<&'a LabourConfirmation> for NewConfirmation<'a> {
    fn from(confirmation: &'a LabourConfirmation) -> Self {
        let hours = hours(confirmation.minutes);
        let text = code::labour_text(confirmation.kind).map(str::to_owned);
        let (hours, confirmation_text) = match &confirmation.reversal_of {
            None => (hours, text),
            Some(of) => (format!("-{hours}"), Some(format!("reverses {of}"))),
        };
        Self {
            reference_document: &confirmation.reference.0,
            order_number: &confirmation.order,
            personnel_number: &confirmation.person,
            activity_type: code::activity_word(confirmation.kind),
            hours,
            cost_center: &confirmation.cost_centre,
            posting_date: confirmation.at,
            confirmation_text,
            reversed_document: confirmation.reversal_of.as_deref(),
        }
    }
}

/// Parts of an hour kept when minutes are sent as hours: a minute is 0.0167 of them.
const HOUR_PARTS: u32 = 10_000;

/// Minutes as decimal hours, rounded to the nearest ten-thousandth.
fn hours(minutes: u32) -> String {
    let parts = u64::from(minutes) * u64::from(HOUR_PARTS);
    let rounded = (parts + 30) / 60;
    let (whole, rest) = (
        rounded / u64::from(HOUR_PARTS),
        rounded % u64::from(HOUR_PARTS),
    );
    format!("{whole}.{rest:04}")
}
