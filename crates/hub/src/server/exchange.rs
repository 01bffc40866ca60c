//! The exchange: frames in, frames out, answered only after what arrived is committed.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use fettle_domain::Refusal;
use fettle_sync::exchange::UpExchange;
use fettle_sync::request::{HexKey, SYNC_MEDIA_TYPE};

use super::Shared;
use super::problem::Refused;
use crate::clock::Clock;

pub(super) async fn exchange(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    refuse_other_type(&headers)?;
    let body = body.map_err(Refused::body)?;
    let at = clock.now();
    let session = shared
        .store
        .authenticate(token(&headers)?, at)
        .await?
        .map_err(Refused::rule)?;
    let exchange = UpExchange::decode(&body)?;
    let pushed: usize = exchange.pushes.iter().map(|push| push.items.len()).sum();
    let answer = shared.store.exchange(session, exchange, at).await?;
    #[cfg(feature = "faults")]
    if pushed > 0 {
        crate::fault::after_commit();
    }
    shared.figures.exchanged(pushed, body.len(), answer.len());
    if pushed > 0 {
        shared.work.notify_one();
    }
    Ok(([(header::CONTENT_TYPE, SYNC_MEDIA_TYPE)], answer).into_response())
}

fn token(headers: &HeaderMap) -> Result<HexKey, Refused> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .and_then(|text| HexKey::try_from(text.to_owned()).ok())
        .ok_or_else(|| Refused::rule(Refusal::new("sign_in.expired")))
}

/// A form, a page or a proxy's own request is told so before anything of it is decoded.
fn refuse_other_type(headers: &HeaderMap) -> Result<(), Refused> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim();
    if media_type.eq_ignore_ascii_case(SYNC_MEDIA_TYPE) {
        Ok(())
    } else {
        Err(Refused::media_type(SYNC_MEDIA_TYPE))
    }
}
