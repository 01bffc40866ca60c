//! Reversing a posted document by its number: once, in full, and never a reversal.

use fettle_domain::Decimal;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::answer::{No, refuse};
use crate::table::document;

/// What a reversal takes back, checked against the document it names.
pub(super) struct Figure<'a> {
    /// Order of the reversal.
    pub(super) order: &'a str,
    /// Field with the figure, in the document's body.
    pub(super) name: &'a str,
    /// The reversal's figure: below zero.
    pub(super) value: Decimal,
}

/// The document a reversal takes back.
pub(super) struct Reversed {
    number: String,
    body: Value,
}

impl Reversed {
    /// Value it was posted with; older documents do not say.
    pub(super) fn amount(&self) -> Option<Decimal> {
        figure(&self.body, "Amount")
    }
}

/// Checks the document a posting reverses, when it names one.
pub(super) fn check(
    connection: &Connection,
    kind: &str,
    number: Option<&str>,
    figure_back: &Figure<'_>,
) -> Result<Option<Reversed>, No> {
    let Some(number) = number else {
        return Ok(None);
    };
    let no = |code, message: String| Err(refuse(422, code, message));
    let found = document::get(connection, number)?.filter(|(held, _)| held == kind);
    let Some((_, body)) = found else {
        return no(
            "UNKNOWN_DOCUMENT",
            format!("{kind} {number} does not exist"),
        );
    };
    if body["ReversedDocument"].is_string() {
        return no("IS_REVERSAL", format!("{number} is a reversal itself"));
    }
    if let Some(by) = body["ReversedBy"].as_str() {
        let message = format!("{number} was reversed by {by}");
        return no("ALREADY_REVERSED", message);
    }
    let Figure { order, name, value } = figure_back;
    let is_whole = figure(&body, name) == Some(Decimal::ZERO - *value);
    if !is_whole || body["OrderNumber"] != json!(order) {
        let message = format!("{number} is reversed in full and on its own order");
        return no("BAD_QUANTITY", message);
    }
    Ok(Some(Reversed {
        number: number.to_owned(),
        body,
    }))
}

/// Notes in the reversed document which one reversed it.
pub(super) fn mark(
    connection: &Connection,
    reversed: Option<Reversed>,
    by: &str,
) -> rusqlite::Result<()> {
    let Some(Reversed { number, mut body }) = reversed else {
        return Ok(());
    };
    body["ReversedBy"] = json!(by);
    document::set_body(connection, &number, &body)
}

fn figure(body: &Value, name: &str) -> Option<Decimal> {
    body[name].as_str()?.parse().ok()
}
