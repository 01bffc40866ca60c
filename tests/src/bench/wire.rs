//! A wire on loopback that leads to the hub and counts what is said above TCP.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Silence after which everything counts as said.
const QUIET: Duration = Duration::from_millis(300);
/// Most such waits: bounds a conversation that never ends.
const WAITS_MAX: u32 = 200;
const BUFFER_BYTES: usize = 64 << 10;

/// The wire; it is cut when dropped.
pub(super) struct Wire {
    address: SocketAddr,
    carried: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A wire that leads to an address.
    pub(super) async fn to(far: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let carried = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&carried);
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A connection that breaks shows at its ends.
                tokio::spawn(carry(near, far, Arc::clone(&counted)));
            }
        });
        Ok(Self {
            address,
            carried,
            accepting,
        })
    }

    /// Where the near end is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until nothing is said any more and answers with the bytes of both directions so far.
    pub(super) async fn carried(&self) -> u64 {
        let mut before = self.carried.load(Ordering::SeqCst);
        for _ in 0..WAITS_MAX {
            tokio::time::sleep(QUIET).await;
            let after = self.carried.load(Ordering::SeqCst);
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

async fn carry(near: TcpStream, far: SocketAddr, carried: Arc<AtomicU64>) -> io::Result<()> {
    let far = TcpStream::connect(far).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    let up = pump(near_read, far_write, Arc::clone(&carried));
    let down = pump(far_read, near_write, carried);
    tokio::try_join!(up, down)?;
    Ok(())
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    carried: Arc<AtomicU64>,
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
