//! The exchange: frames in, frames out, answered only after what arrived is committed.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use fettle_domain::Refusal;
use fettle_sync::exchange::{BadExchange, UpExchange};
use fettle_sync::frame::HEADER_BYTES;
use fettle_sync::request::{HexKey, SYNC_MEDIA_TYPE};

use super::Shared;
use super::problem::Refused;
use crate::clock::Clock;

/// Most bytes the frames of one request may hold once decompressed: 64 MiB, sixteen times the
/// budget. What people write shrinks to a third or a tenth; only zeros shrink to a thousandth.
const EXCHANGE_RAW_MAX_BYTES: usize = 64 << 20;

pub(super) async fn exchange(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    refuse_other_type(&headers, SYNC_MEDIA_TYPE)?;
    let body = body.map_err(Refused::body)?;
    let at = clock.now();
    let session = shared
        .store
        .authenticate(token(&headers)?, at)
        .await?
        .map_err(Refused::rule)?;
    refuse_bomb(&body)?;
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

pub(super) fn token(headers: &HeaderMap) -> Result<HexKey, Refused> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .and_then(|text| HexKey::try_from(text.to_owned()).ok())
        .ok_or_else(|| Refused::rule(Refusal::new("sign_in.expired")))
}

/// A form, a page or a proxy's own request is told so before anything of it is decoded.
pub(super) fn refuse_other_type(headers: &HeaderMap, expected: &str) -> Result<(), Refused> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim();
    if media_type.eq_ignore_ascii_case(expected) {
        Ok(())
    } else {
        Err(Refused::media_type(expected))
    }
}

/// Adds up what the frames say they hold, before any of them is decompressed. A frame that holds
/// another length than it says is refused when it is decoded.
fn refuse_bomb(body: &[u8]) -> Result<(), Refused> {
    let mut raw_bytes = 0_usize;
    let mut rest = body;
    while let Some((header, after)) = rest.split_first_chunk::<HEADER_BYTES>() {
        let [magic, _, _, p0, p1, p2, p3, r0, r1, r2, r3] = *header;
        // What is no frame has no length; the decoder says so.
        if magic != b'F' {
            break;
        }
        let packed = u32::from_be_bytes([p0, p1, p2, p3]) as usize;
        raw_bytes = raw_bytes.saturating_add(u32::from_be_bytes([r0, r1, r2, r3]) as usize);
        if raw_bytes > EXCHANGE_RAW_MAX_BYTES {
            return Err(BadExchange::Limit("EXCHANGE_RAW_MAX_BYTES").into());
        }
        rest = after.get(packed..).unwrap_or_default();
    }
    Ok(())
}
