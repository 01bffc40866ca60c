//! What the operating system alone knows: wall clock, boot and time since boot.
//!
//! The only room with code for one operating system. Nothing else in the desk reads a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use fettle_domain::Timestamp;
use fettle_domain::time::DeviceTime;

/// One reading of the device's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Wall clock.
    pub at: Timestamp,
    /// Which boot.
    pub boot_id: u64,
    /// Milliseconds since that boot, sleep included.
    pub boot_ms: u64,
}

impl Reading {
    /// The reading as it is written into entries, with the offset to the hub's clock last measured.
    #[must_use]
    pub fn device_time(self, offset_ms: Option<i64>) -> DeviceTime {
        DeviceTime {
            at: self.at,
            offset_ms,
            boot_id: self.boot_id,
            boot_ms: self.boot_ms,
        }
    }
}

/// Where the desk gets its time from.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Reads all clocks at once.
    fn read(&self) -> Reading;
}

/// The clocks of the machine.
#[derive(Debug, Clone)]
pub struct SystemClock {
    offset_ms: i64,
    boot: boot::Boot,
}

impl SystemClock {
    /// The clocks as they are.
    #[must_use]
    pub fn new() -> Self {
        Self {
            offset_ms: 0,
            boot: boot::Boot::read(),
        }
    }

    /// The clocks with the wall clock set wrong by `offset_ms`, to play bad days.
    #[cfg(feature = "faults")]
    #[must_use]
    pub fn moved_by(offset_ms: i64) -> Self {
        Self {
            offset_ms,
            ..Self::new()
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        Reading {
            at: wall_clock().plus_ms(self.offset_ms),
            boot_id: self.boot.id(),
            boot_ms: self.boot.elapsed_ms(),
        }
    }
}

fn wall_clock() -> Timestamp {
    // A clock before 1970 is a clock years off: shown as it is, corrected by the measured offset.
    let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    Timestamp::from_ms(ms)
}

/// Linux tells which boot this is and how long it lasts, sleep included.
#[cfg(target_os = "linux")]
mod boot {
    use std::fs;

    use super::ProcessBoot;

    const BOOT_ID_PATH: &str = "/proc/sys/kernel/random/boot_id";
    const UPTIME_PATH: &str = "/proc/uptime";

    #[derive(Debug, Clone)]
    pub(super) struct Boot {
        id: Option<u64>,
        process: ProcessBoot,
    }

    impl Boot {
        pub(super) fn read() -> Self {
            let id = match (read_id(), read_uptime_ms()) {
                (Some(id), Some(_)) => Some(id),
                (None, _) | (_, None) => None,
            };
            Self {
                id,
                process: ProcessBoot::new(),
            }
        }

        pub(super) fn id(&self) -> u64 {
            self.id.unwrap_or(self.process.id)
        }

        pub(super) fn elapsed_ms(&self) -> u64 {
            // Invariant: an id and a time of different boots are never mixed.
            match self.id {
                Some(_) => read_uptime_ms().unwrap_or_default(),
                None => self.process.elapsed_ms(),
            }
        }
    }

    fn read_id() -> Option<u64> {
        let text = fs::read_to_string(BOOT_ID_PATH).ok()?;
        let id = uuid::Uuid::parse_str(text.trim()).ok()?;
        // 63 bits, for SQLite has no unsigned 64-bit number; the low half is random.
        Some(id.as_u64_pair().1 >> 1)
    }

    fn read_uptime_ms() -> Option<u64> {
        let text = fs::read_to_string(UPTIME_PATH).ok()?;
        uptime_ms(&text)
    }

    /// The first number of the file: seconds with two decimals.
    fn uptime_ms(text: &str) -> Option<u64> {
        let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
        let seconds: u64 = seconds.parse().ok()?;
        let hundredths: u64 = hundredths.parse().ok()?;
        Some(seconds * 1000 + hundredths * 10)
    }
}

/// Elsewhere a run of the program stands for a boot: durations across a restart use the wall clock.
#[cfg(not(target_os = "linux"))]
mod boot {
    use super::ProcessBoot;

    #[derive(Debug, Clone)]
    pub(super) struct Boot(ProcessBoot);

    impl Boot {
        pub(super) fn read() -> Self {
            Self(ProcessBoot::new())
        }

        pub(super) fn id(&self) -> u64 {
            self.0.id
        }

        pub(super) fn elapsed_ms(&self) -> u64 {
            self.0.elapsed_ms()
        }
    }
}

/// This run of the program as a boot of its own.
#[derive(Debug, Clone)]
struct ProcessBoot {
    id: u64,
    started: std::time::Instant,
}

impl ProcessBoot {
    fn new() -> Self {
        Self {
            id: random_id(),
            started: std::time::Instant::now(),
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// An id for a run: random, or its start in nanoseconds where nothing random is to be had.
fn random_id() -> u64 {
    let id = getrandom::u64().unwrap_or_else(|_| {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                u64::from(since.subsec_nanos()) ^ since.as_secs().rotate_left(30)
            })
    });
    id >> 1
}
