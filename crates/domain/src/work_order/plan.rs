//! What is planned: tasks, checklist steps and part lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Decimal, ItemId, PartLineId, Quantity, StepId, TaskId, Timestamp, Unit};

/// Priority 1 (highest) to 4: asset criticality times urgency.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Priority(u8);

impl Priority {
    /// The priority of a number from 1 to 4; anything else is the nearest.
    #[must_use]
    pub fn clamped(number: u8) -> Self {
        Self(number.clamp(1, 4))
    }

    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Priority {
    type Error = BadPriority;

    fn try_from(number: u8) -> Result<Self, BadPriority> {
        if (1..=4).contains(&number) {
            Ok(Self(number))
        } else {
            Err(BadPriority(number))
        }
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

/// A number that is no priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("priority {0} is not 1 to 4")]
pub struct BadPriority(pub u8);

/// A task (operation) of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// Number, such as 10.
    pub number: u32,
    /// Text.
    pub text: String,
    /// Craft.
    pub craft: String,
    /// Planned minutes.
    pub planned_minutes: u32,
    /// People needed.
    pub headcount: u32,
    /// Task that must be done before.
    pub predecessor: Option<TaskId>,
    /// Checklist in order.
    pub steps: Vec<Step>,
}

/// What a step asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Tick only.
    Tick,
    /// A measured value.
    Value {
        /// Unit.
        unit: Unit,
        /// Smallest passing value.
        lower: Option<Decimal>,
        /// Largest passing value.
        upper: Option<Decimal>,
    },
    /// A text.
    Text,
}

/// A checklist step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Identity.
    pub id: StepId,
    /// Position within the order: a fractional key, compared as text.
    pub order_key: String,
    /// Text.
    pub text: String,
    /// What it asks for.
    pub kind: StepKind,
}

/// Where a part line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartLineSource {
    /// The asset's bill of material or the job plan.
    BillOfMaterial,
    /// Typed by a person.
    Manual,
    /// A scanned label.
    Scan,
}

/// A planned part line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartLine {
    /// Identity.
    pub id: PartLineId,
    /// Item.
    pub item: ItemId,
    /// Planned quantity.
    pub quantity: Quantity,
    /// When it is needed.
    pub need_date: Option<Timestamp>,
    /// True when the work cannot be done without it.
    pub is_critical: bool,
    /// Source.
    pub source: PartLineSource,
    /// True when a substitute may be used.
    pub is_substitute_allowed: bool,
}
