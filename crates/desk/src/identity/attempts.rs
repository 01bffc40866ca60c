//! Tries of a PIN: counted with growing delay. Pure; the caller stores the state.

use fettle_domain::time::{DeviceTime, elapsed};
use fettle_domain::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};

/// Wrong tries after which the PIN is void and only an online sign-in helps.
const ATTEMPTS_MAX: u32 = 10;
/// Wrong tries that cost no wait: people mistype.
const ATTEMPTS_FREE: u32 = 3;
/// First wait, doubling with every further wrong try: 30 s.
const WAIT_FIRST_MS: i64 = 30_000;
/// Longest wait: 30 minutes, so that a shift is not lost to a joke.
const WAIT_LONGEST_MS: i64 = 30 * 60_000;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// How often a person's PIN was entered wrong in a row, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PinAttempts {
    wrong: u32,
    last: Option<DeviceTime>,
}

impl PinAttempts {
    /// Counts a try as wrong before it is made. The caller stores the answer first and goes on
    /// only then: ending the program during a try therefore costs a try. A right PIN is told by
    /// storing [`PinAttempts::default`].
    ///
    /// # Errors
    /// `pin.wait` while a wait runs, `pin.forgotten` when the PIN is void.
    pub fn begin(self, now: DeviceTime) -> Result<Self, Refusal> {
        if self.wrong >= ATTEMPTS_MAX {
            return Err(Refusal::new("pin.forgotten"));
        }
        match self.wait_until(now) {
            Some(until) => Err(Refusal::new("pin.wait").with("until", until.as_ms())),
            None => Ok(Self {
                wrong: self.wrong + 1,
                last: Some(now),
            }),
        }
    }

    /// What a person reads when the try that [`PinAttempts::begin`] counted was wrong.
    #[must_use]
    pub fn wrong(self) -> Refusal {
        Refusal::new("pin.wrong").with("left", ATTEMPTS_MAX.saturating_sub(self.wrong))
    }

    /// Earliest moment of the next try by the device's wall clock; `None` when it may be now.
    ///
    /// Within one boot the boot clock measures the wait, so setting the wall clock forward does
    /// not shorten it.
    #[must_use]
    pub fn wait_until(self, now: DeviceTime) -> Option<Timestamp> {
        let passed = elapsed(self.last?, now).ms;
        let left = self.wait_ms() - passed;
        (left > 0).then(|| now.at.plus_ms(left))
    }

    /// True when only an online sign-in with a new PIN helps.
    #[must_use]
    pub fn is_void(self) -> bool {
        self.wrong >= ATTEMPTS_MAX
    }

    fn wait_ms(self) -> i64 {
        match self.wrong.checked_sub(ATTEMPTS_FREE) {
            None | Some(0) => 0,
            Some(over) => (WAIT_FIRST_MS << (over - 1).min(16)).min(WAIT_LONGEST_MS),
        }
    }
}

/// Until when a PIN opens a person's work without the hub having confirmed the sign-in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineGrace {
    /// Last time the hub let this person in, by the hub's clock.
    pub confirmed_at: Timestamp,
    /// Days the hub grants from then.
    pub days: u32,
}

impl OfflineGrace {
    /// End of the grace by the hub's clock.
    #[must_use]
    pub fn until(self) -> Timestamp {
        self.confirmed_at.plus_ms(i64::from(self.days) * DAY_MS)
    }

    /// Refuses when the grace has ended.
    ///
    /// # Errors
    /// `pin.offline_expired`.
    pub fn check(self, now: DeviceTime) -> Result<(), Refusal> {
        if now.corrected() <= self.until() {
            Ok(())
        } else {
            Err(Refusal::new("pin.offline_expired"))
        }
    }
}
