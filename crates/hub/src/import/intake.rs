//! Judging a file: every row is taken, taken after a repair, or refused with its reason.

use std::collections::{BTreeMap, HashMap};

use fettle_domain::Timestamp;
use fettle_domain::effect::Reference;
use fettle_domain::work_order::WorkOrderType;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::amount::{Amount, BadAmount};
use super::mapping::Mapping;
use super::row::{self, COLUMNS_MAX, FIELD_BYTES_MAX, ROWS_MAX, Row};
use super::shift;

/// Most characters of a word of the file shown in a reason.
const WORD_SHOWN_MAX: usize = 60;

/// What a file holds by a mapping.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Rows below the header.
    pub rows_read: usize,
    /// Rows that can be created, in the order of the file.
    pub rows: Vec<ReadRow>,
    /// Line and reason of the others.
    pub refused: Vec<(u64, RowFault)>,
    /// Reference of the row on the line which the mapping names as open.
    pub at_open_line: Option<Reference>,
}

/// A row in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// Line it begins on.
    pub line: u64,
    /// Mapping name, content and occurrence number as one reference.
    pub reference: Reference,
    /// How many equal rows stand before it and with it: 1 for the first.
    pub occurrence: u32,
    /// Its date.
    pub date: Timestamp,
    /// Tag of the machine.
    pub tag: String,
    /// Short text.
    pub title: String,
    /// Type of the order.
    pub kind: WorkOrderType,
    /// Cost.
    pub cost: Amount,
    /// Label and value of what follows into the long text.
    pub details: Vec<(String, String)>,
    /// Columns whose halves were joined; empty when nothing was repaired.
    pub joined: Vec<String>,
}

/// Why a file cannot be used as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// No header.
    #[error("the file is empty")]
    Empty,
    /// Another encoding, or no text at all.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
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
    UnknownWord {
        /// Which column.
        column: String,
        /// What it holds.
        word: String,
    },
    /// No short text.
    #[error("it has no text")]
    NoText,
    /// Not a date in the format of the mapping.
    #[error("{:?} is not a date in the format of the mapping", shown(.0))]
    BadDate(String),
    /// A machine the mapping does not name.
    #[error("the mapping names no machine {:?}", shown(.0))]
    UnknownAsset(String),
    /// A type the mapping does not name.
    #[error("the mapping names no order type {:?}", shown(.0))]
    UnknownType(String),
    /// Not an amount.
    #[error("the cost {:?} is {source}", shown(word))]
    BadCost {
        /// What stands there.
        word: String,
        /// Why not.
        source: BadAmount,
    },
}

/// Where the columns of the mapping stand.
pub(super) struct Header {
    places: BTreeMap<String, usize>,
    width: usize,
}

impl Header {
    fn read(row: &Row, mapping: &Mapping) -> Result<Self, FileFault> {
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

/// Judges the bytes of a file by a mapping.
///
/// # Errors
/// [`FileFault`] when nothing of it can be taken.
pub fn read_rows(bytes: &[u8], mapping: &Mapping) -> Result<Intake, FileFault> {
    let (header, rows) = row::rows(bytes, mapping.file.delimiter)?;
    let header = Header::read(&header, mapping)?;
    let open_line = mapping.open.as_ref().map(|open| open.line);
    let mut seen: HashMap<[u8; 32], u32> = HashMap::new();
    let mut intake = Intake {
        rows_read: rows.len(),
        rows: Vec::with_capacity(rows.len()),
        refused: Vec::new(),
        at_open_line: None,
    };
    for row in rows {
        let content = content(&row.fields);
        let occurrence = seen.entry(content).or_default();
        *occurrence += 1;
        let reference = reference(&mapping.name, content, *occurrence);
        if Some(row.line) == open_line {
            intake.at_open_line = Some(reference.clone());
        }
        let line = row.line;
        match judge(row, &header, mapping, (reference, *occurrence)) {
            Ok(row) => intake.rows.push(row),
            Err(fault) => intake.refused.push((line, fault)),
        }
    }
    Ok(intake)
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

fn judge(
    row: Row,
    header: &Header,
    mapping: &Mapping,
    (reference, occurrence): (Reference, u32),
) -> Result<ReadRow, RowFault> {
    let Row { line, mut fields } = row;
    let width = |fields: &[String]| RowFault::Width {
        expected: header.width(),
        found: fields.len(),
    };
    // One field too many may be a text that was cut; anything else says nothing of where.
    if fields.len() != header.width() && fields.len() != header.width() + 1 {
        return Err(width(&fields));
    }
    let delimiter = mapping.file.delimiter;
    let joined = shift::repair(&mut fields, header, &mapping.checks, delimiter)?;
    if fields.len() != header.width() {
        return Err(width(&fields));
    }
    let word = |column: &str| {
        fields
            .get(header.index(column))
            .map_or("", |word| word.trim())
    };
    let columns = &mapping.columns;
    Ok(ReadRow {
        line,
        reference,
        occurrence,
        date: date(word(&columns.date), mapping)?,
        tag: known(
            &mapping.assets,
            word(&columns.asset),
            RowFault::UnknownAsset,
        )?,
        title: title(word(&columns.text), mapping)?,
        kind: known(&mapping.types, word(&columns.kind), RowFault::UnknownType)?,
        cost: cost(word(&columns.cost), mapping)?,
        details: mapping
            .details
            .iter()
            .map(|detail| (detail.label.clone(), word(&detail.column).to_owned()))
            .filter(|(_, value)| !is_blank(value, mapping))
            .collect(),
        joined: joined.into_iter().map(str::to_owned).collect(),
    })
}

fn is_blank(word: &str, mapping: &Mapping) -> bool {
    word.is_empty() || mapping.file.blank.iter().any(|blank| blank == word)
}

fn known<T: Clone>(
    words: &BTreeMap<String, T>,
    word: &str,
    fault: fn(String) -> RowFault,
) -> Result<T, RowFault> {
    words
        .get(word)
        .cloned()
        .ok_or_else(|| fault(word.to_owned()))
}

fn date(word: &str, mapping: &Mapping) -> Result<Timestamp, RowFault> {
    let hour = i8::try_from(mapping.history.hour_utc).unwrap_or_default();
    Date::strptime(&mapping.file.date_format, word)
        .and_then(|date| TimeZone::UTC.to_timestamp(date.at(hour, 0, 0, 0)))
        .map(|moment| Timestamp::from_ms(moment.as_millisecond()))
        .map_err(|_| RowFault::BadDate(word.to_owned()))
}

/// A short text is one line: a control character in it becomes a space.
fn title(word: &str, mapping: &Mapping) -> Result<String, RowFault> {
    if is_blank(word, mapping) {
        return Err(RowFault::NoText);
    }
    Ok(word.replace(char::is_control, " "))
}

fn cost(word: &str, mapping: &Mapping) -> Result<Amount, RowFault> {
    let digits = mapping.history.minor_digits;
    Amount::read(word, mapping.file.decimal_sign, digits).map_err(|source| RowFault::BadCost {
        word: word.to_owned(),
        source,
    })
}

fn shown(word: &str) -> String {
    word.chars().take(WORD_SHOWN_MAX).collect()
}
