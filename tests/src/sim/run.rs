//! The scheduler: one seed, one story.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use fettle_domain::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use super::bug::Bug;
use super::hub::{Answered, HubProcess};
use super::laptop::{Laptop, Request};
use super::outside::{Fate, Outside};
use super::person::{Done, act};
use super::rest;
use super::template::{Template, name};

/// Steps of the bad time.
const STEPS: u32 = 400;
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Latest moment a request that was given up still takes effect: before the hub believes a search.
const LATE_MAX_MS: i64 = 30 * SECOND_MS;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("seed {seed}: {what}")]
pub struct Broken {
    /// The seed that shows it.
    pub seed: u64,
    /// What was promised and is not so.
    pub what: String,
}

/// What happened while a seed was played: a simulation in which nothing happens proves nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Commits of people.
    pub commits: u32,
    /// Claims of people.
    pub claims: u32,
    /// Exchanges that reached the hub.
    pub exchanges: u32,
    /// Messages lost, cut, doubled or overtaken.
    pub mishaps: u32,
    /// Processes killed.
    pub kills: u32,
    /// Documents of the ERP under our references.
    pub documents: u32,
    /// Postings the outside refused.
    pub refusals: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.commits += other.commits;
        self.claims += other.claims;
        self.exchanges += other.exchanges;
        self.mishaps += other.mishaps;
        self.kills += other.kills;
        self.documents += other.documents;
        self.refusals += other.refusals;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} commits, {} claims, {} exchanges, {} mishaps on the wire, {} deaths, {} documents \
             in the ERP, {} refusals",
            self.commits,
            self.claims,
            self.exchanges,
            self.mishaps,
            self.kills,
            self.documents,
            self.refusals
        )
    }
}

/// Something on the wire.
#[derive(Clone)]
enum Packet {
    Up {
        laptop: usize,
        request: std::rc::Rc<Request>,
    },
    Down {
        laptop: usize,
        number: u64,
        answer: Answered,
        is_cut: bool,
    },
}

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
    wire: Vec<Packet>,
    /// The whole link is down until then.
    dark_until: Timestamp,
    outside_until: Timestamp,
    _folder: TempDir,
}

