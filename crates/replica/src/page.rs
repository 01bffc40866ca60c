//! Pages: lists and what a search finds come by key, so that a page costs the same however far down
//! it is, and rows that arrive meanwhile make nobody skip or repeat others.

use std::fmt;
use std::str::FromStr;

/// Most rows of a page.
pub const PAGE_MAX: u32 = 200;
/// Most hits that are counted; beyond it an answer says "more than".
pub const COUNT_MAX: u32 = 1000;

/// Where a page ended: the next one begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageKey {
    pub(crate) pass: u8,
    pub(crate) place: i64,
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.pass, self.place)
    }
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a page")]
pub struct BadPageKey;

impl FromStr for PageKey {
    type Err = BadPageKey;

    fn from_str(text: &str) -> Result<Self, BadPageKey> {
        let (pass, place) = text.split_once('.').ok_or(BadPageKey)?;
        Ok(Self {
            pass: pass.parse().map_err(|_| BadPageKey)?,
            place: place.parse().map_err(|_| BadPageKey)?,
        })
    }
}

/// Which page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Where the page before it ended; `None` for the first.
    pub after: Option<PageKey>,
    /// Most rows, never more than [`PAGE_MAX`].
    pub limit: u32,
}

impl Paging {
    /// The first page.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    pub(crate) fn limit(self) -> u32 {
        self.limit.min(PAGE_MAX)
    }

    /// The place behind which a list goes on.
    pub(crate) fn after_place(self) -> i64 {
        self.after.map_or(i64::MIN, |key| key.place)
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Rows in order.
    pub rows: Vec<T>,
    /// Key of the next page; `None` at the end.
    pub next: Option<PageKey>,
}

impl<T> Page<T> {
    /// Of rows with their places, read one beyond the limit to know whether there are more.
    pub(crate) fn of(mut rows: Vec<(i64, T)>, limit: u32) -> Self {
        let limit = limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().map(|(place, _)| *place);
        let next = last
            .filter(|_| has_more)
            .map(|place| PageKey { pass: 0, place });
        Self {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            next,
        }
    }
}

/// How many rows a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Rows counted, at most [`COUNT_MAX`].
    pub count: u32,
    /// True when there are more than were counted.
    pub is_more: bool,
}

impl Total {
    pub(crate) fn of(counted: u32) -> Self {
        Self {
            count: counted.min(COUNT_MAX),
            is_more: counted > COUNT_MAX,
        }
    }
}

/// One page of what a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The page: rows with the very words first, then rows with what begins like them, both by rank.
    pub page: Page<T>,
    /// How many there are in all.
    pub total: Total,
    /// What was looked for instead, because nothing was found for what was typed.
    pub meant: Option<String>,
}

impl<T> Found<T> {
    pub(crate) fn nothing() -> Self {
        Self {
            page: Page {
                rows: Vec::new(),
                next: None,
            },
            total: Total::default(),
            meant: None,
        }
    }
}
