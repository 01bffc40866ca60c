//! Devices: laptops and workstations the hub has enrolled.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AreaId, DeviceId, PersonId, PlantId, Timestamp};

/// A laptop or workstation with a replica.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    /// Identity.
    pub id: DeviceId,
    /// Name given at enrolment, such as `HW-14`.
    pub name: String,
    /// Code in local references, new with every epoch.
    pub code: String,
    /// Raised when the replica may have been restored or cloned.
    pub epoch: u32,
    /// Plant it serves.
    pub plant: PlantId,
    /// Areas whose work it holds.
    pub areas: Vec<AreaId>,
    /// Who enrolled it.
    pub enrolled_by: Option<PersonId>,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