/// Plays one seed to its end and holds what is left against the promises.
///
/// # Errors
/// [`Broken`] when one of them does not hold.
pub fn play(template: &Template, seed: u64, bug: Option<Bug>) -> Result<Tally, Broken> {
    let mut play = Play::new(template, seed, bug);
    for _ in 0..STEPS {
        play.step();
    }
    rest::hold(&mut play).map_err(|what| Broken { seed, what })?;
    Ok(play.tally)
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
    fn new(template: &Template, seed: u64, bug: Option<Bug>) -> Self {
        let folder = template.copy();
        let outside = Outside::open(folder.path(), template.now);
        let hub = HubProcess::open(folder.path(), outside.systems.clone(), bug);
        let now = template.now.plus_ms(HOUR_MS);
        let laptops: Vec<Laptop> = template
            .laptops
            .iter()
            .enumerate()
            .map(|(index, who)| {
                Laptop::open(&folder.path().join(name(index)), who.clone(), template.now)
            })
            .collect();
        Self {
            hub,
            outside,
            done: laptops.iter().map(|_| Done::default()).collect(),
            laptops,
            now,
            dice: StdRng::seed_from_u64(seed),
            tally: Tally::default(),
            bug,
            wire: Vec::new(),
            dark_until: now,
            outside_until: now,
            _folder: folder,
        }
    }

    /// Lets time pass.
    pub(super) fn advance_to(&mut self, moment: Timestamp) {
        self.now = self.now.max(moment);
        self.outside.advance(self.now);
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
            laptop.give_up_late(self.now);
        }
        match self.dice.random_range(0..100) {
            0..30 => self.person_acts(),
            30..45 => self.begin_exchange(),
            45..65 => self.deliver(),
            65..80 => self.apply(),
            80..92 => self.step_effects(),
            92..94 => self.hub.poll(false, self.now),
            _ => self.mishap(),
        }
    }

    /// One of the laptops somebody works on.
    fn somebody(&mut self) -> usize {
        let working = self.laptops.iter().filter(|laptop| laptop.who.works);
        let count = working.count();
        self.dice.random_range(0..count)
    }

    fn person_acts(&mut self) {
        let index = self.somebody();
        if self.bug == Some(Bug::SavesLater) && self.dice.random_bool(0.1) {
            self.laptops[index].remember();
            self.act(index);
            self.laptops[index].kill_before_commit();
            return;
        }
        self.act(index);
        if self.dice.random_bool(0.04) {
            self.kill_laptop(index);
        }
    }

    fn act(&mut self, index: usize) {
        let (commits, claims) = (self.done[index].commits, self.done[index].intents.len());
        act(
            &self.laptops[index],
            &mut self.dice,
            &mut self.done[index],
            self.now,
        );
        self.tally.commits += self.done[index].commits - commits;
        self.tally.claims += u32::try_from(self.done[index].intents.len() - claims).unwrap_or(0);
    }

    fn kill_laptop(&mut self, index: usize) {
        let is_reboot = self.dice.random_bool(0.5);
        self.laptops[index].kill(is_reboot, self.now);
        self.tally.kills += 1;
    }

    fn begin_exchange(&mut self) {
        let index = self.somebody();
        let now = self.now;
        let is_dark = now < self.dark_until || now < self.laptops[index].offline_until;
        if is_dark || !self.laptops[index].is_idle() {
            return;
        }
        if self.laptops[index].needs_sign_in {
            self.laptops[index].sign_in(&mut self.hub, now);
        }
        let request = std::rc::Rc::new(self.laptops[index].begin(now));
        self.send(Packet::Up {
            laptop: index,
            request,
        });
    }

    /// Puts something on the wire, where much can happen to it.
    fn send(&mut self, packet: Packet) {
        match self.dice.random_range(0..100) {
            0..10 => self.tally.mishaps += 1,
            10..18 => {
                self.tally.mishaps += 1;
                self.wire.push(packet.clone());
                self.wire.push(packet);
            }
            18..25 => {
                self.tally.mishaps += 1;
                let cut = self.cut(packet);
                self.wire.push(cut);
            }
            _ => self.wire.push(packet),
        }
    }

    fn cut(&mut self, packet: Packet) -> Packet {
        match packet {
            Packet::Up { laptop, request } => {
                let end = self.dice.random_range(0..request.bytes.len());
                let request = std::rc::Rc::new(Request {
                    number: request.number,
                    token: request.token.clone(),
                    bytes: request.bytes[..end].to_vec(),
                });
                Packet::Up { laptop, request }
            }
            Packet::Down {
                laptop,
                number,
                answer,
                ..
            } => {
                let answer = answer.map(|bytes| {
                    // Half of the time only the end is missing: the worst place.
                    let end = if self.dice.random_bool(0.5) {
                        bytes.len() - 1
                    } else {
                        self.dice.random_range(0..bytes.len())
                    };
                    bytes[..end].to_vec()
                });
                Packet::Down {
                    laptop,
                    number,
                    answer,
                    is_cut: true,
                }
            }
        }
    }

    /// Delivers any message on the wire: the oldest need not be the first.
    fn deliver(&mut self) {
        if self.wire.is_empty() || self.now < self.dark_until {
            return;
        }
        let index = self.dice.random_range(0..self.wire.len());
        match self.wire.swap_remove(index) {
            Packet::Up { laptop, request } => self.arrive(laptop, &request),
            Packet::Down {
                laptop,
                number,
                answer,
                is_cut,
            } => {
                if self.now >= self.laptops[laptop].offline_until {
                    self.laptops[laptop].answered(number, &answer, is_cut);
                }
            }
        }
    }

    fn arrive(&mut self, laptop: usize, request: &Request) {
        self.tally.exchanges += 1;
        let dies = self.dice.random_bool(0.06);
        let answer = self
            .hub
            .exchange(&request.token, &request.bytes, self.now, dies);
        self.tally.kills += u32::from(answer.is_none());
        if let Some(answer) = answer {
            self.send(Packet::Down {
                laptop,
                number: request.number,
                answer,
                is_cut: false,
            });
        }
    }

    fn apply(&mut self) {
        let index = self.somebody();
        let is_unlucky = self.dice.random_bool(0.3);
        self.laptops[index].apply_next(self.now, self.bug, is_unlucky);
        if self.dice.random_bool(0.04) {
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
            self.hub.kill(self.now);
            self.tally.kills += 1;
        }
    }

    fn mishap(&mut self) {
        let index = self.somebody();
        match self.dice.random_range(0..7) {
            0 => self.kill_laptop(index),
            1 => {
                let hours = self.dice.random_range(3..40);
                self.laptops[index].offline_until = self.now.plus_ms(hours * HOUR_MS);
            }
            2 => {
                let years = self.dice.random_range(-3..=3);
                self.laptops[index].jump(years * 365 * DAY_MS + 17 * SECOND_MS);
            }
            3 => self.dark_until = self.now.plus_ms(40 * SECOND_MS),
            4 => {
                self.outside.set_down(true);
                self.outside_until = self.now.plus_ms(2 * HOUR_MS);
            }
            5 => {
                let is_open = self.dice.random_bool(0.7);
                self.outside.set_period(self.now, is_open);
            }
            _ => {
                self.hub.kill(self.now);
                self.tally.kills += 1;
            }
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
            laptop.give_up_late(self.now);
        }
    }
}
