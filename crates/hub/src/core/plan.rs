//! The plan of an order, both ways: what the CMMS changed comes into the document, what planners
//! changed goes to the CMMS, and where both did, the planner gets a case.

use fettle_connectors::OrderRecord;
use fettle_document::{Edit, WorkOrderDocument, hydrate, plan_of_planners};
use fettle_domain::case::{CaseSubject, Resolution, Settlement};
use fettle_domain::charter::Domain;
use fettle_domain::effect::{Outside as OutsideSystem, Reference};
use fettle_domain::row::Subject;
use fettle_domain::work_order::merge::Clash;
use fettle_domain::work_order::{
    PlanChange, PlanField, PlanValue, SharedPlan, WorkOrderRow, merge_plan,
};
use fettle_domain::{CaseId, CorrelationId, Refusal, Timestamp, WorkOrderId};
use fettle_sync::exchange::FeedNumber;

use super::case::Opening;
use super::change::Planned;
use super::master::Outside;
use super::plan_record::{all_of, edits};
use super::{Core, StoreFault};
use crate::effect::Body;
use crate::table;
use crate::table::accept::Identity;
use crate::table::effect::Stored;
use crate::table::log::{Entry, append};

impl Core<'_> {
    /// Writes the plan of an order that is new here.
    pub(crate) fn first_plan(
        &self,
        outside: &Outside<'_>,
        id: WorkOrderId,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let plan = self.plan_of(outside, record, now)?;
        if let Some((feed, mut document)) = self.document(id.into())? {
            self.write_plan(id, (feed, &mut document), &all_of(&plan), now)?;
        }
        table::order_shadow::put(self.connection, id, &plan)?;
        Ok(())
    }

    /// Merges what the CMMS states of a plan with what it stated before and what people wrote.
    pub(crate) fn take_plan(
        &self,
        outside: &Outside<'_>,
        id: WorkOrderId,
        record: &OrderRecord,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let theirs = self.plan_of(outside, record, now)?;
        // While a change of ours is on its way, what was read may be older than it.
        if table::effect::is_plan_in_flight(self.connection, id, read_at)? {
            table::order_reread::put(self.connection, &record.number)?;
            return Ok(());
        }
        let (Some(row), Some((feed, mut document))) =
            (self.order_row(id)?, self.document(id.into())?)
        else {
            return Ok(());
        };
        let ours = SharedPlan::of(&hydrate(&document, &self.authors()?));
        let base = table::order_shadow::get(self.connection, id)?;
        let base = base.unwrap_or_else(|| ours.clone());
        let merge = merge_plan(&base, &ours, &theirs);
        let edits = edits(&ours, &merge.stands);
        if !self.write_plan(id, (feed, &mut document), &edits, now)? {
            // What the document did not take is not merged: else its old values would look like a
            // planner's wish.
            return Ok(());
        }
        table::order_shadow::put(self.connection, id, &theirs)?;
        for clash in &merge.clashes {
            self.tell_clash(&row, clash, now)?;
        }
        // A status on its way brings the observed times with it.
        let is_status = table::effect::is_status_in_flight(self.connection, id, read_at)?;
        let is_ended = row.status.status.is_ended();
        let push = merge.push.into_iter();
        let push = push.filter(|change| !change.field.is_fact() || !(is_status || is_ended));
        self.record_plan(id, push.collect(), now)
    }

    /// What planners wrote goes to the CMMS; what they wrote at once with it becomes a case.
    pub(crate) fn plan_written(
        &self,
        id: WorkOrderId,
        planned: Planned<'_>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Planned {
            feed,
            document,
            content,
            authors,
            by_planner,
        } = planned;
        let (Some(row), Some(shadow)) = (
            self.order_row(id)?,
            table::order_shadow::get::<SharedPlan>(self.connection, id)?,
        ) else {
            return Ok(());
        };
        let ours = SharedPlan::of(content);
        if by_planner {
            let wanted = plan_of_planners(document, authors);
            let clashes = wanted.clashes_with(&ours);
            if !clashes.is_empty() {
                for clash in &clashes {
                    self.tell_clash(&row, clash, now)?;
                }
                // Written again over both, the CMMS's value is one again.
                self.write_plan(id, (feed, document), &edits(&wanted, &ours), now)?;
            }
        }
        let under_way = table::effect::plans(self.connection, id)?;
        let under_way = under_way.iter().filter(|effect| !effect.state.is_settled());
        let base = shadow.with(under_way.flat_map(|effect| effect.body.plan_changes()));
        let push = merge_plan(&base, &ours, &base).push.into_iter();
        let push = push.filter(|change| !change.field.is_fact());
        self.record_plan(id, push.collect(), now)
    }

    /// Records what the CMMS is to take, unless a person has it already because it was refused.
    fn record_plan(
        &self,
        id: WorkOrderId,
        mut changes: Vec<PlanChange>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        if changes.is_empty() {
            return Ok(());
        }
        let before = table::effect::plans(self.connection, id)?;
        changes.retain(|change| {
            let same = before.iter().rfind(|effect| {
                let mut said = effect.body.plan_changes().iter();
                said.any(|said| said.field == change.field && said.to == change.to)
            });
            same.is_none_or(|effect| effect.may_be_asked_again())
        });
        if changes.is_empty() {
            return Ok(());
        }
        let fact = table::cbor(&(id, before.len(), &changes))?;
        let reference = Reference::of_fact("plan", &fact);
        let correlation = CorrelationId(super::derived_id("plan", reference.0.as_bytes(), now));
        self.record_effect(
            reference,
            (OutsideSystem::Cmms, id),
            Subject::Plan(id),
            Body::ChangePlan { changes },
            correlation,
            now,
        )
    }

    /// The CMMS took changes of ours: what it held before is what it holds no longer.
    pub(crate) fn plan_taken(
        &self,
        id: WorkOrderId,
        changes: &[PlanChange],
    ) -> Result<(), StoreFault> {
        let Some(shadow) = table::order_shadow::get::<SharedPlan>(self.connection, id)? else {
            return Ok(());
        };
        let held = shadow.clone();
        let taken = changes
            .iter()
            .filter(|change| held.get(change.field) == change.from);
        table::order_shadow::put(self.connection, id, &shadow.with(taken))?;
        Ok(())
    }

    /// Somebody in the CMMS came first: the order is read again, and the merge tells the planner
    /// both values. What an earlier refusal of the same change opened is thereby overtaken.
    pub(crate) fn plan_overtaken(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        if let Some(number) = self.order_row(effect.order)?.and_then(|row| row.number) {
            table::order_reread::put(self.connection, &number)?;
        }
        for case in table::case::of_effect(self.connection, effect.id)? {
            let resolution = Resolution {
                by: case.holder(),
                at: now,
                how: Settlement::Overtaken,
                reason: None,
            };
            self.resolve_case(case.id, resolution)?;
        }
        Ok(())
    }

    /// A change the CMMS refused was given up: what it holds stands here, too.
    pub(crate) fn plan_given_up(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        let (id, changes) = (effect.order, effect.body.plan_changes());
        let (Some(shadow), Some((feed, mut document))) = (
            table::order_shadow::get::<SharedPlan>(self.connection, id)?,
            self.document(id.into())?,
        ) else {
            return Ok(());
        };
        let ours = SharedPlan::of(&hydrate(&document, &self.authors()?));
        let mut stands = ours.clone();
        for change in changes {
            // What was changed once more meanwhile has gone its own way.
            if ours.get(change.field).as_ref() == Some(&change.to) {
                stands.set(change.field, shadow.get(change.field));
            }
        }
        let edits = edits(&ours, &stands);
        self.write_plan(id, (feed, &mut document), &edits, now)?;
        Ok(())
    }

    /// Tells the planner of a field both sides changed.
    fn tell_clash(
        &self,
        row: &WorkOrderRow,
        clash: &Clash,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let words = |value: &Option<PlanValue>| {
            let words = value.as_ref().map(ToString::to_string);
            words.unwrap_or_default()
        };
        // The moment makes it another cause: the same clash a second time is a case again.
        let cause = Refusal::new("plan.changed_on_both_sides")
            .with("field", clash.field)
            .with("ours", words(&clash.ours))
            .with("theirs", words(&clash.theirs))
            .with("at", now);
        let subject = CaseSubject::Field(clash.field.to_string());
        let (plant, domain) = (row.plant.clone(), Domain::WorkOrderPlan);
        let opening = Opening {
            order: Some(row.id),
            outside: Some(OutsideSystem::Cmms),
            ..Opening::new(plant, subject, cause, domain)
        };
        let case = self.open_case(opening, now)?;
        table::plan_clash::put(self.connection, case, clash)?;
        Ok(())
    }

    /// The planner wants what people wrote after all: it stands, and goes to the CMMS.
    pub(crate) fn accept_clash(
        &self,
        case: CaseId,
        id: WorkOrderId,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let clash: Option<Clash> = table::plan_clash::get(self.connection, case)?;
        let ours = clash.and_then(|clash| Some((clash.field, clash.ours?)));
        match ours {
            Some(ours) => self.want(id, vec![ours], now),
            None => Ok(()),
        }
    }

    /// Makes values the plan's after all, here and in the CMMS.
    pub(super) fn want(
        &self,
        id: WorkOrderId,
        wanted: Vec<(PlanField, PlanValue)>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let (Some(shadow), Some((feed, mut document))) = (
            table::order_shadow::get::<SharedPlan>(self.connection, id)?,
            self.document(id.into())?,
        ) else {
            return Ok(());
        };
        let held = SharedPlan::of(&hydrate(&document, &self.authors()?));
        let mut stands = held.clone();
        let fields: Vec<PlanField> = wanted.iter().map(|(field, _)| *field).collect();
        for (field, value) in wanted {
            stands.set(field, Some(value));
        }
        if self.write_plan(id, (feed, &mut document), &edits(&held, &stands), now)? {
            let push = merge_plan(&shadow, &stands, &shadow).push.into_iter();
            let push = push.filter(|change| fields.contains(&change.field));
            self.record_plan(id, push.collect(), now)?;
        }
        Ok(())
    }

    /// Writes into a document in the name of the CMMS; false when the document takes no more.
    pub(super) fn write_plan(
        &self,
        id: WorkOrderId,
        (feed, document): (FeedNumber, &mut WorkOrderDocument),
        edits: &[Edit],
        now: Timestamp,
    ) -> Result<bool, StoreFault> {
        if edits.is_empty() {
            return Ok(true);
        }
        let actor = self.hub_actor(now)?;
        let change = match document.edit(actor, now, edits) {
            Ok(Some(change)) => change,
            Ok(None) => return Ok(true),
            Err(error) => {
                // A full document keeps what people wrote; the CMMS still has its own text.
                tracing::error!(order = %id, %error, "document did not take the CMMS's change");
                return Ok(false);
            }
        };
        let entry = Entry::Change(id.into(), change.hash, change.bytes);
        let number = append(self.connection, feed, &entry)?;
        let identity = Identity {
            document: id.into(),
            actor,
            seq: change.seq,
            hash: change.hash,
        };
        table::accept::put(self.connection, identity, Some((feed, number)), now)?;
        table::document::put(self.connection, id.into(), feed, document.save())?;
        Ok(true)
    }
}
