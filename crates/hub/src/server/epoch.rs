//! A new epoch of a device, asked for under its session and signed by one of its people.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use fettle_sync::epoch::{EpochAnswer, EpochRequest};

use super::Shared;
use super::exchange::token;
use super::problem::Refused;
use crate::clock::Clock;

pub(super) async fn begin(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    request: Result<Json<EpochRequest>, JsonRejection>,
) -> Result<Json<EpochAnswer>, Refused> {
    let now = clock.now();
    let session = shared
        .store
        .authenticate(token(&headers)?, now)
        .await?
        .map_err(Refused::rule)?;
    let Json(request) = request.map_err(Refused::body)?;
    let answer = shared.store.begin_epoch(session, request, now).await?;
    answer.map(Json).map_err(Refused::rule)
}
