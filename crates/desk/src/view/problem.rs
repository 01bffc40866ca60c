//! Clear answers to bad input or a fault.

use serde::Serialize;
use specta::Type;

/// A clear answer to bad input or a fault: the UI switches on `code`, never on text.
#[derive(Debug, Clone, Serialize, Type, PartialEq, Eq)]
pub struct ProblemView {
    /// Stable code such as `step.value_out_of_range`; names the Fluent message.
    pub code: String,
    /// Arguments of the message, name and value.
    pub arguments: Vec<ArgumentView>,
}

/// One argument of a message.
#[derive(Debug, Clone, Serialize, Type, PartialEq, Eq)]
pub struct ArgumentView {
    /// Name in the Fluent message.
    pub name: String,
    /// Value as text.
    pub value: String,
}
