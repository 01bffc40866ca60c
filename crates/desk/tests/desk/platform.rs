//! The machine's clocks.

use fettle_desk::platform::{Clock, SystemClock};

#[test]
fn one_boot_has_one_id_and_a_clock_that_never_runs_back() {
    let (first, second) = (SystemClock::new().read(), SystemClock::new().read());
    if cfg!(target_os = "linux") {
        assert_eq!(first.boot_id, second.boot_id);
        assert!(second.boot_ms >= first.boot_ms);
    }
    assert!(i64::try_from(first.boot_id).is_ok());
}

#[test]
fn an_entry_carries_the_offset_last_measured() {
    let reading = SystemClock::new().read();
    let time = reading.device_time(Some(-250));
    assert_eq!(time.corrected().ms_since(reading.at), -250);
}
