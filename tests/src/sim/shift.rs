//! A shift's work over a link of 2 kB a second that breaks almost every third time.

use fettle_domain::{ContentHash, Timestamp};
use fettle_sync::attachment::{Chunk, ChunkTaken, Offer, Pace, Progress, Transfer};
use fettle_sync::frame::encode;
use fettle_sync::limits::OFFER_CONTENTS_MAX;
use fettle_sync::link::{Link, LinkEvent};
use rand::RngExt;

use super::exchange::Request;
use super::hub::Death;
use super::photo::HubPhotos;
use super::rest;
use super::run::Play;
use super::tally::Broken;
use super::template::Template;
use crate::arrival::{Arrival, PhotoNames};
use crate::photo::{PHOTOS, taken};

/// What a shift writes, beside its photos.
pub const EDITS: u32 = 300;
/// What the link carries, in bytes a second.
pub(crate) const BYTES_A_SECOND: u64 = 2_000;
/// From the laptop to the hub, and as long back.
const DELAY_MS: i64 = 1_000;
/// Requests or answers that are cut, in a hundred.
const CUTS: u32 = 30;
/// Requests after which it must have arrived.
const ROUND_TRIPS_MAX: u32 = 400;
const MINUTE_MS: i64 = 60_000;

/// What it took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// Edits and claims that arrived.
    pub edits: u32,
    /// Photos that arrived.
    pub photos: u32,
    /// Bytes of photos and thumbnails.
    pub photo_bytes: u64,
    /// Requests sent, also those that were cut.
    pub round_trips: u32,
    /// Requests and answers that were cut.
    pub cuts: u32,
    /// Those of them that were cut before the last edit had arrived.
    pub text_cuts: u32,
    /// Bytes of frames and chunks towards the hub, also in vain.
    pub bytes_up: u64,
    /// Bytes of frames from the hub, also in vain.
    pub bytes_down: u64,
    /// Bytes both ways until the last edit had arrived.
    pub text_bytes: u64,
    /// Seconds until the last edit arrived.
    pub text_seconds: i64,
    /// Seconds until the last photo arrived.
    pub seconds: i64,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

struct Shift {
    play: Play,
    link: Link,
    pace: Pace,
    hub_photos: HubPhotos,
    photos: Vec<PhotoNames>,
    began: Timestamp,
    carried: Carried,
}

/// Plays a shift and carries its work to the hub: the text, then the thumbnails, then the photos.
///
/// # Errors
/// [`Broken`] when it does not arrive or a promise does not hold.
///
/// # Panics
/// When the simulation's own machinery fails.
pub fn carry_shift(template: &Template, seed: u64) -> Result<Carried, Broken> {
    let mut play = Play::new(template, seed, None);
    let mut photos = Vec::new();
    while play.done[0].commits < EDITS {
        // The first photo is older than every edit.
        if play.done[0].commits >= photos.len() as u32 * (EDITS / PHOTOS) {
            photos.push(play.add_photo(0, taken(photos.len() as u32).unwrap()));
        }
        play.act(0);
        play.advance_to(play.now.plus_ms(MINUTE_MS));
    }
    let mut shift = Shift {
        link: Link::new(play.now),
        pace: Pace::new(),
        hub_photos: HubPhotos::new(),
        photos,
        began: play.now,
        carried: Carried::default(),
        play,
    };
    let broken = |what: String| Broken { seed, what };
    shift.carry().map_err(broken)?;
    shift.judge().map_err(broken)?;
    rest::hold(&mut shift.play).map_err(broken)?;
    Ok(shift.carried)
}

impl Shift {
    /// Exchanges until nothing is unsent, and sends photos whenever that is so.
    fn carry(&mut self) -> Result<(), String> {
        while self.carried.round_trips < ROUND_TRIPS_MAX {
            self.play.advance_to(self.link.due);
            if !self.exchange() {
                self.link.on(LinkEvent::Lost, self.play.now);
                continue;
            }
            let has_more = self.has_text();
            self.link
                .on(LinkEvent::Exchanged { has_more }, self.play.now);
            if has_more {
                continue;
            }
            if self.carried.text_bytes == 0 {
                self.carried.text_bytes = self.carried.bytes_up + self.carried.bytes_down;
                self.carried.text_cuts = self.carried.cuts;
            }
            if !self.send_photos()? {
                self.pace.lost();
                self.link.on(LinkEvent::Lost, self.play.now);
            }
            if self.unsent_photos() == 0 {
                return Ok(());
            }
        }
        let unsent = self.play.laptops[0].replica.unsent().unwrap();
        let photos = self.unsent_photos();
        Err(format!(
            "{unsent} changes, {photos} photos and thumbnails have not arrived"
        ))
    }

    /// True while something else than a photo is to be sent.
    fn has_text(&self) -> bool {
        let replica = &self.play.laptops[0].replica;
        !replica.pushes(1).unwrap().is_empty()
    }

    fn unsent_photos(&self) -> usize {
        let replica = &self.play.laptops[0].replica;
        replica
            .unsent_attachments(OFFER_CONTENTS_MAX)
            .unwrap()
            .len()
    }

