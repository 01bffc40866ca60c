//! What an outside system's answer makes of an effect, and what the feeds are told of it.

use fettle_connectors::plan::PLAN_CHANGED;
use fettle_domain::case::{Resolution, Settlement};
use fettle_domain::effect::{
    CASE_AFTER_FAILURES, EffectState, Rejection, Remedy, UNKNOWN_MAX_MS, outage_retry_after_ms,
    remedy, retry_after_ms,
};
use fettle_domain::feed::Feed;
use fettle_domain::row::{Outcome as RowOutcome, OutcomeRow, Row};
use fettle_domain::work_order::WorkOrderRow;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::status::Status;
use fettle_domain::{PersonId, Timestamp};

use super::{Core, StoreFault};
use crate::effect::{Body, Outcome};
use crate::table;
use crate::table::effect::Stored;

impl Core<'_> {
    pub(super) fn settle(
        &self,
        effect: &mut Stored,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let next = match outcome {
            Outcome::Posted { number } => {
                self.tell_posted(effect, number, now)?;
                self.close_cases(effect, now)?;
                effect.state = EffectState::Posted {
                    number: number.clone(),
                };
                now
            }
            Outcome::Rejected {
                rejection,
                official,
            } => self.refused(effect, rejection, *official, now)?,
            Outcome::Unknown { .. } => {
                effect.failures += 1;
                effect.state = EffectState::Unknown;
                // Claimed earlier, and between claim and call a machine may have slept: what counts
                // is when it was given up, for until then it may have been on its way.
                effect.sent_at = Some(now);
                effect.unknown_since.get_or_insert(now);
                now.plus_ms(retry_after_ms(effect.id, effect.failures))
            }
            Outcome::NotSent { .. } => {
                // A search that did not get through leaves it unknown: something was sent before.
                effect.state = self.before_attempt(effect)?;
                effect.unreached = effect.unreached.saturating_add(1);
                now.plus_ms(outage_retry_after_ms(effect.id, effect.unreached))
            }
            Outcome::NotThere => self.not_there(effect, now)?,
        };
        if !matches!(outcome, Outcome::NotSent { .. } | Outcome::NotThere) {
            effect.unreached = 0;
        }
        if effect.state != EffectState::Unknown {
            effect.unknown_since = None;
        }
        self.open_when_long_unknown(effect, now)?;
        tracing::info!(
            effect = %effect.id, correlation = %effect.correlation, outside = effect.outside.word(),
            state = ?effect.state, "effect answered"
        );
        table::effect::set_state(self.connection, effect, next, now)?;
        self.reversal_follows(effect, now)
    }

    /// When it is tried next after a refusal; what a person must change first rests.
    fn refused(
        &self,
        effect: &mut Stored,
        rejection: &Rejection,
        official: Option<Status>,
        now: Timestamp,
    ) -> Result<Timestamp, StoreFault> {
        effect.failures += 1;
        self.settle_unknown(effect, now)?;
        if rejection.code == PLAN_CHANGED {
            effect.state = EffectState::Rejected(rejection.clone());
            self.plan_overtaken(effect, now)?;
            return Ok(now);
        }
        match remedy(rejection.class) {
            Remedy::Person => {
                effect.state = EffectState::Rejected(rejection.clone());
                self.tell_rejected(effect, rejection, official, now)?;
                self.open_refused(effect, rejection, now)?;
            }
            Remedy::Again => {
                effect.state = EffectState::Recorded;
                if effect.failures >= CASE_AFTER_FAILURES {
                    self.tell_refused(effect, rejection, now)?;
                    self.open_refused(effect, rejection, now)?;
                }
            }
        }
        Ok(now.plus_ms(retry_after_ms(effect.id, effect.failures)))
    }

    /// When it goes on after a search that found nothing: a search too early proves nothing.
    fn not_there(&self, effect: &mut Stored, now: Timestamp) -> Result<Timestamp, StoreFault> {
        // What a search saw is as old as its beginning.
        let looked = table::attempt::started(self.connection, (effect.id, effect.attempts))?;
        let settled = effect
            .sent_at
            .map_or(now, |at| at.plus_ms(self.policy.settle_ms));
        if looked.is_some_and(|looked| looked < settled) {
            effect.state = EffectState::Unknown;
            effect.unreached = effect.unreached.saturating_add(1);
            let wait = outage_retry_after_ms(effect.id, effect.unreached);
            return Ok(settled.min(now.plus_ms(wait)));
        }
        effect.state = EffectState::Recorded;
        effect.unreached = 0;
        Ok(now)
    }

    fn open_when_long_unknown(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        let since = effect.unknown_since;
        let is_long = since.is_some_and(|since| now.ms_since(since) > UNKNOWN_MAX_MS);
        if is_long || (since.is_some() && effect.failures >= CASE_AFTER_FAILURES) {
            self.open_unknown(effect, now)?;
        }
        Ok(())
    }

    fn before_attempt(&self, effect: &Stored) -> Result<EffectState, StoreFault> {
        let step = table::attempt::step(self.connection, (effect.id, effect.attempts))?;
        Ok(match step.as_deref() {
            Some("send") => EffectState::Recorded,
            Some(_) | None => EffectState::Unknown,
        })
    }

    /// It stands outside: whatever waited for a person about it is settled.
    fn close_cases(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        for case in table::case::of_effect(self.connection, effect.id)? {
            let resolution = Resolution {
                by: case.holder(),
                at: now,
                how: Settlement::Posted,
                reason: None,
            };
            self.resolve_case(case.id, resolution)?;
        }
        Ok(())
    }

    fn tell_posted(&self, effect: &Stored, number: &str, now: Timestamp) -> Result<(), StoreFault> {
        if let Body::ChangePlan { changes } = &effect.body {
            return self.plan_taken(effect.order, changes);
        }
        let accepted = RowOutcome::Accepted {
            number: number.to_owned(),
        };
        self.tell(effect, accepted, now)?;
        let Body::SetStatus { revision, to, .. } = &effect.body else {
            return Ok(());
        };
        let Some(mut row) = self.order_row(effect.order)? else {
            return Ok(());
        };
        if row.status.revision == *revision {
            row.status.cmms = CmmsAnswer::Accepted;
            row.changed = now;
            self.put_order_row(&row)?;
        } else if row.status.cmms == CmmsAnswer::Refused {
            // It was refused and taken back, and holds after all; nobody claimed anything since.
            let person = table::revision::author(self.connection, effect.order, *revision)?;
            self.take_over(row, *to, CmmsAnswer::Accepted, person, now)?;
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
        self.tell_refused(effect, rejection, now)?;
        if let Body::SetStatus { revision, .. } = &effect.body
            && let Some(row) = self.order_row(effect.order)?
        {
            let before = revision.saturating_sub(1);
            let held = table::revision::status(self.connection, effect.order, before)?;
            let status = official.or(held).unwrap_or(row.status.status);
            // Sent again and refused again: the CMMS still says what is official already.
            if row.status.cmms != CmmsAnswer::Refused || row.status.status != status {
                self.take_over(row, status, CmmsAnswer::Refused, None, now)?;
            }
        }
        Ok(())
    }

    /// Makes a status official that the CMMS holds.
    fn take_over(
        &self,
        mut row: WorkOrderRow,
        status: Status,
        cmms: CmmsAnswer,
        person: Option<PersonId>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        row.status = OfficialStatus {
            status,
            revision: row.status.revision + 1,
            cmms,
        };
        row.changed = now;
        self.put_revision(&row, person, now)
    }

    fn tell_refused(
        &self,
        effect: &Stored,
        rejection: &Rejection,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let refused = RowOutcome::Refused {
            class: rejection.class,
            code: rejection.code.clone(),
            message: rejection.message.clone(),
            owner: self.policy.charter.row(effect.body.domain()).owner,
        };
        self.tell(effect, refused, now)
    }

    /// Tells the order's feed what came of an effect.
    pub(super) fn tell(
        &self,
        effect: &Stored,
        outcome: RowOutcome,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        // A planner's change ends at the hub, by the charter; what goes wrong after it is a case.
        if matches!(effect.body, Body::ChangePlan { .. }) {
            return Ok(());
        }
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
