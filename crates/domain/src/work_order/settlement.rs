//! Settlements: what people decided about a step with two versions, and what stands by it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::person::Role;
use crate::work_order::plan::StepKind;
use crate::work_order::step::{StepResult, StepState, Verdict};
use crate::{ActorId, DeviceTime, EntryId, PersonId, Refusal, StepId};

/// Identity of a recorded result: 32 hexadecimal digits over what was said and the device's clocks.
///
/// Not over its author: after a device began a new epoch and recorded its work again, what was
/// settled stays settled.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct ResultId(pub String);

impl StepResult {
    /// Identity of this result.
    #[must_use]
    pub fn id(&self) -> ResultId {
        let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 step result");
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        part(&[u8::from(self.is_done)]);
        let value = self.value.map(|value| value.to_string());
        let unit = self.unit.as_ref().map(|unit| unit.0.as_str());
        let optional = [
            value.as_deref(),
            unit,
            self.text.as_deref(),
            self.scanned_code.as_deref(),
            self.permit_acknowledged.as_deref(),
        ];
        for text in optional {
            part(&[u8::from(text.is_some())]);
            part(text.unwrap_or_default().as_bytes());
        }
        for photo in &self.photos {
            part(photo.as_bytes());
        }
        if let Some(second) = &self.second_signature {
            part(second.person.0.as_bytes());
            part(second.signature.as_bytes());
        }
        let DeviceTime {
            at,
            boot_id,
            boot_ms,
            ..
        } = self.at;
        part(&at.as_ms().to_be_bytes());
        part(&boot_id.to_be_bytes());
        part(&boot_ms.to_be_bytes());
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        ResultId(data_encoding::HEXLOWER.encode(&id))
    }
}

/// What a note settles, when it settles something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// A step with two versions.
    Step(StepSettlement),
    /// Which failure report is the official one.
    FailureReport(EntryId),
}

/// What somebody chose for a step with two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepSettlement {
    /// Step.
    pub step: StepId,
    /// Choice.
    pub choice: Choice,
    /// Results that stood when it was chosen; a later one was not decided about.
    pub seen: Vec<ResultId>,
}

/// The choices there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Both stand.
    KeepBoth,
    /// This one counts, the other passing ones do not.
    Use(ResultId),
    /// This one does not count, for the reason the note gives.
    SetAside(ResultId),
    /// The planner decides.
    Ask,
}

/// A settlement with who made it, as it is shown beside the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Settled {
    /// The note that says it.
    pub note: EntryId,
    /// Author.
    pub actor: ActorId,
    /// Person behind the author, when the actor is known here.
    pub person: Option<PersonId>,
    /// True for whoever was planner or supervisor then and might set a failing value aside.
    pub is_office: bool,
    /// Choice.
    pub choice: Choice,
    /// Results that were on view.
    pub seen: Vec<ResultId>,
    /// Reason in the author's words; may be empty.
    pub reason: String,
    /// When.
    pub at: DeviceTime,
}

