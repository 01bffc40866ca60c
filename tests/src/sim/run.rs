//! The scheduler: one seed, one story.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use fettle_domain::{EntryId, Timestamp};
use fettle_sync::limits::{BAD_LINK_BUDGET_BYTES, EXCHANGE_BUDGET_BYTES};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::bug::Bug;
use super::carried::ShutOut;
use super::exchange::Request;
use super::hub::HubProcess;
use super::laptop::Laptop;
use super::outside::{Fate, Outside};
use super::person::{Done, act};
use super::rest;
use super::tally::{Broken, Tally};
use super::template::{Template, name};
use super::wire::{Packet, Wire, of_next_version};

/// Steps of the bad time.
const STEPS: u32 = 400;
pub(super) const SECOND_MS: i64 = 1_000;
pub(super) const HOUR_MS: i64 = 3_600 * SECOND_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
/// Latest moment a request that was given up still takes effect: before the hub believes a search.
pub(super) const LATE_MAX_MS: i64 = 30 * SECOND_MS;

/// Bytes of an exchange: a good link's, a bad link's, and so few that a feed comes in many slices.
const BUDGETS: [usize; 3] = [EXCHANGE_BUDGET_BYTES, BAD_LINK_BUDGET_BYTES, 2_000];

/// Everything of one seed.
pub(super) struct Play {
    pub(super) hub: HubProcess,
    pub(super) outside: Outside,
    pub(super) laptops: Vec<Laptop>,
    pub(super) done: Vec<Done>,
    pub(super) now: Timestamp,
    pub(super) dice: StdRng,
    pub(super) tally: Tally,
    pub(super) bug: Option<Bug>,
    pub(super) wire: Wire,
    /// Saved to be carried by hand.
    pub(super) bundles: Vec<Vec<u8>>,
    /// Who was turned away.
    pub(super) shut_out: Option<ShutOut>,
    /// Whose laptop each is.
    pub(super) account_of: Vec<&'static str>,
    /// Entries nobody has any more: their laptop and the hub were both set back.
    pub(super) gone: BTreeSet<EntryId>,
    /// In this story machines are set back; in the others somebody is turned away. Both at once
    /// can lose what nobody else has seen.
    pub(super) are_set_back: bool,
    pub(super) outside_until: Timestamp,
    /// The hub speaks the next version of the protocol until then.
    pub(super) hub_updated_until: Timestamp,
    _folder: TempDir,
}

/// Plays one seed to its end and holds what is left against the promises.
///
/// # Errors
/// [`Broken`] when one of them does not hold.
pub fn play(template: &Template, seed: u64, bug: Option<Bug>) -> Result<Tally, Broken> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut play = Play::new(template, seed, bug);
        play.begin();
        for _ in 0..STEPS {
            play.step();
        }
        rest::hold(&mut play).map(|()| play.tally)
    }));
    // Nothing of the product panics: a file that cannot be opened any more does, here.
    let played = played.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("panicked: {}", text.unwrap_or_default()))
    });
    played.map_err(|what| Broken { seed, what })
}

