//! The report of an import: every row of the file, what was made of it, and the open order.

mod words;

use fettle_domain::effect::Reference;
use fettle_domain::import::{Import, ImportNoun, ImportRemark};
use fettle_domain::money::Currency;
use fettle_domain::row::Row;
use fettle_domain::work_order::{Recorded, WorkOrderType};
use fettle_domain::{Day, ImportId, PlantId, Timestamp};

use super::intake::RowFault;
use super::mapping::Mapping;
use super::noun::Brought;

/// Most rows that the row of the import names; the report has all of them.
const REMARKS_MAX: usize = 100;

/// What was made of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It says something new.
    Taken,
    /// It stands already.
    There,
    /// Its system of record states it, and that goes before a file.
    Foreign,
    /// It is not taken.
    Refused,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Line it begins on.
    pub line: u64,
    /// What was made of it.
    pub standing: Standing,
    /// True when it was not taken as it stands.
    pub is_repaired: bool,
    /// What was repaired, or why it is refused; empty for most.
    pub why: String,
    /// Our id of it; empty for a refused one.
    pub id: String,
}

/// The row that is made anew, as far as its order needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PastOrder {
    pub(super) line: u64,
    pub(super) plant: PlantId,
    pub(super) tag: String,
    pub(super) title: String,
    pub(super) kind: WorkOrderType,
    pub(super) recorded: Recorded,
    pub(super) cost: Option<i64>,
}

/// The order that is made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOrder {
    /// The mapping names none, or nothing was asked of the CMMS.
    None,
    /// It stands in the CMMS.
    Stands {
        /// Its number there.
        number: String,
        /// Line of its row.
        line: u64,
    },
    /// It could not be made.
    NotMade {
        /// Line of its row.
        line: u64,
        /// What was seen.
        seen: String,
    },
}

/// What an import did, or would do.
#[derive(Debug, Clone)]
pub struct Report {
    /// The import.
    pub id: ImportId,
    /// Name of the file, without its folder.
    pub file: String,
    /// Name of the mapping.
    pub mapping: String,
    /// What its rows are.
    pub noun: ImportNoun,
    /// True when nothing was changed.
    pub is_preview: bool,
    /// Every row, in the order of the file.
    pub rows: Vec<Judged>,
    /// Rows taken that are equal to an earlier one.
    pub repeats: usize,
    /// Rows taken whose cost is below zero.
    pub negative_costs: usize,
    /// Cost of all rows taken, in minor units.
    pub total: i64,
    /// Its currency; empty when the mapping names none.
    pub currency: String,
    /// Decimals of the currency.
    pub minor_digits: u32,
    /// Spellings of functional locations, and locations they are.
    pub places: (usize, usize),
    /// First and last day of the rows taken.
    pub days: Option<(Day, Day)>,
    /// The open order.
    pub open: OpenOrder,
    /// Plant of the first row taken.
    pub(super) plant: Option<PlantId>,
    pub(super) open_row: Option<PastOrder>,
    /// Line the mapping names, with the reference of the row there.
    pub(super) at_open_line: Option<(u64, Option<Reference>)>,
    open_terms: String,
}

impl Report {
    pub(super) fn new(id: ImportId, file: &str, mapping: &Mapping, is_preview: bool) -> Self {
        let currency = mapping.fixed.get("currency").cloned().unwrap_or_default();
        let minor_digits = Currency::new(currency.as_str()).map_or(2, |known| known.minor_digits());
        Self {
            id,
            file: file.to_owned(),
            mapping: mapping.name.clone(),
            noun: mapping.noun,
            is_preview,
            rows: Vec::new(),
            repeats: 0,
            negative_costs: 0,
            total: 0,
            currency,
            minor_digits,
            places: (0, 0),
            days: None,
            open: OpenOrder::None,
            plant: None,
            open_row: None,
            at_open_line: mapping.open.as_ref().map(|open| (open.line, None)),
            open_terms: mapping.open.as_ref().map(words::terms).unwrap_or_default(),
        }
    }

    /// Rows of a standing.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.rows
            .iter()
            .filter(|row| row.standing == standing)
            .count()
    }

    /// Rows that are in the hub now: all but the refused ones.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.rows.len() - self.count(Standing::Refused)
    }

    /// Rows taken after a repair.
    pub fn repaired(&self) -> impl Iterator<Item = &Judged> {
        self.rows
            .iter()
            .filter(|row| row.is_repaired && row.standing != Standing::Refused)
    }

    /// Rows refused.
    pub fn refused(&self) -> impl Iterator<Item = &Judged> {
        self.rows
            .iter()
            .filter(|row| row.standing == Standing::Refused)
    }

    /// The row of the feed that tells of this import; `None` when it brings nothing.
    pub(super) fn import(&self, now: Timestamp) -> Option<Import> {
        let remarks = self.rows.iter().filter(|row| !row.why.is_empty());
        Some(Import {
            id: self.id,
            plant: self.plant.clone()?,
            noun: self.noun,
            file: self.file.clone(),
            mapping: self.mapping.clone(),
            at: now,
            read: self.rows.len() as u64,
            taken: self.taken() as u64,
            repaired: self.repaired().count() as u64,
            refused: self.count(Standing::Refused) as u64,
            first: self.days.map(|(first, _)| first),
            last: self.days.map(|(_, last)| last),
            remarks: remarks
                .take(REMARKS_MAX)
                .map(|row| ImportRemark {
                    line: row.line,
                    is_repaired: row.standing != Standing::Refused,
                    why: row.why.clone(),
                })
                .collect(),
        })
    }

    /// Notes which row stands on the line the mapping names.
    pub(super) fn note_row(&mut self, line: u64, reference: &Reference) {
        if let Some((wanted, found)) = &mut self.at_open_line
            && *wanted == line
        {
            *found = Some(reference.clone());
        }
    }

    pub(super) fn take(&mut self, judged: Judged, brought: &Brought, occurrence: u32) {
        self.plant.get_or_insert_with(|| brought.plant.clone());
        self.repeats += usize::from(brought.is_fact && occurrence > 1);
        if let Some(cost) = brought.cost {
            self.total = self.total.saturating_add(cost);
            self.negative_costs += usize::from(cost < 0);
        }
        if let Some(on) = brought.on {
            let (first, last) = self.days.unwrap_or((on, on));
            self.days = Some((first.min(on), last.max(on)));
        }
        self.rows.push(judged);
    }

    /// Keeps what the order needs that is made after this row.
    pub(super) fn keep_open(&mut self, line: u64, brought: &Brought) {
        let [(_, Row::WorkOrder(row)), (_, Row::Sealed(sealed)), ..] = brought.rows.as_slice()
        else {
            return;
        };
        if let (Some(tag), Some(recorded)) = (&brought.tag, &sealed.recorded) {
            self.open_row = Some(PastOrder {
                line,
                plant: row.plant.clone(),
                tag: tag.clone(),
                title: row.title.clone(),
                kind: row.kind,
                recorded: recorded.clone(),
                cost: brought.cost,
            });
        }
    }

    pub(super) fn refuse(&mut self, line: u64, fault: &RowFault) {
        self.rows.push(Judged {
            line,
            standing: Standing::Refused,
            is_repaired: false,
            why: fault.to_string(),
            id: String::new(),
        });
    }
}
