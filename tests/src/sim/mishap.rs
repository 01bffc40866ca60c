//! Everything that happens to machines and people while nobody looks, and the end of it.

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::json;

use super::hub::Death;
use super::run::{DAY_MS, HOUR_MS, LATE_MAX_MS, Play, SECOND_MS};
use super::template::AREAS;
use super::wire::Way;

/// Most steps of a disk before its power fails: a commit takes a few, a slice some dozens.
const DISK_STEPS_MAX: u32 = 24;

impl Play {
    /// One mishap of many.
    pub(super) fn mishap(&mut self) {
        let index = self.somebody();
        let now = self.now;
        match self.dice.random_range(0..18) {
            0 => self.kill_laptop(index),
            1 => {
                // A night, or a week in the field.
                let hours = if self.dice.random_bool(0.2) {
                    self.dice.random_range(48..200)
                } else {
                    self.dice.random_range(3..40)
                };
                self.laptops[index].offline_until = now.plus_ms(hours * HOUR_MS);
            }
            2 => {
                let years = self.dice.random_range(-3..=3);
                self.laptops[index].jump(years * 365 * DAY_MS + 17 * SECOND_MS);
            }
            3 => self.wire.dark_until = now.plus_ms(40 * SECOND_MS),
            4 => self.wire.burst_until = now.plus_ms(120 * SECOND_MS),
            5 => {
                let way = if self.dice.random_bool(0.5) {
                    Way::Up
                } else {
                    Way::Down
                };
                self.wire.one_way = Some((index, way, now.plus_ms(180 * SECOND_MS)));
            }
            6 => {
                self.outside.set_down(true);
                self.outside_until = now.plus_ms(2 * HOUR_MS);
            }
            7 => {
                let is_open = self.dice.random_bool(0.7);
                self.outside.set_period(now, is_open);
            }
            8 => self.kill_hub(),
            9 => {
                self.hub.lose_power(now, self.dice.random());
                self.tally.power_cuts += 1;
            }
            10 => {
                self.laptops[index].lose_power(now, &mut self.dice);
                self.tally.power_cuts += 1;
            }
            11 => self.laptops[index].fill_disk(now.plus_ms(600 * SECOND_MS)),
            // Somebody's program is newer than the other's for a while.
            12 | 13 if self.are_set_back => self.set_back(index),
            12 => self.shut_out(index),
            13 | 14 => self.carry(index),
            15 => self.move_order(),
            16 => self.laptops[index].updated_until = now.plus_ms(60 * SECOND_MS),
            _ => self.hub_updated_until = now.plus_ms(40 * SECOND_MS),
        }
    }

    /// The office gives an order to another area, now and then to the other plant.
    fn move_order(&mut self) {
        let witness = self.laptops.iter().rposition(|laptop| !laptop.who.works);
        let witness = witness.and_then(|last| last.checked_sub(self.dice.random_range(0..2)));
        let Some(laptop) = witness.map(|index| &self.laptops[index]) else {
            return;
        };
        let orders = laptop.replica.all_orders().unwrap();
        let Some(order) = orders.choose(&mut self.dice) else {
            return;
        };
        let to = if self.dice.random_bool(0.2) {
            let other = if order.plant.as_str() == "1200" {
                "1300"
            } else {
                "1200"
            };
            json!({ "siteid": other })
        } else {
            json!({ "sector": AREAS.choose(&mut self.dice).unwrap() })
        };
        self.outside.move_order(&order.number, &to);
        self.tally.moves += 1;
    }

    pub(super) fn kill_laptop(&mut self, index: usize) {
        let is_reboot = self.dice.random_bool(0.5);
        self.laptops[index].kill(is_reboot, self.now);
        self.tally.kills += 1;
    }

    pub(super) fn kill_hub(&mut self) {
        self.hub.kill(self.now);
        self.tally.kills += 1;
    }

    /// Lets the power of a laptop fail in the middle of what it is about to write, now and then.
    pub(super) fn power_may_fail(&mut self, index: usize) -> bool {
        let fails = self.dice.random_bool(0.03);
        if fails {
            let steps = self.dice.random_range(0..DISK_STEPS_MAX);
            self.laptops[index].fail_after(steps);
        }
        fails
    }

    /// The laptop is started again on what its disk holds.
    pub(super) fn power_failed(&mut self, index: usize) {
        self.laptops[index].lose_power(self.now, &mut self.dice);
        self.tally.power_cuts += 1;
    }

    /// How the hub dies in the exchange that is about to arrive, if it does.
    pub(super) fn death_of_hub(&mut self) -> Death {
        match self.dice.random_range(0..100) {
            0..4 => Death::Killed,
            4..6 => Death::Power {
                steps: self.dice.random_range(0..DISK_STEPS_MAX),
                seed: self.dice.random(),
            },
            _ => Death::None,
        }
    }

    /// No message of the bad time arrives any more; everybody is back.
    pub(super) fn heal(&mut self) {
        self.wire.clear();
        self.outside.set_down(false);
        self.outside.set_period(self.now, true);
        self.advance_to(self.now.plus_ms(LATE_MAX_MS + HOUR_MS));
        for laptop in &mut self.laptops {
            laptop.offline_until = self.now;
            laptop.updated_until = self.now;
            laptop.time_passes(self.now);
        }
    }
}
