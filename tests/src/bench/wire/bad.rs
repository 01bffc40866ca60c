//! A bad link: slow, late, and cut in almost every third request or its answer.
//!
//! What it carries is sealed, so it tells requests by turns: a desk that speaks again after it was
//! silent for as long as a round trip takes begins the next one. The first turn of a connection is
//! its handshake, which is late and slow but never cut.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::State;

/// What it carries each way, in bytes a second.
pub(in super::super) const BYTES_A_SECOND: u64 = 20_000;
/// How long a byte takes: a request and its answer take a second.
const DELAY: Duration = Duration::from_millis(500);
/// Bytes taken at once.
const PIECE_BYTES: usize = 1_000;
/// Pieces on their way: more than leave within the delay, so that the last one is known.
const PIECES_MAX: usize = 64;
/// Of so many requests in a row.
const REQUESTS: usize = 10;
/// So many are cut, or their answers: 30 %. Which ones is chance; how many is not, or else a lucky
/// run would say more than the link.
const CUTS: usize = 3;
/// Silence between two requests: less than a round trip, and much more than between two pieces.
const TURN: Duration = Duration::from_millis(900);
/// What HTTP/2 says beside requests, such as that settings were read, is no longer than this.
const ASIDE_BYTES: usize = 80;
/// A cut falls within so many bytes of a request: a chunk of a photo. A shorter one loses its end.
const REQUEST_BYTES: usize = 64_000;
/// The same of an answer.
const ANSWER_BYTES: usize = 1_000;

/// What has happened on it.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Tally {
    /// Requests that began, also those that were cut.
    pub(in super::super) requests: u32,
    pub(in super::super) handshakes: u32,
    /// Requests and answers that were cut.
    pub(in super::super) cuts: u32,
}

/// A bad link; its connections come one after the other.
pub(in super::super) struct BadLink(Mutex<Fate>);

struct Fate {
    dice: StdRng,
    /// Whether each of the next requests is cut.
    next: Vec<bool>,
    tally: Tally,
}

impl Fate {
    fn is_cut(&mut self) -> bool {
        if self.next.is_empty() {
            self.next = (0..REQUESTS).map(|place| place < CUTS).collect();
            self.next.shuffle(&mut self.dice);
        }
        self.next.pop().unwrap_or(false)
    }
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// What is said on one connection.
#[derive(Default)]
struct Talk {
    /// When the desk last spoke.
    spoke: Option<Instant>,
    /// True once the request is through: what comes down now is its answer.
    is_through: bool,
    /// Which way the turn is cut, and after how many more bytes.
    cut: Option<(Way, usize)>,
}

/// Bytes on their way.
struct Piece {
    bytes: Vec<u8>,
    due: Instant,
}

impl BadLink {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Fate {
            dice: StdRng::seed_from_u64(seed),
            // The first one, which carries the text, is cut always.
            next: vec![true],
            tally: Tally::default(),
        }))
    }

    pub(in super::super) fn tally(&self) -> Tally {
        locked(&self.0).tally
    }

    /// Carries both directions of a connection until it ends or breaks.
    pub(super) async fn carry(
        &self,
        up: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
        down: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
        state: &State,
    ) -> io::Result<()> {
        let talk = Mutex::new(Talk::default());
        let up = self.drag(up, &state.up, (&talk, Way::Up));
        let down = self.drag(down, &state.down, (&talk, Way::Down));
        tokio::try_join!(up, down).map(|_| ())
    }

    /// Carries one direction: each piece late, one behind the other.
    async fn drag(
        &self,
        (mut from, mut to): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
        carried: &AtomicU64,
        (talk, way): (&Mutex<Talk>, Way),
    ) -> io::Result<()> {
        let (pieces, mut arriving) = mpsc::channel::<Piece>(PIECES_MAX);
        let take = async move {
            let mut free = Instant::now();
            loop {
                let mut bytes = vec![0; PIECE_BYTES];
                let length = from.read(&mut bytes).await?;
                bytes.truncate(length);
                let micros = length as u64 * 1_000_000 / BYTES_A_SECOND;
                free = free.max(Instant::now()) + Duration::from_micros(micros);
                tokio::time::sleep_until(free).await;
                let due = free + DELAY;
                // Nobody takes it any more once the link is broken.
                if pieces.send(Piece { bytes, due }).await.is_err() || length == 0 {
                    return Ok(());
                }
            }
        };
        let give = async move {
            while let Some(Piece { bytes, due }) = arriving.recv().await {
                tokio::time::sleep_until(due).await;
                if bytes.is_empty() {
                    return to.shutdown().await;
                }
                let is_last = arriving.is_empty();
                let passes = self.passes(&mut locked(talk), way, (bytes.len(), due), is_last);
                carried.fetch_add(passes as u64, Ordering::SeqCst);
                to.write_all(&bytes[..passes]).await?;
                if passes < bytes.len() {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
            }
            Ok(())
        };
        tokio::try_join!(take, give).map(|_: ((), ())| ())
    }

    /// How many bytes of a piece pass: all, or fewer where the link breaks.
    fn passes(
        &self,
        talk: &mut Talk,
        way: Way,
        (length, due): (usize, Instant),
        is_last: bool,
    ) -> usize {
        match way {
            Way::Up if length > ASIDE_BYTES => self.desk_speaks(talk, due),
            Way::Up => {}
            Way::Down if !talk.is_through => return length,
            Way::Down => {}
        }
        if way == Way::Up {
            talk.is_through = is_last;
        }
        match &mut talk.cut {
            Some((cut, left)) if *cut == way => {
                if *left >= length && !is_last {
                    *left -= length;
                    return length;
                }
                let passes = (*left).min(length - 1);
                talk.cut = None;
                locked(&self.0).tally.cuts += 1;
                passes
            }
            Some(_) | None => length,
        }
    }

    fn desk_speaks(&self, talk: &mut Talk, at: Instant) {
        let before = talk.spoke.replace(at);
        if before.is_some_and(|before| at.saturating_duration_since(before) < TURN) {
            return;
        }
        let fate = &mut *locked(&self.0);
        if before.is_none() {
            fate.tally.handshakes += 1;
            return;
        }
        fate.tally.requests += 1;
        if !fate.is_cut() {
            talk.cut = None;
            return;
        }
        talk.cut = Some(if fate.dice.random_bool(0.5) {
            (Way::Up, fate.dice.random_range(0..REQUEST_BYTES))
        } else {
            (Way::Down, fate.dice.random_range(0..ANSWER_BYTES))
        });
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
