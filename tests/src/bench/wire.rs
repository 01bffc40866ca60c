//! A wire on loopback that leads to the hub and counts what is said above TCP; it can turn bad.

mod bad;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(super) use bad::{BYTES_A_SECOND, BadLink};

/// Silence after which everything counts as said.
const QUIET: Duration = Duration::from_millis(300);
/// Most such waits: bounds a conversation that never ends.
const WAITS_MAX: u32 = 200;
const BUFFER_BYTES: usize = 64 << 10;

/// Bytes carried so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Carried {
    /// To the hub.
    pub(super) up: u64,
    /// From the hub.
    pub(super) down: u64,
}

impl Carried {
    /// Bytes of both directions.
    pub(super) fn both(self) -> u64 {
        self.up + self.down
    }
}

/// What is said of a wire and done to it.
#[derive(Default)]
struct State {
    up: AtomicU64,
    down: AtomicU64,
    bad: OnceLock<Arc<BadLink>>,
}

impl State {
    fn carried(&self) -> Carried {
        Carried {
            up: self.up.load(Ordering::SeqCst),
            down: self.down.load(Ordering::SeqCst),
        }
    }
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
        let state = Arc::new(State::default());
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

    /// Turns bad for every connection from now on; the seed decides what is cut.
    pub(super) fn turn_bad(&self, seed: u64) -> Arc<BadLink> {
        let bad = self.state.bad.get_or_init(|| Arc::new(BadLink::new(seed)));
        Arc::clone(bad)
    }

    /// The bytes so far.
    pub(super) fn carried_now(&self) -> Carried {
        self.state.carried()
    }

    /// Waits until nothing is said any more and answers with the bytes so far.
    pub(super) async fn carried(&self) -> Carried {
        let mut before = self.state.carried();
        for _ in 0..WAITS_MAX {
            tokio::time::sleep(QUIET).await;
            let after = self.state.carried();
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
    let up = (near_read, far_write);
    let down = (far_read, near_write);
    match state.bad.get() {
        Some(bad) => bad.carry(up, down, &state).await,
        None => tokio::try_join!(pump(up, &state.up), pump(down, &state.down)).map(|_| ()),
    }
}

async fn pump(
    (mut from, mut to): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    carried: &AtomicU64,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        carried.fetch_add(length as u64, Ordering::SeqCst);
        to.write_all(&buffer[..length]).await?;
    }
}
