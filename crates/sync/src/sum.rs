//! The sum of a feed: whether a desk has exactly the rows its hub has, in eight bytes.
//!
//! Each row adds a digest of its key and version, so the order in which rows came does not matter.
//! It guards against lost and doubled rows, not against people: whoever could forge it could as
//! well write other rows.

use serde::{Deserialize, Serialize};

use crate::exchange::LogNumber;

/// Sum over rows of a feed; the empty one to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedSum(u64);

impl FeedSum {
    /// Adds a row.
    pub fn add(&mut self, key: &str, version: LogNumber) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&version.to_le_bytes());
        hasher.update(key.as_bytes());
        let mut digest = [0; 8];
        hasher.finalize_xof().fill(&mut digest);
        self.0 = self.0.wrapping_add(u64::from_le_bytes(digest));
    }
}
