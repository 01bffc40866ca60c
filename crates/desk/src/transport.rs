//! The wire to the hub: HTTP/2 over pinned TLS. Carries what `sync` defines and decides nothing.
//!
//! Three things can go wrong: the hub is not reached, the hub refuses, the hub is another one.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use fettle_domain::{CorrelationId, Refusal};
use fettle_sync::bundle::{BUNDLE_MEDIA_TYPE, BUNDLE_PATH, BundleAnswer};
use fettle_sync::epoch::{DEVICE_EPOCH_PATH, EpochAnswer, EpochRequest};
use fettle_sync::exchange::Up;
use fettle_sync::frame::{self, BadFrame};
use fettle_sync::limits::{EXCHANGE_BUDGET_BYTES, FRAME_PACKED_MAX_BYTES};
use fettle_sync::problem::Problem;
use fettle_sync::request::{
    CORRELATION_HEADER, ENROL_PATH, EnrolAnswer, EnrolRequest, EnrolmentCode, HexKey, SIGN_IN_PATH,
    SYNC_MEDIA_TYPE, SYNC_PATH, Session, SignInRequest,
};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use address::HubAddress;
pub use answer::{ExchangeAnswer, Step};
pub use attachment::ChunkAnswer;

use crate::pinning::{Fingerprint, PinMismatch, PinnedCertificate};

mod address;
mod answer;
mod attachment;

/// Longest wait for a connection, handshake included: 10 s; satellite links need two or three.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest enrolment or sign-in: 30 s. The hub stretches a password, which takes a second at most.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest sending of an exchange up to the first byte of its answer: ten minutes, which a full
/// budget needs at 64 kbit/s. A link that died meanwhile is noticed by the pings.
const EXCHANGE_HEAD_TIMEOUT: Duration = Duration::from_secs(600);
/// Pause between pings of the connection.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// Longest wait for the answer to a ping.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// Largest JSON answer read: 64 kB, many times what a session or a problem needs.
const JSON_MAX_BYTES: usize = 64 << 10;
/// Largest body of an exchange sent: the budget and one frame over it.
const BODY_MAX_BYTES: usize = EXCHANGE_BUDGET_BYTES + FRAME_PACKED_MAX_BYTES;

/// Why a request brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The hub was not reached, or its answer was cut or is none.
    #[error("the hub was not reached")]
    Lost(#[source] Cause),
    /// The hub answered and refused.
    #[error("the hub refused: {0}")]
    Refused(Refusal),
    /// Somebody answered with another certificate than the pinned one.
    #[error("the hub's certificate is not the pinned one")]
    CertificateChanged,
}

