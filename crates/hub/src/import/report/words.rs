//! The words of a report.

use std::fmt;

use fettle_domain::effect::Reference;

use super::super::mapping::{Mapping, Open};
use super::super::number::{amount, grouped};
use super::{Judged, OpenOrder, PastOrder, Report, Standing};

/// Most rows listed one by one under a heading; the counts are always whole.
const LISTED_MAX: usize = 1_000;
/// Most lines named beside the total.
const NAMED_MAX: usize = 10;

impl Standing {
    /// The word of a report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::There => "there already",
            Self::Foreign => "there already, from its own system",
            Self::Refused => "refused",
        }
    }
}

impl Report {
    /// Writes every row as CSV: line, what was made of it, why, and our id.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_rows(&self, to: impl std::io::Write) -> Result<(), csv::Error> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(["line", "standing", "why", "id"])?;
        for row in &self.rows {
            let standing = match (row.standing, row.is_repaired) {
                (Standing::Taken, true) => "repaired",
                (standing, _) => standing.word(),
            };
            writer.write_record([&row.line.to_string(), standing, &row.why, &row.id])?;
        }
        writer.flush()?;
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: usize| grouped(number as u64);
        let of = |standing| count(self.count(standing));
        writeln!(f, "import {}", self.id)?;
        writeln!(f, "rows read {}", count(self.rows.len()))?;
        writeln!(
            f,
            "rows taken {} ({} new, {} there already, {} as their own system states them)",
            count(self.taken()),
            of(Standing::Taken),
            of(Standing::There),
            of(Standing::Foreign),
        )?;
        let repaired: Vec<_> = self.repaired().collect();
        let refused: Vec<_> = self.refused().collect();
        writeln!(f, "rows repaired {}", count(repaired.len()))?;
        list(f, &repaired, "repaired")?;
        writeln!(f, "rows refused {}", count(refused.len()))?;
        list(f, &refused, "refused")?;
        if self.repeats > 0 {
            let repeats = count(self.repeats);
            writeln!(
                f,
                "rows equal to an earlier one {repeats}, each an order of its own"
            )?;
        }
        if let (spellings @ 1.., places) = self.places {
            writeln!(
                f,
                "spellings of functional locations {}, which are {} places",
                count(spellings),
                count(places)
            )?;
        }
        self.write_total(f, &repaired, &refused)?;
        if let Some((first, last)) = self.days {
            writeln!(f, "from {first} to {last}")?;
        }
        if self.is_preview {
            writeln!(f, "nothing was changed: this is a preview")?;
        }
        self.write_open(f)
    }
}

impl Report {
    fn write_total(
        &self,
        f: &mut fmt::Formatter<'_>,
        repaired: &[&Judged],
        refused: &[&Judged],
    ) -> fmt::Result {
        if self.currency.is_empty() {
            return Ok(());
        }
        if self.negative_costs > 0 {
            let count = grouped(self.negative_costs as u64);
            writeln!(f, "rows with a negative cost {count}, taken as they are")?;
        }
        let total = amount(self.total, self.minor_digits);
        write!(f, "total cost {} {total}", self.currency)?;
        named(f, repaired, "with", " as repaired")?;
        named(f, refused, "without", "")?;
        writeln!(f)
    }

    fn write_open(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.open, &self.open_row, &self.at_open_line) {
            (OpenOrder::Stands { number, line }, ..) => {
                writeln!(
                    f,
                    "line {line} stands in the history, and is in the CMMS once more to be worked on, {}",
                    self.open_terms
                )?;
                writeln!(f, "open order {number}")
            }
            (OpenOrder::NotMade { line, seen }, ..) => writeln!(
                f,
                "no open order after line {line}: {seen}; run the import again, it does what is left"
            ),
            (OpenOrder::None, None, Some((line, found))) => {
                write!(
                    f,
                    "no open order: no row has the reference that the mapping names"
                )?;
                match found {
                    Some(Reference(found)) => writeln!(f, "; the row on line {line} has {found}"),
                    None => writeln!(f, "; there is no row on line {line}"),
                }
            }
            (OpenOrder::None, Some(row), _) => {
                writeln!(
                    f,
                    "line {} will be in the CMMS once more to be worked on",
                    row.line
                )
            }
            (OpenOrder::None, None, None) => Ok(()),
        }
    }
}

impl PastOrder {
    /// What the file says beyond the short text, one statement a line.
    pub(in super::super) fn description(&self, mapping: &Mapping) -> String {
        let recorded = &self.recorded;
        let mut lines = vec![format!(
            "After line {} of the import {}.",
            self.line, mapping.name
        )];
        if let Some(on) = recorded.on {
            lines.push(format!("Date: {on}"));
        }
        let named = [
            ("Functional location", &recorded.location),
            ("System", &recorded.system),
            ("Part", &recorded.part),
            ("Action", &recorded.action),
            ("Failure mode", &recorded.mode),
            ("Side", &recorded.position),
        ];
        for (label, value) in named {
            lines.extend(value.iter().map(|value| format!("{label}: {value}")));
        }
        lines.join("\n")
    }
}

/// What the mapping adds to the open order.
pub(super) fn terms(open: &Open) -> String {
    let steps: usize = open.tasks.iter().map(|task| task.steps.len()).sum();
    format!(
        "{} and assigned to {}; steps added by the mapping {steps}, part lines {}",
        open.status.word(),
        open.assignee,
        open.part_lines.len()
    )
}

fn list(f: &mut fmt::Formatter<'_>, rows: &[&Judged], word: &str) -> fmt::Result {
    for row in rows.iter().take(LISTED_MAX) {
        writeln!(f, "  line {} {word}: {}", row.line, row.why)?;
    }
    match rows.len().saturating_sub(LISTED_MAX) {
        0 => Ok(()),
        more => writeln!(f, "  and {} more", grouped(more as u64)),
    }
}

/// Says beside the total what the lines of the rows are to it.
fn named(f: &mut fmt::Formatter<'_>, rows: &[&Judged], before: &str, behind: &str) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let noun = if rows.len() == 1 { "line" } else { "lines" };
    let shown = rows.iter().take(NAMED_MAX);
    let lines: Vec<_> = shown.map(|row| row.line.to_string()).collect();
    let more = if rows.len() > NAMED_MAX {
        " and more"
    } else {
        ""
    };
    write!(f, ", {before} {noun} {}{more}{behind}", lines.join(", "))
}
