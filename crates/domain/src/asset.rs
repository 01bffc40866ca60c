//! Assets: what is maintained, and what its history tells.

pub mod bad_actor;
pub mod failure;
pub mod fleet;
pub mod history;
pub mod replaced_part;
pub mod selection;
pub mod summary;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::location::Criticality;
use crate::{AreaId, AssetId, ExternalId, LocationId, PlantId};

/// Operating state of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetStatus {
    /// Runs.
    Operating,
    /// Ready to run.
    Standby,
    /// Stopped by a failure.
    Down,
    /// Taken out on purpose.
    OutOfService,
    /// Gone.
    Retired,
}

/// An asset; system of record is the CMMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asset {
    /// Identity.
    pub id: AssetId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Plant.
    pub plant: PlantId,
    /// Area whose feed carries its work.
    pub area: AreaId,
    /// Tag on the machine, such as `P-204A`.
    pub tag: String,
    /// Name, such as `feedwater pump`.
    pub name: String,
    /// Equipment class of ISO 14224, such as `PU` for pumps.
    pub class: String,
    /// Where it stands.
    pub location: Option<LocationId>,
    /// Asset it is part of.
    pub parent: Option<AssetId>,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// Criticality.
    pub criticality: Criticality,
    /// Operating state; `None` when the source does not say.
    pub status: Option<AssetStatus>,
}
