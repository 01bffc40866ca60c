//! The built-in CMMS's codes and ours, both ways.

use fettle_domain::Unit;
use fettle_domain::asset::AssetStatus;
use fettle_domain::effect::RejectionClass;
use fettle_domain::location::Criticality;
use fettle_domain::person::Role;
use fettle_domain::work_order::{LabourKind, Status, WorkOrderType};

/// The row was changed since its stamp was read.
pub(super) const STALE_ROW: &str = "STALE_ROWSTAMP";

/// Class of a refusal by the system's code.
pub(super) fn rejection_class(code: &str) -> Option<RejectionClass> {
    match code {
        "CLOSED_ORDER" | "ILLEGAL_STATUS" | STALE_ROW => Some(RejectionClass::ProcessState),
        "UNKNOWN_ORDER" | "UNKNOWN_SITE" | "UNKNOWN_SECTOR" | "UNKNOWN_ASSET"
        | "UNKNOWN_LOCATION" | "UNKNOWN_LABOR" | "UNKNOWN_CHECK" | "UNKNOWN_TASK"
        | "UNKNOWN_LINE" => Some(RejectionClass::MasterData),
        "UNKNOWN_STATUS" | "UNKNOWN_LOGTYPE" | "BAD_PRIORITY" | "BAD_QUANTITY" | "TOO_LONG" => {
            Some(RejectionClass::TransactionData)
        }
        "BAD_JSON" | "BAD_QUERY" | "BAD_REFERENCE" | "TOO_LARGE" | "NO_SUCH_RESOURCE"
        | "ROWSTAMP_NEEDED" => Some(RejectionClass::SchemaDrift),
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
        Status::Draft => "DRAFT",
        Status::Wappr => "WAPPR",
        Status::Appr => "APPR",
        Status::Wmatl => "WMATL",
        Status::Wpcond => "WPCOND",
        Status::Wsch => "WSCH",
        Status::Sched => "SCHD",
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
        "CBM" => WorkOrderType::Predictive,
        "INSP" => WorkOrderType::Inspection,
        "CP" => WorkOrderType::Project,
        "REF" => WorkOrderType::Refurbishment,
        _ => return Err(format!("worktype {word:?}")),
    })
}

pub(super) fn kind_word(kind: WorkOrderType) -> &'static str {
    match kind {
        WorkOrderType::Corrective => "CM",
        WorkOrderType::Emergency => "EM",
        WorkOrderType::Preventive => "PM",
        WorkOrderType::Predictive => "CBM",
        WorkOrderType::Inspection => "INSP",
        WorkOrderType::Project => "CP",
        WorkOrderType::Refurbishment => "REF",
    }
}

pub(super) fn criticality_of(word: &str) -> Result<Criticality, String> {
    match word {
        "A" => Ok(Criticality::A),
        "B" => Ok(Criticality::B),
        "C" => Ok(Criticality::C),
        _ => Err(format!("criticality {word:?}")),
    }
}

pub(super) fn asset_status_of(word: &str) -> Result<AssetStatus, String> {
    Ok(match word {
        "OPERATING" => AssetStatus::Operating,
        "STANDBY" => AssetStatus::Standby,
        "DOWN" => AssetStatus::Down,
        "NOTREADY" => AssetStatus::OutOfService,
        "DECOMMISSIONED" => AssetStatus::Retired,
        _ => return Err(format!("asset status {word:?}")),
    })
}

/// Groups that mean nothing to us are left out: a person may have more rights there.
pub(super) fn role_of(group: &str) -> Option<Role> {
    match group {
        "MAINTTECH" => Some(Role::Technician),
        "PLANNER" => Some(Role::Planner),
        "MAINTSUPR" => Some(Role::Supervisor),
        "STOREROOM" => Some(Role::Storekeeper),
        "INTEGRATION" => Some(Role::IntegrationOwner),
        "MAXADMIN" => Some(Role::Administrator),
        _ => None,
    }
}

/// What the log line says of the kind of hours; regular ones need no word.
pub(super) fn labour_word(kind: LabourKind) -> Option<&'static str> {
    match kind {
        LabourKind::Regular => None,
        LabourKind::Overtime => Some("OVERTIME"),
        LabourKind::Travel => Some("TRAVEL"),
        LabourKind::WaitingForPart => Some("WAITING FOR PART"),
        LabourKind::WaitingForPermit => Some("WAITING FOR PERMIT"),
    }
}

/// Their unit and ours where they differ; every other passes as it is.
const UNITS: [(&str, &str); 8] = [
    ("EA", "C62"),
    ("KG", "KGM"),
    ("M", "MTR"),
    ("MM", "MMT"),
    ("L", "LTR"),
    ("NM", "NU"),
    ("MMS", "C16"),
    ("PA", "PAL"),
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
