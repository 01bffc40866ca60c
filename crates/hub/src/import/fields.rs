//! The fields of one row, read by the mapping.

use fettle_domain::effect::Reference;
use fettle_domain::money::{Currency, Money};
use fettle_domain::{AreaId, Day, Decimal, ExternalId, PlantId, Unit};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::intake::{Header, RowFault};
use super::mapping::Mapping;
use super::number::{self, BadNumber};
use crate::core::id_of_file;

/// A row whose columns stand in their places.
pub(super) struct Fields<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) header: &'a Header,
    pub(super) cells: &'a [String],
    pub(super) line: u64,
    /// Mapping name, content and occurrence number as one reference.
    pub(super) reference: &'a Reference,
}

impl Fields<'_> {
    /// The words of a field as the file has them; `None` where it says nothing.
    pub(super) fn said(&self, field: &str) -> Option<&str> {
        let column = self.mapping.columns.get(field)?;
        let word = self.cells.get(self.header.index(column))?.trim();
        let blank = &self.mapping.file.blank;
        (!word.is_empty() && !blank.iter().any(|blank| blank == word)).then_some(word)
    }

    /// A field in our words. A text is one line: a control character in it becomes a space.
    pub(super) fn word(&self, field: &str) -> Result<Option<String>, RowFault> {
        let Some(said) = self.said(field) else {
            return Ok(self.mapping.fixed.get(field).cloned());
        };
        let first = match self.mapping.first_named.get(field) {
            Some(sign) => said.split(sign.as_str()).next().unwrap_or(said),
            None => said,
        };
        match self.mapping.words.get(field) {
            None => Ok(Some(first.replace(char::is_control, " "))),
            Some(words) => match words.get(first) {
                Some(word) => Ok(Some(word.clone())),
                None => Err(RowFault::UnknownWord {
                    field: field.to_owned(),
                    word: first.to_owned(),
                }),
            },
        }
    }

    pub(super) fn needed(&self, field: &str) -> Result<String, RowFault> {
        self.word(field)?
            .ok_or_else(|| RowFault::Missing(field.to_owned()))
    }

    /// A field of ours that is told by one of a few codes.
    pub(super) fn code<T: DeserializeOwned>(&self, field: &str) -> Result<Option<T>, RowFault> {
        let Some(word) = self.word(field)? else {
            return Ok(None);
        };
        match serde_json::from_value(serde_json::Value::from(word.as_str())) {
            Ok(code) => Ok(Some(code)),
            Err(_) => Err(self.bad(field, word)),
        }
    }

    pub(super) fn needed_code<T: DeserializeOwned>(&self, field: &str) -> Result<T, RowFault> {
        self.code(field)?
            .ok_or_else(|| RowFault::Missing(field.to_owned()))
    }

    pub(super) fn flag(&self, field: &str) -> Result<bool, RowFault> {
        match self.word(field)?.as_deref() {
            None | Some("no") => Ok(false),
            Some("yes") => Ok(true),
            Some(word) => Err(self.bad(field, word.to_owned())),
        }
    }

    pub(super) fn plant(&self) -> Result<PlantId, RowFault> {
        let word = self.needed("plant")?;
        PlantId::new(word.as_str()).map_err(|_| self.bad("plant", word))
    }

    pub(super) fn area(&self) -> Result<AreaId, RowFault> {
        let word = self.needed("area")?;
        AreaId::new(word.as_str()).map_err(|_| self.bad("area", word))
    }

    pub(super) fn day(&self, field: &str) -> Result<Option<Day>, RowFault> {
        let Some(word) = self.word(field)? else {
            return Ok(None);
        };
        let formats = &self.mapping.file.date_formats;
        let mut dates = formats
            .iter()
            .filter_map(|format| Date::strptime(format, word.as_str()).ok());
        match dates.next() {
            Some(date) => Ok(Some(date.into())),
            None => Err(RowFault::BadDate(word)),
        }
    }

    pub(super) fn decimal(&self, field: &str) -> Result<Option<Decimal>, RowFault> {
        let Some(word) = self.word(field)? else {
            return Ok(None);
        };
        number::number(&word, &self.mapping.file)
            .map(Some)
            .map_err(|source| bad_number(field, word, source))
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&self, field: &str) -> Result<Option<u32>, RowFault> {
        let Some(number) = self.decimal(field)? else {
            return Ok(None);
        };
        number
            .to_string()
            .parse()
            .map(Some)
            .map_err(|_| bad_number(field, number.to_string(), BadNumber::NotANumber))
    }

    pub(super) fn money(&self, field: &str) -> Result<Option<Money>, RowFault> {
        let Some(number) = self.decimal(field)? else {
            return Ok(None);
        };
        let word = self.needed("currency")?;
        let currency = Currency::new(word.as_str()).map_err(|_| self.bad("currency", word))?;
        Money::from_decimal(number, currency)
            .map(Some)
            .ok_or_else(|| bad_number(field, number.to_string(), BadNumber::TooFine))
    }

    pub(super) fn unit(&self, field: &str) -> Result<Unit, RowFault> {
        self.needed(field).map(Unit)
    }

    /// The values of a field that may have several.
    pub(super) fn list(&self, field: &str) -> Result<Vec<String>, RowFault> {
        let word = self.word(field)?.unwrap_or_default();
        let parts = word.split(self.mapping.file.list_sign).map(str::trim);
        Ok(parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// Our id of what the file names by a key.
    pub(super) fn id(&self, noun: &str, key: &str) -> Uuid {
        id_of_file(&self.mapping.name, noun, key)
    }

    /// What the file's system calls it.
    pub(super) fn external(&self, kind: &str, value: &str) -> Vec<ExternalId> {
        vec![ExternalId {
            system: format!("import/{}", self.mapping.name),
            kind: kind.to_owned(),
            value: value.to_owned(),
        }]
    }

    fn bad(&self, field: &str, code: String) -> RowFault {
        RowFault::BadCode {
            field: field.to_owned(),
            code,
        }
    }
}

fn bad_number(field: &str, word: String, source: BadNumber) -> RowFault {
    RowFault::BadNumber {
        field: field.to_owned(),
        word,
        source,
    }
}
