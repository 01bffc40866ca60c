//! The report of an import: what was read, taken, repaired and refused, and the open order.

use std::collections::BTreeMap;
use std::fmt;

use fettle_domain::effect::Reference;
use fettle_domain::work_order::Status;

use super::amount::{Amount, grouped};
use super::intake::{Intake, ReadRow};
use super::mapping::{Mapping, Open};
use super::send::{Sent, Standing};

/// Most rows listed one by one under a heading; the counts are always whole.
const LISTED_MAX: usize = 1_000;
/// Most lines named beside the total.
const NAMED_MAX: usize = 10;

/// A row that needs a word, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line it begins on.
    pub line: u64,
    /// What was done or why not.
    pub reason: String,
}

/// The row that is taken as open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOrder {
    /// The mapping names none.
    None,
    /// It stands in the CMMS.
    Stands {
        /// Its number there.
        number: String,
        /// Line of its row.
        line: u64,
    },
    /// Its row is in the file and not in the CMMS.
    NotTaken {
        /// Line of its row.
        line: u64,
    },
    /// No row has the reference of the mapping.
    NotInFile {
        /// Line the mapping names.
        line: u64,
        /// Reference of the row there, when there is one.
        reference: Option<Reference>,
    },
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Name of the mapping.
    pub mapping: String,
    /// Rows below the header.
    pub rows_read: usize,
    /// Rows created by this run.
    pub created: usize,
    /// Rows that were there before.
    pub there: usize,
    /// Rows not reached because the run stopped.
    pub left: usize,
    /// Rows taken after a repair.
    pub repaired: Vec<Remark>,
    /// Rows refused by us or by the CMMS.
    pub refused: Vec<Remark>,
    /// Rows taken that are equal to an earlier one.
    pub repeats: usize,
    /// Rows taken whose cost is below zero.
    pub negative_costs: usize,
    /// Cost of all rows taken.
    pub total: Amount,
    /// Its currency.
    pub currency: String,
    /// The open order.
    pub open: OpenOrder,
    /// What the mapping adds to the open order, in words.
    pub open_terms: String,
    /// Why the run stopped before the end.
    pub stopped: Option<String>,
}

pub(super) fn report(intake: &Intake, mapping: &Mapping, sent: Sent) -> Report {
    let mut report = Report {
        mapping: mapping.name.clone(),
        rows_read: intake.rows_read,
        created: 0,
        there: 0,
        left: intake.rows.len() - sent.standings.len(),
        repaired: Vec::new(),
        refused: intake
            .refused
            .iter()
            .map(|(line, fault)| remark(*line, fault.to_string()))
            .collect(),
        repeats: 0,
        negative_costs: 0,
        total: Amount::zero(mapping.history.minor_digits),
        currency: mapping.history.currency.clone(),
        open: OpenOrder::None,
        open_terms: mapping.open.as_ref().map(terms).unwrap_or_default(),
        stopped: sent.stopped,
    };
    let mut numbers = BTreeMap::new();
    for (place, standing) in sent.standings {
        if let Some(row) = intake.rows.get(place)
            && let Some(number) = report.count(row, standing)
        {
            numbers.insert(row.reference.clone(), number);
        }
    }
    report.repaired.sort_by_key(|remark| remark.line);
    report.refused.sort_by_key(|remark| remark.line);
    if let Some(open) = &mapping.open {
        report.open = open_order(open, intake, &numbers);
    }
    report
}

fn open_order(open: &Open, intake: &Intake, numbers: &BTreeMap<Reference, String>) -> OpenOrder {
    let row = intake
        .rows
        .iter()
        .find(|row| row.reference == open.reference);
    match (row, numbers.get(&open.reference)) {
        (Some(row), Some(number)) => OpenOrder::Stands {
            number: number.clone(),
            line: row.line,
        },
        (Some(row), None) => OpenOrder::NotTaken { line: row.line },
        (None, _) => OpenOrder::NotInFile {
            line: open.line,
            reference: intake.at_open_line.clone(),
        },
    }
}

fn terms(open: &Open) -> String {
    let steps: usize = open.tasks.iter().map(|task| task.steps.len()).sum();
    format!(
        "{} and assigned to {}; steps added by the mapping {steps}, part lines {}",
        status_words(open.status),
        open.assignee,
        open.part_lines.len()
    )
}

fn status_words(status: Status) -> &'static str {
    match status {
        Status::Appr => "approved",
        Status::Draft
        | Status::Wappr
        | Status::Wmatl
        | Status::Wpcond
        | Status::Wsch
        | Status::Sched
        | Status::Disp
        | Status::Inprg
        | Status::Hold
        | Status::Comp
        | Status::Close
        | Status::Can => status.word(),
    }
}

