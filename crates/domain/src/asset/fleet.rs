//! Machines of one kind beside each other.

use super::history::{Tally, days_between};
use crate::Day;

/// Length of a year in hundredths of a day.
const YEAR: u64 = 36_525;

/// What a machine's whole history comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MachineTotal {
    /// Lines and costs.
    pub all: Tally,
    /// First day with a line.
    pub first: Day,
    /// Last day with a line.
    pub last: Day,
}

impl MachineTotal {
    /// Tenths of a year the history covers, the first and the last day counted.
    #[must_use]
    pub fn tenths_of_years(&self) -> u32 {
        let tenths = (self.days() * 1000 + YEAR / 2) / YEAR;
        u32::try_from(tenths).unwrap_or(u32::MAX)
    }

    /// Costs of a year of calendar days, in minor units.
    #[must_use]
    pub fn minor_a_year(&self) -> Option<i64> {
        let scaled = i128::from(self.all.minor?) * i128::from(YEAR);
        i64::try_from(scaled / (i128::from(self.days()) * 100)).ok()
    }

    fn days(&self) -> u64 {
        u64::from(days_between(self.first, self.last)) + 1
    }
}
