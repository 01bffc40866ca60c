//! Where a change is: the four states, from what this laptop and the feed know. Pure.

use fettle_domain::case::{CaseState, CaseSubject, ExceptionCase, Resolution, Settlement};
use fettle_domain::charter::{Charter, Domain};
use fettle_domain::intent::{Claim, Decision};
use fettle_domain::row::{Outcome, OutcomeRow, Subject};
use fettle_domain::{EntryId, IntentId, Refusal, StepId, Timestamp};
use fettle_replica::{ChangeRow, ClaimRow, MadeKind, MadeSubject, StoredOrder};

use crate::person::shell::ms;
use crate::trouble::problem;
use crate::view::{ChangeState, ChangeView, ProblemView, UnsentKind};

/// A change saved on this laptop at a moment.
pub(crate) fn saved(at: Timestamp) -> ChangeView {
    plain(ChangeState::Saved, at)
}

fn plain(state: ChangeState, at: Timestamp) -> ChangeView {
    ChangeView {
        state,
        system: None,
        number: None,
        reason: None,
        owner: None,
        holder: None,
        due: None,
        at: ms(at),
    }
}

fn attention(reason: ProblemView, owner: &str, at: Timestamp) -> ChangeView {
    ChangeView {
        reason: Some(reason),
        owner: Some(owner.to_owned()),
        ..plain(ChangeState::Attention, at)
    }
}

/// What somebody has, with who that is and until when.
fn with_case(order: &StoredOrder, case: &ExceptionCase, reason: ProblemView) -> ChangeView {
    let holder = case.holder().and_then(|id| order.case_people.get(&id));
    ChangeView {
        system: case.outside.map(|outside| outside.word().to_owned()),
        holder: holder.cloned(),
        due: Some(ms(case.due)),
        ..attention(reason, case.owner.word(), case.opened)
    }
}

/// Where a case of somebody else's making is: said in the same words on every laptop.
pub(crate) fn of_case(order: &StoredOrder, case: &ExceptionCase) -> ChangeView {
    with_case(order, case, reason(case, || problem(&case.cause)))
}

/// Why somebody has it; what was sent again waits for its answer.
fn reason(case: &ExceptionCase, otherwise: impl FnOnce() -> ProblemView) -> ProblemView {
    match case.state {
        CaseState::WaitingOn { outside, .. } => {
            problem(&Refusal::new("effect.sent_again").with("outside", outside.word()))
        }
        CaseState::Open
        | CaseState::Assigned { .. }
        | CaseState::Working { .. }
        | CaseState::Resolved
        | CaseState::Waived => otherwise(),
    }
}

/// How a case ended, in the words of who decided it; `None` where that needs no words.
fn ending(order: &StoredOrder, ended: &Resolution) -> Option<ProblemView> {
    let by = ended.by.and_then(|by| order.case_people.get(&by));
    let by = by.map_or("", String::as_str);
    let reason = ended.reason.as_deref().unwrap_or_default();
    let refusal = match ended.how {
        Settlement::Rejected => Refusal::new("case.rejected")
            .with("by", by)
            .with("reason", reason),
        Settlement::Accepted if ended.by.is_some() => Refusal::new("case.accepted").with("by", by),
        Settlement::Accepted => Refusal::new("case.released").with("reason", reason),
        Settlement::Discarded => Refusal::new("effect.discarded").with("reason", reason),
        Settlement::Posted | Settlement::Overtaken => return None,
    };
    Some(problem(&refusal))
}

/// What is settled: nobody has anything left to do with it, and the person reads how it ended.
fn settled(order: &StoredOrder, ended: &Resolution) -> ChangeView {
    ChangeView {
        reason: ending(order, ended),
        ..plain(ChangeState::Sent, ended.at)
    }
}

