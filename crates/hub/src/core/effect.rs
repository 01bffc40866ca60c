//! Effects: recorded with what causes them, claimed before they are sent, settled by the answer.

use fettle_domain::effect::{
    EffectState, NextStep, Outside, Reference, first_step_after_restore, next_step,
};
use fettle_domain::row::Subject;
use fettle_domain::time::elapsed;
use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::work_order::posting::{Posting, postings};
use fettle_domain::{ActorId, CorrelationId, EffectId, PlantId, Timestamp, WorkOrderId};

use super::{Core, StoreFault, lasting_id};
use crate::effect::{Body, Claimed, Outcome};
use crate::table;
use crate::table::effect::Stored;

impl Core<'_> {
    /// Records the postings of an order's facts, each once for ever.
    pub(crate) fn record_postings(
        &self,
        order: WorkOrderId,
        content: &WorkOrderContent,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let late = self.late(order)?;
        for posting in postings(content) {
            if !self.is_left_to_planner(late.as_ref(), order, &posting, now)? {
                self.record_posting(order, &posting, now)?;
            }
        }
        Ok(())
    }

    /// Records the posting of one fact.
    pub(crate) fn record_posting(
        &self,
        order: WorkOrderId,
        posting: &Posting<'_>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        if let Some(of) = posting.takes_back() {
            return self.record_reversal(order, posting, &of, now);
        }
        let Some(body) = body_of(posting, self.plant_of(posting.author())?) else {
            return Ok(());
        };
        let entry = posting.entry();
        // A fact carries no click of its own; its entry id ties it to one.
        self.record_effect(
            posting.reference(),
            (Outside::Erp, order),
            Subject::Entry(entry),
            body,
            CorrelationId(entry.0),
            now,
        )
    }

    /// Plant of the laptop a fact was written on: it was made there, wherever its order went since.
    fn plant_of(&self, author: ActorId) -> Result<Option<PlantId>, StoreFault> {
        let author = table::actor::get(self.connection, author)?;
        let device = match author.and_then(|author| author.device) {
            Some(device) => table::device::get(self.connection, device)?,
            None => None,
        };
        Ok(device.map(|(device, _)| device.plant))
    }

    /// Records an effect unless its business fact has one.
    pub(crate) fn record_effect(
        &self,
        reference: Reference,
        (outside, order): (Outside, WorkOrderId),
        subject: Subject,
        body: Body,
        correlation: CorrelationId,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let effect = Stored {
            id: EffectId(lasting_id("effect", reference.0.as_bytes())),
            reference,
            outside,
            order,
            subject,
            body,
            state: EffectState::Recorded,
            attempts: 0,
            failures: 0,
            unreached: 0,
            sent_at: None,
            unknown_since: None,
            correlation,
        };
        if table::effect::put(self.connection, &effect, now)? {
            tracing::info!(
                effect = %effect.id, %correlation, outside = outside.word(),
                reference = effect.reference.0, "effect recorded"
            );
        }
        Ok(())
    }

    /// Keeps an effect back until the one it rests on stands outside or is given up. Both are
    /// recorded before; cases about what it rests on name it from now on.
    pub(crate) fn effect_waits_for(
        &self,
        reference: &Reference,
        depends_on: &Reference,
    ) -> Result<(), StoreFault> {
        let find = |reference| table::effect::find_reference(self.connection, reference);
        let (Some(effect), Some(depends_on)) = (find(reference)?, find(depends_on)?) else {
            return Ok(());
        };
        table::effect_dependency::put(self.connection, effect, depends_on)?;
        self.name_what_waits(effect)
    }

    /// What was under way when the hub stopped counts as unknown, and what was refused before
    /// there were cases gets one. Done once, before any claim.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn recover_effects(&self, now: Timestamp) -> Result<(), StoreFault> {
        for mut effect in table::effect::sending(self.connection)? {
            effect.state = EffectState::Unknown;
            // It was claimed long before it left, for all that is known; it left before now.
            effect.sent_at = Some(now);
            effect.unknown_since.get_or_insert(now);
            table::effect::set_state(self.connection, &effect, now, now)?;
        }
        for effect in table::effect::refused_without_case(self.connection)? {
            if let EffectState::Rejected(rejection) = &effect.state {
                self.open_refused(&effect, rejection, now)?;
            }
        }
        Ok(())
    }

    /// Claims effects that are due: the attempt is stored before anything is sent.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn claim_effects(&self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreFault> {
        let mut claimed = Vec::new();
        for mut effect in table::effect::due(self.connection, now, limit)? {
            let step = self.step_of(&mut effect)?;
            let word = match step {
                NextStep::Send => "send",
                NextStep::Search => "search",
                NextStep::Rest => continue,
            };
            let call = match self.call_of(&effect)? {
                Ok(call) => call,
                Err(rejection) => {
                    self.settle(
                        &mut effect,
                        &Outcome::Rejected {
                            rejection,
                            official: None,
                        },
                        now,
                    )?;
                    continue;
                }
            };
            effect.attempts += 1;
            if step == NextStep::Send {
                effect.sent_at = Some(now);
            }
            effect.state = EffectState::Sending;
            let attempt = (effect.id, effect.attempts);
            table::attempt::begin(self.connection, attempt, word, now)?;
            table::effect::set_state(self.connection, &effect, now, now)?;
            claimed.push(Claimed {
                id: effect.id,
                attempt: effect.attempts,
                step,
                reference: effect.reference,
                outside: effect.outside,
                call,
                correlation: effect.correlation,
            });
        }
        Ok(claimed)
    }

    /// What is done next with an effect. A restored hub cannot know what it sent before it was
    /// restored, so it sends nothing that it has not looked for since.
    fn step_of(&self, effect: &mut Stored) -> Result<NextStep, StoreFault> {
        let step = next_step(&effect.state);
        let Some(restored) = self.restored_at()? else {
            return Ok(step);
        };
        let is_missing = || table::attempt::was_missing_since(self.connection, effect.id, restored);
        let is_looked_for = step != NextStep::Send || is_missing()?;
        let first = first_step_after_restore(step, is_looked_for);
        if first != step {
            effect.sent_at = effect.sent_at.max(Some(restored));
        }
        Ok(first)
    }

    /// When the next effect is due, if one waits.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn next_effect_due(&self) -> Result<Option<Timestamp>, StoreFault> {
        Ok(table::effect::next_due(self.connection)?)
    }

    /// Writes what came of an attempt and tells the feeds.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn effect_answered(
        &self,
        id: EffectId,
        attempt: u32,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let (word, message) = words(outcome);
        table::attempt::answer(self.connection, (id, attempt), word, &message, now)?;
        let Some(mut effect) = table::effect::get(self.connection, id)? else {
            return Ok(());
        };
        // A late answer of an earlier attempt may only tell what stands, never send again.
        let is_posted = matches!(outcome, Outcome::Posted { .. });
        // What was taken back while it was thought not to be there is there after all.
        let is_there_after_all = is_posted && effect.state == EffectState::TakenBack;
        if effect.state.is_settled() && !is_there_after_all {
            return Ok(());
        }
        if effect.attempts != attempt && !is_posted {
            return Ok(());
        }
        self.settle(&mut effect, outcome, now)
    }
}

