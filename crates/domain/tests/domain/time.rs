//! Time: labour survives set clocks and reboots.

use fettle_domain::time::{Elapsed, elapsed};
use fettle_domain::{DeviceTime, Timestamp};

use crate::at;

#[test]
fn within_a_boot_the_boot_clock_counts_and_a_set_clock_is_doubtful() {
    assert_eq!(
        elapsed(at(0), at(42)),
        Elapsed {
            ms: 42 * 60_000,
            is_doubtful: false
        }
    );
    let years_off = DeviceTime {
        at: Timestamp::from_ms(0),
        ..at(42)
    };
    assert_eq!(
        elapsed(at(0), years_off),
        Elapsed {
            ms: 42 * 60_000,
            is_doubtful: true
        }
    );
}

#[test]
fn after_a_reboot_the_wall_clock_counts_with_the_measured_offset() {
    let after = DeviceTime {
        boot_id: 8,
        boot_ms: 5,
        offset_ms: Some(60_000),
        ..at(10)
    };
    assert_eq!(
        elapsed(at(0), after),
        Elapsed {
            ms: 11 * 60_000,
            is_doubtful: false
        }
    );
    let backwards = DeviceTime {
        boot_id: 8,
        boot_ms: 5,
        at: Timestamp::from_ms(0),
        ..at(0)
    };
    assert_eq!(
        elapsed(at(0), backwards),
        Elapsed {
            ms: 0,
            is_doubtful: true
        }
    );
    let years = DeviceTime {
        boot_id: 8,
        boot_ms: 5,
        ..at(60 * 24 * 365)
    };
    assert!(elapsed(at(0), years).is_doubtful, "nobody works for a year");
}

#[test]
fn a_moment_prints_and_reads_as_rfc_3339() {
    let moment = Timestamp::from_ms(1_764_000_000_123);
    assert_eq!(moment.to_string(), "2025-11-24T16:00:00.123Z");
    assert_eq!(
        "2025-11-24T16:00:00.123Z".parse::<Timestamp>().unwrap(),
        moment
    );
}

#[test]
fn a_moment_beyond_all_calendars_is_the_last_one() {
    assert!(Timestamp::from_ms(i64::MAX).to_string().starts_with("9999"));
    assert_eq!(
        Timestamp::from_ms(i64::MAX).plus_ms(i64::MAX),
        Timestamp::from_ms(i64::MAX)
    );
}
