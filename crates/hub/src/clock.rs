//! The hub's clock and randomness: the only places they are read.

use std::sync::Arc;

use fettle_domain::Timestamp;

use crate::core::StoreFault;

/// Where a server takes the time from: the machine, or whoever moves it to see what time does.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::reading(now)
    }

    /// A clock that reads this.
    #[must_use]
    pub fn reading(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// The time now.
#[must_use]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A clock before 1970 reads as 1970: nothing then expires, and the log's order never asks it.
    let ms = since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    });
    Timestamp::from_ms(ms)
}

/// Fresh random bytes.
///
/// # Errors
/// [`StoreFault::Content`] when the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], StoreFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreFault::Content(format!("no randomness: {error}")))?;
    Ok(bytes)
}
