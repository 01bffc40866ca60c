//! Plants and their areas.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AreaId, ExternalId, PlantId};

/// A plant of the company; system of record is the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plant {
    /// Code, such as `1200`.
    pub id: PlantId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Name, such as `Havel Works`.
    pub name: String,
    /// ISO 4217 currency of its costs.
    pub currency: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Areas, each with its own work feed.
    pub areas: Vec<Area>,
    /// Plants that may help out, nearest first.
    pub neighbours: Vec<Neighbour>,
}

/// An area of a plant: the unit of a work feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Area {
    /// Code, such as `HALL-3`.
    pub id: AreaId,
    /// Name, such as `Hall 3`.
    pub name: String,
}

/// Another plant within reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    /// The other plant.
    pub plant: PlantId,
    /// Transit in minutes.
    pub transit_minutes: u32,
}
