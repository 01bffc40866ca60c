//! Failure reports and the codes they are made of.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::ChangeView;

/// One failure report.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FailureReportView {
    /// Entry id.
    pub id: String,
    /// What was noticed, in words.
    pub mode: String,
    /// Part that failed, in words.
    pub part: Option<String>,
    /// Cause, in words.
    pub cause: Option<String>,
    /// Text; may be empty.
    pub text: String,
    /// Who reported.
    pub by: String,
    /// When, UTC ms.
    pub at: f64,
    /// True when a planner or supervisor named it the official one.
    pub is_official: bool,
    /// True when the person at work may name it the official one.
    pub may_name: bool,
    /// Where the change is.
    pub change: ChangeView,
}

/// A code with its word.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CodeView {
    /// Code.
    pub code: String,
    /// Word.
    pub words: String,
}

/// The codes of the asset's class.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FailureCodesView {
    /// What can be noticed.
    pub modes: Vec<CodeView>,
    /// Parts that can fail.
    pub parts: Vec<CodeView>,
    /// Causes.
    pub causes: Vec<CodeView>,
}

/// Report a failure: three taps, and words where they help.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct ReportFailureInput {
    /// Work order id.
    pub order_id: String,
    /// Code of what was noticed.
    pub mode: String,
    /// Code of the part.
    pub part: String,
    /// Code of the cause.
    pub cause: String,
    /// Text as typed; may be empty.
    pub text: String,
}

/// Name the official failure report.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct NameReportInput {
    /// Work order id.
    pub order_id: String,
    /// Entry id of the report.
    pub report_id: String,
}
