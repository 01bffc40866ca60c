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

/// The header and the rows behind it; a row may have any number of fields.
pub(super) fn rows(bytes: &[u8], delimiter: char) -> Result<(Row, Vec<Row>), FileFault> {
    let text = text(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut record = StringRecord::new();
    let mut header = None;
    let mut rows = Vec::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| FileFault::Form(error.to_string()))?
    {
        let line = lines.line_at(record.position().map_or(0, csv::Position::byte));
        let row = row(line, &record)?;
        match header {
            None => header = Some(row),
            Some(_) if rows.len() == ROWS_MAX => return Err(FileFault::TooManyRows),
            Some(_) => rows.push(row),
        }
    }
    Ok((header.ok_or(FileFault::Empty)?, rows))
}

fn row(line: u64, record: &StringRecord) -> Result<Row, FileFault> {
    if record.len() > COLUMNS_MAX {
        return Err(FileFault::TooManyColumns { line });
    }
    if record.iter().any(|field| field.len() > FIELD_BYTES_MAX) {
        return Err(FileFault::FieldTooLong { line });
    }
    Ok(Row {
        line,
        fields: record.iter().map(str::to_owned).collect(),
    })
}

fn text(bytes: &[u8]) -> Result<&str, FileFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let ends = before.iter().filter(|byte| **byte == b'\n').count();
        FileFault::NotUtf8 {
            line: ends as u64 + 1,
        }
    })
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
