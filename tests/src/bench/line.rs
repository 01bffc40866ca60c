//! A figure as it is said: one line of JSON.

use serde::Serialize;

/// One figure beside its limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What was measured.
    pub row: String,
    /// Ours.
    pub ours: f64,
    /// The limit; `None` where there is none.
    pub beside: Option<f64>,
    /// Unit of both.
    pub unit: &'static str,
    /// How it was measured, and what the limit is.
    pub note: String,
}

/// The middle value.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The value below which so many of a hundred lie.
pub(super) fn at_percent(mut values: Vec<f64>, percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place.min(last)).copied().unwrap_or(0.0)
}
