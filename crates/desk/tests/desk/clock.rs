//! Clocks that move when a case says so.

use std::sync::Mutex;

use fettle_desk::platform::{Clock, Reading};

/// Clocks a case moves by hand.
#[derive(Debug)]
pub(crate) struct MovedClock(Mutex<Reading>);

impl Clock for MovedClock {
    fn read(&self) -> Reading {
        *self.0.lock().unwrap()
    }
}

impl MovedClock {
    /// Stands at a moment.
    pub(crate) fn at(reading: Reading) -> Self {
        Self(Mutex::new(reading))
    }

    /// Lets time pass.
    pub(crate) fn pass_ms(&self, ms: i64) {
        let mut reading = self.0.lock().unwrap();
        reading.at = reading.at.plus_ms(ms);
        reading.boot_ms += ms.unsigned_abs();
    }

    /// Sets the wall clock wrong; no time passes.
    pub(crate) fn jump_ms(&self, ms: i64) {
        let mut reading = self.0.lock().unwrap();
        reading.at = reading.at.plus_ms(ms);
    }

    /// Starts the laptop anew.
    pub(crate) fn reboot(&self) {
        let mut reading = self.0.lock().unwrap();
        reading.boot_id += 1;
        reading.boot_ms = 0;
    }
}
