//! A line between laptop and hub that can be cut after some bytes, or be slow.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes that pass at once, and the pause after them on a slow line: 160 kB/s.
const PIECE: usize = 8_000;
const PAUSE: Duration = Duration::from_millis(50);

/// The line.
pub(crate) struct Line {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// After how many more bytes towards the hub the line is cut, one after the other.
    cuts: Mutex<VecDeque<usize>>,
    is_slow: AtomicBool,
    sent: watch::Sender<u64>,
}

impl State {
    /// Takes bytes towards the hub; how many of them pass before a cut, if there is one.
    fn take(&self, length: usize) -> Option<usize> {
        let mut cuts = self.cuts.lock().unwrap();
        let left = cuts.front_mut()?;
        if *left > length {
            *left -= length;
            return None;
        }
        cuts.pop_front()
    }
}

impl Line {
    pub(crate) async fn to(hub: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            cuts: Mutex::default(),
            is_slow: AtomicBool::new(false),
            sent: watch::Sender::new(0),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((laptop, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    if let Ok(hub) = TcpStream::connect(hub).await {
                        carry(laptop, hub, &state).await;
                    }
                });
            }
        });
        Self { address, state }
    }

    /// Cuts after each of these numbers of further bytes towards the hub.
    pub(crate) fn cut_after(&self, bytes: &[usize]) {
        self.state.cuts.lock().unwrap().extend(bytes);
    }

    pub(crate) fn cuts_left(&self) -> usize {
        self.state.cuts.lock().unwrap().len()
    }

    pub(crate) fn slow_down(&self) {
        self.state.is_slow.store(true, Ordering::SeqCst);
    }

    pub(crate) fn speed_up(&self) {
        self.state.is_slow.store(false, Ordering::SeqCst);
    }

    /// Bytes that went towards the hub.
    pub(crate) fn sent(&self) -> u64 {
        *self.state.sent.borrow()
    }

    pub(crate) async fn until_sent(&self, bytes: u64) {
        let mut sent = self.state.sent.subscribe();
        sent.wait_for(|sent| *sent >= bytes).await.unwrap();
    }
}

async fn carry(laptop: TcpStream, hub: TcpStream, state: &State) {
    let (from_laptop, to_laptop) = laptop.into_split();
    let (from_hub, to_hub) = hub.into_split();
    // Whichever ends first ends both: the line is cut or one side hung up.
    tokio::select! {
        () = up(from_laptop, to_hub, state) => {}
        () = down(from_hub, to_laptop) => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &State) {
    let mut piece = [0; PIECE];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        let cut = state.take(length);
        let passes = cut.unwrap_or(length);
        if to.write_all(&piece[..passes]).await.is_err() {
            return;
        }
        state.sent.send_modify(|sent| *sent += passes as u64);
        if cut.is_some() {
            return;
        }
        if state.is_slow.load(Ordering::SeqCst) {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut piece = [0; PIECE];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
