//! Answers that say no: RFC 9457 problems with a stable code.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fettle_domain::Refusal;
use fettle_sync::exchange::BadExchange;
use fettle_sync::problem::{PROBLEM_MEDIA_TYPE, Problem};

use crate::core::{ExchangeFault, StoreFault};

/// A problem on its way out.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Problem);

impl Refused {
    /// A rule's no.
    pub(super) fn rule(refusal: Refusal) -> Self {
        let status = status_of(&refusal.code);
        Self(Problem::new(
            status.as_u16(),
            refusal,
            "the hub's rules do not allow this",
        ))
    }

    /// A request that is none.
    pub(super) fn bad(what: impl ToString) -> Self {
        let refusal = Refusal::new("request.bad").with("what", what);
        Self(Problem::new(400, refusal, "the request cannot be read"))
    }
}

/// Status of a code: who must do something else, the person, the device or nobody.
fn status_of(code: &str) -> StatusCode {
    match code {
        "sign_in.wrong_password" | "sign_in.expired" | "sign_in.bad_code" | "device.unknown" => {
            StatusCode::UNAUTHORIZED
        }
        "sign_in.locked" => StatusCode::TOO_MANY_REQUESTS,
        "sign_in.disabled" | "device.revoked" => StatusCode::FORBIDDEN,
        "hub.too_old" => StatusCode::UPGRADE_REQUIRED,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(super) async fn unknown_path() -> Refused {
    Refused(Problem::new(
        404,
        Refusal::new("request.unknown_path"),
        "there is nothing here",
    ))
}

pub(super) async fn unknown_method() -> Refused {
    let refusal = Refusal::new("request.unknown_method");
    Refused(Problem::new(
        405,
        refusal,
        "this path does not know the method",
    ))
}

impl From<StoreFault> for Refused {
    fn from(fault: StoreFault) -> Self {
        // The cause is the operator's to read; a desk only learns that it must try again.
        tracing::error!(error = &fault as &dyn std::error::Error, "the store failed");
        let refusal = Refusal::new("hub.fault");
        Self(Problem::new(
            503,
            refusal,
            "the hub cannot do this now; nothing was changed",
        ))
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
        match bad {
            BadExchange::Frame(fettle_sync::frame::BadFrame::Version(version)) => {
                let refusal = Refusal::new("hub.too_old").with("version", version);
                Self(Problem::new(
                    426,
                    refusal,
                    "this protocol version is not spoken here",
                ))
            }
            BadExchange::Frame(_)
            | BadExchange::Head
            | BadExchange::Limit(_)
            | BadExchange::Cut => {
                let refusal = Refusal::new("exchange.bad").with("what", &bad);
                Self(Problem::new(400, refusal, "the exchange cannot be read"))
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::json!(self.0).to_string();
        (status, [(header::CONTENT_TYPE, PROBLEM_MEDIA_TYPE)], body).into_response()
    }
}
