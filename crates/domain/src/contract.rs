//! The canonical contracts as JSON Schemas, published by the hub.

use schemars::{Schema, SchemaGenerator};

/// Version of the canonical contracts.
pub const SCHEMA_VERSION: u32 = 1;

/// Every published contract: its name and its JSON Schema (draft 2020-12).
#[must_use]
pub fn contracts() -> Vec<(&'static str, Schema)> {
    fn of<T: schemars::JsonSchema>(name: &'static str) -> (&'static str, Schema) {
        (name, SchemaGenerator::default().into_root_schema_for::<T>())
    }
    vec![
        of::<crate::asset::Asset>("asset"),
        of::<crate::charter::Charter>("charter"),
        of::<crate::case::ExceptionCase>("exception-case"),
        of::<crate::device::Device>("device"),
        of::<crate::intent::Intent>("intent"),
        of::<crate::intent::Verdict>("verdict"),
        of::<crate::item::Item>("item"),
        of::<crate::price::ItemPrice>("item-price"),
        of::<crate::location::FunctionalLocation>("functional-location"),
        of::<crate::person::Person>("person"),
        of::<crate::plant::Plant>("plant"),
        of::<crate::record::Record>("record"),
        of::<crate::row::OutcomeRow>("outcome"),
        of::<crate::price::OrderCost>("order-cost"),
        of::<crate::stock::StockBalance>("stock-balance"),
        of::<crate::work_order::WorkOrder>("work-order"),
    ]
}
