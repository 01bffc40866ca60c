//! Vendors: whom parts and services may be bought from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ExternalId, PlantId, VendorId};

/// A vendor; system of record is the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Vendor {
    /// Identity.
    pub id: VendorId,
    /// Ids in outside systems.
    pub external_ids: Vec<ExternalId>,
    /// Code: text of any length.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is approved for.
    pub approved_for: Vec<Approved>,
    /// True when nothing may be bought from it.
    pub is_blocked: bool,
    /// Whom to call when it burns.
    pub emergency_contact: Option<String>,
}

/// Plant and class of items a vendor is approved for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approved {
    /// Plant.
    pub plant: PlantId,
    /// Class of items; every one when absent.
    pub class: Option<String>,
}
