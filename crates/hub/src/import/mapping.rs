//! The mapping: what the columns of a file mean, and what the file does not say.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use fettle_domain::effect::Reference;
use fettle_domain::work_order::{Priority, Status, WorkOrderType};
use fettle_domain::{AreaId, Decimal, PlantId, Unit};
use serde::Deserialize;

/// Mappings inside the program, by name.
const SHIPPED: [(&str, &str); 1] = [("excavators", include_str!("../../mappings/excavators.toml"))];

/// Largest mapping file, in bytes.
const MAPPING_BYTES_MAX: u64 = 1 << 20;
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// Most decimals of a currency; ISO 4217 knows none with more than four.
const MINOR_DIGITS_MAX: u8 = 4;
/// Most days in which an open order may be due.
const DUE_DAYS_MAX: u16 = 366;

/// A mapping of one kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Part of every row's identity: never changed once a file was imported.
    pub(super) name: String,
    pub(super) file: FileForm,
    pub(super) columns: Columns,
    /// Columns that follow into the long text.
    #[serde(default)]
    pub(super) details: Vec<Detail>,
    /// Columns whose words are known, by which a shifted row is noticed.
    #[serde(default)]
    pub(super) checks: Vec<Check>,
    pub(super) history: History,
    /// Word of the file and tag of the machine.
    pub(super) assets: BTreeMap<String, String>,
    /// Word of the file and type of the order.
    pub(super) types: BTreeMap<String, WorkOrderType>,
    pub(super) open: Option<Open>,
}

/// How the file is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileForm {
    /// Read so that another one is refused.
    encoding: Encoding,
    pub(super) delimiter: char,
    pub(super) decimal_sign: char,
    /// Format of dates in the letters of `strftime`.
    pub(super) date_format: String,
    /// Words that stand for nothing.
    pub(super) blank: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
}

/// Names of the columns every row needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) date: String,
    pub(super) asset: String,
    pub(super) text: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) cost: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Detail {
    pub(super) column: String,
    /// Word before the value.
    pub(super) label: String,
}

/// A column whose words are all known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub(super) column: String,
    pub(super) words: Vec<String>,
    /// Column before it whose text may have been cut in two at a delimiter.
    pub(super) cut: Option<String>,
    /// Stray characters taken off the halves.
    #[serde(default)]
    pub(super) strip: String,
}

/// What the file does not say of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct History {
    pub(super) plant: PlantId,
    pub(super) area: AreaId,
    pub(super) cost_centre: String,
    /// ISO 4217.
    pub(super) currency: String,
    pub(super) minor_digits: u8,
    /// Hour of the day in UTC that stands for a date.
    pub(super) hour_utc: u8,
    /// The rows are closed history: `CLOSE`.
    pub(super) status: Status,
}

/// The one row that is taken as open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    /// Where the row lies in the file as published; for people and for messages.
    pub(super) line: u64,
    /// Which row: its reference, made of mapping name, content and occurrence number.
    pub(super) reference: Reference,
    pub(super) status: Status,
    /// Employee number.
    pub(super) assignee: String,
    pub(super) priority: Priority,
    /// Days from the import to the required finish.
    pub(super) due_days: u16,
    #[serde(default)]
    pub(super) tasks: Vec<TaskForm>,
    #[serde(default)]
    pub(super) part_lines: Vec<PartForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskForm {
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) craft: String,
    pub(super) planned_minutes: u32,
    pub(super) headcount: u32,
    pub(super) steps: Vec<StepForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepForm {
    pub(super) text: String,
    pub(super) asks: Asks,
}

