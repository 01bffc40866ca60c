//! Time: UTC milliseconds, and what a device knew of its clock when it wrote.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const DAY_MS: i64 = 86_400_000;

/// A moment in UTC, in milliseconds since 1970. RFC 3339 in JSON, an integer in CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    ms: i64,
}

impl Timestamp {
    /// A moment by its milliseconds since 1970, clamped to the years 0 to 9999.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        // Invariant: every value prints as RFC 3339 with a four-digit year.
        Self {
            ms: ms.clamp(-62_167_219_200_000, 253_402_207_200_000),
        }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_ms(self) -> i64 {
        self.ms
    }

    /// The moment `ms` later (earlier when negative).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.ms.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is later.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.ms.saturating_sub(earlier.ms)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.ms) {
            Ok(moment) => moment.fmt(f),
            Err(_) => self.ms.fmt(f),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>()
            .map(|moment| Self::from_ms(moment.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.ms)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?
                .parse()
                .map_err(de::Error::custom)
        } else {
            i64::deserialize(deserializer).map(Self::from_ms)
        }
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A day of the calendar without an hour: what a file states that knows no time of day. ISO 8601
/// in JSON, days since 1970 in CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Days since 1970-01-01.
    days: i32,
}

/// First day of 1970.
const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

impl Day {
    /// A day by its count since 1970-01-01, clamped to the years 0 to 9999.
    #[must_use]
    pub fn from_days(days: i32) -> Self {
        Self {
            days: days.clamp(-719_528, 2_932_896),
        }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        self.days
    }

    /// The day of a moment in UTC.
    #[must_use]
    pub fn of(moment: Timestamp) -> Self {
        let days = moment.ms.div_euclid(DAY_MS);
        Self::from_days(i32::try_from(days).unwrap_or_default())
    }

    /// The first moment of the day in UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_ms(i64::from(self.days) * DAY_MS)
    }

    /// Year, month from 1, day of the month from 1.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    fn date(self) -> jiff::civil::Date {
        EPOCH.saturating_add(jiff::Span::new().days(self.days))
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        let days = EPOCH.until(date).map_or(0, |span| span.get_days());
        Self::from_days(days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::civil::Date>().map(Self::from)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i32(self.days)
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?
                .parse()
                .map_err(de::Error::custom)
        } else {
            i32::deserialize(deserializer).map(Self::from_days)
        }
    }
}

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// What a device knew of time when it wrote: kept and shown, never sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceTime {
    /// Wall clock of the device.
    pub at: Timestamp,
    /// Hub clock minus device clock as last measured, in milliseconds; `None` before the first exchange.
    pub offset_ms: Option<i64>,
    /// Which boot of the device.
    pub boot_id: u64,
    /// Milliseconds since that boot, sleep included.
    pub boot_ms: u64,
}

impl DeviceTime {
    /// The moment by the hub's clock as well as the device knew it.
    #[must_use]
    pub fn corrected(self) -> Timestamp {
        self.at.plus_ms(self.offset_ms.unwrap_or(0))
    }
}

/// How long something lasted between two readings of a device's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// Milliseconds, never negative.
    pub ms: i64,
    /// True when wall clock and boot clock disagree by more than [`CLOCK_DOUBT_MS`], or when
    /// they cannot be compared and it is negative or longer than [`LIKELY_MAX_MS`].
    pub is_doubtful: bool,
}

/// Disagreement of wall clock and boot clock from which a person is asked to check the time: two minutes.
pub const CLOCK_DOUBT_MS: i64 = 120_000;

/// Longest that work is likely to run without a pause: a double shift. What is longer and cannot be
/// compared with the boot clock is a forgotten timer or a clock set wrong.
pub const LIKELY_MAX_MS: i64 = 16 * 3_600_000;

/// Time between two readings: by the boot clock within one boot, else by the corrected wall clock.
///
/// Within one boot the boot clock decides, because a wall clock may be set meanwhile. After a
/// reboot only the wall clock is left, which is doubtful when it ran backwards or very far.
#[must_use]
pub fn elapsed(from: DeviceTime, to: DeviceTime) -> Elapsed {
    let by_wall = to.corrected().ms_since(from.corrected());
    if from.boot_id == to.boot_id && to.boot_ms >= from.boot_ms {
        let by_boot = i64::try_from(to.boot_ms - from.boot_ms).unwrap_or(i64::MAX);
        Elapsed {
            ms: by_boot,
            is_doubtful: by_wall.abs_diff(by_boot) > CLOCK_DOUBT_MS.unsigned_abs(),
        }
    } else {
        Elapsed {
            ms: by_wall.max(0),
            is_doubtful: !(0..=LIKELY_MAX_MS).contains(&by_wall),
        }
    }
}
