//! Steps: their view, and what ticking and recording share.

use fettle_document::{Edit, StepEntry};
use fettle_domain::case::CaseSubject;
use fettle_domain::charter::Domain;
use fettle_domain::person::Role;
use fettle_domain::work_order::settlement::{check_choice, is_office};
use fettle_domain::work_order::step::{Entry, record_step};
use fettle_domain::work_order::{
    Choice, Clash, Settled, Step, StepKind, StepResult, StepState, StepVerdict, Task,
};
use fettle_domain::{Decimal, StepId};
use fettle_replica::{MadeKind, MadeSubject, StoredOrder};

use super::change;
use super::commit::{Scene, Wish, check_open};
use super::order::Reader;
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble};
use crate::view;

/// Decides what an entry for a step records.
pub(super) fn wish(scene: &Scene, step_id: &str, entry: &Entry) -> Answer<Wish> {
    let step = find(&scene.order, step_id)?;
    check_open(&scene.order)?;
    let recorded = record_step(&step.kind, entry)?;
    let unit = match (&step.kind, recorded.value) {
        (StepKind::Value { unit, .. }, Some(_)) => Some(unit.clone()),
        (StepKind::Value { .. }, None) | (StepKind::Tick | StepKind::Text, _) => None,
    };
    let edit = Edit::RecordStep {
        step: step.id,
        entry: Box::new(StepEntry {
            is_done: recorded.is_done,
            value: recorded.value,
            unit,
            text: recorded.text,
            photos: Vec::new(),
            scanned_code: None,
            second_signature: None,
            permit_acknowledged: None,
            at: scene.now,
        }),
    };
    Ok(Wish::default().edit(edit, MadeKind::Step, MadeSubject::Step(step.id), &step.text))
}

pub(super) fn find<'a>(order: &'a StoredOrder, step_id: &str) -> Answer<&'a Step> {
    let unknown = || Trouble::new("step.unknown");
    let id: StepId = step_id.parse().map_err(|_| unknown())?;
    let mut steps = order.content.tasks.iter().flat_map(|task| &task.steps);
    steps.find(|step| step.id == id).ok_or_else(unknown)
}

/// Tasks with their steps, as the order page shows them.
pub(super) fn task_views(reader: &Reader<'_>, tasks: &[Task]) -> Answer<Vec<view::TaskView>> {
    tasks.iter().map(|task| task_view(reader, task)).collect()
}

fn task_view(reader: &Reader<'_>, task: &Task) -> Answer<view::TaskView> {
    let steps = task.steps.iter().map(|step| step_view(reader, step));
    Ok(view::TaskView {
        id: task.id.to_string(),
        number: task.number,
        text: task.text.clone(),
        steps: steps.collect::<Answer<_>>()?,
    })
}

fn step_view(reader: &Reader<'_>, step: &Step) -> Answer<view::StepView> {
    let order = reader.order;
    let state = order
        .content
        .results
        .iter()
        .find(|state| state.step == step.id);
    let stands = state.map_or(StepVerdict::Open, |state| state.verdict(&step.kind));
    let (kind, unit, lower, upper) = match &step.kind {
        StepKind::Tick => (view::StepKind::Tick, None, None, None),
        StepKind::Text => (view::StepKind::Text, None, None, None),
        StepKind::Value { unit, lower, upper } => {
            (view::StepKind::Value, Some(unit), *lower, *upper)
        }
    };
    let results = state.map_or(&[][..], |state| &state.results);
    let told = results
        .iter()
        .filter(|result| result.verdict(&step.kind) != StepVerdict::Open)
        .map(|result| result_view(reader, step, result));
    Ok(view::StepView {
        id: step.id.to_string(),
        kind,
        text: step.text.clone(),
        unit: unit.map(|unit| unit.symbol().to_owned()),
        lower: lower.map(|limit| limit.to_string()),
        upper: upper.map(|limit| limit.to_string()),
        increment: unit.map(|_| increment(&[lower, upper])),
        is_done: stands != StepVerdict::Open,
        results: told.collect::<Answer<_>>()?,
        clash: state.and_then(|state| clash_view(reader, step, state)),
        history: state
            .iter()
            .flat_map(|state| &state.history)
            .map(|result| result_view(reader, step, result))
            .collect::<Answer<_>>()?,
        choices: state
            .iter()
            .flat_map(|state| {
                state
                    .settlements
                    .iter()
                    .map(move |settled| (*state, settled))
            })
            .map(|(state, settled)| choice_view(reader, step, state, settled))
            .collect::<Answer<_>>()?,
        change: change::of_step(order, step.id),
    })
}

