//! What a case is about, in the words of the order it belongs to.

use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::intent::Claim;
use fettle_domain::row::Subject;
use fettle_domain::time::elapsed;
use fettle_domain::{EntryId, IntentId, StepId};
use fettle_replica::StoredOrder;

use super::list::About;
use crate::core::Core;
use crate::trouble::Answer;
use crate::view::CaseKind;

/// What a case is about. Whatever is not on this laptop is named without its details.
pub(crate) fn about(
    core: &Core,
    order: Option<&StoredOrder>,
    case: &ExceptionCase,
) -> Answer<About> {
    let plain = |kind, text: String| About {
        kind,
        text,
        minutes: None,
    };
    Ok(match &case.subject {
        CaseSubject::Effect { subject, .. } => {
            let about = of_subject(core, order, *subject)?;
            match about.kind {
                // Claims stay on the laptop they were made on; the cause names the status.
                CaseKind::Status | CaseKind::Field => plain(about.kind, wanted(case)),
                _ => about,
            }
        }
        CaseSubject::Intent(_) => {
            let is_race = case.cause.code == "order.status_changed_meanwhile";
            let kind = if is_race {
                CaseKind::Race
            } else {
                CaseKind::Status
            };
            plain(kind, wanted(case))
        }
        CaseSubject::Entry(id) => About {
            kind: CaseKind::Entry,
            ..of_entry(core, order, *id)?
        },
        CaseSubject::Step(id) => plain(CaseKind::Step, step_text(order, *id)),
        CaseSubject::Field(name) => plain(CaseKind::Field, name.clone()),
        CaseSubject::Item { .. } => plain(CaseKind::KeptAside, String::new()),
    })
}

/// What an outside system was asked to take.
pub(super) fn of_subject(
    core: &Core,
    order: Option<&StoredOrder>,
    subject: Subject,
) -> Answer<About> {
    match subject {
        Subject::Entry(id) => of_entry(core, order, id),
        Subject::Intent(id) => Ok(About {
            kind: CaseKind::Status,
            text: claimed(order, id),
            minutes: None,
        }),
        Subject::Plan(_) => Ok(About {
            kind: CaseKind::Field,
            text: String::new(),
            minutes: None,
        }),
    }
}

fn of_entry(core: &Core, order: Option<&StoredOrder>, id: EntryId) -> Answer<About> {
    let content = order.map(|order| &order.content);
    let mut labour = content.into_iter().flat_map(|content| &content.labour);
    if let Some(labour) = labour.find(|labour| labour.id == id) {
        let lasted = labour.entry.end.map(|end| elapsed(labour.entry.start, end));
        let minutes = lasted.map(|lasted| (lasted.ms + 30_000) / 60_000);
        return Ok(About {
            kind: CaseKind::Labour,
            text: core.person_name(Some(labour.entry.person))?,
            minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        });
    }
    let mut parts = content.into_iter().flat_map(|content| &content.parts_used);
    if let Some(part) = parts.find(|part| part.id == id) {
        let quantity = &part.entry.quantity;
        let item = core.replica.item(part.entry.item)?;
        let item = item.map_or_else(String::new, |item| {
            format!(" {} {}", item.number, item.description)
        });
        return Ok(About {
            kind: CaseKind::Part,
            text: format!("{} {}{item}", quantity.value, quantity.unit.symbol()),
            minutes: None,
        });
    }
    Ok(About {
        kind: CaseKind::Entry,
        text: String::new(),
        minutes: None,
    })
}

/// Status a claim wanted, where the claim was made on this laptop.
fn claimed(order: Option<&StoredOrder>, id: IntentId) -> String {
    let mut claims = order.into_iter().flat_map(|order| &order.claims);
    let claim = claims.find(|claim| claim.intent.id == id);
    match claim.map(|claim| &claim.intent.claim) {
        Some(Claim::Transition(transition)) => transition.to.word().to_owned(),
        Some(Claim::Case(_)) | None => String::new(),
    }
}

/// The status that was wanted, as the cause of the case names it.
fn wanted(case: &ExceptionCase) -> String {
    let named = case.cause.arguments.iter();
    let to = named.filter(|argument| argument.name == "to");
    to.map(|argument| argument.value.clone())
        .next()
        .unwrap_or_default()
}

fn step_text(order: Option<&StoredOrder>, id: StepId) -> String {
    let tasks = order.into_iter().flat_map(|order| &order.content.tasks);
    let mut steps = tasks.flat_map(|task| &task.steps);
    let step = steps.find(|step| step.id == id);
    step.map_or_else(String::new, |step| step.text.clone())
}
