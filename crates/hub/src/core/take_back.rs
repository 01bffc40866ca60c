//! What an author took back: reversed outside where it stands, and never sent where it does not.

use fettle_domain::case::{Resolution, Settlement};
use fettle_domain::effect::{EffectState, Outside, Reference, TakeBack, take_back};
use fettle_domain::row::{Outcome as RowOutcome, Subject};
use fettle_domain::work_order::posting::Posting;
use fettle_domain::{CorrelationId, EffectId, Timestamp, WorkOrderId};

use super::{Core, StoreFault};
use crate::effect::Body;
use crate::table;
use crate::table::effect::Stored;

impl Core<'_> {
    /// Records the effect that takes another one back, behind it.
    pub(super) fn record_reversal(
        &self,
        order: WorkOrderId,
        posting: &Posting<'_>,
        of: &Reference,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(of) = table::effect::find_reference(self.connection, of)? else {
            return Ok(());
        };
        let Some(body) = body_of(posting, of) else {
            return Ok(());
        };
        let reference = posting.reference();
        if table::effect::find_reference(self.connection, &reference)?.is_some() {
            return Ok(());
        }
        let entry = posting.entry();
        self.record_effect(
            reference.clone(),
            (Outside::Erp, order),
            Subject::Entry(entry),
            body,
            CorrelationId(entry.0),
            now,
        )?;
        if let Some(reversal) = table::effect::find_reference(self.connection, &reference)? {
            table::effect_dependency::put(self.connection, reversal, of)?;
        }
        match table::effect::get(self.connection, of)? {
            Some(mut taken_back) => self.reversal_follows(&mut taken_back, now),
            None => Ok(()),
        }
    }

    /// Brings the effect that takes another one back up to date with it.
    ///
    /// Called in the transaction that changes either: what is under way is marked before it is
    /// sent, so nothing leaves while both are cancelled.
    pub(super) fn reversal_follows(
        &self,
        effect: &mut Stored,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        for id in table::effect_dependency::children(self.connection, effect.id)? {
            let reversal = table::effect::get(self.connection, id)?
                .filter(|reversal| reversal.body.reverses() == Some(effect.id));
            let Some(mut reversal) = reversal else {
                continue;
            };
            match take_back(&effect.state) {
                TakeBack::Wait => {}
                TakeBack::Reverse => {
                    if reversal.state == EffectState::TakenBack {
                        reversal.state = EffectState::Recorded;
                        table::effect::set_state(self.connection, &reversal, now, now)?;
                    }
                }
                TakeBack::CancelBoth => {
                    self.cancel(effect, now)?;
                    self.cancel(&mut reversal, now)?;
                }
                TakeBack::CancelReversal => self.cancel(&mut reversal, now)?,
            }
        }
        Ok(())
    }

    /// Never sends an effect any more, because its fact was taken back.
    fn cancel(&self, effect: &mut Stored, now: Timestamp) -> Result<(), StoreFault> {
        // Invariant: a reversal is never sent before what it reverses stands outside, so one that
        // is still kept back by it has not left.
        if effect.state == EffectState::TakenBack {
            return Ok(());
        }
        effect.state = EffectState::TakenBack;
        table::effect::set_state(self.connection, effect, now, now)?;
        tracing::info!(effect = %effect.id, correlation = %effect.correlation, "effect taken back");
        for case in table::case::of_effect(self.connection, effect.id)? {
            let resolution = Resolution {
                by: None,
                at: now,
                how: Settlement::Overtaken,
                reason: None,
            };
            self.resolve_case(case.id, resolution)?;
        }
        self.tell(effect, RowOutcome::TakenBack, now)
    }
}

fn body_of(posting: &Posting<'_>, of: EffectId) -> Option<Body> {
    match posting {
        Posting::Labour(_) | Posting::PartUsed(_) => None,
        Posting::LabourBack { reversal, .. } => Some(Body::ReverseLabour {
            entry: reversal.id,
            of,
            person: reversal.person,
            at: reversal.entry.start.corrected(),
        }),
        Posting::PartUsedBack { reversal, .. } => Some(Body::ReverseIssue {
            entry: reversal.id,
            of,
            person: reversal.person,
            at: reversal.entry.at.corrected(),
        }),
    }
}
