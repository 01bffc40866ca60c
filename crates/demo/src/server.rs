//! The HTTP layer: a thin one, over the rules of [`Cmms`] and [`Erp`].

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;

use crate::answer::{Answer, BODY_MAX, Call};
use crate::instance::{INSTANCE_PATH, Instance, instance_of};
use crate::world::Size;
use crate::{Clock, Cmms, Erp, OpenError};

/// Which of the two systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// The maintenance system.
    Cmms,
    /// The business system.
    Erp,
}

impl System {
    /// The word of the command line and of fault points.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cmms => "cmms",
            Self::Erp => "erp",
        }
    }
}

/// What a demo system needs to start.
#[derive(Debug, Clone)]
pub struct DemoConfig {
    /// Which system.
    pub system: System,
    /// Its file; made and filled when it does not exist.
    pub file: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Seed of its world.
    pub seed: u64,
    /// How large a world it is filled with.
    pub size: Size,
    /// Its clock.
    pub clock: Clock,
}

/// Why a demo system cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file cannot be found again.
    #[error("failed to find the demo system's own file")]
    File(#[source] std::io::Error),
    /// There is no sign-in here, so nobody outside may reach it.
    #[error("a demo system listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The socket.
    #[error("failed to listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Cause.
        source: std::io::Error,
    },
    /// The server stopped by itself.
    #[error("failed to serve")]
    Serve(#[source] std::io::Error),
}

/// A demo system that listens and does not yet answer.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl Bound {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` is done, then finishes what is under way.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(shutdown)
            .await
            .map_err(ServeError::Serve)
    }
}

/// Opens the file and the socket.
///
/// # Errors
/// When either fails.
pub async fn bind(config: &DemoConfig) -> Result<Bound, ServeError> {
    if !config.listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(config.listen));
    }
    let file = Some(config.file.as_path());
    let core = match config.system {
        System::Cmms => Core::Cmms(Cmms::open_grown(
            file,
            config.seed,
            config.size,
            config.clock,
        )?),
        System::Erp => Core::Erp(Erp::open_grown(
            file,
            config.seed,
            config.size,
            config.clock,
        )?),
    };
    let instance = Instance {
        system: config.system.word().to_owned(),
        instance: instance_of(&config.file).map_err(ServeError::File)?,
        pid: std::process::id(),
    };
    let listen = |source| ServeError::Listen {
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let router = Router::new()
        .route(
            INSTANCE_PATH,
            get(move || std::future::ready(Json(instance.clone()))),
        )
        .fallback(answer)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Arc::new(Mutex::new(core)));
    Ok(Bound {
        listener,
        address,
        router,
    })
}

/// Opens and serves until `shutdown` is done.
///
/// # Errors
/// When file or socket fail.
pub async fn serve(
    config: &DemoConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let bound = bind(config).await?;
    tracing::info!(system = config.system.word(), address = %bound.address(), "demo system listens");
    bound.run(shutdown).await
}

enum Core {
    Cmms(Cmms),
    Erp(Erp),
}

impl Core {
    fn handle(&mut self, call: &Call<'_>) -> Answer {
        match self {
            Self::Cmms(cmms) => cmms.handle(call),
            Self::Erp(erp) => erp.handle(call),
        }
    }

    #[cfg(feature = "faults")]
    fn set_clock(&mut self, clock: Clock) {
        match self {
            Self::Cmms(cmms) => cmms.set_clock(clock),
            Self::Erp(erp) => erp.set_clock(clock),
        }
    }
}

async fn answer(
    State(core): State<Arc<Mutex<Core>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let work = move || {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let if_match = headers
            .get(header::IF_MATCH)
            .and_then(|value| value.to_str().ok());
        let call = Call {
            method: method.as_str(),
            target,
            if_match,
            body: &body,
        };
        // A call that panicked left no half of a transaction behind.
        let mut core = core.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "faults")]
        if let Some(answer) = fault_call(&mut core, &call) {
            return answer;
        }
        let answer = core.handle(&call);
        #[cfg(feature = "faults")]
        if answer.has_effect {
            crate::fault::after_effect();
        }
        answer
    };
    // SQLite waits for the disk: not on the threads that serve sockets.
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => respond(answer),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        answer.body,
    )
        .into_response()
}

/// `POST /admin/fault {"count": 1}` and `POST /admin/clock {"now": "…"}`.
#[cfg(feature = "faults")]
fn fault_call(core: &mut Core, call: &Call<'_>) -> Option<Answer> {
    let body: serde_json::Value = serde_json::from_slice(call.body).unwrap_or_default();
    match (call.method, call.target) {
        ("POST", "/admin/fault") => {
            let count = body["count"]
                .as_u64()
                .and_then(|count| u32::try_from(count).ok());
            crate::fault::arm_after_effect(count.unwrap_or(1));
        }
        ("POST", "/admin/clock") => {
            let now = serde_json::from_value(body["now"].clone());
            core.set_clock(now.map_or(Clock::System, Clock::Fixed));
        }
        _ => return None,
    }
    Some(Answer {
        status: 200,
        body: b"{}".to_vec(),
        has_effect: false,
    })
}
