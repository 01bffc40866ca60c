//! Rows whose columns shifted, because a text with a delimiter in it was written without quotes.
//!
//! Noticed by a column that holds a word it never holds. Repaired only when the word stands one
//! field further on, so that joining the cut text puts it, and all behind it, into place.

use super::intake::{Header, RowFault};
use super::mapping::Check;

/// Puts shifted fields into place; answers the column whose halves were joined.
pub(super) fn repair<'a>(
    fields: &mut Vec<String>,
    header: &Header,
    checks: &'a [Check],
    delimiter: char,
) -> Result<Vec<&'a str>, RowFault> {
    let mut joined = Vec::new();
    for check in checks {
        let column = header.index(&check.column);
        let is_known =
            |field: Option<&String>| field.is_some_and(|word| check.words.contains(word));
        if is_known(fields.get(column)) {
            continue;
        }
        let cut = check
            .cut
            .as_deref()
            .filter(|_| is_known(fields.get(column + 1)));
        let Some(cut) = cut else {
            return Err(RowFault::Shifted {
                column: check.column.clone(),
                word: fields.get(column).cloned().unwrap_or_default(),
            });
        };
        join(fields, header.index(cut), check, delimiter);
        joined.push(cut);
    }
    if !joined.is_empty() {
        // A writer that cut the row to its width lost the last fields: they are empty now.
        let width = fields.len().max(header.width());
        fields.resize(width, String::new());
    }
    Ok(joined)
}

fn join(fields: &mut Vec<String>, cut: usize, check: &Check, delimiter: char) {
    let strip = |half: &str| half.trim_matches(|c| check.strip.contains(c)).to_owned();
    let second = strip(&fields.remove(cut + 1));
    if let Some(first) = fields.get_mut(cut) {
        *first = format!("{}{delimiter}{second}", strip(first));
    }
}
