//! Effects a person has: opened as cases, sent again under the same reference, or given up.

use fettle_domain::case::{CaseSubject, Resolution, Settlement};
use fettle_domain::effect::{EffectState, Outside, Rejection};
use fettle_domain::row::{Outcome as RowOutcome, Subject};
use fettle_domain::{EffectId, PersonId, Refusal, Timestamp};

use super::case::Opening;
use super::{Answer, Core, StoreFault};
use crate::effect::Body;
use crate::table;
use crate::table::effect::Stored;

/// Cause of a case about a refusal.
const REFUSED: &str = "effect.refused";
/// Cause of a case about something of which nobody knows whether it arrived.
const UNKNOWN: &str = "effect.unknown";

impl Core<'_> {
    /// Opens the case of a refused effect, with what waits behind it.
    pub(super) fn open_refused(
        &self,
        effect: &Stored,
        rejection: &Rejection,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let cause = Refusal::new(REFUSED)
            .with("outside", effect.outside.word())
            .with("code", &rejection.code)
            .with("message", &rejection.message);
        self.open_effect_case(effect, with_status(cause, effect), Some(rejection), now)
    }

    /// Opens the case of an effect of which it has been unknown for long whether it arrived.
    pub(super) fn open_unknown(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        let cause = Refusal::new(UNKNOWN).with("outside", effect.outside.word());
        // It is searched every minute; that is no news.
        let held = table::case::of_effect(self.connection, effect.id)?;
        if held.iter().any(|case| case.cause.code == UNKNOWN) {
            return Ok(());
        }
        self.open_effect_case(effect, with_status(cause, effect), None, now)
    }

    /// The outside has answered: it is no longer unknown whether the effect arrived.
    pub(super) fn settle_unknown(&self, effect: &Stored, now: Timestamp) -> Result<(), StoreFault> {
        for case in table::case::of_effect(self.connection, effect.id)? {
            if case.cause.code == UNKNOWN {
                let resolution = Resolution {
                    by: None,
                    at: now,
                    how: Settlement::Overtaken,
                    reason: None,
                };
                self.resolve_case(case.id, resolution)?;
            }
        }
        Ok(())
    }

    fn open_effect_case(
        &self,
        effect: &Stored,
        cause: Refusal,
        rejection: Option<&Rejection>,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(row) = self.order_row(effect.order)? else {
            return Ok(());
        };
        let subject = CaseSubject::Effect {
            effect: effect.id,
            subject: effect.subject,
        };
        let opening = Opening {
            order: Some(effect.order),
            class: rejection.map(|rejection| rejection.class),
            outside: Some(effect.outside),
            author: self.author_of(effect)?,
            attempts: effect.attempts,
            blocks: table::effect_dependency::descendants(self.connection, effect.id)?,
            ..Opening::new(row.plant, subject, cause, effect.body.domain())
        };
        self.open_case(opening, now)?;
        Ok(())
    }

    /// Brings what the cases about an effect's ancestors name as waiting up to date.
    pub(super) fn name_what_waits(&self, effect: EffectId) -> Result<(), StoreFault> {
        for ancestor in table::effect_dependency::ancestors(self.connection, effect)? {
            for mut case in table::case::of_effect(self.connection, ancestor)? {
                case.blocks = table::effect_dependency::descendants(self.connection, ancestor)?;
                self.put_case(&case)?;
            }
        }
        Ok(())
    }

    /// Sends an effect again under its reference: after a refusal it is searched first, because
    /// somebody may have entered it by hand. What is due later is due now.
    ///
    /// The system it goes to; `None` when it stands there or was given up.
    pub(super) fn replay_effect(
        &self,
        id: EffectId,
        now: Timestamp,
    ) -> Result<Option<Outside>, StoreFault> {
        let Some(mut effect) = table::effect::get(self.connection, id)? else {
            return Ok(None);
        };
        match effect.state {
            EffectState::Posted { .. } | EffectState::Discarded { .. } | EffectState::TakenBack => {
                return Ok(None);
            }
            EffectState::Sending => return Ok(Some(effect.outside)),
            EffectState::Rejected(_) => effect.state = EffectState::Unknown,
            EffectState::Recorded | EffectState::Unknown => {}
        }
        effect.failures = 0;
        effect.unreached = 0;
        if effect.state == EffectState::Unknown {
            effect.unknown_since = Some(now);
        }
        table::effect::set_state(self.connection, &effect, now, now)?;
        Ok(Some(effect.outside))
    }

    /// Gives an effect up: it is never sent, and what rests on it goes on.
    ///
    /// # Errors
    /// The rule says no while it may be on its way or there already.
    pub(super) fn discard_effect(
        &self,
        id: EffectId,
        (reason, by): (&str, PersonId),
        now: Timestamp,
    ) -> Answer<()> {
        let Some(mut effect) = table::effect::get(self.connection, id)? else {
            return Ok(Err(Refusal::new("case.unknown")));
        };
        match effect.state {
            EffectState::Posted { .. } | EffectState::Discarded { .. } | EffectState::TakenBack => {
                return Ok(Err(Refusal::new("case.settled")));
            }
            EffectState::Sending | EffectState::Unknown => {
                let outside = effect.outside.word();
                return Ok(Err(
                    Refusal::new("case.may_have_arrived").with("outside", outside)
                ));
            }
            EffectState::Recorded | EffectState::Rejected(_) => {}
        }
        effect.state = EffectState::Discarded {
            reason: reason.to_owned(),
            by,
        };
        table::effect::set_state(self.connection, &effect, now, now)?;
        let dropped = RowOutcome::Discarded {
            reason: reason.to_owned(),
            by,
        };
        self.tell(&effect, dropped, now)?;
        self.plan_given_up(&effect, now)?;
        self.reversal_follows(&mut effect, now)?;
        Ok(Ok(()))
    }

    /// Who did what an effect carries.
    fn author_of(&self, effect: &Stored) -> Result<Option<PersonId>, StoreFault> {
        match (&effect.body, effect.subject) {
            (Body::ConfirmLabour { person, .. }, _) => Ok(Some(*person)),
            (
                Body::IssueGoods { person, .. }
                | Body::ReverseLabour { person, .. }
                | Body::ReverseIssue { person, .. },
                _,
            ) => Ok(*person),
            (Body::ChangePlan { .. }, _)
            | (Body::SetStatus { .. }, Subject::Entry(_) | Subject::Plan(_)) => Ok(None),
            (Body::SetStatus { .. }, Subject::Intent(id)) => {
                let Some(intent) = table::intent::get(self.connection, id)? else {
                    return Ok(None);
                };
                let author = table::actor::get(self.connection, intent.actor)?;
                Ok(author.and_then(|author| author.person))
            }
        }
    }
}

/// Names the status or plan that did not get there: claims stay on the laptop they were made on.
fn with_status(cause: Refusal, effect: &Stored) -> Refusal {
    match &effect.body {
        Body::SetStatus { to, .. } => cause.with("to", to.word()),
        Body::ChangePlan { changes } => {
            let words = changes.iter();
            let words = words.map(|change| format!("{} {}", change.field, change.to));
            cause.with("to", words.collect::<Vec<_>>().join(", "))
        }
        Body::ConfirmLabour { .. }
        | Body::IssueGoods { .. }
        | Body::ReverseLabour { .. }
        | Body::ReverseIssue { .. } => cause,
    }
}
