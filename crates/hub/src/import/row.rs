//! The rows of a file of comma-separated values, with the line each begins on.

use csv::{ReaderBuilder, StringRecord};

use super::intake::FileFault;

/// Most rows of a file.
pub(super) const ROWS_MAX: usize = 1_000_000;
/// Longest field, in bytes; also what a quote that is never closed runs into.
pub(super) const FIELD_BYTES_MAX: usize = 16_384;
/// Most columns.
pub(super) const COLUMNS_MAX: usize = 1_000;

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Line it begins on; the first line of the file is 1.
    pub(super) line: u64,
    /// Its fields.
    pub(super) fields: Vec<String>,
}

/// Reads a text row by row; a row may have any number of fields.
pub(super) struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: StringRecord,
    lines: Lines<'a>,
    /// Byte on which the row read last begins.
    begins: u64,
    read: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str, delimiter: char) -> Self {
        Self {
            text,
            reader: ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(u8::try_from(delimiter).unwrap_or(b','))
                .from_reader(text.as_bytes()),
            record: StringRecord::new(),
            lines: Lines::new(text),
            begins: 0,
            read: 0,
        }
    }

    /// The next row; `None` behind the last one.
    pub(super) fn next(&mut self) -> Result<Option<Row>, FileFault> {
        let is_there = self.reader.read_record(&mut self.record);
        if !is_there.map_err(|error| FileFault::Form(error.to_string()))? {
            return match self.is_open() {
                true => Err(FileFault::OpenQuote {
                    line: self.lines.line,
                }),
                false => Ok(None),
            };
        }
        self.begins = self.record.position().map_or(0, csv::Position::byte);
        let line = self.lines.line_at(self.begins);
        if self.record.len() > COLUMNS_MAX {
            return Err(FileFault::TooManyColumns { line });
        }
        if self
            .record
            .iter()
            .any(|field| field.len() > FIELD_BYTES_MAX)
        {
            return Err(FileFault::FieldTooLong { line });
        }
        // The header is no row.
        if self.read > ROWS_MAX {
            return Err(FileFault::TooManyRows);
        }
        self.read += 1;
        Ok(Some(Row {
            line,
            fields: self.record.iter().map(str::to_owned).collect(),
        }))
    }

    /// True when a quote of the last row is never closed, so that it swallowed the lines behind it.
    fn is_open(&self) -> bool {
        let begins = usize::try_from(self.begins).unwrap_or(usize::MAX);
        let rest = self.text.get(begins..).unwrap_or_default().trim();
        rest.contains('\n') && rest.matches('"').count() % 2 == 1
    }
}

/// Counts lines by bytes: the reader's own count lags behind where lines end in two characters.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// Line of the first character at or behind `byte` that ends no line.
    fn line_at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(next) = self.bytes.get(self.at) {
            if self.at >= byte && !matches!(next, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*next == b'\n');
            self.at += 1;
        }
        self.line
    }
}
