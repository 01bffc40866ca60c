//! Masters as outside systems state them, under the outside keys; the hub maps keys to our ids.

use async_trait::async_trait;
use fettle_domain::asset::AssetStatus;
use fettle_domain::effect::Reference;
use fettle_domain::item::{AbcClass, ItemCriticality};
use fettle_domain::location::Criticality;
use fettle_domain::money::UnitPrice;
use fettle_domain::person::Role;
use fettle_domain::plant::{Area, Neighbour};
use fettle_domain::price::{ElementCost, PriceSource};
use fettle_domain::{AreaId, Decimal, PlantId, Timestamp, Unit};

use crate::posting::{Cursor, Fault, Page};

/// Reads the masters of a maintenance system; `since` is `None` for everything from the start.
#[async_trait]
pub trait MaintenanceMasters: Send + Sync {
    /// Plants changed after the cursor.
    async fn plants(&self, since: Option<&Cursor>) -> Result<Page<PlantRecord>, Fault>;
    /// Functional locations changed after the cursor.
    async fn locations(&self, since: Option<&Cursor>) -> Result<Page<LocationRecord>, Fault>;
    /// Assets changed after the cursor.
    async fn assets(&self, since: Option<&Cursor>) -> Result<Page<AssetRecord>, Fault>;
    /// People changed after the cursor.
    async fn people(&self, since: Option<&Cursor>) -> Result<Page<PersonRecord>, Fault>;
}

/// Reads the masters of a business system; `since` is `None` for everything from the start.
#[async_trait]
pub trait MaterialMasters: Send + Sync {
    /// Items changed after the cursor.
    async fn items(&self, since: Option<&Cursor>) -> Result<Page<ItemRecord>, Fault>;
    /// Balances changed after the cursor, one row per item and bin.
    async fn stock(&self, since: Option<&Cursor>) -> Result<Page<StockRecord>, Fault>;
}

/// Reads the prices of a business system.
#[async_trait]
pub trait PriceList: Send + Sync {
    /// Prices changed after the cursor, one row per item and plant.
    async fn prices(&self, since: Option<&Cursor>) -> Result<Page<PriceRecord>, Fault>;
}

/// Reads what a business system has posted to orders.
#[async_trait]
pub trait OrderCosts: Send + Sync {
    /// Costs changed after the cursor, one row per order.
    async fn costs(&self, since: Option<&Cursor>) -> Result<Page<CostRecord>, Fault>;
}

/// A plant; its key is its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantRecord {
    /// Code.
    pub code: PlantId,
    /// Name.
    pub name: String,
    /// ISO 4217 currency.
    pub currency: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Areas.
    pub areas: Vec<Area>,
    /// Plants that may help out, nearest first.
    pub neighbours: Vec<Neighbour>,
}

/// A functional location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationRecord {
    /// Key there; also the code people read.
    pub key: String,
    /// Plant.
    pub plant: PlantId,
    /// Area.
    pub area: AreaId,
    /// Name.
    pub name: String,
    /// Key of the next location up.
    pub parent: Option<String>,
    /// Criticality.
    pub criticality: Criticality,
    /// Cost centre of the ERP.
    pub cost_centre: Option<String>,
}

/// An asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRecord {
    /// Key there.
    pub key: String,
    /// Plant.
    pub plant: PlantId,
    /// Area.
    pub area: AreaId,
    /// Tag on the machine.
    pub tag: String,
    /// Name.
    pub name: String,
    /// Equipment class of ISO 14224.
    pub class: String,
    /// Key of the location it stands at.
    pub location: Option<String>,
    /// Key of the asset it is part of.
    pub parent: Option<String>,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Criticality.
    pub criticality: Criticality,
    /// Operating state, when stated.
    pub status: Option<AssetStatus>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// Employee number: the key.
    pub employee_number: String,
    /// Account name.
    pub account: String,
    /// Full name.
    pub name: String,
    /// Craft and grade.
    pub craft: String,
    /// Plant.
    pub plant: PlantId,
    /// Code of the crew.
    pub crew: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// True when no longer active.
    pub is_disabled: bool,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// Number: the key.
    pub number: String,
    /// Description.
    pub description: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Manufacturer's part number.
    pub part_number: String,
    /// Stock-keeping unit.
    pub unit: Unit,
    /// Class.
    pub class: String,
    /// Criticality, when rated.
    pub criticality: Option<ItemCriticality>,
    /// Lead time in days, when known.
    pub lead_time_days: Option<u32>,
    /// True when it may no longer be used.
    pub is_inactive: bool,
    /// Share of consumption value, when rated.
    pub abc: Option<AbcClass>,
    /// Numbers of items that may be used instead, best first.
    pub substitutes: Vec<String>,
    /// Number of the item that replaces it for good.
    pub superseded_by: Option<String>,
    /// Plants it is set up for, whether or not they stock it.
    pub plants: Vec<PlantId>,
}

/// Balance of an item in one bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRecord {
    /// Item number.
    pub item: String,
    /// Plant.
    pub plant: PlantId,
    /// Storeroom code.
    pub storeroom: String,
    /// Bin code.
    pub bin: String,
    /// Unit of the figures.
    pub unit: Unit,
    /// On hand.
    pub on_hand: Decimal,
    /// Reserved for certain.
    pub hard_reserved: Decimal,
    /// Reserved for planned demand.
    pub soft_reserved: Decimal,
    /// Balance at which the plant orders again, when it plans by one.
    pub reorder_point: Option<Decimal>,
    /// When the system stated it.
    pub as_of: Timestamp,
    /// References of recent movements this figure already includes.
    pub includes: Vec<Reference>,
}

/// Price of an item in a plant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRecord {
    /// Item number.
    pub item: String,
    /// Plant.
    pub plant: PlantId,
    /// The price.
    pub price: UnitPrice,
    /// Where it comes from.
    pub source: PriceSource,
    /// Since when the system states it.
    pub as_of: Timestamp,
}

/// Costs of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostRecord {
    /// Number of the order, as the maintenance system gave it.
    pub order: String,
    /// Plant whose cost centre carries them.
    pub plant: PlantId,
    /// Costs by element.
    pub elements: Vec<ElementCost>,
    /// When the system stated it.
    pub as_of: Timestamp,
}