/// What a step asks for: `"tick"`, `"text"` or `{ value = { unit, lower, upper } }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Asks {
    Tick,
    Text,
    Value {
        unit: Unit,
        lower: Option<Decimal>,
        upper: Option<Decimal>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartForm {
    pub(super) item: String,
    pub(super) quantity: Decimal,
    pub(super) unit: Unit,
    pub(super) is_critical: bool,
}

/// Why a mapping cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingFault {
    /// Neither a name inside the program nor a file.
    #[error("no mapping {wanted}: give the path of a mapping file, or one of: {shipped}")]
    Unknown {
        /// What was asked for.
        wanted: String,
        /// Names inside the program.
        shipped: String,
    },
    /// The file cannot be read.
    #[error("failed to read the mapping {file}")]
    Unreadable {
        /// Which file.
        file: String,
        /// Cause.
        source: std::io::Error,
    },
    /// The file is too large to be a mapping.
    #[error("the mapping {file} is larger than 1 MB")]
    TooLarge {
        /// Which file.
        file: String,
    },
    /// Not a mapping.
    #[error("failed to understand the mapping: {0}")]
    Form(#[from] Box<toml::de::Error>),
    /// A statement that cannot hold.
    #[error("the mapping's {key} {must}")]
    Statement {
        /// Where.
        key: &'static str,
        /// What it must be.
        must: &'static str,
    },
}

impl Mapping {
    /// A mapping inside the program by its name, or else a file.
    ///
    /// # Errors
    /// [`MappingFault`] when it is neither, or says what cannot hold.
    pub fn load(wanted: &str) -> Result<Self, MappingFault> {
        if let Some((_, text)) = SHIPPED.iter().find(|(name, _)| *name == wanted) {
            return Self::read(text);
        }
        let path = Path::new(wanted);
        if !path.exists() {
            return Err(MappingFault::Unknown {
                wanted: wanted.to_owned(),
                shipped: SHIPPED.map(|(name, _)| name).join(", "),
            });
        }
        let unreadable = |source| MappingFault::Unreadable {
            file: wanted.to_owned(),
            source,
        };
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAPPING_BYTES_MAX + 1).read_to_string(&mut text))
            .map_err(unreadable)?;
        if text.len() as u64 > MAPPING_BYTES_MAX {
            return Err(MappingFault::TooLarge {
                file: wanted.to_owned(),
            });
        }
        Self::read(&text)
    }

    /// Reads the text of a mapping.
    ///
    /// # Errors
    /// [`MappingFault`] when it is no mapping or says what cannot hold.
    pub fn read(text: &str) -> Result<Self, MappingFault> {
        let mapping: Self = toml::from_str(text).map_err(Box::new)?;
        mapping.check()?;
        Ok(mapping)
    }

    /// Its name, part of every row's identity.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every column it names.
    pub(super) fn named_columns(&self) -> impl Iterator<Item = &str> {
        let Columns {
            date,
            asset,
            text,
            kind,
            cost,
        } = &self.columns;
        let checks = self.checks.iter();
        [date, asset, text, kind, cost]
            .into_iter()
            .chain(self.details.iter().map(|detail| &detail.column))
            .chain(checks.flat_map(|check| std::iter::once(&check.column).chain(&check.cut)))
            .map(String::as_str)
    }

    fn check(&self) -> Result<(), MappingFault> {
        let must = |holds: bool, key, must| match holds {
            true => Ok(()),
            false => Err(MappingFault::Statement { key, must }),
        };
        let is_name = (1..=NAME_BYTES_MAX).contains(&self.name.len());
        must(is_name, "name", "must have 1 to 64 bytes")?;
        let FileForm {
            delimiter,
            decimal_sign,
            ..
        } = self.file;
        must(
            delimiter.is_ascii(),
            "delimiter",
            "must be one ASCII character",
        )?;
        must(
            !"\"\r\n".contains(delimiter),
            "delimiter",
            "must not be a quote or a line end",
        )?;
        must(
            ".,".contains(decimal_sign),
            "decimal_sign",
            "must be . or ,",
        )?;
        let history = &self.history;
        must(
            history.status.is_ended(),
            "history.status",
            "must be CLOSE or CAN",
        )?;
        must(history.hour_utc < 24, "history.hour_utc", "must be 0 to 23")?;
        must(
            reads_back(&self.file.date_format),
            "file.date_format",
            "must be one by which a year, a month and a day can be read",
        )?;
        let is_fine = history.minor_digits <= MINOR_DIGITS_MAX;
        must(is_fine, "history.minor_digits", "must be 0 to 4")?;
        let Some(open) = &self.open else {
            return Ok(());
        };
        must(
            !open.status.is_ended(),
            "open.status",
            "must be one of an open order",
        )?;
        must(
            open.due_days <= DUE_DAYS_MAX,
            "open.due_days",
            "must be 0 to 366",
        )?;
        let is_positive = open
            .part_lines
            .iter()
            .all(|part| part.quantity.is_positive());
        must(
            is_positive,
            "open.part_lines.quantity",
            "must be more than zero",
        )
    }
}

fn reads_back(date_format: &str) -> bool {
    let date = jiff::civil::date(2010, 6, 29);
    jiff::fmt::strtime::format(date_format, date)
        .and_then(|text| jiff::civil::Date::strptime(date_format, text))
        .is_ok_and(|read| read == date)
}
