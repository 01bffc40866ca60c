//! The canonical contracts and the description of this interface.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use fettle_domain::Refusal;
use fettle_domain::contract::contracts;

use super::interface;
use super::problem::Refused;

pub(super) async fn openapi() -> Response {
    axum::Json(interface::openapi()).into_response()
}

pub(super) async fn names() -> Response {
    let names: Vec<&str> = contracts().into_iter().map(|(name, _)| name).collect();
    axum::Json(names).into_response()
}

pub(super) async fn schema(Path(name): Path<String>) -> Result<Response, Refused> {
    let found = contracts().into_iter().find(|(known, _)| *known == name);
    let Some((_, schema)) = found else {
        let refusal = Refusal::new("contract.unknown").with("name", name);
        return Err(Refused::rule(refusal));
    };
    let media_type = [(header::CONTENT_TYPE, "application/schema+json")];
    Ok((media_type, serde_json::json!(schema).to_string()).into_response())
}
