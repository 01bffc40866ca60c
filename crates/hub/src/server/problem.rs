//! Answers that say no: RFC 9457 problems with a stable code, one sentence and what to do.

use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fettle_domain::Refusal;
use fettle_sync::exchange::BadExchange;
use fettle_sync::frame::BadFrame;
use fettle_sync::limits::REQUEST_MAX_BYTES;
use fettle_sync::problem::{PROBLEM_MEDIA_TYPE, Problem};

use super::words::words_of;
use crate::core::{ExchangeFault, StoreFault};

/// A refusal on its way out; its words are looked up by its code.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Refusal);

impl Refused {
    /// A rule's no.
    pub(super) fn rule(refusal: Refusal) -> Self {
        Self(refusal)
    }

    /// A body that is not of the media type the path takes.
    pub(super) fn media_type(expected: &str) -> Self {
        Self(Refusal::new("request.media_type").with("expected", expected))
    }

    /// A body that did not arrive or cannot be read.
    pub(super) fn body(rejection: impl Into<BadBody>) -> Self {
        match rejection.into() {
            BadBody::TooLarge => Self(
                Refusal::new("request.too_large")
                    .with("limit", "REQUEST_MAX_BYTES")
                    .with("bytes", REQUEST_MAX_BYTES),
            ),
            BadBody::MediaType => Self::media_type("application/json"),
            BadBody::Unreadable(what) => Self(Refusal::new("request.bad").with("what", what)),
        }
    }

    /// Something of the hub itself failed.
    pub(super) fn fault(error: impl std::error::Error + 'static) -> Self {
        // The cause is the operator's to read; a desk only learns that it must try again.
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a request could not be served"
        );
        Self(Refusal::new("hub.fault"))
    }
}

/// What is wrong with a body.
#[derive(Debug)]
pub(super) enum BadBody {
    /// Larger than a request may be.
    TooLarge,
    /// Says it is something else than JSON.
    MediaType,
    /// Cannot be read, with the reason.
    Unreadable(String),
}

impl BadBody {
    fn of(status: StatusCode, what: String) -> Self {
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            Self::MediaType
        } else {
            Self::Unreadable(what)
        }
    }
}

impl From<BytesRejection> for BadBody {
    fn from(rejection: BytesRejection) -> Self {
        Self::of(rejection.status(), rejection.body_text())
    }
}

impl From<JsonRejection> for BadBody {
    fn from(rejection: JsonRejection) -> Self {
        Self::of(rejection.status(), rejection.body_text())
    }
}

pub(super) async fn unknown_path() -> Refused {
    Refused(Refusal::new("request.unknown_path"))
}

pub(super) async fn unknown_method() -> Refused {
    Refused(Refusal::new("request.unknown_method"))
}

impl From<StoreFault> for Refused {
    fn from(fault: StoreFault) -> Self {
        Self::fault(fault)
    }
}

impl From<ExchangeFault> for Refused {
    fn from(fault: ExchangeFault) -> Self {
        match fault {
            ExchangeFault::Bad(bad) => bad.into(),
            ExchangeFault::Store(fault) => fault.into(),
        }
    }
}

impl From<BadExchange> for Refused {
    fn from(bad: BadExchange) -> Self {
        Self(match bad {
            BadExchange::Frame(BadFrame::Version(version)) => {
                Refusal::new("hub.too_old").with("version", version)
            }
            BadExchange::Limit(limit) => Refusal::new("exchange.too_much").with("limit", limit),
            BadExchange::Frame(_) | BadExchange::Head | BadExchange::Cut => {
                Refusal::new("exchange.bad").with("what", &bad)
            }
        })
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let words = words_of(&self.0.code);
        let problem = Problem::new(words.status.as_u16(), self.0, words.title);
        let mut body = serde_json::json!(problem);
        body["detail"] = words.to_do.into();
        let mut response = (words.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(PROBLEM_MEDIA_TYPE),
        );
        if words.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
