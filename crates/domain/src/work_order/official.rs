//! The official row of a work order: what only an authority may say, beside the document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::work_order::status::Status;
use crate::{
    AreaId, AssetId, CrewId, ExternalId, LocationId, PersonId, PlantId, Timestamp, WorkOrderId,
};

/// What kind of work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkOrderType {
    /// Repairs a failure.
    Corrective,
    /// Repairs at once.
    Emergency,
    /// Called by a plan.
    Preventive,
    /// Called by a condition.
    Predictive,
    /// Looks and measures.
    Inspection,
    /// Changes the plant.
    Project,
    /// Renews a part.
    Refurbishment,
}

impl WorkOrderType {
    /// The word of the contract, such as `corrective`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Corrective => "corrective",
            Self::Emergency => "emergency",
            Self::Preventive => "preventive",
            Self::Predictive => "predictive",
            Self::Inspection => "inspection",
            Self::Project => "project",
            Self::Refurbishment => "refurbishment",
        }
    }
}

/// What the CMMS has said to the newest official status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CmmsAnswer {
    /// Not yet.
    Pending,
    /// It holds there too.
    Accepted,
    /// It was refused there; a case has it.
    Refused,
}

/// Official status with the number of the revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfficialStatus {
    /// The status.
    pub status: Status,
    /// Raised by every official change of status.
    pub revision: u32,
    /// Whether the CMMS has it.
    pub cmms: CmmsAnswer,
}

/// A document number in an outside system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// System, `CMMS` or `ERP`.
    pub system: String,
    /// Number: text of any length.
    pub number: String,
}

/// A permit, read only; the most restrictive state wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permit {
    /// Number.
    pub number: String,
    /// Kind, such as `hot work`.
    pub kind: String,
    /// End of validity.
    pub ends: Option<Timestamp>,
}

/// What only an authority may say about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkOrderRow {
    /// Identity.
    pub id: WorkOrderId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Number in the CMMS, once there is one.
    pub number: Option<String>,
    /// Reference given on the device that created it.
    pub local_reference: Option<String>,
    /// Plant.
    pub plant: PlantId,
    /// Area whose feed carries it.
    pub area: AreaId,
    /// Short text.
    pub title: String,
    /// Type.
    pub kind: WorkOrderType,
    /// Status.
    pub status: OfficialStatus,
    /// Asset.
    pub asset: Option<AssetId>,
    /// Location.
    pub location: Option<LocationId>,
    /// Cost centre, a code of the ERP.
    pub cost_centre: Option<String>,
    /// Job plan and revision, such as `JP-0117, rev 4`.
    pub job_plan: Option<String>,
    /// Crew.
    pub crew: Option<CrewId>,
    /// Assignees of the published schedule.
    pub assignees: Vec<PersonId>,
    /// Planner.
    pub planner: Option<PersonId>,
    /// Scheduled start of the published schedule.
    pub scheduled_start: Option<Timestamp>,
    /// Scheduled finish of the published schedule.
    pub scheduled_finish: Option<Timestamp>,
    /// Permits.
    pub permits: Vec<Permit>,
    /// Start of the downtime the CMMS knows, while it lasts.
    pub down_since: Option<Timestamp>,
    /// Last change by the hub's clock.
    pub changed: Timestamp,
}
