//! Functional locations: where assets stand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AreaId, ExternalId, LocationId, PlantId};

/// How much an outage costs; the ABC indicator of locations and assets.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Criticality {
    /// Stops production or endangers people.
    A,
    /// Limits production.
    B,
    /// Neither.
    C,
}

/// A functional location; system of record is the CMMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionalLocation {
    /// Identity.
    pub id: LocationId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Plant.
    pub plant: PlantId,
    /// Area whose feed carries it.
    pub area: AreaId,
    /// Code, such as `1200-H3-L2`.
    pub code: String,
    /// Name, such as `Hall 3, level 0`.
    pub name: String,
    /// Next location up.
    pub parent: Option<LocationId>,
    /// Criticality.
    pub criticality: Criticality,
    /// Cost centre, a code of the ERP.
    pub cost_centre: Option<String>,
}