/// What cut a request short; for the log.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Connection or protocol.
    #[error("failed to exchange with the hub")]
    Http(#[source] reqwest::Error),
    /// Nothing came in time.
    #[error("no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The answer is no frame.
    #[error("failed to read a frame")]
    Frame(#[source] BadFrame),
    /// The answer is not the JSON expected.
    #[error("failed to read the answer")]
    Json(#[source] serde_json::Error),
    /// The answer ended before its last frame.
    #[error("answer was cut")]
    Cut,
    /// Frames came in another order than the contract's.
    #[error("answer is out of order")]
    OutOfOrder,
    /// The answer is larger than its limit.
    #[error("answer is larger than {0} bytes")]
    TooLarge(usize),
    /// A status that carries no problem, such as a proxy's.
    #[error("answer with status {0}")]
    Status(u16),
}

impl From<Cause> for TransportError {
    fn from(cause: Cause) -> Self {
        Self::Lost(cause)
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        match PinMismatch::find(&error as &(dyn StdError + 'static)) {
            Some(PinMismatch::Changed) => Self::CertificateChanged,
            Some(PinMismatch::Code) => Self::Refused(Refusal::new("sign_in.bad_code")),
            None => Self::Lost(Cause::Http(error)),
        }
    }
}

impl From<BadFrame> for TransportError {
    fn from(bad: BadFrame) -> Self {
        match bad {
            // The hub speaks this version and the one before, so another one is an older hub.
            BadFrame::Version(_) => Self::Refused(Refusal::new("hub.too_old")),
            BadFrame::NotAFrame
            | BadFrame::TooLarge(_)
            | BadFrame::Packed
            | BadFrame::Content(_) => Self::Lost(Cause::Frame(bad)),
        }
    }
}

impl TransportError {
    /// The sentence people see when they asked for something at this moment.
    #[must_use]
    pub fn refusal(&self, hub: &HubAddress) -> Refusal {
        match self {
            Self::Lost(_) => Refusal::new("sign_in.no_connection").with("hub", hub),
            Self::Refused(refusal) => refusal.clone(),
            Self::CertificateChanged => Refusal::new("hub.certificate_changed").with("hub", hub),
        }
    }
}

/// A device enrolled and the certificate it trusts from now on.
#[derive(Debug)]
pub struct Enrolled {
    /// What the hub answered.
    pub answer: EnrolAnswer,
    /// The certificate to pin.
    pub fingerprint: Fingerprint,
}

/// A kept connection to one hub with one certificate.
#[derive(Debug, Clone)]
pub struct Transport {
    client: reqwest::Client,
    hub: HubAddress,
    certificate: Arc<PinnedCertificate>,
}

impl Transport {
    /// To enrol: the certificate is the one the code was printed for.
    ///
    /// # Errors
    /// [`TransportError::Lost`] when the machine offers no TLS.
    pub fn by_code(hub: HubAddress, code: &EnrolmentCode) -> Result<Self, TransportError> {
        Self::over(hub, PinnedCertificate::by_code(code.clone()))
    }

    /// After enrolment: this certificate alone.
    ///
    /// # Errors
    /// [`TransportError::Lost`] when the machine offers no TLS.
    pub fn pinned(hub: HubAddress, certificate: Fingerprint) -> Result<Self, TransportError> {
        Self::over(hub, PinnedCertificate::known(certificate))
    }

    fn over(hub: HubAddress, certificate: Arc<PinnedCertificate>) -> Result<Self, TransportError> {
        let tls = Arc::clone(&certificate).tls().map_err(no_tls)?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT);
        // A company's proxy carries the pinned connection like any other; nothing on this machine
        // lies behind one.
        let builder = if hub.is_loopback() {
            builder.no_proxy()
        } else {
            builder
        };
        Ok(Self {
            client: builder.build()?,
            hub,
            certificate,
        })
    }

    /// The hub it talks to.
    #[must_use]
    pub fn hub(&self) -> &HubAddress {
        &self.hub
    }

    /// Enrols this device and signs its first person in.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<Enrolled, TransportError> {
        let answer = self.json(ENROL_PATH, request).await?;
        // Invariant: an answer came over a connection whose certificate was checked.
        let fingerprint = self
            .certificate
            .fingerprint()
            .ok_or(TransportError::CertificateChanged)?;
        Ok(Enrolled {
            answer,
            fingerprint,
        })
    }

    /// Signs a person in on this device.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn sign_in(&self, request: &SignInRequest) -> Result<Session, TransportError> {
        self.json(SIGN_IN_PATH, request).await
    }

    /// Asks for a new epoch of this device.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn begin_epoch(
        &self,
        token: &HexKey,
        request: &EpochRequest,
    ) -> Result<EpochAnswer, TransportError> {
        let request = self
            .client
            .post(self.hub.url(DEVICE_EPOCH_PATH))
            .bearer_auth(String::from(token.clone()))
            .json(request);
        read_json(request).await
    }

    /// Sends one exchange and returns once the hub begins to answer.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn exchange(
        &self,
        token: &HexKey,
        correlation: CorrelationId,
        frames: &[Up],
    ) -> Result<ExchangeAnswer, TransportError> {
        let request = self
            .client
            .post(self.hub.url(SYNC_PATH))
            .bearer_auth(String::from(token.clone()))
            .header(CONTENT_TYPE, SYNC_MEDIA_TYPE)
            .header(ACCEPT, SYNC_MEDIA_TYPE)
            .header(CORRELATION_HEADER, correlation.to_string())
            .body(body(frames)?);
        let response = within(EXCHANGE_HEAD_TIMEOUT, send(request)).await?;
        Ok(ExchangeAnswer::new(response))
    }

    /// Hands in a carried file.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn bundle(
        &self,
        token: &HexKey,
        bytes: Vec<u8>,
    ) -> Result<BundleAnswer, TransportError> {
        let request = self
            .client
            .post(self.hub.url(BUNDLE_PATH))
            .bearer_auth(String::from(token.clone()))
            .header(CONTENT_TYPE, BUNDLE_MEDIA_TYPE)
            .body(bytes);
        // As long as an exchange: a file is as large.
        within(EXCHANGE_HEAD_TIMEOUT, async {
            let response = send(request).await?;
            let bytes = read_bounded(response, JSON_MAX_BYTES).await?;
            Ok(serde_json::from_slice(&bytes).map_err(Cause::Json)?)
        })
        .await
    }

    async fn json<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, TransportError> {
        read_json(self.client.post(self.hub.url(path)).json(question)).await
    }
}

async fn read_json<A: DeserializeOwned>(request: RequestBuilder) -> Result<A, TransportError> {
    within(REQUEST_TIMEOUT, async {
        let response = send(request).await?;
        let bytes = read_bounded(response, JSON_MAX_BYTES).await?;
        Ok(serde_json::from_slice(&bytes).map_err(Cause::Json)?)
    })
    .await
}

fn no_tls(error: rustls::Error) -> TransportError {
    // Cannot happen with the provider compiled in; said in the log should it ever.
    tracing::error!(%error, "failed to set up tls");
    TransportError::Lost(Cause::Cut)
}

fn body(frames: &[Up]) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    for frame in frames {
        body.extend_from_slice(&frame::encode(frame)?);
    }
    if body.len() > BODY_MAX_BYTES {
        return Err(BadFrame::TooLarge(body.len()).into());
    }
    Ok(body)
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    tokio::time::timeout(limit, work)
        .await
        .map_err(|_| Cause::TimedOut(limit))?
}

/// Sends a request; a refusal becomes an error here and nowhere else.
async fn send(request: RequestBuilder) -> Result<Response, TransportError> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let bytes = read_bounded(response, JSON_MAX_BYTES).await?;
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => Err(TransportError::Refused(problem.refusal())),
        Err(_) => Err(Cause::Status(status.as_u16()).into()),
    }
}

async fn read_bounded(mut response: Response, limit: usize) -> Result<Vec<u8>, TransportError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > limit {
            return Err(Cause::TooLarge(limit).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
