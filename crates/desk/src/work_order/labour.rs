//! Labour: running entries, their end, and their view.

use fettle_document::Edit;
use fettle_domain::PersonId;
use fettle_domain::charter::Domain;
use fettle_domain::time::elapsed;
use fettle_domain::work_order::overlap::overlapping;
use fettle_domain::work_order::{Authored, LabourEntry};
use fettle_replica::{MadeKind, MadeSubject, StoredOrder};

use super::change;
use super::commit::{Scene, Wish};
use super::order::Reader;
use super::taken_back::{may_take_back, taken_back};
use crate::person::shell::{ms, running_since};
use crate::trouble::Answer;
use crate::view::LabourView;

/// The person's running labour on an order.
pub(super) fn running(order: &StoredOrder, person: PersonId) -> Option<&Authored<LabourEntry>> {
    order.content.labour.iter().find(|labour| {
        labour.entry.person == person && labour.entry.end.is_none() && !labour.is_closed
    })
}

/// Adds the end of running labour to a wish.
pub(super) fn stop(wish: Wish, scene: &Scene, labour: &Authored<LabourEntry>) -> Wish {
    let edit = Edit::CloseLabour {
        id: labour.id,
        end: scene.now,
    };
    wish.edit(
        edit,
        MadeKind::Labour,
        MadeSubject::Entry(labour.id),
        &scene.member.person.name,
    )
}

/// Labour, newest first.
pub(super) fn labour_views(reader: &Reader<'_>) -> Answer<Vec<LabourView>> {
    let labour = &reader.order.content.labour;
    let overlapping = overlapping(labour);
    let mut views = labour
        .iter()
        .filter(|labour| labour.entry.reversal_of.is_none())
        .map(|labour| labour_view(reader, labour, overlapping.contains(&labour.id)))
        .collect::<Answer<Vec<_>>>()?;
    views.reverse();
    Ok(views)
}

fn labour_view(
    reader: &Reader<'_>,
    labour: &Authored<LabourEntry>,
    is_overlapping: bool,
) -> Answer<LabourView> {
    let all = &reader.order.content.labour;
    let LabourEntry {
        person, start, end, ..
    } = &labour.entry;
    let lasted = elapsed(*start, end.unwrap_or(reader.now));
    // What ran by the boot clock counts, so the end is the start and what has passed.
    let began = match end {
        Some(_) => start.corrected(),
        None => running_since(*start, reader.now),
    };
    Ok(LabourView {
        id: labour.id.to_string(),
        by: reader.person_name(Some(*person))?,
        start: ms(began),
        end: end.map(|_| ms(began.plus_ms(lasted.ms))),
        is_time_doubtful: lasted.is_doubtful,
        is_overlapping,
        may_take_back: may_take_back(reader, all, labour.id),
        taken_back: taken_back(reader, Domain::Labour, all, labour, |back| back.start),
        change: change::of_entry(
            reader.order,
            reader.charter,
            Domain::Labour,
            labour.id,
            end.unwrap_or(*start).at,
        ),
    })
}
