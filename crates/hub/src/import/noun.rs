//! The nouns of files: which fields each has, and what a row of it brings.

mod asset;
mod item;
mod pm_plan;
mod stock;
mod vendor;
mod work_order;

use fettle_domain::feed::Feed;
use fettle_domain::import::ImportNoun;
use fettle_domain::money::Currency;
use fettle_domain::row::Row;
use fettle_domain::{AreaId, Day, PlantId};
use serde::de::DeserializeOwned;

use super::context::{Context, JudgeFault};
use super::fields::Fields;
use crate::core::Core;

/// A field of a noun.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// True when no row can do without it.
    pub(super) is_needed: bool,
    /// Whether a word of the mapping can stand in it.
    pub(super) knows: fn(&str) -> bool,
}

/// What a row brings.
#[derive(Debug)]
pub(super) struct Brought {
    /// Our id of it.
    pub(super) id: String,
    pub(super) plant: PlantId,
    /// Rows and their feeds; whether it is new is asked of the first.
    pub(super) rows: Vec<(Feed, Row)>,
    /// True for history, which stands as it came first.
    pub(super) is_fact: bool,
    /// The day it is filed under.
    pub(super) on: Option<Day>,
    /// Cost in minor units.
    pub(super) cost: Option<i64>,
    /// Tag of the machine a past order is of.
    pub(super) tag: Option<String>,
    /// What of it was not taken as it stands, in sentences.
    pub(super) remarks: Vec<String>,
}

impl Brought {
    /// A master: what stands of it is what was said last.
    fn master(id: String, plant: PlantId, feed: Feed, row: Row) -> Self {
        Self {
            id,
            plant,
            rows: vec![(feed, row)],
            is_fact: false,
            on: None,
            cost: None,
            tag: None,
            remarks: Vec::new(),
        }
    }
}

/// The fields of a noun.
pub(super) fn fields(noun: ImportNoun) -> &'static [Field] {
    match noun {
        ImportNoun::WorkOrders => work_order::FIELDS,
        ImportNoun::Assets => asset::FIELDS,
        ImportNoun::Items => item::FIELDS,
        ImportNoun::Stock => stock::FIELDS,
        ImportNoun::Vendors => vendor::FIELDS,
        ImportNoun::PmPlans => pm_plan::FIELDS,
    }
}

/// What a row of the noun brings.
pub(super) fn read(
    fields: &Fields<'_>,
    context: &mut Context<'_>,
    core: Core<'_>,
) -> Result<Brought, JudgeFault> {
    match context.mapping.noun {
        ImportNoun::WorkOrders => work_order::read(fields, context, core),
        ImportNoun::Assets => asset::read(fields, context, core),
        ImportNoun::Items => item::read(fields, core),
        ImportNoun::Stock => stock::read(fields, context, core),
        ImportNoun::Vendors => vendor::read(fields),
        ImportNoun::PmPlans => pm_plan::read(fields, context, core),
    }
}

const fn needed(name: &'static str) -> Field {
    coded(name, true, |_| true)
}

const fn maybe(name: &'static str) -> Field {
    coded(name, false, |_| true)
}

const fn coded(name: &'static str, is_needed: bool, knows: fn(&str) -> bool) -> Field {
    Field {
        name,
        is_needed,
        knows,
    }
}

/// True when a code of ours is written so.
fn is_code<T: DeserializeOwned>(word: &str) -> bool {
    serde_json::from_value::<T>(serde_json::Value::from(word)).is_ok()
}

fn is_plant(word: &str) -> bool {
    PlantId::new(word).is_ok()
}

fn is_area(word: &str) -> bool {
    AreaId::new(word).is_ok()
}

fn is_currency(word: &str) -> bool {
    Currency::new(word).is_ok()
}

fn is_flag(word: &str) -> bool {
    matches!(word, "yes" | "no")
}
