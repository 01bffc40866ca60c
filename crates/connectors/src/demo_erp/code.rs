//! The built-in ERP's codes and ours, both ways.

use fettle_domain::Unit;
use fettle_domain::effect::RejectionClass;
use fettle_domain::item::{AbcClass, ItemCriticality};
use fettle_domain::price::PriceSource;
use fettle_domain::work_order::LabourKind;

/// Class of a refusal by the system's code.
pub(super) fn rejection_class(code: &str) -> Option<RejectionClass> {
    match code {
        "PERIOD_CLOSED" | "ORDER_CLOSED" | "ALREADY_REVERSED" => Some(RejectionClass::ProcessState),
        "UNKNOWN_COST_CENTRE"
        | "UNKNOWN_MATERIAL"
        | "UNKNOWN_ITEM"
        | "INACTIVE_MATERIAL"
        | "INACTIVE_ITEM"
        | "UNKNOWN_BIN"
        | "UNKNOWN_ORDER"
        | "UNKNOWN_ACTIVITY" => Some(RejectionClass::MasterData),
        "NOT_ENOUGH_STOCK" | "BAD_QUANTITY" | "WRONG_UNIT" | "TOO_LONG" | "UNKNOWN_DOCUMENT"
        | "IS_REVERSAL" => Some(RejectionClass::TransactionData),
        "BAD_JSON" | "BAD_QUERY" | "BAD_REFERENCE" | "TOO_LARGE" | "NO_SUCH_RESOURCE" => {
            Some(RejectionClass::SchemaDrift)
        }
        _ => None,
    }
}

pub(super) fn criticality_of(word: &str) -> Result<ItemCriticality, String> {
    match word {
        "V" => Ok(ItemCriticality::Vital),
        "E" => Ok(ItemCriticality::Essential),
        "D" => Ok(ItemCriticality::Desirable),
        _ => Err(format!("Criticality {word:?}")),
    }
}

pub(super) fn abc_of(word: &str) -> Result<AbcClass, String> {
    match word {
        "A" => Ok(AbcClass::A),
        "B" => Ok(AbcClass::B),
        "C" => Ok(AbcClass::C),
        _ => Err(format!("AbcIndicator {word:?}")),
    }
}

/// This system rates hours by what they are: work, travel. Waiting is paid like work.
pub(super) fn activity_word(kind: LabourKind) -> &'static str {
    match kind {
        LabourKind::Regular
        | LabourKind::Overtime
        | LabourKind::WaitingForPart
        | LabourKind::WaitingForPermit => "MECH",
        LabourKind::Travel => "TRAVEL",
    }
}

/// What the document says of hours its activity type does not tell apart.
pub(super) fn labour_text(kind: LabourKind) -> Option<&'static str> {
    match kind {
        LabourKind::Regular | LabourKind::Travel => None,
        LabourKind::Overtime => Some("overtime"),
        LabourKind::WaitingForPart => Some("waiting for part"),
        LabourKind::WaitingForPermit => Some("waiting for permit"),
    }
}

/// Their unit and ours where they differ; every other passes as it is.
const UNITS: [(&str, &str); 5] = [
    ("EA", "C62"),
    ("KG", "KGM"),
    ("M", "MTR"),
    ("L", "LTR"),
    ("MM", "MMT"),
];

pub(super) fn price_source_of(word: &str) -> Result<PriceSource, String> {
    match word {
        "V" => Ok(PriceSource::MovingAverage),
        "S" => Ok(PriceSource::Standard),
        _ => Err(format!("PriceControl {word:?}")),
    }
}

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
