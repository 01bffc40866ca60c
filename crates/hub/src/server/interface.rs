//! The published interface: one table of routes, from which the router and OpenAPI are made.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post, put};
use fettle_sync::attachment::{
    ATTACHMENT_MEDIA_TYPE, ATTACHMENT_PATH, ATTACHMENTS_PATH, CHUNK_MEDIA_TYPE,
};
use fettle_sync::bundle::{BUNDLE_MEDIA_TYPE, BUNDLE_PATH};
use fettle_sync::epoch::DEVICE_EPOCH_PATH;
use fettle_sync::limits::BUNDLE_MAX_BYTES;
use fettle_sync::request::{ENROL_PATH, SIGN_IN_PATH, SYNC_MEDIA_TYPE, SYNC_PATH};
use serde_json::{Value, json};

use super::Place;
use super::{attachment, bundle, contract, entrance, epoch, exchange, health};

/// One route: what is served and what is said about it.
struct Route {
    path: &'static str,
    method: &'static str,
    summary: &'static str,
    /// Media type of the request's body, when it has one.
    takes: Option<&'static str>,
    /// Media type of the answer.
    gives: &'static str,
    /// True when a session's token is needed.
    needs_session: bool,
    serve: fn() -> MethodRouter<Place>,
}

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

const ROUTES: &[Route] = &[
    Route {
        path: ENROL_PATH,
        method: "post",
        summary: "Enrols a device with a one-time code and signs its first person in.",
        takes: Some(JSON),
        gives: JSON,
        needs_session: false,
        serve: || post(entrance::enrol),
    },
    Route {
        path: SIGN_IN_PATH,
        method: "post",
        summary: "Signs a person in on an enrolled device.",
        takes: Some(JSON),
        gives: JSON,
        needs_session: false,
        serve: || post(entrance::sign_in),
    },
    Route {
        path: DEVICE_EPOCH_PATH,
        method: "post",
        summary: "Begins a new epoch of the device, when its files may have been restored or copied.",
        takes: Some(JSON),
        gives: JSON,
        needs_session: true,
        serve: || post(epoch::begin),
    },
    Route {
        path: SYNC_PATH,
        method: "post",
        summary: "One exchange: pushes what is unsent, pulls what is new.",
        takes: Some(SYNC_MEDIA_TYPE),
        gives: SYNC_MEDIA_TYPE,
        needs_session: true,
        serve: || post(exchange::exchange),
    },
    Route {
        path: ATTACHMENTS_PATH,
        method: "post",
        summary: "Says of each content that is offered how much of it the hub holds.",
        takes: Some(ATTACHMENT_MEDIA_TYPE),
        gives: ATTACHMENT_MEDIA_TYPE,
        needs_session: true,
        serve: || post(attachment::offer),
    },
    Route {
        path: ATTACHMENT_PATH,
        method: "put",
        summary: "Takes bytes of a content at the place Content-Range says.",
        takes: Some(CHUNK_MEDIA_TYPE),
        gives: ATTACHMENT_MEDIA_TYPE,
        needs_session: true,
        serve: || put(attachment::put),
    },
    Route {
        path: ATTACHMENT_PATH,
        method: "get",
        summary: "Gives the bytes of a content that Range asks for.",
        takes: None,
        gives: CHUNK_MEDIA_TYPE,
        needs_session: true,
        serve: || get(attachment::get),
    },
    Route {
        path: BUNDLE_PATH,
        method: "post",
        summary: "Hands in a bundle: unsent work of another laptop, as a file.",
        takes: Some(BUNDLE_MEDIA_TYPE),
        gives: JSON,
        needs_session: true,
        serve: || post(bundle::take).layer(DefaultBodyLimit::max(BUNDLE_MAX_BYTES)),
    },
    Route {
        path: "/v1/openapi.json",
        method: "get",
        summary: "This description.",
        takes: None,
        gives: JSON,
        needs_session: false,
        serve: || get(contract::openapi),
    },
    Route {
        path: "/v1/contracts",
        method: "get",
        summary: "Names of the canonical contracts.",
        takes: None,
        gives: JSON,
        needs_session: false,
        serve: || get(contract::names),
    },
    Route {
        path: "/v1/contracts/{name}",
        method: "get",
        summary: "JSON Schema of one canonical contract.",
        takes: None,
        gives: "application/schema+json",
        needs_session: false,
        serve: || get(contract::schema),
    },
    Route {
        path: "/healthz",
        method: "get",
        summary: "Says that the process lives.",
        takes: None,
        gives: TEXT,
        needs_session: false,
        serve: || get(health::alive),
    },
    Route {
        path: "/readyz",
        method: "get",
        summary: "Says whether the store answers.",
        takes: None,
        gives: TEXT,
        needs_session: false,
        serve: || get(health::ready),
    },
    Route {
        path: "/metrics",
        method: "get",
        summary: "Figures in the OpenMetrics text format.",
        takes: None,
        gives: "application/openmetrics-text",
        needs_session: false,
        serve: || get(health::metrics),
    },
];

/// The router of every route in the table.
pub(super) fn router() -> Router<Place> {
    ROUTES.iter().fold(Router::new(), |router, route| {
        router.route(route.path, (route.serve)())
    })
}

/// OpenAPI 3.1 of every route in the table.
#[must_use]
pub fn openapi() -> Value {
    let mut paths = serde_json::Map::new();
    for route in ROUTES {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "fettle-hub",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer" } },
            "schemas": { "problem": problem_schema() },
        },
    })
}

fn operation(route: &Route) -> Value {
    let problem = json!({ "$ref": "#/components/schemas/problem" });
    // A stretch of a content is never called the whole of it.
    let status = if route.gives == CHUNK_MEDIA_TYPE {
        "206"
    } else {
        "200"
    };
    let mut operation = json!({
        "summary": route.summary,
        "responses": {
            status: { "description": "done", "content": { route.gives: {} } },
            "default": {
                "description": "a problem (RFC 9457)",
                "content": { "application/problem+json": { "schema": problem } },
            },
        },
    });
    if let Some(media_type) = route.takes {
        operation["requestBody"] = json!({ "required": true, "content": { media_type: {} } });
    }
    if route.needs_session {
        operation["security"] = json!([{ "session": [] }]);
    }
    if let Some(parameter) = parameter(route.path) {
        operation["parameters"] = json!([
            { "name": parameter, "in": "path", "required": true, "schema": { "type": "string" } }
        ]);
    }
    operation
}

/// The parameter of a path, where it has one.
fn parameter(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once('{')?;
    Some(rest.split_once('}')?.0)
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "status", "title", "detail", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri" },
            "status": { "type": "integer" },
            "title": { "type": "string", "description": "one sentence that says what is wrong" },
            "detail": { "type": "string", "description": "one sentence that says what to do" },
            "code": { "type": "string" },
            "arguments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": { "name": { "type": "string" }, "value": { "type": "string" } },
                },
            },
        },
    })
}
