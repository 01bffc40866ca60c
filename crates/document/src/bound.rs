//! Bounds the run lengths of a change or a document before Automerge expands them.
//!
//! Columns are run-length encoded: a few bytes can stand for 2^60 operations. This walks them
//! without expanding them and refuses what would expand too far.

use crate::change::BadChange;

/// Most operations of one change: a text of the largest size, typed at once, with room to spare.
pub const CHANGE_MAX_OPS: u64 = 65_536;
/// Most bytes of keys and names one change may expand to.
pub const CHANGE_MAX_TEXT_BYTES: u64 = 4 * 1024 * 1024;
/// Most operations of one document: what people write takes a byte each at least, so a document of
/// the largest size holds no more.
const DOCUMENT_MAX_OPS: u64 = 1 << 20;
/// Most bytes of keys and names one document may expand to.
const DOCUMENT_MAX_TEXT_BYTES: u64 = 32 * 1024 * 1024;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_DOCUMENT: u8 = 0;
const CHUNK_CHANGE: u8 = 1;
const HASH_BYTES: usize = 32;

/// What a column holds, by the low bits of its specification.
enum ColumnKind {
    Group,
    Number,
    Boolean,
    Text,
    Raw,
}

/// How far the columns of a chunk may expand.
struct Limits {
    operations: u64,
    text_bytes: u64,
}

/// Walks a change and refuses what is malformed or would expand beyond the limits.
pub(crate) fn check_change(bytes: &[u8]) -> Result<(), BadChange> {
    let mut cursor = chunk(bytes, CHUNK_CHANGE)?;
    let dependencies = cursor.length()?;
    for _ in 0..dependencies {
        cursor.take(HASH_BYTES)?;
    }
    cursor.prefixed()?;
    cursor.unsigned()?;
    cursor.unsigned()?;
    cursor.signed()?;
    cursor.prefixed()?;
    let actors = cursor.length()?;
    for _ in 0..actors {
        cursor.prefixed()?;
    }
    let columns = columns(&mut cursor)?;
    let limits = Limits {
        operations: CHANGE_MAX_OPS,
        text_bytes: CHANGE_MAX_TEXT_BYTES,
    };
    check_columns(&mut cursor, columns, &limits)
}

/// Walks a whole document and refuses what is malformed or would expand beyond the limits.
pub(crate) fn check_document(bytes: &[u8]) -> Result<(), BadChange> {
    let mut cursor = chunk(bytes, CHUNK_DOCUMENT)?;
    let actors = cursor.length()?;
    for _ in 0..actors {
        cursor.prefixed()?;
    }
    let heads = cursor.length()?;
    for _ in 0..heads {
        cursor.take(HASH_BYTES)?;
    }
    // Those of its changes, then those of its operations; what they hold follows in that order.
    let mut all = columns(&mut cursor)?;
    all.extend(columns(&mut cursor)?);
    let limits = Limits {
        operations: DOCUMENT_MAX_OPS,
        text_bytes: DOCUMENT_MAX_TEXT_BYTES,
    };
    check_columns(&mut cursor, all, &limits)
}

/// What a chunk holds when it is one of this type, behind its checksum, and nothing follows it.
fn chunk(bytes: &[u8], kind: u8) -> Result<Cursor<'_>, BadChange> {
    let mut cursor = Cursor { bytes };
    if cursor.take(4)? != MAGIC {
        return Err(BadChange::Malformed);
    }
    cursor.take(4)?;
    if cursor.byte()? != kind {
        return Err(BadChange::ChunkType);
    }
    let length = cursor.length()?;
    if length != cursor.bytes.len() {
        return Err(BadChange::Malformed);
    }
    Ok(cursor)
}

fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<(ColumnKind, usize)>, BadChange> {
    let count = cursor.length()?;
    let mut columns = Vec::new();
    for _ in 0..count {
        let specification = cursor.unsigned()?;
        columns.push((column_kind(specification)?, cursor.length()?));
    }
    Ok(columns)
}

fn check_columns(
    cursor: &mut Cursor<'_>,
    columns: Vec<(ColumnKind, usize)>,
    limits: &Limits,
) -> Result<(), BadChange> {
    for (kind, length) in columns {
        let mut column = Cursor {
            bytes: cursor.take(length)?,
        };
        match kind {
            ColumnKind::Group => check_runs(&mut column, Item::Count, limits)?,
            ColumnKind::Number => check_runs(&mut column, Item::Number, limits)?,
            ColumnKind::Text => check_runs(&mut column, Item::Text, limits)?,
            ColumnKind::Boolean => check_booleans(&mut column, limits)?,
            ColumnKind::Raw => {}
        }
    }
    Ok(())
}

