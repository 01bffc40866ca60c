//! The built-in ERP's payloads and their conversion.

use fettle_domain::effect::Reference;
use fettle_domain::{Decimal, PlantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::code;
use crate::master::{ItemRecord, StockRecord};
use crate::stock::{GoodsMovement, LabourConfirmation, Movement};

#[derive(Deserialize)]
pub(super) struct List<P> {
    pub(super) d: Results<P>,
}

#[derive(Deserialize)]
pub(super) struct Results<P> {
    pub(super) results: Vec<P>,
    #[serde(rename = "deltaToken")]
    pub(super) delta_token: String,
    #[serde(rename = "hasMore")]
    pub(super) has_more: bool,
}

/// Answer to a search by reference.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) d: FoundResults,
}

#[derive(Deserialize)]
pub(super) struct FoundResults {
    pub(super) results: Vec<DocumentKey>,
}

#[derive(Deserialize)]
pub(super) struct DocumentKey {
    #[serde(rename = "DocumentNumber")]
    pub(super) document_number: String,
}

#[derive(Deserialize)]
struct Created {
    d: DocumentKey,
}

/// Number in the answer to a posting.
pub(super) fn number_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Created>(body)
        .ok()
        .map(|created| created.d.document_number)
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
    description: String,
    manufacturer: String,
    mfr_part_number: String,
    base_unit: String,
    material_group: String,
    ved: Option<String>,
    planned_delivery_days: Option<u32>,
    is_blocked: bool,
}

impl TryFrom<Material> for ItemRecord {
    type Error = String;

    fn try_from(material: Material) -> Result<Self, String> {
        Ok(Self {
            number: material.material,
            description: material.description,
            manufacturer: material.manufacturer,
            part_number: material.mfr_part_number,
            unit: code::unit_of(&material.base_unit),
            class: material.material_group,
            criticality: material
                .ved
                .as_deref()
                .map(code::criticality_of)
                .transpose()?,
            lead_time_days: material.planned_delivery_days,
            is_inactive: material.is_blocked,
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
    unrestricted: Decimal,
    reserved: Decimal,
    planned_demand: Decimal,
    stated_at: Timestamp,
    recent_references: Vec<String>,
}

impl TryFrom<Stock> for StockRecord {
    type Error = String;

    fn try_from(stock: Stock) -> Result<Self, String> {
        let plant = PlantId::new(stock.plant).map_err(|bad| format!("Plant {:?}", bad.0))?;
        Ok(Self {
            item: stock.material,
            plant,
            storeroom: stock.storage_location,
            bin: stock.storage_bin,
            unit: code::unit_of(&stock.base_unit),
            on_hand: stock.unrestricted,
            hard_reserved: stock.reserved,
            soft_reserved: stock.planned_demand,
            as_of: stock.stated_at,
            includes: stock.recent_references.into_iter().map(Reference).collect(),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewMovement<'a> {
    reference: &'a str,
    movement_type: &'static str,
    reversed_document: Option<&'a str>,
    order: &'a str,
    material: &'a str,
    plant: &'a str,
    storage_location: &'a str,
    storage_bin: &'a str,
    quantity: Decimal,
    unit: String,
    cost_center: &'a str,
    goods_recipient: Option<&'a str>,
    posting_date: String,
}

impl<'a> From<&'a GoodsMovement> for NewMovement<'a> {
    fn from(movement: &'a GoodsMovement) -> Self {
        let (movement_type, reversed_document) = match &movement.movement {
            Movement::Issue => ("261", None),
            Movement::Reversal { of } => ("262", Some(of.as_str())),
        };
        Self {
            reference: &movement.reference.0,
            movement_type,
            reversed_document,
            order: &movement.order,
            material: &movement.item,
            plant: movement.plant.as_str(),
            storage_location: &movement.storeroom,
            storage_bin: &movement.bin,
            quantity: movement.quantity.value,
            unit: code::unit_word(&movement.quantity.unit),
            cost_center: &movement.cost_centre,
            goods_recipient: movement.person.as_deref(),
            posting_date: date_of(movement.at),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewConfirmation<'a> {
    reference: &'a str,
    reversed_document: Option<&'a str>,
    order: &'a str,
    plant: &'a str,
    operation: Option<u32>,
    personnel_number: &'a str,
    activity_type: &'static str,
    minutes: u32,
    cost_center: &'a str,
    posting_date: String,
}

impl<'a> From<&'a LabourConfirmation> for NewConfirmation<'a> {
    fn from(confirmation: &'a LabourConfirmation) -> Self {
        Self {
            reference: &confirmation.reference.0,
            reversed_document: confirmation.reversal_of.as_deref(),
            order: &confirmation.order,
            plant: confirmation.plant.as_str(),
            operation: confirmation.task,
            personnel_number: &confirmation.person,
            activity_type: code::activity_word(confirmation.kind),
            minutes: confirmation.minutes,
            cost_center: &confirmation.cost_centre,
            posting_date: date_of(confirmation.at),
        }
    }
}

/// The day of a moment in UTC, the ERP's plain date.
fn date_of(moment: Timestamp) -> String {
    moment.to_string().chars().take(10).collect()
}
