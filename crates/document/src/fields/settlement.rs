//! What a note settles, as fields. A plain note has none of them.

use fettle_domain::work_order::{Choice, ResultId, Settlement, StepSettlement};
use fettle_domain::{EntryId, StepId};

use super::{Fields, Read};

const STEP: &str = "settles_step";
const CHOICE: &str = "settles_choice";
const RESULT: &str = "settles_result";
const SEEN: &str = "settles_seen";
const REPORT: &str = "settles_report";

const KEEP_BOTH: &str = "keep_both";
const USE: &str = "use";
const SET_ASIDE: &str = "set_aside";
const ASK: &str = "ask";

pub(super) fn put(fields: &mut Fields, settlement: Option<&Settlement>) {
    match settlement {
        None => {}
        Some(Settlement::FailureReport(report)) => fields.id(REPORT, Some(report.0)),
        Some(Settlement::Step(settled)) => {
            fields.id(STEP, Some(settled.step.0));
            let (word, result) = match &settled.choice {
                Choice::KeepBoth => (KEEP_BOTH, None),
                Choice::Use(result) => (USE, Some(result)),
                Choice::SetAside(result) => (SET_ASIDE, Some(result)),
                Choice::Ask => (ASK, None),
            };
            fields.text(CHOICE, word);
            fields.optional_text(RESULT, result.map(|result| result.0.as_str()));
            // Ids hold no space, so one scalar holds them all.
            let seen: Vec<&str> = settled.seen.iter().map(|id| id.0.as_str()).collect();
            fields.text(SEEN, &seen.join(" "));
        }
    }
}

/// What is settled; nothing when it is a plain note or a choice this program does not know.
pub(super) fn read(fields: &impl Read) -> Option<Settlement> {
    if let Some(report) = fields.id(REPORT) {
        return Some(Settlement::FailureReport(EntryId(report)));
    }
    let result = || fields.text(RESULT).map(ResultId);
    Some(Settlement::Step(StepSettlement {
        step: StepId(fields.id(STEP)?),
        choice: match fields.text(CHOICE)?.as_str() {
            KEEP_BOTH => Choice::KeepBoth,
            USE => Choice::Use(result()?),
            SET_ASIDE => Choice::SetAside(result()?),
            ASK => Choice::Ask,
            _ => return None,
        },
        seen: fields
            .text(SEEN)
            .unwrap_or_default()
            .split_whitespace()
            .map(|id| ResultId(id.to_owned()))
            .collect(),
    }))
}