fn result_view(reader: &Reader<'_>, step: &Step, result: &StepResult) -> Answer<view::ResultView> {
    let beyond = match (&step.kind, result.value) {
        (StepKind::Value { lower, upper, .. }, Some(value)) => {
            if lower.is_some_and(|limit| value < limit) {
                Some(view::Beyond::Lower)
            } else if upper.is_some_and(|limit| value > limit) {
                Some(view::Beyond::Upper)
            } else {
                None
            }
        }
        (StepKind::Value { .. }, None) | (StepKind::Tick | StepKind::Text, _) => None,
    };
    Ok(view::ResultView {
        id: result.id().0,
        is_mine: reader.is_mine(result.actor, result.person),
        beyond,
        value: result.value.map(|value| value.to_string()),
        text: result.text.clone(),
        is_pass: result.verdict(&step.kind) == StepVerdict::Pass,
        by: reader.person_name(result.person)?,
        at: ms(result.at.corrected()),
        laptop: reader.laptop_name(result.actor)?,
    })
}

fn clash_view(reader: &Reader<'_>, step: &Step, state: &StepState) -> Option<view::ClashView> {
    let clash = match state.clash(&step.kind) {
        Clash::None => return None,
        Clash::Open => view::ClashState::Open,
        Clash::Asked(_) => view::ClashState::Asked,
        Clash::Kept(_) => view::ClashState::Kept,
    };
    let roles = reader.member.roles();
    let first = state.results.first().map(StepResult::id)?;
    // The reason comes with the choice, so it is no obstacle yet.
    let allows = |choice| check_choice(&step.kind, state, &choice, "reason", roles).is_ok();
    let has_fail = state.verdict(&step.kind) == StepVerdict::Fail;
    let may = [
        (
            view::ChoiceKind::KeepBoth,
            clash != view::ClashState::Kept && allows(Choice::KeepBoth),
        ),
        (view::ChoiceKind::Use, allows(Choice::Use(first.clone()))),
        (
            view::ChoiceKind::SetAside,
            has_fail && allows(Choice::SetAside(first)),
        ),
        (
            view::ChoiceKind::Ask,
            clash == view::ClashState::Open && !is_office(roles),
        ),
    ];
    let is_open = reader.order.line.status.takes_facts();
    let owner = owner(reader, step, state);
    Some(view::ClashView {
        state: clash,
        may: may
            .into_iter()
            .filter_map(|(kind, may)| (is_open && may).then_some(kind))
            .collect(),
        owner: owner.map(|owner| owner.word().to_owned()),
    })
}

/// Who has two versions: by the hub's case, and before it heard of them by the charter.
fn owner(reader: &Reader<'_>, step: &Step, state: &StepState) -> Option<Role> {
    let code = state.case(&step.kind)?;
    let mut cases = reader.order.cases.iter();
    let case =
        cases.find(|case| case.subject == CaseSubject::Step(step.id) && case.cause.code == code);
    match case {
        Some(case) => (!case.is_settled()).then_some(case.owner),
        None => Some(reader.charter.row(Domain::StepResult).owner),
    }
}

fn choice_view(
    reader: &Reader<'_>,
    step: &Step,
    state: &StepState,
    settled: &Settled,
) -> Answer<view::ChoiceView> {
    let (kind, about) = match &settled.choice {
        Choice::KeepBoth => (view::ChoiceKind::KeepBoth, None),
        Choice::Use(id) => (view::ChoiceKind::Use, Some(id)),
        Choice::SetAside(id) => (view::ChoiceKind::SetAside, Some(id)),
        Choice::Ask => (view::ChoiceKind::Ask, None),
    };
    let results = || {
        state
            .results
            .iter()
            .chain(&state.same)
            .chain(&state.history)
    };
    let about = about.and_then(|id| results().find(|result| result.id() == *id));
    let unit = match &step.kind {
        StepKind::Value { unit, .. } => unit.symbol(),
        StepKind::Tick | StepKind::Text => "",
    };
    let value = about.and_then(|result| match result.value {
        Some(value) => Some(format!("{value} {unit}").trim().to_owned()),
        None => result.text.clone(),
    });
    Ok(view::ChoiceView {
        id: settled.note.to_string(),
        kind,
        value,
        by: reader.author_name(settled.person, settled.note)?,
        at: ms(settled.at.corrected()),
        reason: settled.reason.clone(),
    })
}

/// One unit of the last decimal place the limits have.
fn increment(limits: &[Option<Decimal>]) -> String {
    let scales = limits.iter().flatten().map(|limit| limit.0.scale());
    match scales.max().unwrap_or(0) as usize {
        0 => "1".to_owned(),
        scale => format!("0.{:0>scale$}", 1),
    }
}
