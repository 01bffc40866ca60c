//! Step results: what was recorded, whether it passes, and what stands when people disagree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::work_order::plan::StepKind;
use crate::work_order::settlement::Settled;
use crate::{ActorId, Decimal, DeviceTime, PersonId, Refusal, StepId, Unit};

/// One recorded result of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepResult {
    /// True when the step is ticked.
    pub is_done: bool,
    /// Measured value.
    pub value: Option<Decimal>,
    /// Unit of the value.
    pub unit: Option<Unit>,
    /// Text.
    pub text: Option<String>,
    /// Content hashes of photos, in hexadecimal.
    pub photos: Vec<String>,
    /// Code read from a label.
    pub scanned_code: Option<String>,
    /// Signature of a second person over the step, in hexadecimal, with who it is.
    pub second_signature: Option<SecondSignature>,
    /// Number of the permit whose state was acknowledged.
    pub permit_acknowledged: Option<String>,
    /// Device clock when it was recorded.
    pub at: DeviceTime,
    /// Author.
    pub actor: ActorId,
    /// Person behind the author, when the actor is known here.
    pub person: Option<PersonId>,
}

/// A second person's signature on a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondSignature {
    /// Who signed.
    pub person: PersonId,
    /// The signature in hexadecimal.
    pub signature: String,
}

/// All results of a step that stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepState {
    /// Step.
    pub step: StepId,
    /// Results that stand; equal ones are folded into one.
    pub results: Vec<StepResult>,
    /// Standing results that say the same as one of `results`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<StepResult>,
    /// Results of a clash that do not stand any more: set aside, not used, measured anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<StepResult>,
    /// What people chose about the step, in the order it was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<Settled>,
}

/// What a result says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing recorded.
    Open,
    /// Inside the limits.
    Pass,
    /// Outside the limits.
    Fail,
}

/// Longest text of a step or note, in bytes: what one person types, with room to spare.
pub const TEXT_MAX: usize = 20_000;

impl StepResult {
    /// Whether this result passes the step's limits.
    #[must_use]
    pub fn verdict(&self, kind: &StepKind) -> Verdict {
        match kind {
            StepKind::Value { lower, upper, .. } => match self.value {
                None => Verdict::Open,
                Some(value) if lower.is_some_and(|limit| value < limit) => Verdict::Fail,
                Some(value) if upper.is_some_and(|limit| value > limit) => Verdict::Fail,
                Some(_) => Verdict::Pass,
            },
            StepKind::Text => pass_if(self.text.as_deref().is_some_and(|t| !t.trim().is_empty())),
            StepKind::Tick => pass_if(self.is_done),
        }
    }

    /// True when both say the same, whoever said it and when.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let said = |result: &Self| Self {
            person: None,
            actor: other.actor,
            at: other.at,
            ..result.clone()
        };
        said(self) == said(other)
    }
}

fn pass_if(is_pass: bool) -> Verdict {
    if is_pass {
        Verdict::Pass
    } else {
        Verdict::Open
    }
}

impl StepState {
    /// A step of which nothing was recorded.
    #[must_use]
    pub fn new(step: StepId) -> Self {
        Self {
            step,
            results: Vec::new(),
            same: Vec::new(),
            history: Vec::new(),
            settlements: Vec::new(),
        }
    }

    /// Adds a result that stands; one that says what another says is folded into it.
    pub fn add(&mut self, result: StepResult) {
        let mut results = self.results.iter();
        if results.any(|other| other.says_the_same(&result)) {
            self.same.push(result);
        } else {
            self.results.push(result);
        }
    }

    /// What stands of a step: **fail stands** against any pass until it is set aside.
    #[must_use]
    pub fn verdict(&self, kind: &StepKind) -> Verdict {
        let mut stands = Verdict::Open;
        for result in &self.results {
            match result.verdict(kind) {
                Verdict::Fail => return Verdict::Fail,
                Verdict::Pass => stands = Verdict::Pass,
                Verdict::Open => {}
            }
        }
        stands
    }
}

/// What a person entered for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Ticked or unticked.
    Tick(bool),
    /// A value as typed.
    Value(String),
    /// A text as typed.
    Text(String),
}

/// What is recorded of an entry: whether the step is done, its value and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Ticked.
    pub is_done: bool,
    /// Value.
    pub value: Option<Decimal>,
    /// Text.
    pub text: Option<String>,
}

/// Decides what an entry records. A value outside the limits is recorded: it is what was measured.
///
/// # Errors
/// A [`Refusal`] when the value is no number, the text is too long, or the entry does not fit the step.
pub fn record_step(kind: &StepKind, entry: &Entry) -> Result<Recorded, Refusal> {
    match (kind, entry) {
        (StepKind::Tick, Entry::Tick(is_done)) => Ok(Recorded {
            is_done: *is_done,
            value: None,
            text: None,
        }),
        (StepKind::Value { .. }, Entry::Value(typed)) => {
            let value = Decimal::from_typed(typed)
                .map_err(|_| Refusal::new("step.value_not_a_number").with("value", typed))?;
            Ok(Recorded {
                is_done: true,
                value: Some(value),
                text: None,
            })
        }
        (StepKind::Text, Entry::Text(typed)) => {
            let text = check_text(typed)?;
            Ok(Recorded {
                is_done: true,
                value: None,
                text: Some(text),
            })
        }
        (StepKind::Value { .. }, Entry::Tick(false)) | (StepKind::Text, Entry::Tick(false)) => {
            Ok(Recorded {
                is_done: false,
                value: None,
                text: None,
            })
        }
        (StepKind::Value { .. }, Entry::Tick(true)) => Err(Refusal::new("step.value_missing")),
        (StepKind::Text, Entry::Tick(true)) => Err(Refusal::new("step.text_missing")),
        (StepKind::Tick, Entry::Value(_) | Entry::Text(_))
        | (StepKind::Value { .. }, Entry::Text(_))
        | (StepKind::Text, Entry::Value(_)) => Err(Refusal::new("step.entry_does_not_fit")),
    }
}

/// Checks a text people typed: not empty, not longer than [`TEXT_MAX`].
///
/// # Errors
/// A [`Refusal`] that says which; the caller keeps the words.
pub fn check_text(typed: &str) -> Result<String, Refusal> {
    if typed.trim().is_empty() {
        return Err(Refusal::new("text.empty"));
    }
    if typed.len() > TEXT_MAX {
        return Err(Refusal::new("text.too_long")
            .with("length", typed.len())
            .with("limit", TEXT_MAX));
    }
    Ok(typed.trim().to_owned())
}