/// Where the status of an order is: a race of two claims concerns everybody, else the newest claim
/// made here, with the planner's word where that claim stood against another one.
pub(crate) fn of_status(order: &StoredOrder, charter: &Charter) -> Option<ChangeView> {
    let mut claims = order.claims.iter();
    let own = claims.rfind(|claim| matches!(claim.intent.claim, Claim::Transition(_)));
    let own = own.map(|claim| of_claim(order, charter, claim));
    if own
        .as_ref()
        .is_some_and(|own| own.state == ChangeState::Saved)
    {
        return own;
    }
    let is_race = |case: &&ExceptionCase| matches!(case.subject, CaseSubject::Intent(_));
    let races = || order.cases.iter().filter(is_race);
    if let Some(race) = races().find(|case| !case.is_settled()) {
        return Some(of_case(order, race));
    }
    let mut own = own?;
    let endings = races().filter_map(|case| case.resolution.as_ref());
    let rejected = endings.filter(|ended| ended.how == Settlement::Rejected);
    if let Some(last) = rejected.max_by_key(|ended| ended.at)
        && own.reason.is_none()
        && own.at <= ms(last.at)
    {
        own.reason = ending(order, last);
    }
    Some(own)
}

/// Where an entry of the document is; `at` is when it was written.
pub(crate) fn of_entry(
    order: &StoredOrder,
    charter: &Charter,
    domain: Domain,
    id: EntryId,
    at: Timestamp,
) -> ChangeView {
    let made = made(order, MadeSubject::Entry(id));
    let aside = made.and_then(|row| set_aside(order, row));
    if let Some(view) = aside
        .as_ref()
        .filter(|view| view.state == ChangeState::Attention)
    {
        return view.clone();
    }
    let last = charter.row(domain).last_state.outside();
    let outcomes = order
        .outcomes
        .iter()
        .filter(|outcome| outcome.subject == Subject::Entry(id));
    // What was released after all is posted like anything else.
    let view = outside(outcomes, last).or(aside);
    let view = view.unwrap_or_else(|| at_hub_or_here(made, at));
    in_case(order, Subject::Entry(id), view)
}

/// Where the entry that took another one back is.
///
/// Two laptops of a person may take the same entry back at once. That is posted once, so what
/// became of it is told of one of them and holds for all.
pub(crate) fn of_reversal(
    order: &StoredOrder,
    charter: &Charter,
    domain: Domain,
    (id, all): (EntryId, &[EntryId]),
    at: Timestamp,
) -> ChangeView {
    let own = made(order, MadeSubject::Entry(id));
    if let Some(view) = own.and_then(|row| set_aside(order, row)) {
        return view;
    }
    let last = charter.row(domain).last_state.outside();
    let told = order.outcomes.iter().filter(|outcome| {
        let mut all = all.iter();
        all.any(|id| outcome.subject == Subject::Entry(*id))
    });
    let subject = told
        .clone()
        .next()
        .map_or(Subject::Entry(id), |row| row.subject);
    let view = outside(told, last).unwrap_or_else(|| at_hub_or_here(own, at));
    in_case(order, subject, view)
}

/// Where the newest change of a step made here is; `None` when it was made elsewhere.
pub(crate) fn of_step(order: &StoredOrder, id: StepId) -> Option<ChangeView> {
    let made = made(order, MadeSubject::Step(id))?;
    Some(set_aside(order, made).unwrap_or_else(|| at_hub_or_here(Some(made), made.at)))
}

/// Where a claim made here is.
pub(crate) fn of_claim(order: &StoredOrder, charter: &Charter, claim: &ClaimRow) -> ChangeView {
    let row = charter.row(Domain::WorkOrderStatus);
    let made_at = claim.intent.made.at;
    let id = claim.intent.id;
    let made = made(order, MadeSubject::Intent(id));
    if let Some(view) = made.and_then(|row| set_aside(order, row)) {
        return view;
    }
    if let Some(verdict) = &claim.verdict {
        match &verdict.decision {
            Decision::Refused(refusal) => {
                if let Some(view) = refused(order, id, refusal, row.owner.word(), verdict.at) {
                    return view;
                }
            }
            Decision::Case { refusal, owner } => {
                if let Some(view) = refused(order, id, refusal, owner.word(), verdict.at) {
                    return view;
                }
            }
            Decision::Accepted => {}
        }
    }
    let outcomes = order
        .outcomes
        .iter()
        .filter(|outcome| outcome.subject == Subject::Intent(id));
    let view = outside(outcomes, row.last_state.outside()).unwrap_or_else(|| match claim.sent_at {
        Some(sent_at) => plain(ChangeState::Sent, sent_at),
        None => saved(made_at),
    });
    in_case(order, Subject::Intent(id), view)
}