fn body_of(posting: &Posting<'_>, plant: Option<PlantId>) -> Option<Body> {
    Some(match posting {
        Posting::Labour(labour) => {
            let end = labour.entry.end?;
            let ms = elapsed(labour.entry.start, end).ms;
            // Confirmations are in whole minutes; work that was recorded counts at least one.
            let minutes = u32::try_from((ms + 30_000) / 60_000).unwrap_or(u32::MAX);
            Body::ConfirmLabour {
                entry: labour.id,
                person: labour.entry.person,
                kind: labour.entry.kind,
                task: labour.entry.task,
                minutes: minutes.max(1),
                at: end.corrected(),
                plant,
            }
        }
        Posting::PartUsed(part) => Body::IssueGoods {
            entry: part.id,
            item: part.entry.item,
            storeroom: part.entry.storeroom.clone(),
            bin: part.entry.bin.clone(),
            quantity: part.entry.quantity.clone(),
            person: part.person,
            at: part.entry.at.corrected(),
            plant,
        },
        // What takes something back has a body of its own.
        Posting::LabourBack { .. } | Posting::PartUsedBack { .. } => return None,
    })
}

fn words(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Posted { number } => ("posted", number.clone()),
        Outcome::Rejected { rejection, .. } => (
            "rejected",
            format!("{}: {}", rejection.code, rejection.message),
        ),
        Outcome::Unknown { seen } => ("unknown", seen.clone()),
        Outcome::NotSent { seen } => ("not_sent", seen.clone()),
        Outcome::NotThere => ("not_there", String::new()),
    }
}
