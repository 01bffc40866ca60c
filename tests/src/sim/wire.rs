//! The wire between laptops and hub, where much can happen to a message.

use std::rc::Rc;

use fettle_domain::Timestamp;
use fettle_sync::frame::HEADER_BYTES;
use rand::RngExt;
use rand::rngs::StdRng;

use super::exchange::Request;
use super::hub::Answered;
use super::tally::Tally;

/// Something on the wire.
#[derive(Clone)]
pub(super) enum Packet {
    /// From a laptop to the hub.
    Up {
        /// Which laptop.
        laptop: usize,
        /// What it asks.
        request: Rc<Request>,
    },
    /// From the hub to a laptop.
    Down {
        /// Which laptop.
        laptop: usize,
        /// The exchange it answers.
        number: u64,
        /// The answer.
        answer: Answered,
        /// True when its end is missing.
        is_cut: bool,
    },
}

impl Packet {
    fn laptop(&self) -> usize {
        match self {
            Self::Up { laptop, .. } | Self::Down { laptop, .. } => *laptop,
        }
    }

    fn way(&self) -> Way {
        match self {
            Self::Up { .. } => Way::Up,
            Self::Down { .. } => Way::Down,
        }
    }
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To the hub.
    Up,
    /// To the laptop.
    Down,
}

/// Everything between laptops and hub.
pub(super) struct Wire {
    packets: Vec<Packet>,
    /// Nothing passes until then.
    pub(super) dark_until: Timestamp,
    /// Most is lost until then.
    pub(super) burst_until: Timestamp,
    /// A laptop whose messages of one way are all lost until then.
    pub(super) one_way: Option<(usize, Way, Timestamp)>,
}

impl Wire {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            packets: Vec::new(),
            dark_until: now,
            burst_until: now,
            one_way: None,
        }
    }

    /// Nothing of the bad time arrives any more.
    pub(super) fn clear(&mut self) {
        self.packets.clear();
    }

    /// Puts something on the wire.
    pub(super) fn send(
        &mut self,
        packet: Packet,
        dice: &mut StdRng,
        now: Timestamp,
        tally: &mut Tally,
    ) {
        let is_deaf = self.one_way.is_some_and(|(laptop, way, until)| {
            now < until && laptop == packet.laptop() && way == packet.way()
        });
        let fate = dice.random_range(0..100);
        let is_lost = is_deaf || fate < 10 || (now < self.burst_until && fate < 80);
        tally.mishaps += u32::from(is_lost || fate < 28);
        match fate {
            _ if is_lost => {}
            10..18 => {
                self.packets.push(packet.clone());
                self.packets.push(packet);
            }
            18..25 => self.packets.push(cut(packet, dice)),
            25..28 => self.packets.push(with_gap(packet, dice)),
            _ => self.packets.push(packet),
        }
    }

    /// Takes any message off the wire: the oldest need not be the first.
    pub(super) fn take(&mut self, dice: &mut StdRng, now: Timestamp) -> Option<Packet> {
        if self.packets.is_empty() || now < self.dark_until {
            return None;
        }
        let index = dice.random_range(0..self.packets.len());
        Some(self.packets.swap_remove(index))
    }
}

fn cut(packet: Packet, dice: &mut StdRng) -> Packet {
    match packet {
        Packet::Up { laptop, request } => {
            let end = dice.random_range(0..request.bytes.len());
            let bytes = request.bytes[..end].to_vec();
            up(laptop, &request, bytes)
        }
        Packet::Down {
            laptop,
            number,
            answer,
            ..
        } => {
            let answer = answer.map(|bytes| {
                // Half of the time only the end is missing: the worst place.
                let end = if dice.random_bool(0.5) {
                    bytes.len() - 1
                } else {
                    dice.random_range(0..bytes.len())
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

/// The same message with one frame that cannot be read, and whole ones behind it.
fn with_gap(packet: Packet, dice: &mut StdRng) -> Packet {
    match packet {
        Packet::Up { laptop, request } => {
            let bytes = spoil(&request.bytes, dice);
            up(laptop, &request, bytes)
        }
        Packet::Down {
            laptop,
            number,
            answer,
            is_cut,
        } => Packet::Down {
            laptop,
            number,
            answer: answer.map(|bytes| spoil(&bytes, dice)),
            is_cut,
        },
    }
}

fn up(laptop: usize, request: &Request, bytes: Vec<u8>) -> Packet {
    let request = Rc::new(Request {
        number: request.number,
        token: request.token.clone(),
        bytes,
    });
    Packet::Up { laptop, request }
}

fn spoil(bytes: &[u8], dice: &mut StdRng) -> Vec<u8> {
    let mut spoilt = bytes.to_vec();
    let starts = frame_starts(bytes);
    if let Some(start) = starts.get(dice.random_range(0..starts.len().max(1))) {
        spoilt[*start] = 0;
    }
    spoilt
}

/// Where each frame begins.
pub(super) fn frame_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some((header, _)) = bytes
        .get(at..)
        .and_then(<[u8]>::split_first_chunk::<HEADER_BYTES>)
    {
        starts.push(at);
        let packed = u32::from_be_bytes([header[3], header[4], header[5], header[6]]);
        at += HEADER_BYTES + packed as usize;
    }
    starts
}

/// The same frames as a program of the next version would write them.
pub(super) fn of_next_version(mut bytes: Vec<u8>) -> Vec<u8> {
    for start in frame_starts(&bytes) {
        bytes[start + 2] += 1;
    }
    bytes
}
