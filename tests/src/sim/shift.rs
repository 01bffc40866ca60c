//! A shift's work over a link of 2 kB a second that breaks almost every third time.

use fettle_domain::Timestamp;
use fettle_sync::link::{Link, LinkEvent};
use rand::RngExt;

use super::exchange::Request;
use super::hub::Death;
use super::rest;
use super::run::Play;
use super::tally::Broken;
use super::template::Template;

/// What a shift writes.
pub const EDITS: u32 = 300;
/// What the link carries, in bytes a second.
const BYTES_A_SECOND: usize = 2_000;
/// From the laptop to the hub, and as long back.
const DELAY_MS: i64 = 1_000;
/// Requests or answers that are cut, in a hundred.
const CUTS: u32 = 30;
/// Exchanges after which it must have arrived.
const EXCHANGES_MAX: u32 = 100;
const MINUTE_MS: i64 = 60_000;

/// What it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// Edits that arrived.
    pub edits: u32,
    /// Requests sent, also those that were cut.
    pub round_trips: u32,
    /// Requests and answers that were cut.
    pub cuts: u32,
    /// Bytes of frames both ways, also in vain.
    pub bytes: usize,
    /// Seconds from the first request to the last answer.
    pub seconds: i64,
}

struct Shift {
    play: Play,
    link: Link,
    began: Timestamp,
    carried: Carried,
}

/// Plays a shift and carries its work to the hub.
///
/// # Errors
/// [`Broken`] when it does not arrive or a promise does not hold.
pub fn carry_shift(template: &Template, seed: u64) -> Result<Carried, Broken> {
    let mut play = Play::new(template, seed, None);
    while play.done[0].commits < EDITS {
        play.act(0);
        play.advance_to(play.now.plus_ms(MINUTE_MS));
    }
    let mut shift = Shift {
        link: Link::new(play.now),
        began: play.now,
        carried: Carried::default(),
        play,
    };
    let broken = |what: String| Broken { seed, what };
    shift.carry().map_err(broken)?;
    rest::hold(&mut shift.play).map_err(broken)?;
    Ok(shift.carried)
}

impl Shift {
    fn carry(&mut self) -> Result<(), String> {
        while self.carried.round_trips < EXCHANGES_MAX {
            self.play.advance_to(self.link.due);
            let event = match self.exchange() {
                true => LinkEvent::Exchanged {
                    has_more: !self.play.laptops[0].is_quiet,
                },
                false => LinkEvent::Lost,
            };
            let is_whole = event != LinkEvent::Lost;
            self.link.on(event, self.play.now);
            if is_whole && self.play.laptops[0].replica.unsent().unwrap() == 0 {
                self.carried.seconds = self.play.now.ms_since(self.began) / 1_000;
                self.carried.edits = self.play.done[0].commits;
                return Ok(());
            }
        }
        let unsent = self.play.laptops[0].replica.unsent().unwrap();
        Err(format!("{unsent} changes have not arrived"))
    }

    /// One exchange; false when it was cut.
    fn exchange(&mut self) -> bool {
        let budget = self.link.budget_bytes();
        let request = self.play.laptops[0].begin(self.play.now, budget, None);
        self.carried.round_trips += 1;
        // A request that is cut brings the hub nothing: it reads what came whole.
        let answer = match self.passes(request.bytes.len()) {
            through if through == request.bytes.len() => self.answer(&request),
            _ => None,
        };
        let Some(answer) = answer else {
            self.play.laptops[0].give_up();
            return false;
        };
        let through = self.passes(answer.len());
        let (arrived, is_whole) = (answer[..through].to_vec(), through == answer.len());
        let laptop = &mut self.play.laptops[0];
        laptop.answered(request.number, &Ok(arrived), !is_whole, None);
        while laptop.is_applying() {
            laptop.apply_next(self.play.now, None, false);
        }
        is_whole
    }

    fn answer(&mut self, request: &Request) -> Option<Vec<u8>> {
        let now = self.play.now;
        let hub = &mut self.play.hub;
        hub.exchange(&request.token, &request.bytes, now, Death::None)?
            .ok()
    }

    /// Lets bytes pass, fewer when the link breaks; how many did.
    fn passes(&mut self, bytes: usize) -> usize {
        let is_cut = self.play.dice.random_ratio(CUTS / 2, 100);
        let through = match is_cut {
            true => self.play.dice.random_range(0..bytes),
            false => bytes,
        };
        let ms = i64::try_from(through * 1_000 / BYTES_A_SECOND).unwrap_or(0);
        self.play.advance_to(self.play.now.plus_ms(DELAY_MS + ms));
        self.carried.bytes += through;
        self.carried.cuts += u32::from(is_cut);
        through
    }
}
