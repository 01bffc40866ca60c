//! A bundle handed in by the laptop that carried it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use fettle_sync::bundle::{BUNDLE_MEDIA_TYPE, BundleAnswer};

use super::Shared;
use super::exchange::{refuse_other_type, token};
use super::problem::Refused;
use crate::clock::Clock;

pub(super) async fn take(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BundleAnswer>, Refused> {
    refuse_other_type(&headers, BUNDLE_MEDIA_TYPE)?;
    let body = body.map_err(Refused::body)?;
    let at = clock.now();
    let session = shared
        .store
        .authenticate(token(&headers)?, at)
        .await?
        .map_err(Refused::rule)?;
    let report = shared
        .store
        .bundle(session, body.to_vec(), at)
        .await?
        .map_err(Refused::rule)?;
    if report.taken > 0 {
        shared.work.notify_one();
    }
    Ok(Json(report.answer()))
}
