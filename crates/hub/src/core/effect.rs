//! Effects: recorded with what causes them, claimed before they are sent, settled by the answer.

use fettle_domain::charter::Domain;
use fettle_domain::effect::{
    EffectState, NextStep, Outside, Reference, Rejection, next_step, retry_after_ms,
};
use fettle_domain::feed::Feed;
use fettle_domain::row::{Outcome as RowOutcome, OutcomeRow, Row, Subject};
use fettle_domain::time::elapsed;
use fettle_domain::work_order::WorkOrderContent;
use fettle_domain::work_order::official::CmmsAnswer;
use fettle_domain::work_order::posting::{Posting, postings};
use fettle_domain::work_order::status::Status;
use fettle_domain::{CorrelationId, EffectId, PersonId, Timestamp, WorkOrderId};

use super::{Core, StoreFault, derived_id};
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
        for posting in postings(content) {
            let Some(body) = body_of(&posting) else {
                continue;
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
            )?;
        }
        Ok(())
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
            id: EffectId(derived_id("effect", reference.0.as_bytes(), now)),
            reference,
            outside,
            order,
            subject,
            body,
            state: EffectState::Recorded,
            attempts: 0,
            failures: 0,
            sent_at: None,
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

    /// What was under way when the hub stopped counts as unknown. Done once, before any claim.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn recover_effects(&self, now: Timestamp) -> Result<(), StoreFault> {
        for mut effect in table::effect::sending(self.connection)? {
            effect.state = EffectState::Unknown;
            // It was claimed long before it left, for all that is known; it left before now.
            effect.sent_at = Some(now);
            table::effect::set_state(self.connection, &effect, now, now)?;
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
            let step = next_step(&effect.state);
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
        if effect.state.is_settled() {
            return Ok(());
        }
        // A late answer of an earlier attempt may only tell what stands, never send again.
        let is_posted = matches!(outcome, Outcome::Posted { .. });
        if effect.attempts != attempt && !is_posted {
            return Ok(());
        }
        self.settle(&mut effect, outcome, now)
    }

    fn settle(
        &self,
        effect: &mut Stored,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let wait = |failures: u32| now.plus_ms(retry_after_ms(failures));
        let mut next = now;
        match outcome {
            Outcome::Posted { number } => {
                effect.state = EffectState::Posted {
                    number: number.clone(),
                };
                self.tell_posted(effect, number, now)?;
            }
            Outcome::Rejected {
                rejection,
                official,
            } => {
                effect.state = EffectState::Rejected(rejection.clone());
                self.tell_rejected(effect, rejection, *official, now)?;
            }
            Outcome::Unknown { .. } => {
                effect.failures += 1;
                effect.state = EffectState::Unknown;
                // Claimed earlier, and between claim and call a machine may have slept: what counts
                // is when it was given up, for until then it may have been on its way.
                effect.sent_at = Some(now);
                next = wait(effect.failures);
            }
            Outcome::NotSent { .. } => {
                effect.failures += 1;
                // A search that did not get through leaves it unknown: something was sent before.
                effect.state = self.before_attempt(effect)?;
                next = wait(effect.failures);
            }
            Outcome::NotThere => {
                // What a search saw is as old as its beginning.
                let looked =
                    table::attempt::started(self.connection, (effect.id, effect.attempts))?;
                let settled = effect
                    .sent_at
                    .map_or(now, |at| at.plus_ms(self.policy.settle_ms));
                if looked.is_some_and(|looked| looked < settled) {
                    effect.state = EffectState::Unknown;
                    effect.failures += 1;
                    next = settled.min(wait(effect.failures));
                } else {
                    effect.state = EffectState::Recorded;
                }
            }
        }
        tracing::info!(
            effect = %effect.id, correlation = %effect.correlation, outside = effect.outside.word(),
            state = ?effect.state, "effect answered"
        );
        table::effect::set_state(self.connection, effect, next, now)?;
        Ok(())
    }

    /// Sends a refused effect again: searched by its reference first, because somebody may have
    /// entered it by hand. Tells which system it goes to; `None` when there is nothing to send.
    pub(crate) fn replay_effect(
        &self,
        id: EffectId,
        now: Timestamp,
    ) -> Result<Option<Outside>, StoreFault> {
        let Some(mut effect) = table::effect::get(self.connection, id)? else {
            return Ok(None);
        };
        if !matches!(effect.state, EffectState::Rejected(_)) {
            return Ok(None);
        }
        effect.state = EffectState::Unknown;
        effect.failures = 0;
        table::effect::set_state(self.connection, &effect, now, now)?;
        Ok(Some(effect.outside))
    }

    /// Gives an effect up unless it stands outside; it is never sent again.
    pub(crate) fn discard_effect(
        &self,
        id: EffectId,
        reason: &str,
        by: PersonId,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(mut effect) = table::effect::get(self.connection, id)? else {
            return Ok(());
        };
        if matches!(effect.state, EffectState::Posted { .. }) {
            return Ok(());
        }
        effect.state = EffectState::Discarded {
            reason: reason.to_owned(),
            by,
        };
        table::effect::set_state(self.connection, &effect, now, now)?;
        Ok(())
    }

    fn before_attempt(&self, effect: &Stored) -> Result<EffectState, StoreFault> {
        let step = table::attempt::step(self.connection, (effect.id, effect.attempts))?;
        Ok(match step.as_deref() {
            Some("send") => EffectState::Recorded,
            Some(_) | None => EffectState::Unknown,
        })
    }

    fn tell_posted(&self, effect: &Stored, number: &str, now: Timestamp) -> Result<(), StoreFault> {
        let accepted = RowOutcome::Accepted {
            number: number.to_owned(),
        };
        self.tell(effect, accepted, now)?;
        if let Body::SetStatus { revision, .. } = &effect.body
            && let Some(mut row) = self.order_row(effect.order)?
            && row.status.revision == *revision
        {
            row.status.cmms = CmmsAnswer::Accepted;
            row.changed = now;
            self.put_order_row(&row)?;
        }
        Ok(())
    }

    fn tell_rejected(
        &self,
        effect: &Stored,
        rejection: &Rejection,
        official: Option<Status>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let domain = match &effect.body {
            Body::SetStatus { .. } => Domain::WorkOrderStatus,
            Body::ConfirmLabour { .. } => Domain::Labour,
            Body::IssueGoods { .. } => Domain::PartUsed,
        };
        let refused = RowOutcome::Refused {
            class: rejection.class,
            code: rejection.code.clone(),
            message: rejection.message.clone(),
            owner: self.policy.charter.row(domain).owner,
        };
        self.tell(effect, refused, now)?;
        if let Body::SetStatus { revision, .. } = &effect.body
            && let Some(mut row) = self.order_row(effect.order)?
        {
            let before = revision.saturating_sub(1);
            let held = table::revision::status(self.connection, effect.order, before)?;
            row.status.status = official.or(held).unwrap_or(row.status.status);
            row.status.revision += 1;
            row.status.cmms = CmmsAnswer::Refused;
            row.changed = now;
            self.put_revision(&row, None, now)?;
        }
        Ok(())
    }

    fn tell(&self, effect: &Stored, outcome: RowOutcome, now: Timestamp) -> Result<(), StoreFault> {
        let Some(row) = self.order_row(effect.order)? else {
            return Ok(());
        };
        let told = OutcomeRow {
            order: effect.order,
            subject: effect.subject,
            outside: effect.outside,
            outcome,
            at: now,
        };
        self.put_row(&Feed::Work(row.plant, row.area), &Row::Outcome(told))
    }
}

fn body_of(posting: &Posting<'_>) -> Option<Body> {
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
        },
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
