//! Judging a file: every row is taken, taken after a repair, or refused with its reason.

use std::collections::{BTreeMap, HashMap};

use fettle_domain::PlantId;
use fettle_domain::effect::Reference;
use fettle_domain::feed::Feed;
use fettle_domain::row::Row as FeedRow;

use super::context::{Context, JudgeFault};
use super::fields::Fields;
use super::mapping::Mapping;
use super::noun::{self, Brought};
use super::number::{self, BadNumber};
use super::report::{Judged, Report, Standing};
use super::row::{COLUMNS_MAX, FIELD_BYTES_MAX, ROWS_MAX, Row};
use super::shift;
use crate::core::{Core, News, StoreFault};

/// Most characters of a word of the file shown in a reason.
const WORD_SHOWN_MAX: usize = 60;

/// Why a file cannot be used as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// No header.
    #[error("the file is empty")]
    Empty,
    /// A zip, a gzip or a workbook.
    #[error("the file is an archive or a workbook: unpack it, or save it as CSV")]
    Archive,
    /// Another encoding, or no text at all.
    #[error("line {line} is not UTF-8: look whether the mapping's file.encoding is right")]
    NotUtf8 {
        /// Which line.
        line: u64,
    },
    /// A byte order mark of UTF-16.
    #[error("the file is UTF-16: let the mapping say encoding = \"utf-16\"")]
    IsUtf16,
    /// No byte order mark of UTF-16, or half a character.
    #[error("the file is not UTF-16 with a byte order mark, as the mapping says")]
    NotUtf16,
    /// A byte no text has.
    #[error("line {line} holds a zero byte: this is no text, or of another encoding")]
    NoText {
        /// Which line.
        line: u64,
    },
    /// The reader of comma-separated values gave up.
    #[error("the file cannot be read as comma-separated values: {0}")]
    Form(String),
    /// Too many rows.
    #[error("the file has more than {ROWS_MAX} rows; split it and import the parts")]
    TooManyRows,
    /// Too many columns.
    #[error("line {line} has more than {COLUMNS_MAX} columns")]
    TooManyColumns {
        /// Which line.
        line: u64,
    },
    /// A field that is too long, or a quote without its end.
    #[error(
        "a field of the row on line {line} has more than {FIELD_BYTES_MAX} bytes; \
         look for a quote that is not closed"
    )]
    FieldTooLong {
        /// Which line.
        line: u64,
    },
    /// The file ends inside quotes.
    #[error("a quote of the row on line {line} is never closed")]
    OpenQuote {
        /// Which line.
        line: u64,
    },
    /// A column of the mapping is not in the file.
    #[error("there is no column {0:?}")]
    NoColumn(String),
    /// A column of the mapping stands twice in the file.
    #[error("the column {0:?} stands twice")]
    TwoColumns(String),
    /// A text that may have been cut must stand before the column that shows it.
    #[error("the column {cut:?} does not stand before {column:?}")]
    CutBehind {
        /// The column whose text may have been cut.
        cut: String,
        /// The column that shows it.
        column: String,
    },
}

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Another number of fields than the header.
    #[error("it has another number of fields than the header: {found}, not {expected}")]
    Width {
        /// In the header.
        expected: usize,
        /// In the row.
        found: usize,
    },
    /// A column holds a word it never holds: the columns shifted.
    #[error("the columns are shifted: {column} holds {:?}", shown(word))]
    Shifted {
        /// Which column.
        column: String,
        /// What it holds.
        word: String,
    },
    /// A field no row can do without.
    #[error("it has no {0}")]
    Missing(String),
    /// Not a date in a format of the mapping.
    #[error("{:?} is not a date in a format of the mapping", shown(.0))]
    BadDate(String),
    /// A word the mapping does not name.
    #[error("the mapping names no {field} {:?}", shown(word))]
    UnknownWord {
        /// Which field.
        field: String,
        /// What it holds.
        word: String,
    },
    /// Not one of our words.
    #[error(
        "the {field} {:?} is none of our words for it: let the mapping say which it is",
        shown(code)
    )]
    BadCode {
        /// Which field.
        field: String,
        /// What it holds.
        code: String,
    },
    /// Not a number.
    #[error("the {field} {:?} is {source}", shown(word))]
    BadNumber {
        /// Which field.
        field: String,
        /// What stands there.
        word: String,
        /// Why not.
        source: BadNumber,
    },
    /// No asset has the tag.
    #[error("plant {plant} knows no asset {:?}: import assets first", shown(tag))]
    NoAsset {
        /// Its tag.
        tag: String,
        /// Where it was looked for.
        plant: PlantId,
    },
    /// No item has the number.
    #[error("plant {plant} knows no item {:?}: import items first", shown(number))]
    NoItem {
        /// Its number.
        number: String,
        /// Where it was looked for.
        plant: PlantId,
    },
    /// Two rows of one master.
    #[error("it says the same thing as line {line} in other words; one of them must go")]
    Twice {
        /// Line of the first.
        line: u64,
    },
}

/// Where the columns of the mapping stand.
pub(super) struct Header {
    places: BTreeMap<String, usize>,
    width: usize,
}

