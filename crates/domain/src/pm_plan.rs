//! Maintenance plans: what calls preventive work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AssetId, Day, Decimal, ExternalId, PlantId, PmPlanId, Unit};

/// A maintenance plan; system of record is the CMMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PmPlan {
    /// Identity.
    pub id: PmPlanId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Plant.
    pub plant: PlantId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Assets it calls work on.
    pub assets: Vec<AssetId>,
    /// What calls it; whichever comes first.
    pub triggers: Vec<Trigger>,
    /// Days it may be early or late.
    pub tolerance_days: Option<u32>,
    /// Job plan and revision.
    pub job_plan: Option<String>,
    /// When it is due next, as the CMMS states it.
    pub next_due: Option<Day>,
}

/// What calls a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A time.
    Time {
        /// Days between calls.
        every_days: u32,
        /// True when it counts from the last completion and not from the last call.
        is_floating: bool,
    },
    /// A meter.
    Meter {
        /// Meter units between calls.
        every: Decimal,
        /// Unit of the meter.
        unit: Unit,
    },
}