/// A claim that raced or was refused: with a person until that person decides; `None` once it holds.
fn refused(
    order: &StoredOrder,
    id: IntentId,
    refusal: &Refusal,
    owner: &str,
    at: Timestamp,
) -> Option<ChangeView> {
    let is_of = |case: &&ExceptionCase| case.subject == CaseSubject::Intent(id);
    let Some(case) = order.cases.iter().find(is_of) else {
        return Some(attention(problem(refusal), owner, at));
    };
    match &case.resolution {
        None => Some(with_case(order, case, problem(refusal))),
        Some(ended) if ended.how == Settlement::Accepted => None,
        Some(ended) => Some(settled(order, ended)),
    }
}

/// Who has what an outside system refused, and what waits behind something refused.
fn in_case(order: &StoredOrder, subject: Subject, view: ChangeView) -> ChangeView {
    let open = order.cases.iter().filter(|case| !case.is_settled());
    // Who proposes something waits for an answer and needs nobody's help.
    let mut open = open.filter(|case| !case.is_proposal());
    let is_about = |case: &ExceptionCase| match case.subject {
        CaseSubject::Effect { subject: of, .. } => of == subject,
        CaseSubject::Entry(of) => subject == Subject::Entry(of),
        CaseSubject::Intent(_)
        | CaseSubject::Step(_)
        | CaseSubject::Field(_)
        | CaseSubject::Item { .. } => false,
    };
    if let Some(case) = open.clone().find(|case| is_about(case)) {
        let said = view.reason;
        return with_case(
            order,
            case,
            reason(case, || said.unwrap_or_else(|| problem(&case.cause))),
        );
    }
    match open.find(|case| case.blocks.contains(&subject)) {
        Some(case) => ChangeView {
            system: None,
            ..with_case(order, case, problem(&Refusal::new("effect.waits_behind")))
        },
        None => answered(order, subject, view),
    }
}

/// What the planner said to something somebody proposed.
fn answered(order: &StoredOrder, subject: Subject, view: ChangeView) -> ChangeView {
    let is_about = |case: &&ExceptionCase| {
        case.is_proposal()
            && matches!(case.subject, CaseSubject::Entry(of) if subject == Subject::Entry(of))
    };
    let case = order.cases.iter().find(is_about);
    match case.and_then(|case| case.resolution.as_ref()) {
        Some(ended) => ChangeView {
            reason: ending(order, ended),
            ..view
        },
        None => view,
    }
}

/// Where any change made here is, as lists show it.
pub(crate) fn of_row(order: &StoredOrder, charter: &Charter, row: &ChangeRow) -> ChangeView {
    match row.subject {
        MadeSubject::Entry(id) => of_entry(order, charter, domain(row.kind), id, row.at),
        MadeSubject::Step(id) => of_step(order, id).unwrap_or_else(|| saved(row.at)),
        MadeSubject::Plan(id) => set_aside(order, row).unwrap_or_else(|| {
            let view = at_hub_or_here(Some(row), row.at);
            in_case(order, Subject::Plan(id), view)
        }),
        MadeSubject::Intent(id) => {
            let claim = order.claims.iter().find(|claim| claim.intent.id == id);
            claim.map_or_else(
                || at_hub_or_here(Some(row), row.at),
                |claim| of_claim(order, charter, claim),
            )
        }
    }
}