impl Header {
    pub(super) fn read(row: &Row, mapping: &Mapping) -> Result<Self, FileFault> {
        let place = |column: &str| {
            let mut found = (0..).zip(&row.fields).filter(|(_, name)| *name == column);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => Ok((column.to_owned(), place)),
                (None, _) => Err(FileFault::NoColumn(column.to_owned())),
                (Some(_), Some(_)) => Err(FileFault::TwoColumns(column.to_owned())),
            }
        };
        let header = Self {
            places: mapping
                .named_columns()
                .map(place)
                .collect::<Result<_, _>>()?,
            width: row.fields.len(),
        };
        for check in &mapping.checks {
            if let Some(cut) = &check.cut
                && header.index(cut) >= header.index(&check.column)
            {
                return Err(FileFault::CutBehind {
                    cut: cut.clone(),
                    column: check.column.clone(),
                });
            }
        }
        Ok(header)
    }

    /// Invariant: every column of the mapping was found when the header was read.
    pub(super) fn index(&self, column: &str) -> usize {
        self.places[column]
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }
}

/// Rows that wait to be staged: feed, row, and whether it is history.
pub(super) type Waiting = Vec<(Feed, FeedRow, bool)>;

/// Judges the rows of a file one after the other.
pub(super) struct Intake<'a> {
    pub(super) context: Context<'a>,
    header: Header,
    /// How often each content was read.
    contents: HashMap<[u8; 32], u32>,
    /// Line on which each master was read.
    masters: HashMap<String, u64>,
    pub(super) report: Report,
}

impl<'a> Intake<'a> {
    pub(super) fn new(context: Context<'a>, header: Header, report: Report) -> Self {
        Self {
            context,
            header,
            contents: HashMap::new(),
            masters: HashMap::new(),
            report,
        }
    }

    /// Judges a row and notes what becomes of it; answers what it brings.
    pub(super) fn judge(&mut self, core: Core<'_>, row: Row) -> Result<Waiting, StoreFault> {
        let mapping = self.context.mapping;
        let content = content(&row.fields);
        let occurrence = self.contents.entry(content).or_default();
        *occurrence += 1;
        let occurrence = *occurrence;
        let reference = reference(&mapping.name, content, occurrence);
        let line = row.line;
        self.report.note_row(line, &reference);
        match self.brought(core, row, &reference) {
            Ok((brought, why)) => {
                let (feed, first) = match brought.rows.first() {
                    Some((feed, row)) => (feed, row),
                    None => return Ok(Waiting::new()),
                };
                let news = core.news((feed, first), brought.is_fact)?;
                let judged = Judged {
                    line,
                    standing: match news {
                        News::Yes => Standing::Taken,
                        News::Stands => Standing::There,
                        News::Foreign => Standing::Foreign,
                    },
                    is_repaired: !why.is_empty(),
                    why: why.join("; "),
                    id: brought.id.clone(),
                };
                self.report.take(judged, &brought, occurrence);
                if mapping
                    .open
                    .as_ref()
                    .is_some_and(|open| open.reference == reference)
                {
                    self.report.keep_open(line, &brought);
                }
                let is_fact = brought.is_fact;
                let rows = brought.rows.into_iter();
                Ok(rows.map(|(feed, row)| (feed, row, is_fact)).collect())
            }
            Err(JudgeFault::Row(fault)) => {
                self.report.refuse(line, &fault);
                Ok(Waiting::new())
            }
            Err(JudgeFault::Store(fault)) => Err(fault),
        }
    }

    /// What a row brings, and what of it was repaired.
    fn brought(
        &mut self,
        core: Core<'_>,
        row: Row,
        reference: &Reference,
    ) -> Result<(Brought, Vec<String>), JudgeFault> {
        let mapping = self.context.mapping;
        let Row { line, mut fields } = row;
        let expected = self.header.width();
        let width = |found: usize| RowFault::Width { expected, found };
        // One field too many may be a text that was cut; anything else says nothing of where.
        if fields.len() != expected && fields.len() != expected + 1 {
            return Err(width(fields.len()).into());
        }
        let delimiter = mapping.file.delimiter;
        let joined = shift::repair(&mut fields, &self.header, &mapping.checks, delimiter)?;
        if fields.len() != expected {
            return Err(width(fields.len()).into());
        }
        let fields = Fields {
            mapping,
            header: &self.header,
            cells: &fields,
            line,
            reference,
        };
        let brought = noun::read(&fields, &mut self.context, core)?;
        if !brought.is_fact
            && let Some(before) = self.masters.insert(brought.id.clone(), line)
        {
            self.masters.insert(brought.id, before);
            return Err(RowFault::Twice { line: before }.into());
        }
        let mut why = brought.remarks.clone();
        if !joined.is_empty() {
            why.insert(0, self.repaired(&joined, &brought));
        }
        Ok((brought, why))
    }

    fn repaired(&self, joined: &[&str], brought: &Brought) -> String {
        let columns = joined.join(" and ");
        let cost = brought.cost.map(|minor| {
            let (currency, digits) = (&self.report.currency, self.report.minor_digits);
            format!(", cost {currency} {}", number::amount(minor, digits))
        });
        format!(
            "the columns were shifted, because the text in {columns} was cut at the delimiter; \
             its halves are joined{}",
            cost.unwrap_or_default()
        )
    }
}

/// The content of a row as it stands in the file, before any repair.
fn content(fields: &[String]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 content of an imported row");
    for field in fields {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn reference(mapping: &str, content: [u8; 32], occurrence: u32) -> Reference {
    let mut fact = mapping.as_bytes().to_vec();
    fact.push(0);
    fact.extend(content);
    fact.extend(occurrence.to_le_bytes());
    Reference::of_fact("import", &fact)
}

fn shown(word: &str) -> String {
    word.chars().take(WORD_SHOWN_MAX).collect()
}
