//! The built-in ERP's codes and ours, both ways.

use fettle_domain::Unit;
use fettle_domain::effect::RejectionClass;
use fettle_domain::item::ItemCriticality;
use fettle_domain::work_order::LabourKind;

/// Class of a refusal by the system's code.
pub(super) fn rejection_class(code: &str) -> Option<RejectionClass> {
    match code {
        "PERIOD_CLOSED" | "ORDER_CLOSED" | "ALREADY_REVERSED" => Some(RejectionClass::ProcessState),
        "UNKNOWN_COST_CENTRE"
        | "UNKNOWN_ITEM"
        | "INACTIVE_ITEM"
        | "UNKNOWN_BIN"
        | "UNKNOWN_DOCUMENT"
        | "UNKNOWN_PLANT" => Some(RejectionClass::MasterData),
        "NOT_ENOUGH_STOCK" | "INVALID_QUANTITY" | "INVALID_VALUE" | "WRONG_UNIT" => {
            Some(RejectionClass::TransactionData)
        }
        "BAD_REQUEST" | "UNKNOWN_RESOURCE" => Some(RejectionClass::SchemaDrift),
        _ => None,
    }
}

/// An unrated item has no word.
pub(super) fn criticality_of(word: &str) -> Result<ItemCriticality, String> {
    match word {
        "V" => Ok(ItemCriticality::Vital),
        "E" => Ok(ItemCriticality::Essential),
        "D" => Ok(ItemCriticality::Desirable),
        _ => Err(format!("Ved {word:?}")),
    }
}

pub(super) fn activity_word(kind: LabourKind) -> &'static str {
    match kind {
        LabourKind::Regular => "LAB1",
        LabourKind::Overtime => "LAB2",
        LabourKind::Travel => "TRAV",
        LabourKind::WaitingForPart => "WMAT",
        LabourKind::WaitingForPermit => "WPER",
    }
}

/// Their unit and ours; a unit in neither column passes as it is.
const UNITS: [(&str, &str); 5] = [
    ("PC", "C62"),
    ("KG", "KGM"),
    ("M", "MTR"),
    ("L", "LTR"),
    ("MM", "MMT"),
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