    /// One exchange; false when it was cut.
    fn exchange(&mut self) -> bool {
        let budget = self.link.budget_bytes();
        let request = self.play.laptops[0].begin(self.play.now, budget, None);
        self.carried.round_trips += 1;
        // A request that is cut brings the hub nothing: it reads what came whole.
        let answer = match self.passes(Way::Up, request.bytes.len()) {
            through if through == request.bytes.len() => self.answer(&request),
            _ => None,
        };
        let Some(answer) = answer else {
            self.play.laptops[0].give_up();
            return false;
        };
        let through = self.passes(Way::Down, answer.len());
        let (arrived, is_whole) = (answer[..through].to_vec(), through == answer.len());
        let laptop = &mut self.play.laptops[0];
        laptop.answered(request.number, &Ok(arrived), !is_whole);
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

    /// Sends photos as the desk does, until an exchange is due; false when the link broke.
    fn send_photos(&mut self) -> Result<bool, String> {
        let replica = &self.play.laptops[0].replica;
        let rows = replica.unsent_attachments(OFFER_CONTENTS_MAX).unwrap();
        let offer = Offer {
            contents: rows.iter().map(|row| row.content).collect(),
        };
        let token = self.play.laptops[0].who.token.clone();
        self.carried.round_trips += 1;
        if !self.is_through(Way::Up, encode(&offer).unwrap().len()) {
            return Ok(false);
        }
        let (hub, now) = (&mut self.play.hub, self.play.now);
        let have = self.hub_photos.offered(hub, &token, &offer, now);
        if !self.is_through(Way::Down, encode(&have).unwrap().len()) {
            return Ok(false);
        }
        for (place, row) in rows.iter().enumerate() {
            let mut transfer = Transfer::new(row.size_bytes, have.at(place));
            loop {
                let chunk = match transfer.progress(self.pace) {
                    Progress::Next(chunk) => chunk,
                    Progress::Whole => break,
                    progress => return Err(format!("{} is {progress:?}", row.content)),
                };
                if self.link.due <= self.play.now {
                    return Ok(true);
                }
                let Some(taken) = self.send_chunk(row.content, chunk) else {
                    return Ok(false);
                };
                transfer.taken(taken);
            }
            let replica = &self.play.laptops[0].replica;
            replica.attachment_sent(row.content, self.play.now).unwrap();
        }
        Ok(true)
    }

    /// One chunk and its answer; `None` when either was cut.
    fn send_chunk(&mut self, content: ContentHash, chunk: Chunk) -> Option<ChunkTaken> {
        let laptop = &self.play.laptops[0];
        let token = laptop.who.token.clone();
        let piece = laptop
            .replica
            .attachment_piece(content, chunk.offset, chunk.length);
        let bytes = piece.unwrap().expect("the laptop has its own photos");
        let begun = self.play.now;
        self.carried.round_trips += 1;
        let through = self.passes(Way::Up, bytes.len());
        let (hub, now) = (&mut self.play.hub, self.play.now);
        let arrived = &bytes[..through];
        let taken = self
            .hub_photos
            .take(hub, &token, (content, chunk), arrived, now)?;
        if !self.is_through(Way::Down, encode(&taken).unwrap().len()) {
            return None;
        }
        let took = self.play.now.ms_since(begun);
        self.pace.went(chunk.length, took.unsigned_abs());
        Some(taken)
    }

    /// Holds what arrived against what was sent, and notes when.
    fn judge(&mut self) -> Result<(), String> {
        let arrival = Arrival::since(&self.play.hub.look(), self.began).unwrap();
        let written = self.play.done[0].commits + PHOTOS;
        if arrival.edits != written {
            return Err(format!("{} edits arrived of {written}", arrival.edits));
        }
        let arrived = arrival.in_order(&self.photos)?;
        let seconds = |at: Timestamp| at.ms_since(self.began) / 1_000;
        self.carried.edits = arrival.edits;
        self.carried.photos = PHOTOS;
        self.carried.photo_bytes = arrived.photo_bytes;
        self.carried.text_seconds = seconds(arrived.last_edit);
        self.carried.seconds = seconds(arrived.last_photo);
        Ok(())
    }

    /// Lets a message pass; false when the link breaks in it.
    fn is_through(&mut self, way: Way, bytes: usize) -> bool {
        self.passes(way, bytes) == bytes
    }

    /// Lets bytes pass, fewer when the link breaks; how many did.
    fn passes(&mut self, way: Way, bytes: usize) -> usize {
        // The first request carries the text, and is cut in any case.
        let is_cut = self.carried.round_trips == 1 || self.play.dice.random_ratio(CUTS / 2, 100);
        let through = match is_cut {
            true => self.play.dice.random_range(0..bytes),
            false => bytes,
        };
        let ms = through as u64 * 1_000 / BYTES_A_SECOND;
        let ms = i64::try_from(ms).unwrap_or(0);
        self.play.advance_to(self.play.now.plus_ms(DELAY_MS + ms));
        match way {
            Way::Up => self.carried.bytes_up += through as u64,
            Way::Down => self.carried.bytes_down += through as u64,
        }
        self.carried.cuts += u32::from(is_cut);
        through
    }
}
