//! `Content-Range` and `Range` in the one form each that is spoken here.

use std::fmt;
use std::str::FromStr;

/// A text that is no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a range of bytes")]
pub struct BadRange;

/// Bytes on their way: `bytes 0-65535/4190000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Place of the first byte.
    pub offset: u64,
    /// How many.
    pub length: u64,
    /// Size of the whole content.
    pub size: u64,
}

impl Chunk {
    /// A chunk; `None` when it holds nothing or goes beyond the content.
    #[must_use]
    pub fn new(offset: u64, length: u64, size: u64) -> Option<Self> {
        let end = offset.checked_add(length)?;
        (length > 0 && end <= size).then_some(Self {
            offset,
            length,
            size,
        })
    }
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.offset + self.length - 1;
        write!(f, "bytes {}-{last}/{}", self.offset, self.size)
    }
}

impl FromStr for Chunk {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<Self, BadRange> {
        let (range, size) = text
            .strip_prefix("bytes ")
            .and_then(|rest| rest.split_once('/'))
            .ok_or(BadRange)?;
        let (first, last) = ends(range)?;
        let size = number(size)?;
        let length = last
            .checked_sub(first)
            .and_then(|rest| rest.checked_add(1))
            .ok_or(BadRange)?;
        Self::new(first, length, size).ok_or(BadRange)
    }
}

/// Bytes asked for: `bytes=0-65535`; fewer come when the content ends before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Place of the first byte.
    pub offset: u64,
    /// At most so many, at least one.
    pub length: u64,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.offset.saturating_add(self.length.saturating_sub(1));
        write!(f, "bytes={}-{last}", self.offset)
    }
}

impl FromStr for Wanted {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<Self, BadRange> {
        let (first, last) = ends(text.strip_prefix("bytes=").ok_or(BadRange)?)?;
        let length = last
            .checked_sub(first)
            .and_then(|rest| rest.checked_add(1))
            .ok_or(BadRange)?;
        Ok(Self {
            offset: first,
            length,
        })
    }
}

fn ends(range: &str) -> Result<(u64, u64), BadRange> {
    let (first, last) = range.split_once('-').ok_or(BadRange)?;
    Ok((number(first)?, number(last)?))
}

fn number(digits: &str) -> Result<u64, BadRange> {
    // `parse` alone would take a sign.
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().map_err(|_| BadRange)
    } else {
        Err(BadRange)
    }
}
