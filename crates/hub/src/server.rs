//! The server: routes over the store. It decides nothing.

mod attachment;
mod bundle;
mod contract;
mod entrance;
mod epoch;
mod exchange;
mod health;
pub mod interface;
mod problem;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use fettle_sync::limits::REQUEST_MAX_BYTES;
use fettle_sync::request::CORRELATION_HEADER;
use tokio::sync::{Notify, Semaphore};

use crate::attachments::Attachments;
use crate::clock::Clock;
use crate::figures::Figures;
use crate::store::Store;
use crate::tls::Tls;

/// What every route is given.
#[derive(Clone)]
pub struct Shared {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The files of attachments.
    pub attachments: Attachments,
    /// What is counted.
    pub figures: Arc<Figures>,
    /// Rung when there may be effects to send.
    pub work: Arc<Notify>,
    /// Bounds how many passwords are verified at the same time.
    pub password_checks: Arc<Semaphore>,
}

/// The state behind the routes: what they share, and what time it is.
#[derive(Clone)]
struct Place {
    shared: Shared,
    clock: Clock,
}

impl FromRef<Place> for Shared {
    fn from_ref(place: &Place) -> Self {
        place.shared.clone()
    }
}

impl FromRef<Place> for Clock {
    fn from_ref(place: &Place) -> Self {
        place.clock.clone()
    }
}

/// Passwords verified at the same time.
pub const PASSWORD_CHECKS_MAX: usize = 4;

/// How long open requests may take to end once the hub is asked to.
const GRACE: Duration = Duration::from_secs(4);

/// Builds the router.
pub fn router(shared: Shared, clock: Clock) -> Router {
    interface::router()
        .fallback(problem::unknown_path)
        .method_not_allowed_fallback(problem::unknown_method)
        .layer(DefaultBodyLimit::max(REQUEST_MAX_BYTES))
        .layer(from_fn(log))
        .with_state(Place { shared, clock })
}

/// A server that listens and answers until it is asked to end.
pub struct Server {
    handle: Handle<SocketAddr>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Listens with TLS and answers by the machine's clock.
    ///
    /// # Errors
    /// When the address cannot be taken.
    pub async fn start(listen: SocketAddr, tls: Tls, shared: Shared) -> std::io::Result<Self> {
        Self::start_by(Clock::system(), listen, tls, shared).await
    }

    /// Listens with TLS and answers by this clock.
    ///
    /// # Errors
    /// When the address cannot be taken.
    pub async fn start_by(
        clock: Clock,
        listen: SocketAddr,
        tls: Tls,
        shared: Shared,
    ) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let handle = Handle::new();
        let config = RustlsConfig::from_config(Arc::new(tls.config));
        let serving = axum_server::from_tcp_rustls(listener, config)?
            .handle(handle.clone())
            .serve(router(shared, clock).into_make_service());
        Ok(Self {
            handle,
            serving: tokio::spawn(serving),
        })
    }

    /// Where it listens; `None` when it ended before it could.
    pub async fn address(&self) -> Option<SocketAddr> {
        self.handle.listening().await
    }

    /// Answers what is open and ends.
    ///
    /// # Errors
    /// When the server had failed before.
    pub async fn stop(self) -> std::io::Result<()> {
        self.handle.graceful_shutdown(Some(GRACE));
        self.serving.await.map_err(std::io::Error::other)?
    }
}

/// One line per request, with the correlation id of the click where the desk sends one.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let correlation = request
        .headers()
        .get(CORRELATION_HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let response = next.run(request).await;
    tracing::info!(
        correlation_id = correlation,
        method = method.as_str(),
        path = path.unwrap_or_default(),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered a request"
    );
    response
}
