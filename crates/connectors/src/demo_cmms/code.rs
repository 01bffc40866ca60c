//! The built-in CMMS's codes and ours, both ways.

use fettle_domain::Unit;
use fettle_domain::asset::AssetStatus;
use fettle_domain::effect::RejectionClass;
use fettle_domain::location::Criticality;
use fettle_domain::person::Role;
use fettle_domain::work_order::{LabourKind, Status, WorkOrderType};

/// Class of a refusal by the system's code.
pub(super) fn rejection_class(code: &str) -> Option<RejectionClass> {
    match code {
        "CLOSED_ORDER" | "INVALID_STATUS_CHANGE" | "RECORD_CHANGED" | "ROWSTAMP_REQUIRED" => {
            Some(RejectionClass::ProcessState)
        }
        "UNKNOWN_ORDER" | "UNKNOWN_SITE" | "UNKNOWN_ASSET" | "UNKNOWN_LOCATION"
        | "UNKNOWN_PERSON" | "UNKNOWN_STEP" => Some(RejectionClass::MasterData),
        "INVALID_VALUE" | "TOO_LONG" => Some(RejectionClass::TransactionData),
        "BAD_REQUEST" | "UNKNOWN_RESOURCE" => Some(RejectionClass::SchemaDrift),
        _ => None,
    }
}

pub(super) fn status_of(word: &str) -> Result<Status, String> {
    Status::ALL
        .into_iter()
        .find(|status| status_word(*status) == word)
        .ok_or_else(|| format!("status {word:?}"))
}

pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Draft => "NEW",
        Status::Wappr => "WAPPR",
        Status::Appr => "APPR",
        Status::Wmatl => "WMATL",
        Status::Wpcond => "WPCOND",
        Status::Wsch => "WSCH",
        Status::Sched => "SCHEDULED",
        Status::Disp => "DISPATCHED",
        Status::Inprg => "INPRG",
        Status::Hold => "ONHOLD",
        Status::Comp => "COMP",
        Status::Close => "CLOSE",
        Status::Can => "CAN",
    }
}

pub(super) fn kind_of(word: &str) -> Result<WorkOrderType, String> {
    Ok(match word {
        "CM" => WorkOrderType::Corrective,
        "EM" => WorkOrderType::Emergency,
        "PM" => WorkOrderType::Preventive,
        "PDM" => WorkOrderType::Predictive,
        "INSP" => WorkOrderType::Inspection,
        "PROJ" => WorkOrderType::Project,
        "REFURB" => WorkOrderType::Refurbishment,
        _ => return Err(format!("worktype {word:?}")),
    })
}

pub(super) fn kind_word(kind: WorkOrderType) -> &'static str {
    match kind {
        WorkOrderType::Corrective => "CM",
        WorkOrderType::Emergency => "EM",
        WorkOrderType::Preventive => "PM",
        WorkOrderType::Predictive => "PDM",
        WorkOrderType::Inspection => "INSP",
        WorkOrderType::Project => "PROJ",
        WorkOrderType::Refurbishment => "REFURB",
    }
}

pub(super) fn labour_word(kind: LabourKind) -> &'static str {
    match kind {
        LabourKind::Regular => "WORK",
        LabourKind::Overtime => "OVERTIME",
        LabourKind::Travel => "TRAVEL",
        LabourKind::WaitingForPart => "WAITMATL",
        LabourKind::WaitingForPermit => "WAITPERMIT",
    }
}

pub(super) fn criticality_of(word: &str) -> Result<Criticality, String> {
    match word {
        "A" => Ok(Criticality::A),
        "B" => Ok(Criticality::B),
        "C" => Ok(Criticality::C),
        _ => Err(format!("abc {word:?}")),
    }
}

pub(super) fn asset_status_of(word: &str) -> Result<AssetStatus, String> {
    Ok(match word {
        "OPERATING" => AssetStatus::Operating,
        "STANDBY" => AssetStatus::Standby,
        "BROKEN" => AssetStatus::Down,
        "NOT READY" => AssetStatus::OutOfService,
        "DECOMMISSIONED" => AssetStatus::Retired,
        _ => return Err(format!("asset status {word:?}")),
    })
}

/// Groups that mean nothing to us are left out: a person may have more rights there.
pub(super) fn role_of(group: &str) -> Option<Role> {
    match group {
        "TECH" => Some(Role::Technician),
        "PLAN" => Some(Role::Planner),
        "SUPV" => Some(Role::Supervisor),
        "STORE" => Some(Role::Storekeeper),
        "INTEG" => Some(Role::IntegrationOwner),
        "ADMIN" => Some(Role::Administrator),
        _ => None,
    }
}

/// Their unit and ours; a unit in neither column passes as it is.
const UNITS: [(&str, &str); 14] = [
    ("EACH", "C62"),
    ("KG", "KGM"),
    ("M", "MTR"),
    ("MM", "MMT"),
    ("L", "LTR"),
    ("BAR", "BAR"),
    ("DEGC", "CEL"),
    ("NM", "NU"),
    ("AMP", "AMP"),
    ("VOLT", "VLT"),
    ("MM/S", "C16"),
    ("MINUTES", "MIN"),
    ("HOURS", "HUR"),
    ("PCT", "P1"),
];

pub(super) fn unit_of(word: &str) -> Unit {
    let found = UNITS.iter().find(|(theirs, _)| *theirs == word);
    Unit(found.map_or(word, |(_, ours)| ours).to_owned())
}

pub(super) fn unit_word(unit: &Unit) -> String {
    let found = UNITS.iter().find(|(_, ours)| *ours == unit.0);
    found
        .map_or(unit.0.as_str(), |(theirs, _)| theirs)
        .to_owned()
}
