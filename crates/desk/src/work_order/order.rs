//! The order page: row, document and where each change is, joined.

use std::sync::Arc;

use fettle_domain::charter::{Charter, Domain};
use fettle_domain::person::Role;
use fettle_domain::work_order::settlement::is_office;
use fettle_domain::work_order::status::Status;
use fettle_domain::{ActorId, DeviceId, DeviceTime, EntryId, PersonId, Refusal, Timestamp};
use fettle_replica::{MadeSubject, StoredOrder};

use super::change;
use super::commit::check_open;
use super::failure_report::report_views;
use super::labour::labour_views;
use super::part::part_views;
use super::photo::photo_views;
use super::row::Rows;
use super::step::task_views;
use crate::core::{Core, Member};
use crate::desk::Desk;
use crate::laptop;
use crate::person::shell::ms;
use crate::trouble::{Answer, problem};
use crate::view::{NoteView, OrderView, PermitView, PlanAction, ProblemView};

impl Desk {
    /// One order.
    ///
    /// # Errors
    /// `order.unknown`.
    pub async fn order(&self, id: String) -> Result<OrderView, ProblemView> {
        self.on_disk(move |core| core.order_view(&id)).await
    }
}

/// What the parts of the page are made with.
pub(super) struct Reader<'a> {
    pub(super) core: &'a Core,
    pub(super) order: &'a StoredOrder,
    pub(super) charter: &'a Charter,
    pub(super) member: &'a Member,
    pub(super) now: DeviceTime,
}

impl Reader<'_> {
    /// Name of a person; empty while unknown here.
    pub(super) fn person_name(&self, id: Option<PersonId>) -> Answer<String> {
        self.core.person_name(id)
    }

    /// Name of an entry's author: behind the actor, else who made it on this laptop.
    pub(super) fn author_name(&self, person: Option<PersonId>, id: EntryId) -> Answer<String> {
        let made = self
            .order
            .changes
            .iter()
            .find(|row| row.subject == MadeSubject::Entry(id));
        self.person_name(person.or(made.map(|row| row.person)))
    }

    /// True when a planner or supervisor stood behind an actor at a moment.
    pub(super) fn is_office(&self, actor: ActorId, at: Timestamp) -> bool {
        let row = self.core.replica.actor(actor).ok().flatten();
        row.is_some_and(|row| is_office(row.roles_at(at)))
    }

    /// True when an entry is of the person at work.
    pub(super) fn is_mine(&self, actor: ActorId, person: Option<PersonId>) -> bool {
        actor == self.member.actor || person == Some(self.member.id())
    }

    /// The laptop behind an actor; the end of its id where its name is not known here.
    pub(super) fn laptop_name(&self, actor: ActorId) -> Answer<String> {
        let Some(row) = self.core.replica.actor(actor)? else {
            return Ok(String::new());
        };
        let Some(device) = row.device else {
            return Ok("CMMS".to_owned());
        };
        Ok(match laptop::laptop(&self.core.replica)? {
            Some(laptop) if laptop.device.id == device => laptop.device.name,
            Some(_) | None => row.device_name.unwrap_or_else(|| end_of(device)),
        })
    }
}

impl Core {
    pub(crate) fn person_name(&self, id: Option<PersonId>) -> Answer<String> {
        let Some(id) = id else {
            return Ok(String::new());
        };
        let person = self.replica.person(id)?;
        Ok(person.map_or_else(String::new, |person| person.name))
    }

    fn order_view(&self, id: &str) -> Answer<OrderView> {
        let member = self.member()?;
        let order = self.stored_order(id)?;
        self.look_at(&order)?;
        let charter = self.charter()?;
        let reader = Reader {
            core: self,
            order: &order,
            charter: &charter,
            member: &member,
            now: self.now(),
        };
        let row = Rows::new(self, member.id())?.row(&order.line)?;
        let locked = check_open(&order).err();
        Ok(OrderView {
            row,
            kind: order.row.kind.word().to_owned(),
            description: order.content.description.clone(),
            job_plan: order.row.job_plan.clone(),
            down_since: order.row.down_since.map(ms),
            permits: permit_views(&order),
            transition: change::of_status(&order, &charter),
            tasks: task_views(&reader, &order.content.tasks)?,
            removed_tasks: task_views(&reader, &order.content.removed_tasks)?,
            parts: part_views(&reader)?,
            labour: labour_views(&reader)?,
            failure_reports: report_views(&reader)?,
            notes: note_views(&reader)?,
            photos: photo_views(&reader, &member)?,
            unsent: self.unsent_of(&order)?,
            actions: actions(order.line.status, &member, locked.as_ref()),
            locked_reason: locked.as_ref().map(problem),
            plan_action: plan_action(order.line.status, &member),
        })
    }
}

fn permit_views(order: &StoredOrder) -> Vec<PermitView> {
    let permits = order.row.permits.iter();
    permits
        .map(|permit| PermitView {
            number: permit.number.clone(),
            kind: permit.kind.clone(),
            ends: permit.ends.map(ms),
        })
        .collect()
}

fn note_views(reader: &Reader<'_>) -> Answer<Vec<NoteView>> {
    let mut views = Vec::new();
    let notes = reader.order.content.notes.iter();
    // What settles something is shown beside what it settles.
    for note in notes.filter(|note| note.entry.settles.is_none()) {
        views.push(NoteView {
            id: note.id.to_string(),
            text: note.entry.text.clone(),
            by: reader.author_name(note.person, note.id)?,
            at: ms(note.entry.at.corrected()),
            change: change::of_entry(
                reader.order,
                reader.charter,
                Domain::Note,
                note.id,
                note.entry.at.at,
            ),
        });
    }
    // The document's order is that of writing; times come from clocks that may be years off.
    views.reverse();
    Ok(views)
}

/// What the person may do now, in the words screens know.
fn actions(status: Status, member: &Arc<Member>, locked: Option<&Refusal>) -> Vec<String> {
    let go = match status {
        Status::Hold | Status::Wmatl => "resume",
        Status::Draft
        | Status::Wappr
        | Status::Appr
        | Status::Wpcond
        | Status::Wsch
        | Status::Sched
        | Status::Disp
        | Status::Inprg
        | Status::Comp
        | Status::Close
        | Status::Can => "start",
    };
    let mut actions = Vec::new();
    // Taking a finished order up again needs a reason, which this screen does not ask for.
    if status != Status::Comp && may(status, Status::Inprg, member.roles()) {
        actions.push(go.to_owned());
    }
    if may(status, Status::Hold, member.roles()) {
        actions.push("hold".to_owned());
    }
    if may(status, Status::Comp, member.roles()) {
        actions.push("finish".to_owned());
    }
    if locked.is_none() {
        actions.push("work".to_owned());
    }
    actions
}

/// The planner changes the plan, anybody else proposes; of history neither.
fn plan_action(status: Status, member: &Member) -> Option<PlanAction> {
    if status.is_ended() {
        None
    } else if member.roles().contains(&Role::Planner) {
        Some(PlanAction::Change)
    } else {
        Some(PlanAction::Propose)
    }
}

fn may(from: Status, to: Status, roles: &[Role]) -> bool {
    from.transition_to(to)
        .is_some_and(|legal| roles.iter().any(|role| legal.roles.contains(role)))
}

/// The last four digits of a laptop's id, the random ones: a hub of an earlier version names none.
fn end_of(device: DeviceId) -> String {
    let digits = device.key().to_uppercase();
    digits[digits.len().saturating_sub(4)..].to_owned()
}