/// Whether a step has two versions, and who has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash<'a> {
    /// One version, or none.
    None,
    /// Two versions, nobody has chosen.
    Open,
    /// The planner was asked.
    Asked(&'a Settled),
    /// Both are kept.
    Kept(&'a Settled),
}

/// What stands of a step after its settlements.
///
/// `versions` are all results that no later recording replaced, and failing ones that only a
/// later recording over a clash replaced; `earlier` is what a clash left behind. `settlements` are in
/// the order they were seen. A failing value steps down only when a planner or supervisor set it
/// aside with a reason, whatever anybody else chose.
#[must_use]
pub fn settle(
    step: StepId,
    kind: &StepKind,
    versions: Vec<StepResult>,
    earlier: Vec<StepResult>,
    settlements: Vec<Settled>,
) -> StepState {
    let named: Vec<(ResultId, StepResult)> = versions
        .into_iter()
        .map(|result| (result.id(), result))
        .collect();
    let says = |id: &ResultId| {
        named
            .iter()
            .find_map(|(own, result)| (own == id).then_some(result))
    };
    // What a choice names stands for everything on view that said the same.
    let is_meant = |(id, result): &(ResultId, StepResult), chosen: &ResultId, seen: &[ResultId]| {
        id == chosen
            || (seen.contains(id) && says(chosen).is_some_and(|said| said.says_the_same(result)))
    };
    let mut is_aside = vec![false; named.len()];
    for settled in settlements.iter().filter(|settled| settled.is_office) {
        if let Choice::SetAside(chosen) = &settled.choice
            && !settled.reason.trim().is_empty()
        {
            for (aside, version) in is_aside.iter_mut().zip(&named) {
                *aside |= is_meant(version, chosen, &settled.seen);
            }
        }
    }
    let passes = |result: &StepResult| result.verdict(kind) == Verdict::Pass;
    let mut is_unused = vec![false; named.len()];
    // The last word counts, and the office's over a technician's.
    let mut ordered: Vec<&Settled> = settlements.iter().collect();
    ordered.sort_by_key(|settled| settled.is_office);
    for settled in ordered {
        let Choice::Use(chosen) = &settled.choice else {
            continue;
        };
        let on_view = |(id, _): &(ResultId, StepResult)| settled.seen.contains(id);
        let fails = named
            .iter()
            .zip(&is_aside)
            .any(|(version, aside)| on_view(version) && !aside && !passes(&version.1));
        if fails || !says(chosen).is_some_and(passes) {
            continue;
        }
        for (unused, version) in is_unused.iter_mut().zip(&named) {
            if is_meant(version, chosen, &settled.seen) {
                *unused = false;
            } else if on_view(version) {
                *unused = true;
            }
        }
    }
    let mut state = StepState {
        history: earlier,
        settlements,
        ..StepState::new(step)
    };
    for (index, (_, result)) in named.into_iter().enumerate() {
        if is_aside[index] || is_unused[index] {
            state.history.push(result);
        } else {
            state.add(result);
        }
    }
    state
}

impl StepState {
    /// Results that stand, equal ones included: what a settlement made now has on view.
    #[must_use]
    pub fn on_view(&self) -> Vec<ResultId> {
        let stand = self.results.iter().chain(&self.same);
        stand.map(StepResult::id).collect()
    }

    /// Versions that say different things.
    fn versions<'a>(&'a self, kind: &'a StepKind) -> impl Iterator<Item = &'a StepResult> {
        let results = self.results.iter();
        results.filter(|result| result.verdict(kind) != Verdict::Open)
    }

    /// Whether there are two versions, and what was chosen about exactly these.
    #[must_use]
    pub fn clash(&self, kind: &StepKind) -> Clash<'_> {
        if self.versions(kind).count() < 2 {
            return Clash::None;
        }
        let last = self.settlements.iter().rev().find(|settled| {
            let is_choice = matches!(settled.choice, Choice::KeepBoth | Choice::Ask);
            is_choice && self.has_seen_all(kind, settled)
        });
        match last {
            None => Clash::Open,
            Some(settled) if settled.choice == Choice::Ask => Clash::Asked(settled),
            Some(settled) => Clash::Kept(settled),
        }
    }

    /// Why the planner has to look at the step; `None` when nobody needs to.
    ///
    /// A pass against a fail is the planner's until the office has decided about exactly these
    /// versions, and so is every step somebody asked about.
    #[must_use]
    pub fn case(&self, kind: &StepKind) -> Option<&'static str> {
        let clash = self.clash(kind);
        let is_decided = matches!(clash, Clash::Kept(settled) if settled.is_office);
        if clash == Clash::None || is_decided {
            return None;
        }
        let has = |verdict| {
            self.versions(kind)
                .any(|result| result.verdict(kind) == verdict)
        };
        if has(Verdict::Pass) && has(Verdict::Fail) {
            Some(PASS_AGAINST_FAIL)
        } else if matches!(clash, Clash::Asked(_)) {
            Some(PLANNER_ASKED)
        } else {
            None
        }
    }

    fn has_seen_all(&self, kind: &StepKind, settled: &Settled) -> bool {
        let known = || self.results.iter().chain(&self.same).chain(&self.history);
        self.versions(kind).all(|version| {
            known().any(|seen| seen.says_the_same(version) && settled.seen.contains(&seen.id()))
        })
    }
}

/// Cause of the case of a step where a pass stands against a fail.
pub const PASS_AGAINST_FAIL: &str = "step.pass_against_fail";
/// Cause of the case of a step about which the planner was asked.
pub const PLANNER_ASKED: &str = "step.planner_asked";

/// Roles that set a failing value aside and name the official failure report.
const OFFICE: [Role; 2] = [Role::Planner, Role::Supervisor];

/// True for a planner or supervisor.
#[must_use]
pub fn is_office(roles: &[Role]) -> bool {
    roles.iter().any(|role| OFFICE.contains(role))
}

/// Whether somebody with these roles may choose this for a step.
///
/// # Errors
/// A [`Refusal`]: `step.no_two_versions`, `step.version_unknown`, `step.fail_stands`,
/// `step.set_aside_not_yours`, `step.reason_missing`.
pub fn check_choice(
    kind: &StepKind,
    state: &StepState,
    choice: &Choice,
    reason: &str,
    roles: &[Role],
) -> Result<(), Refusal> {
    let find = |id: &ResultId| {
        let found = state.results.iter().find(|result| result.id() == *id);
        found.ok_or_else(|| Refusal::new("step.version_unknown"))
    };
    let has_two = state.clash(kind) != Clash::None;
    match choice {
        Choice::KeepBoth | Choice::Ask | Choice::Use(_) if !has_two => {
            Err(Refusal::new("step.no_two_versions"))
        }
        Choice::KeepBoth | Choice::Ask => Ok(()),
        Choice::Use(id) => {
            find(id)?;
            if state.verdict(kind) == Verdict::Fail {
                Err(Refusal::new("step.fail_stands"))
            } else {
                Ok(())
            }
        }
        Choice::SetAside(id) => {
            find(id)?;
            if !is_office(roles) {
                Err(Refusal::new("step.set_aside_not_yours"))
            } else if reason.trim().is_empty() {
                Err(Refusal::new("step.reason_missing"))
            } else {
                Ok(())
            }
        }
    }
}
