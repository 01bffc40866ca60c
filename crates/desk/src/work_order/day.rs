//! The calendar day of a plant. Pure.

use fettle_domain::Timestamp;
use jiff::tz::TimeZone;

/// When the day began in which a moment lies, by the clocks of a time zone; UTC where the zone is
/// not known.
pub(super) fn start_of_day(at: Timestamp, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or_else(|error| {
        tracing::warn!(%error, "the plant's time zone is not known here");
        TimeZone::UTC
    });
    jiff::Timestamp::from_millisecond(at.as_ms())
        .and_then(|moment| moment.to_zoned_datetime(zone).start_of_day())
        // Beyond the calendar nothing began: everything is of that day.
        .map_or(at, |began| {
            Timestamp::from_ms(began.timestamp().as_millisecond())
        })
}