fn remark(line: u64, reason: String) -> Remark {
    Remark { line, reason }
}

impl Report {
    /// Rows that stand in the CMMS now.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.created + self.there
    }

    /// Counts a row; answers its number when it stands in the CMMS.
    fn count(&mut self, row: &ReadRow, standing: Standing) -> Option<String> {
        let number = match standing {
            Standing::Created(number) => {
                self.created += 1;
                number
            }
            Standing::There(number) => {
                self.there += 1;
                number
            }
            Standing::Rejected(rejection) => {
                let reason = format!(
                    "the CMMS refuses it: {} {}",
                    rejection.code, rejection.message
                );
                self.refused.push(remark(row.line, reason));
                return None;
            }
            // Invariant: what stopped the run stands apart from the rows.
            Standing::Stopped(_) => return None,
        };
        self.total = self.total.plus(row.cost);
        self.negative_costs += usize::from(row.cost.is_negative());
        self.repeats += usize::from(row.occurrence > 1);
        if !row.joined.is_empty() {
            let columns = row.joined.join(" and ");
            let reason = format!(
                "the columns were shifted, because the text in {columns} was cut at the delimiter; \
                 its halves are joined, cost {} {}",
                self.currency, row.cost
            );
            self.repaired.push(remark(row.line, reason));
        }
        Some(number)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: usize| grouped(number as u64);
        writeln!(f, "rows read {}", count(self.rows_read))?;
        writeln!(
            f,
            "rows taken {} ({} created, {} there before)",
            count(self.taken()),
            count(self.created),
            count(self.there)
        )?;
        writeln!(f, "rows repaired {}", count(self.repaired.len()))?;
        list(f, &self.repaired, "repaired")?;
        writeln!(f, "rows refused {}", count(self.refused.len()))?;
        list(f, &self.refused, "refused")?;
        writeln!(
            f,
            "rows equal to an earlier one {}, each an order of its own",
            count(self.repeats)
        )?;
        writeln!(
            f,
            "rows with a negative cost {}, taken as they are",
            count(self.negative_costs)
        )?;
        write!(f, "total cost {} {}", self.currency, self.total)?;
        named(f, &self.repaired, "with", " as repaired")?;
        named(f, &self.refused, "without", "")?;
        writeln!(f)?;
        self.write_open(f)?;
        if let Some(seen) = &self.stopped {
            writeln!(
                f,
                "stopped with {} rows left: {seen}; run the import again, it goes on from here",
                count(self.left)
            )?;
        }
        Ok(())
    }
}

impl Report {
    fn write_open(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.open {
            OpenOrder::None => Ok(()),
            OpenOrder::Stands { number, line } => {
                writeln!(f, "line {line} is taken as open, {}", self.open_terms)?;
                writeln!(f, "open order {number}")
            }
            OpenOrder::NotTaken { line } => {
                writeln!(
                    f,
                    "no open order: the row on line {line} is not in the CMMS"
                )
            }
            OpenOrder::NotInFile { line, reference } => {
                write!(
                    f,
                    "no open order: no row has the reference that the mapping names"
                )?;
                match reference {
                    Some(Reference(found)) => writeln!(f, "; the row on line {line} has {found}"),
                    None => writeln!(f, "; there is no row on line {line}"),
                }
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, remarks: &[Remark], word: &str) -> fmt::Result {
    for Remark { line, reason } in remarks.iter().take(LISTED_MAX) {
        writeln!(f, "  line {line} {word}: {reason}")?;
    }
    match remarks.len().saturating_sub(LISTED_MAX) {
        0 => Ok(()),
        more => writeln!(f, "  and {} more", grouped(more as u64)),
    }
}

/// Says beside the total what the lines of the remarks are to it.
fn named(
    f: &mut fmt::Formatter<'_>,
    remarks: &[Remark],
    before: &str,
    behind: &str,
) -> fmt::Result {
    if remarks.is_empty() {
        return Ok(());
    }
    let noun = if remarks.len() == 1 { "line" } else { "lines" };
    let lines: Vec<_> = remarks
        .iter()
        .take(NAMED_MAX)
        .map(|remark| remark.line.to_string())
        .collect();
    let more = if remarks.len() > NAMED_MAX {
        " and more"
    } else {
        ""
    };
    write!(f, ", {before} {noun} {}{more}{behind}", lines.join(", "))
}
