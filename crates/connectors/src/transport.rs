//! How requests reach an outside system: over HTTP, or inline for a simulation in one process.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use async_trait::async_trait;

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or changes.
    Post,
}

impl Method {
    /// The method's word, such as `GET`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request to an outside system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path and query, percent-encoded, starting with `/`.
    pub path: String,
    /// Headers beside those the transport sets.
    pub headers: Vec<(String, String)>,
    /// Body; empty when there is none.
    pub body: Vec<u8>,
}

/// An answer of an outside system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    /// Not one byte of the request can have arrived.
    #[error("no connection: {0}")]
    NotSent(String),
    /// The request may have arrived and may have had its effect.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// Carries a request and brings back the answer.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request once. A transport never repeats.
    async fn call(&self, request: Request) -> Result<Answer, Cut>;
}

/// Limits of the HTTP transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// Time to connect, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Time for a whole call, in milliseconds.
    pub call_timeout_ms: u64,
    /// Largest answer read, in bytes.
    pub answer_bytes_max: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        // A system on the company network connects within a second or is away; a posting in a
        // busy ERP may take many seconds; a page of masters is far below 32 MiB.
        Self {
            connect_timeout_ms: 3_000,
            call_timeout_ms: 30_000,
            answer_bytes_max: 32 << 20,
        }
    }
}

/// HTTP over the network.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    base: String,
    limits: HttpLimits,
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("failed to build the HTTP client")]
pub struct HttpClientFault(#[source] reqwest::Error);

impl Http {
    /// A transport to the system at `base`, such as `http://127.0.0.1:7301`.
    ///
    /// # Errors
    /// [`HttpClientFault`] when the client cannot be built.
    pub fn new(base: &str, limits: HttpLimits) -> Result<Self, HttpClientFault> {
        // The HTTP client brings no cryptography of its own. Whoever came first has chosen; that a
        // choice is made is all that matters here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(limits.connect_timeout_ms))
            .timeout(Duration::from_millis(limits.call_timeout_ms))
            // A proxy of the environment would answer in place of the system, and a kept
            // connection could be repeated on by the client; a refused connection must stay one.
            .no_proxy()
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(HttpClientFault)?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            limits,
        })
    }
}

#[async_trait]
impl Transport for Http {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        let url = format!("{}{}", self.base, request.path);
        let mut call = match request.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
        };
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        if !request.body.is_empty() {
            call = call
                .header("content-type", "application/json")
                .body(request.body);
        }
        let mut response = call.send().await.map_err(cut)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(cut)? {
            if body.len() + chunk.len() > self.limits.answer_bytes_max {
                return Err(Cut::NoAnswer(
                    "the answer is larger than allowed".to_owned(),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

fn cut(error: reqwest::Error) -> Cut {
    let mut seen = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing into a String cannot fail.
        let _ = write!(seen, ": {cause}");
        source = cause.source();
    }
    if error.is_connect() || error.is_builder() {
        Cut::NotSent(seen)
    } else {
        Cut::NoAnswer(seen)
    }
}

/// What an [`Inline`] transport calls.
pub type InlineCall = Box<dyn Fn(&Request) -> Result<Answer, Cut> + Send + Sync>;

/// Calls a function in the same process: the same conversion code without sockets.
pub struct Inline(InlineCall);

impl Inline {
    /// A transport that calls `call`.
    #[must_use]
    pub fn new(call: impl Fn(&Request) -> Result<Answer, Cut> + Send + Sync + 'static) -> Self {
        Self(Box::new(call))
    }
}

#[async_trait]
impl Transport for Inline {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        (self.0)(&request)
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    async fn call(&self, request: Request) -> Result<Answer, Cut> {
        (**self).call(request).await
    }
}
