//! Health and figures.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::problem::Refused;

pub(super) async fn alive() -> &'static str {
    "alive\n"
}

pub(super) async fn ready(State(shared): State<Shared>) -> Result<&'static str, Refused> {
    shared.store.totals().await?;
    Ok("ready\n")
}

pub(super) async fn metrics(State(shared): State<Shared>) -> Result<Response, Refused> {
    let totals = shared.store.totals().await?;
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let text = shared.figures.text(&totals);
    Ok(([(header::CONTENT_TYPE, media_type)], text).into_response())
}
