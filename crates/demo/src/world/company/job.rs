//! What is done when: failures by chance, plans by the calendar, each with when it was finished.

use fettle_domain::Timestamp;

use super::super::{DAY_MS, Dice, HOUR_MS};
use super::asset::{Machine, orders_of};
use super::class::{Failure, Plan};
use super::plant::Place;

/// Years of history.
pub(super) const YEARS: u64 = 6;
/// Days ahead that preventive work is called.
const CALL_DAYS: i64 = 28;
/// Of a thousand failures so many come back within weeks, before anybody found the cause.
const REPEATED: u64 = 120;
/// Days within which a failure that was not cured comes back.
const REPEAT_DAYS: u64 = 30;
/// Orders of a thousand that are cancelled: found twice, or no longer needed.
const CANCELLED: u64 = 25;

/// One order before its words.
#[derive(Debug)]
pub(super) struct Job {
    /// When it was raised.
    pub(super) raised: Timestamp,
    /// When the work ended; later than today while it is open.
    pub(super) finished: Timestamp,
    /// Index of the machine.
    pub(super) machine: usize,
    /// Serial within the plant, for its dice.
    pub(super) serial: u64,
    /// Why.
    pub(super) cause: Cause,
    /// 1 to 4.
    pub(super) priority: u8,
    /// Never done.
    pub(super) is_cancelled: bool,
}

/// Why an order is raised.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cause {
    /// Something fails.
    Failure(&'static Failure),
    /// A plan is due.
    Plan(&'static Plan),
}

/// The orders of a plant: exactly as many as it is to have.
pub(super) fn jobs(
    seed: u64,
    place: &Place,
    (first, machines): (usize, &[Machine]),
    midnight: Timestamp,
) -> Vec<Job> {
    let mut year = Year {
        dice: Dice::of(seed, "jobs", place.serial),
        first,
        midnight,
        jobs: Vec::new(),
    };
    for (index, machine) in machines.iter().enumerate() {
        for plan in machine.class.plans {
            year.plan(index, machine, plan);
        }
    }
    let wanted = usize::try_from(place.orders).unwrap_or(0);
    year.jobs.truncate(wanted);
    year.fail(machines, wanted);
    year.jobs
}

struct Year {
    dice: Dice,
    first: usize,
    midnight: Timestamp,
    jobs: Vec<Job>,
}

impl Year {
    /// Every call of a plan, on its rhythm with a few days of tolerance.
    fn plan(&mut self, index: usize, machine: &Machine, plan: &'static Plan) {
        let phase = self.dice.below(plan.days);
        for call in 0..orders_of(plan) {
            let days = days(phase + call * plan.days);
            let due = self
                .midnight
                .plus_ms((CALL_DAYS - days) * DAY_MS + 6 * HOUR_MS);
            let late = days_ms(self.dice.quarters([0, 1, 3, 9, 34]));
            let finished = due.plus_ms(late + self.of_day());
            let raised = due.plus_ms(-CALL_DAYS * DAY_MS);
            let priority = if machine.asset.criticality == "A" {
                3
            } else {
                4
            };
            self.add(index, raised, finished, Cause::Plan(plan), priority);
        }
    }

    /// Failures until the plant has the orders it is to have. Given their number, the failures of a
    /// Poisson process lie evenly over its years, on each machine by its rate.
    fn fail(&mut self, machines: &[Machine], wanted: usize) {
        let mut rates = Vec::with_capacity(machines.len());
        let mut sum = 0;
        for machine in machines {
            sum += rate(machine);
            rates.push(sum);
        }
        while self.jobs.len() < wanted && sum > 0 {
            let at = self.dice.below(sum);
            let index = rates.partition_point(|rate| *rate <= at);
            let machine = &machines[index];
            let failure = self
                .dice
                .weighted(machine.class.failures, |failure| failure.weight);
            let mut raised = self.midnight.plus_ms(-self.ms_below(YEARS * 365));
            let mut is_again = true;
            while is_again && raised < self.midnight && self.jobs.len() < wanted {
                self.failure(index, machine, failure, raised);
                let again = days_ms(1 + self.dice.below(REPEAT_DAYS));
                raised = raised.plus_ms(again + self.of_day() - 9 * HOUR_MS);
                is_again = self.dice.chance(REPEATED);
            }
        }
    }

    fn failure(
        &mut self,
        index: usize,
        machine: &Machine,
        failure: &'static Failure,
        raised: Timestamp,
    ) {
        let stops = matches!(
            failure.mode,
            "Breakdown" | "Fail to start" | "Spurious stop"
        );
        let priority = match (machine.asset.criticality.as_str(), stops) {
            ("A", true) => 1,
            ("A", false) | ("B", true) => 2,
            ("B", false) | ("C", true) => 3,
            _ => 4,
        };
        let hours = match priority {
            1 => [1, 4, 9, 20, 72],
            2 => [4, 20, 50, 120, 400],
            3 => [8, 72, 200, 480, 1_300],
            _ => [24, 200, 500, 1_100, 3_400],
        };
        let waits = i64::try_from(self.dice.quarters(hours)).unwrap_or(0) * HOUR_MS;
        let finished = raised.plus_ms(waits + self.ms_below(1) / 24);
        self.add(index, raised, finished, Cause::Failure(failure), priority);
    }

    fn add(
        &mut self,
        index: usize,
        raised: Timestamp,
        finished: Timestamp,
        cause: Cause,
        priority: u8,
    ) {
        self.jobs.push(Job {
            raised,
            finished,
            machine: self.first + index,
            serial: u64::try_from(self.jobs.len()).unwrap_or(0),
            cause,
            priority,
            is_cancelled: self.dice.chance(CANCELLED),
        });
    }

    /// A moment of a working day, after six in the morning.
    fn of_day(&mut self) -> i64 {
        i64::try_from(self.dice.quarters([0, 2, 4, 7, 16])).unwrap_or(0) * HOUR_MS
            + self.ms_below(1) / 24
    }

    fn ms_below(&mut self, days: u64) -> i64 {
        let ms = days * DAY_MS.unsigned_abs();
        i64::try_from(self.dice.below(ms)).unwrap_or(0)
    }
}

fn rate(machine: &Machine) -> u64 {
    let duty = match machine.asset.status.as_str() {
        "STANDBY" => 40,
        _ => 100,
    };
    machine.class.failures_of_hundred * machine.frailty * duty
}

fn days(days: u64) -> i64 {
    i64::try_from(days).unwrap_or(0)
}

fn days_ms(number: u64) -> i64 {
    days(number) * DAY_MS
}