fn column_kind(specification: u64) -> Result<ColumnKind, BadChange> {
    if specification & 0b1000 != 0 {
        return Err(BadChange::ChunkType);
    }
    match specification & 0b111 {
        0 => Ok(ColumnKind::Group),
        1..=3 | 6 => Ok(ColumnKind::Number),
        4 => Ok(ColumnKind::Boolean),
        5 => Ok(ColumnKind::Text),
        _ => Ok(ColumnKind::Raw),
    }
}

#[derive(Clone, Copy)]
enum Item {
    Number,
    Count,
    Text,
}

fn check_runs(column: &mut Cursor<'_>, item: Item, limits: &Limits) -> Result<(), BadChange> {
    let mut total = 0_u64;
    let mut weight = 0_u64;
    while !column.bytes.is_empty() {
        let run = column.signed()?;
        match run {
            0 => {
                let nulls = column.unsigned()?;
                if nulls == 0 {
                    return Err(BadChange::Malformed);
                }
                total = total.saturating_add(nulls);
            }
            1.. => {
                total = total.saturating_add(run.unsigned_abs());
                let one = read_item(column, item)?;
                weight = weight.saturating_add(one.saturating_mul(run.unsigned_abs()));
            }
            ..0 => {
                total = total.saturating_add(run.unsigned_abs());
                // Each literal takes at least a byte, so this loop ends with the column.
                for _ in 0..run.unsigned_abs() {
                    weight = weight.saturating_add(read_item(column, item)?);
                }
            }
        }
        check_totals(total, weight, item, limits)?;
    }
    Ok(())
}

fn check_totals(total: u64, weight: u64, item: Item, limits: &Limits) -> Result<(), BadChange> {
    let limit = match item {
        Item::Number => u64::MAX,
        Item::Count => limits.operations,
        Item::Text => limits.text_bytes,
    };
    if total > limits.operations || weight > limit {
        return Err(BadChange::TooManyOperations);
    }
    Ok(())
}

/// Reads one item and answers what it weighs: a count its value, a text its length.
fn read_item(column: &mut Cursor<'_>, item: Item) -> Result<u64, BadChange> {
    match item {
        // Signed and unsigned numbers end at the same byte.
        Item::Number => column.skip_number().map(|()| 0),
        Item::Count => column.unsigned(),
        Item::Text => {
            let length = column.length()?;
            column.take(length)?;
            Ok(length as u64)
        }
    }
}

fn check_booleans(column: &mut Cursor<'_>, limits: &Limits) -> Result<(), BadChange> {
    let mut total = 0_u64;
    while !column.bytes.is_empty() {
        total = total.saturating_add(column.unsigned()?);
    }
    check_totals(total, 0, Item::Number, limits)
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BadChange> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(count)
            .ok_or(BadChange::Malformed)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, BadChange> {
        let (first, rest) = self.bytes.split_first().ok_or(BadChange::Malformed)?;
        self.bytes = rest;
        Ok(*first)
    }

    fn prefixed(&mut self) -> Result<&'a [u8], BadChange> {
        let length = self.length()?;
        self.take(length)
    }

    /// A length or count: never more than the bytes that are left, since each item takes one.
    fn length(&mut self) -> Result<usize, BadChange> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| BadChange::Malformed)?;
        if length > self.bytes.len() {
            return Err(BadChange::Malformed);
        }
        Ok(length)
    }

    fn unsigned(&mut self) -> Result<u64, BadChange> {
        let (value, _, _) = self.number()?;
        Ok(value)
    }

    fn signed(&mut self) -> Result<i64, BadChange> {
        let (value, shift, is_negative) = self.number()?;
        let value = value.cast_signed();
        if is_negative && shift < 64 {
            return Ok(value | (-1_i64 << shift));
        }
        Ok(value)
    }

    fn skip_number(&mut self) -> Result<(), BadChange> {
        self.number().map(|_| ())
    }

    /// A LEB128 number: its bits, how many, and whether the sign bit of the last byte is set.
    fn number(&mut self) -> Result<(u64, u32, bool), BadChange> {
        let mut value = 0_u64;
        let mut shift = 0_u32;
        while shift < 70 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok((value, shift, byte & 0x40 != 0));
            }
        }
        Err(BadChange::Malformed)
    }
}
