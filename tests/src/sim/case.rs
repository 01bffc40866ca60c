//! What the owners of exception cases do: look again once the cause is gone, or give up.

use fettle_domain::case::{CaseAction, CaseSubject, ExceptionCase};
use fettle_domain::{CaseId, PersonId};
use rand::RngExt;
use rand::seq::IndexedRandom;

use super::run::Play;

impl Play {
    /// Somebody acts on one of the open cases, if there is any.
    pub(super) fn settle_a_case(&mut self) {
        let open = self.effect_cases();
        let Some(case) = open.choose(&mut self.dice) else {
            return;
        };
        let action = if self.dice.random_bool(0.8) {
            CaseAction::Replay
        } else {
            CaseAction::Discard {
                reason: "entered by hand".to_owned(),
            }
        };
        self.act_on(case, &action);
    }

    /// Every owner sends again what was refused: what was only a closed period stands afterwards.
    pub(super) fn replay_every_case(&mut self) -> usize {
        let open = self.effect_cases();
        for case in &open {
            self.act_on(case, &CaseAction::Replay);
        }
        open.len()
    }

    fn effect_cases(&mut self) -> Vec<ExceptionCase> {
        let mut open = self.hub.administer(|core| core.open_cases());
        open.retain(|case| matches!(case.subject, CaseSubject::Effect { .. }));
        // The order of a time, which may be the same for two.
        open.sort_by_key(|case| case.id);
        open
    }

    fn act_on(&mut self, case: &ExceptionCase, action: &CaseAction) {
        let (id, now): (CaseId, _) = (case.id, self.now);
        let by: PersonId = self.laptops[0].who.person.id;
        let roles = [case.owner];
        // The rule may say no: it was settled, or is under way.
        let _ = self
            .hub
            .administer(|core| core.act_on_case(id, action, (by, &roles), now));
        self.tally.settled += 1;
    }
}