fn domain(kind: MadeKind) -> Domain {
    match kind {
        MadeKind::Step => Domain::StepResult,
        MadeKind::Note => Domain::Note,
        MadeKind::Photo => Domain::Photo,
        MadeKind::Labour => Domain::Labour,
        MadeKind::Part => Domain::PartUsed,
        MadeKind::FailureReport => Domain::FailureReport,
        MadeKind::Transition | MadeKind::Case => Domain::WorkOrderStatus,
        MadeKind::Plan => Domain::WorkOrderPlan,
    }
}

/// The kind as lists name it.
pub(crate) fn unsent_kind(kind: MadeKind) -> UnsentKind {
    match kind {
        MadeKind::Step => UnsentKind::Step,
        MadeKind::Note => UnsentKind::Note,
        MadeKind::Photo => UnsentKind::Photo,
        MadeKind::Labour => UnsentKind::Labour,
        MadeKind::Part => UnsentKind::Part,
        MadeKind::FailureReport => UnsentKind::FailureReport,
        MadeKind::Transition => UnsentKind::Transition,
        MadeKind::Case => UnsentKind::Case,
        MadeKind::Plan => UnsentKind::Plan,
    }
}

fn made(order: &StoredOrder, subject: MadeSubject) -> Option<&ChangeRow> {
    order.changes.iter().find(|row| row.subject == subject)
}

/// What the hub did not take as it was written: with somebody until its case is settled.
fn set_aside(order: &StoredOrder, row: &ChangeRow) -> Option<ChangeView> {
    let refusal = row.set_aside()?;
    Some(match row.case(&order.cases) {
        Some(case) => match &case.resolution {
            Some(ended) => settled(order, ended),
            None => with_case(order, case, problem(refusal)),
        },
        // Whoever owns the field decides whether it is to be as this person wrote it; quarantine
        // ends by an administrator's hand alone.
        None if row.compensated.is_some() => attention(problem(refusal), "planner", row.at),
        None => attention(problem(refusal), "administrator", row.at),
    })
}

fn at_hub_or_here(row: Option<&ChangeRow>, at: Timestamp) -> ChangeView {
    match row {
        Some(ChangeRow { sent_at: None, .. }) => saved(at),
        Some(ChangeRow {
            sent_at: Some(sent_at),
            ..
        }) => plain(ChangeState::Sent, *sent_at),
        // Made elsewhere: it came from the hub, so the hub has it.
        None => plain(ChangeState::Sent, at),
    }
}

/// What outside systems said: a refusal of any of them, else the acceptance of the last one.
fn outside<'a>(
    outcomes: impl Iterator<Item = &'a OutcomeRow>,
    last: Option<fettle_domain::effect::Outside>,
) -> Option<ChangeView> {
    let mut accepted = None;
    for row in outcomes {
        let system = row.outside.word();
        match &row.outcome {
            Outcome::Refused {
                code,
                message,
                owner,
                ..
            } => {
                let reason = Refusal::new(&format!("{}.{code}", system.to_lowercase()))
                    .with("system", system)
                    .with("code", code)
                    .with("message", message);
                return Some(ChangeView {
                    system: Some(system.to_owned()),
                    ..attention(problem(&reason), owner.word(), row.at)
                });
            }
            Outcome::Accepted { number } if Some(row.outside) == last => {
                accepted = Some(ChangeView {
                    system: Some(system.to_owned()),
                    number: (!number.is_empty()).then(|| number.clone()),
                    ..plain(ChangeState::Accepted, row.at)
                });
            }
            Outcome::Accepted { .. } => {}
            Outcome::TakenBack => {
                let reason = Refusal::new("effect.taken_back").with("outside", system);
                return Some(ChangeView {
                    reason: Some(problem(&reason)),
                    ..plain(ChangeState::Sent, row.at)
                });
            }
            // Nobody has anything left to do with it; the person reads why.
            Outcome::Discarded { reason, .. } => {
                let reason = Refusal::new("effect.discarded").with("reason", reason);
                return Some(ChangeView {
                    system: Some(system.to_owned()),
                    reason: Some(problem(&reason)),
                    ..plain(ChangeState::Sent, row.at)
                });
            }
        }
    }
    accepted
}
