//! A rule that says no: a code and the facts it rests on, worded for people by the desk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a rule said no. Shown to the user; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// Stable code such as `order.transition_illegal`; names the message shown.
    pub code: String,
    /// What the message needs to be concrete.
    pub arguments: Vec<Argument>,
}

/// A named value of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Argument {
    /// Name in the message.
    pub name: String,
    /// Value as text.
    pub value: String,
}

impl Refusal {
    /// A refusal by code alone.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            arguments: Vec::new(),
        }
    }

    /// Adds a fact the message names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.arguments.push(Argument {
            name: name.to_owned(),
            value: value.to_string(),
        });
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        for argument in &self.arguments {
            write!(f, " {}={}", argument.name, argument.value)?;
        }
        Ok(())
    }
}