/// Plays `count` seeds from `first` on every core; the lowest seed that breaks a promise counts.
///
/// # Errors
/// [`Broken`] of that seed.
///
/// # Panics
/// When the simulation's own machinery fails.
pub fn play_all(
    template: &Template,
    first: u64,
    count: u64,
    bug: Option<Bug>,
) -> Result<Tally, Broken> {
    let next = AtomicU64::new(first);
    let worst: Mutex<Option<Broken>> = Mutex::new(None);
    let tally = Mutex::new(Tally::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            // Seeds are handed out in order, so every lower one is played before this one ends.
            if seed >= first + count || worst.lock().unwrap().is_some() {
                return;
            }
            match play(template, seed, bug) {
                Ok(played) => *tally.lock().unwrap() += played,
                Err(broken) => {
                    let mut worst = worst.lock().unwrap();
                    if worst.as_ref().is_none_or(|known| broken.seed < known.seed) {
                        *worst = Some(broken);
                    }
                }
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    match worst.into_inner().unwrap() {
        Some(broken) => Err(broken),
        None => Ok(tally.into_inner().unwrap()),
    }
}

impl Play {
    pub(super) fn new(template: &Template, seed: u64, bug: Option<Bug>) -> Self {
        let folder = template.copy();
        let outside = Outside::open(folder.path(), template.now);
        let hub = HubProcess::open(folder.path(), outside.systems.clone(), bug);
        let now = template.now.plus_ms(HOUR_MS);
        let laptops: Vec<Laptop> = template
            .laptops
            .iter()
            .enumerate()
            .map(|(index, who)| {
                let folder = folder.path().join(name(index));
                Laptop::open(&folder, who.clone(), template.now, bug)
            })
            .collect();
        let mut dice = StdRng::seed_from_u64(seed);
        Self {
            hub,
            outside,
            bundles: Vec::new(),
            shut_out: None,
            account_of: template.laptops.iter().map(|who| who.account).collect(),
            gone: BTreeSet::new(),
            are_set_back: dice.random_bool(0.5),
            done: laptops.iter().map(|_| Done::default()).collect(),
            laptops,
            now,
            dice,
            tally: Tally::default(),
            bug,
            wire: Wire::new(now),
            outside_until: now,
            hub_updated_until: now,
            _folder: folder,
        }
    }

    /// Lets time pass.
    pub(super) fn advance_to(&mut self, moment: Timestamp) {
        self.now = self.now.max(moment);
        self.outside.advance(self.now);
    }

    /// Where machines are set back, there is a backup of each to begin with.
    fn begin(&mut self) {
        if self.are_set_back {
            self.hub.back_up(self.now);
            (0..self.laptops.len()).for_each(|index| self.back_up_laptop(index));
        }
    }

    fn step(&mut self) {
        let passed = match self.dice.random_range(0..200) {
            0 => DAY_MS,
            1..4 => HOUR_MS,
            4..60 => 20 * SECOND_MS,
            _ => SECOND_MS,
        };
        self.advance_to(self.now.plus_ms(passed));
        if self.now >= self.outside_until {
            self.outside.set_down(false);
        }
        for laptop in &mut self.laptops {
            laptop.time_passes(self.now);
        }
        match self.dice.random_range(0..100) {
            0..30 => self.person_acts(),
            30..45 => self.begin_exchange(),
            45..65 => self.deliver(),
            65..80 => self.apply(),
            80..91 => self.step_effects(),
            91 => self.settle_a_case(),
            92..94 => self.hub.poll(false, self.now),
            _ => self.mishap(),
        }
    }

    /// One of the laptops somebody works on.
    pub(super) fn somebody(&mut self) -> usize {
        let at_work = |index: &usize| self.laptops[*index].who.works;
        let working: Vec<usize> = (0..self.laptops.len()).filter(at_work).collect();
        working[self.dice.random_range(0..working.len())]
    }

    fn person_acts(&mut self) {
        let index = self.somebody();
        if self.bug == Some(Bug::SavesLater) && self.dice.random_bool(0.1) {
            self.laptops[index].remember();
            self.act(index);
            self.laptops[index].kill_before_commit();
            return;
        }
        let fails = self.power_may_fail(index);
        self.act(index);
        if fails {
            self.power_failed(index);
        } else if self.dice.random_bool(0.04) {
            self.kill_laptop(index);
        }
    }

    pub(super) fn act(&mut self, index: usize) {
        if self.laptops[index].is_shut_out {
            return;
        }
        let (commits, claims) = (self.done[index].commits, self.done[index].intents.len());
        let is_taken = act(
            &self.laptops[index],
            &mut self.dice,
            &mut self.done[index],
            self.now,
            self.bug,
        );
        self.tally.commits += self.done[index].commits - commits;
        self.tally.claims += u32::try_from(self.done[index].intents.len() - claims).unwrap_or(0);
        self.tally.full_disks += u32::from(!is_taken && !self.laptops[index].is_off());
    }

    fn begin_exchange(&mut self) {
        let index = self.somebody();
        let now = self.now;
        let is_dark = now < self.wire.dark_until || now < self.laptops[index].offline_until;
        if is_dark || !self.laptops[index].is_idle() {
            return;
        }
        self.take_over(index);
        if self.laptops[index].needs_sign_in {
            self.laptops[index].sign_in(&mut self.hub, now);
        }
        if self.laptops[index].is_shut_out {
            return;
        }
        if self.laptops[index].needs_new_epoch() && self.bug != Some(Bug::CopiesShareEpoch) {
            let is_lost = self.dice.random_bool(0.2);
            let (laptop, done) = (&mut self.laptops[index], &mut self.done[index]);
            laptop.begin_epoch(&mut self.hub, done, now, is_lost);
        }
        let budget = BUDGETS[self.dice.random_range(0..BUDGETS.len())];
        let mut request = self.laptops[index].begin(now, budget, self.bug);
        if now < self.laptops[index].updated_until {
            request.bytes = of_next_version(request.bytes);
        }
        self.send(Packet::Up {
            laptop: index,
            request: std::rc::Rc::new(request),
        });
    }

    fn send(&mut self, packet: Packet) {
        let (dice, tally) = (&mut self.dice, &mut self.tally);
        self.wire.send(packet, dice, self.now, tally);
    }

    fn deliver(&mut self) {
        match self.wire.take(&mut self.dice, self.now) {
            None => {}
            Some(Packet::Up { laptop, request }) => self.arrive(laptop, &request),
            Some(Packet::Down {
                laptop,
                number,
                answer,
                is_cut,
            }) if self.now >= self.laptops[laptop].offline_until => {
                self.laptops[laptop].answered(number, &answer, is_cut);
            }
            Some(Packet::Down { .. }) => {}
        }
    }

    fn arrive(&mut self, laptop: usize, request: &Request) {
        self.tally.exchanges += 1;
        let death = self.death_of_hub();
        let answer = self
            .hub
            .exchange(&request.token, &request.bytes, self.now, death);
        self.tally.kills += u32::from(answer.is_none());
        self.tally.power_cuts += u32::from(answer.is_none() && death.is_power());
        let Some(mut answer) = answer else {
            return;
        };
        if self.now < self.hub_updated_until {
            answer = answer.map(of_next_version);
        }
        self.send(Packet::Down {
            laptop,
            number: request.number,
            answer,
            is_cut: false,
        });
    }

    fn apply(&mut self) {
        let index = self.somebody();
        let is_unlucky = self.dice.random_bool(0.3);
        let fails = self.power_may_fail(index);
        self.laptops[index].apply_next(self.now, self.bug, is_unlucky);
        if fails {
            self.power_failed(index);
        } else if self.dice.random_bool(0.04) {
            self.kill_laptop(index);
        }
    }

    fn step_effects(&mut self) {
        let fate = match self.dice.random_range(0..100) {
            0..60 => Fate::Fine,
            60..68 => Fate::NotSent,
            68..76 => Fate::Lost,
            76..88 => Fate::Dies,
            _ => Fate::Late(self.dice.random_range(SECOND_MS..LATE_MAX_MS)),
        };
        self.outside.set_fate(fate);
        // Several at once now and then: a worker that is awake does not wait between them.
        for _ in 0..self.dice.random_range(1..8) {
            self.hub.step_effects(self.now);
        }
        self.outside.set_fate(Fate::Fine);
        if self.dice.random_bool(0.04) {
            self.kill_hub();
        }
    }
}
