//! A wire on loopback that leads to the hub and counts what is said above TCP; it can be a bad one.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Silence after which everything counts as said.
const QUIET: Duration = Duration::from_millis(300);
/// Most such waits: bounds a conversation that never ends.
const WAITS_MAX: u32 = 200;
const BUFFER_BYTES: usize = 64 << 10;
/// What a bad wire carries each way, in bytes a second.
pub(super) const BAD_BYTES_A_SECOND: u64 = 20_000;
/// How long a byte takes on a bad wire: a request and its answer take a second.
const BAD_DELAY: Duration = Duration::from_millis(500);
/// Bytes a bad wire takes at once.
const BAD_PIECE_BYTES: usize = 1_000;
/// Pieces on their way on a bad wire.
const BAD_PIECES_MAX: usize = 64;

/// What is said of a wire and done to it.
struct State {
    carried: AtomicU64,
    is_bad: AtomicBool,
    /// Bytes until the wire is cut.
    left: AtomicI64,
}

/// The wire; it is cut when dropped.
pub(super) struct Wire {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A wire that leads to an address.
    pub(super) async fn to(far: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            carried: AtomicU64::new(0),
            is_bad: AtomicBool::new(false),
            left: AtomicI64::new(i64::MAX),
        });
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A connection that breaks shows at its ends.
                tokio::spawn(carry(near, far, Arc::clone(&shared)));
            }
        });
        Ok(Self {
            address,
            state,
            accepting,
        })
    }

    /// Where the near end is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Turns bad: slow, and late.
    pub(super) fn turn_bad(&self) {
        self.state.is_bad.store(true, Ordering::SeqCst);
    }

    /// Breaks whatever is connected after so many more bytes; never, for none.
    pub(super) fn cut_after(&self, bytes: Option<i64>) {
        let bytes = bytes.unwrap_or(i64::MAX);
        self.state.left.store(bytes, Ordering::SeqCst);
    }

    /// Waits until nothing is said any more and answers with the bytes of both directions so far.
    pub(super) async fn carried(&self) -> u64 {
        let mut before = self.state.carried.load(Ordering::SeqCst);
        for _ in 0..WAITS_MAX {
            tokio::time::sleep(QUIET).await;
            let after = self.state.carried.load(Ordering::SeqCst);
            if after == before {
                break;
            }
            before = after;
        }
        before
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(near: TcpStream, far: SocketAddr, state: Arc<State>) -> io::Result<()> {
    let far = TcpStream::connect(far).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    if state.is_bad.load(Ordering::SeqCst) {
        let up = drag(near_read, far_write, &state);
        let down = drag(far_read, near_write, &state);
        tokio::try_join!(up, down)?;
    } else {
        let up = pump(near_read, far_write, &state);
        let down = pump(far_read, near_write, &state);
        tokio::try_join!(up, down)?;
    }
    Ok(())
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: &State,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        state.carried.fetch_add(length as u64, Ordering::SeqCst);
        to.write_all(&buffer[..length]).await?;
    }
}

/// Carries like a bad wire does: each piece late, one behind the other, until it breaks.
async fn drag(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: &State,
) -> io::Result<()> {
    let (pieces, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(BAD_PIECES_MAX);
    let take = async move {
        let mut free = Instant::now();
        loop {
            let mut piece = vec![0; BAD_PIECE_BYTES];
            let length = from.read(&mut piece).await?;
            piece.truncate(length);
            let micros = length as u64 * 1_000_000 / BAD_BYTES_A_SECOND;
            free = free.max(Instant::now()) + Duration::from_micros(micros);
            tokio::time::sleep_until(free).await;
            // Nobody takes it any more once the wire is broken.
            if pieces.send((free + BAD_DELAY, piece)).await.is_err() || length == 0 {
                return Ok(());
            }
        }
    };
    let give = async move {
        while let Some((due, piece)) = arriving.recv().await {
            tokio::time::sleep_until(due).await;
            let length = piece.len() as u64;
            let left = state.left.fetch_sub(piece.len() as i64, Ordering::SeqCst);
            if left < piece.len() as i64 {
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            if length == 0 {
                return to.shutdown().await;
            }
            state.carried.fetch_add(length, Ordering::SeqCst);
            to.write_all(&piece).await?;
        }
        Ok(())
    };
    tokio::try_join!(take, give).map(|_: ((), ())| ())
}
