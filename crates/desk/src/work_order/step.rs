//! Steps: their view, and what ticking and recording share.

use fettle_document::{Edit, StepEntry};
use fettle_domain::work_order::step::{Entry, record_step};
use fettle_domain::work_order::{Step, StepKind, StepResult, StepVerdict, Task};
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

fn find<'a>(order: &'a StoredOrder, step_id: &str) -> Answer<&'a Step> {
    let unknown = || Trouble::new("step.unknown");
    let id: StepId = step_id.parse().map_err(|_| unknown())?;
    let mut steps = order.content.tasks.iter().flat_map(|task| &task.steps);
    steps.find(|step| step.id == id).ok_or_else(unknown)
}

/// Tasks with their steps, as the order page shows them.
pub(super) fn task_views(reader: &Reader<'_>) -> Answer<Vec<view::TaskView>> {
    let tasks = &reader.order.content.tasks;
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
        change: change::of_step(order, step.id),
    })
}

fn result_view(reader: &Reader<'_>, step: &Step, result: &StepResult) -> Answer<view::ResultView> {
    Ok(view::ResultView {
        value: result.value.map(|value| value.to_string()),
        text: result.text.clone(),
        is_pass: result.verdict(&step.kind) == StepVerdict::Pass,
        by: reader.person_name(result.person)?,
        at: ms(result.at.corrected()),
        laptop: reader.laptop_name(result.actor)?,
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
