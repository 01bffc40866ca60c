//! The mapping: what the columns of a file mean, and what the file does not say.

mod open;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use fettle_domain::import::ImportNoun;
use serde::Deserialize;

pub(super) use open::{Asks, Open, PartForm, StepForm, TaskForm};

use super::noun;

/// Mappings inside the program, by name.
const SHIPPED: [(&str, &str); 1] = [("excavators", include_str!("../../mappings/excavators.toml"))];

/// Largest mapping file, in bytes.
const MAPPING_BYTES_MAX: u64 = 1 << 20;
/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// A mapping of one kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Part of every row's identity: never changed once a file was imported.
    pub(super) name: String,
    /// What a row is.
    pub(super) noun: ImportNoun,
    pub(super) file: FileForm,
    /// Field of the noun and the column it stands in.
    pub(super) columns: BTreeMap<String, String>,
    /// Field and what it is where the file does not say.
    #[serde(default)]
    pub(super) fixed: BTreeMap<String, String>,
    /// Field, word of the file and our word for it; a word that is not named is refused.
    #[serde(default)]
    pub(super) words: BTreeMap<String, BTreeMap<String, String>>,
    /// Field and what stands between its words when the file names several: the first one counts.
    #[serde(default)]
    pub(super) first_named: BTreeMap<String, String>,
    /// Columns whose words are known, by which a shifted row is noticed.
    #[serde(default)]
    pub(super) checks: Vec<Check>,
    /// The one past order that is made anew in the CMMS, to be worked on.
    pub(super) open: Option<Open>,
}

/// How the file is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileForm {
    pub(super) encoding: Encoding,
    pub(super) delimiter: char,
    #[serde(default = "point")]
    pub(super) decimal_sign: char,
    /// Stands between thousands; none when absent.
    pub(super) thousands_sign: Option<char>,
    /// Formats of dates in the letters of `strftime`; the first that fits is taken.
    #[serde(default)]
    pub(super) date_formats: Vec<String>,
    /// Words that stand for nothing.
    #[serde(default)]
    pub(super) blank: Vec<String>,
    /// Stands between the values of a field that may have several.
    #[serde(default = "semicolon")]
    pub(super) list_sign: char,
}

fn point() -> char {
    '.'
}

fn semicolon() -> char {
    ';'
}

/// Encoding of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    /// What programs mean that say Latin-1.
    #[serde(rename = "windows-1252", alias = "latin-1")]
    Windows1252,
    /// With a byte order mark.
    #[serde(rename = "utf-16")]
    Utf16,
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
        key: String,
        /// What it must be.
        must: String,
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

    /// What its rows are.
    #[must_use]
    pub fn noun(&self) -> ImportNoun {
        self.noun
    }

    /// True when it names a row after which an open order is made.
    #[must_use]
    pub fn has_open(&self) -> bool {
        self.open.is_some()
    }

    /// Every column it names.
    pub(super) fn named_columns(&self) -> impl Iterator<Item = &str> {
        let checks = self.checks.iter();
        self.columns
            .values()
            .chain(checks.flat_map(|check| std::iter::once(&check.column).chain(&check.cut)))
            .map(String::as_str)
    }

    fn check(&self) -> Result<(), MappingFault> {
        let is_name = (1..=NAME_BYTES_MAX).contains(&self.name.len());
        must(is_name, "name", "must have 1 to 64 bytes")?;
        self.file.check()?;
        let fields = noun::fields(self.noun);
        let named = [
            ("columns", self.columns.keys().collect::<Vec<_>>()),
            ("fixed", self.fixed.keys().collect()),
            ("words", self.words.keys().collect()),
            ("first_named", self.first_named.keys().collect()),
        ];
        for (table, keys) in named {
            let unknown = keys
                .into_iter()
                .find(|key| fields.iter().all(|field| field.name != *key));
            if let Some(key) = unknown {
                let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                let words = format!("is no field of the noun; there are: {}", names.join(", "));
                return must(false, &format!("{table}.{key}"), &words);
            }
        }
        for field in fields {
            let is_said =
                self.columns.contains_key(field.name) || self.fixed.contains_key(field.name);
            let words = "must stand in columns or in fixed";
            must(is_said || !field.is_needed, field.name, words)?;
            let fixed = self.fixed.get(field.name).into_iter();
            let words = self.words.get(field.name).into_iter();
            for word in words.flat_map(BTreeMap::values).chain(fixed) {
                let must_be = format!("says {word:?}, which is none of our words for it");
                must((field.knows)(word), field.name, &must_be)?;
            }
        }
        self.open.as_ref().map_or(Ok(()), |open| {
            let is_history = self.noun == ImportNoun::WorkOrders;
            must(is_history, "open", "belongs to a mapping of work orders")?;
            open.check()
        })
    }
}

impl FileForm {
    fn check(&self) -> Result<(), MappingFault> {
        let is_sign = self.delimiter.is_ascii() && !"\"\r\n".contains(self.delimiter);
        let words = "must be one ASCII character, and no quote or line end";
        must(is_sign, "file.delimiter", words)?;
        let is_sign = ".,".contains(self.decimal_sign);
        must(is_sign, "file.decimal_sign", "must be . or ,")?;
        let differs = self.thousands_sign != Some(self.decimal_sign);
        must(
            differs,
            "file.thousands_sign",
            "must not be the decimal sign",
        )?;
        let all_read = self.date_formats.iter().all(|format| reads_back(format));
        let words = "must be formats by which a year, a month and a day can be read";
        must(all_read, "file.date_formats", words)
    }
}

pub(super) fn must(holds: bool, key: &str, must: &str) -> Result<(), MappingFault> {
    if holds {
        return Ok(());
    }
    Err(MappingFault::Statement {
        key: key.to_owned(),
        must: must.to_owned(),
    })
}

fn reads_back(date_format: &str) -> bool {
    let date = jiff::civil::date(2010, 6, 29);
    jiff::fmt::strtime::format(date_format, date)
        .and_then(|text| jiff::civil::Date::strptime(date_format, text))
        .is_ok_and(|read| read == date)
}
