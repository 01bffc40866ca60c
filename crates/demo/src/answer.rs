//! A call and its answer, without HTTP: what the rules see, and how they refuse.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Largest request body, in bytes: an order with a long checklist stays far below.
pub(crate) const BODY_MAX: usize = 512 * 1024;
/// Largest page of a list.
pub(crate) const PAGE_MAX: usize = 1_000;
/// Longest text of a field a client may set, in bytes.
pub(crate) const FIELD_MAX: usize = 64 * 1024;
/// Longest external reference, in bytes.
pub(crate) const REFERENCE_MAX: usize = 64;

/// A request as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// Value of `If-Match`, when it was sent.
    pub if_match: Option<&'a str>,
    /// Body.
    pub body: &'a [u8],
}

/// An answer: HTTP status and a JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: Vec<u8>,
    /// True when a document was posted by this very call.
    pub has_effect: bool,
}

/// Why a demo system does not do what it was asked.
#[derive(Debug)]
pub(crate) enum No {
    /// A refusal with HTTP status, machine code and words.
    Refused(u16, &'static str, String),
    /// Its own database failed.
    Broken(rusqlite::Error),
}

impl From<rusqlite::Error> for No {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error)
    }
}

pub(crate) type Reply = Result<Answer, No>;

pub(crate) fn refuse(status: u16, code: &'static str, message: impl Into<String>) -> No {
    No::Refused(status, code, message.into())
}

pub(crate) fn ok(body: &impl Serialize) -> Reply {
    Ok(encode(200, body, false))
}

pub(crate) fn posted(body: &impl Serialize) -> Reply {
    Ok(encode(201, body, true))
}

fn encode(status: u16, body: &impl Serialize, has_effect: bool) -> Answer {
    match serde_json::to_vec(body) {
        Ok(body) => Answer {
            status,
            body,
            has_effect,
        },
        Err(_) => Answer {
            status: 500,
            body: b"{}".to_vec(),
            has_effect,
        },
    }
}

/// Turns a refusal into the error shape of the system: `wrap` gives it the vendor's envelope.
pub(crate) fn finish(reply: Reply, wrap: fn(&str, &str) -> Value) -> Answer {
    match reply {
        Ok(answer) => answer,
        Err(No::Refused(status, code, message)) => encode(status, &wrap(code, &message), false),
        Err(No::Broken(error)) => {
            tracing::error!(%error, "the demo system's database failed");
            encode(500, &wrap("INTERNAL", "database failure"), false)
        }
    }
}

/// Reads a body, or says what is wrong with it.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, No> {
    if body.len() > BODY_MAX {
        return Err(refuse(
            413,
            "TOO_LARGE",
            format!("body is larger than {BODY_MAX} bytes"),
        ));
    }
    serde_json::from_slice(body).map_err(|error| refuse(400, "BAD_JSON", error.to_string()))
}

pub(crate) fn check_reference(reference: &str) -> Result<(), No> {
    if reference.is_empty() || reference.len() > REFERENCE_MAX {
        let message = format!("the reference must have 1 to {REFERENCE_MAX} bytes");
        return Err(refuse(400, "BAD_REFERENCE", message));
    }
    Ok(())
}

pub(crate) fn check_text(field: &str, text: &str) -> Result<(), No> {
    if text.len() > FIELD_MAX {
        let message = format!("{field} is longer than {FIELD_MAX} bytes");
        return Err(refuse(400, "TOO_LONG", message));
    }
    Ok(())
}

/// Path segments and query of a target.
pub(crate) struct Target<'a> {
    /// Segments of the path.
    pub(crate) path: Vec<&'a str>,
    query: Vec<(&'a str, String)>,
}

impl<'a> Target<'a> {
    pub(crate) fn read(target: &'a str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            path: path.split('/').filter(|part| !part.is_empty()).collect(),
            query: query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name, unescape(value)))
                .collect(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str, default: i64) -> Result<i64, No> {
        self.get(name).map_or(Ok(default), |text| {
            text.parse()
                .map_err(|_| refuse(400, "BAD_QUERY", format!("{name} is not a number")))
        })
    }

    /// Start and size of the page asked for.
    pub(crate) fn page(&self, since: &str, size: &str) -> Result<Page, No> {
        let wanted = usize::try_from(self.number(size, 200)?).unwrap_or(1);
        Ok(Page {
            since: self.number(since, 0)?,
            size: wanted.clamp(1, PAGE_MAX),
        })
    }
}

/// A slice of a list of changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// Changes after this one.
    pub(crate) since: i64,
    /// At most so many.
    pub(crate) size: usize,
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match (
            first,
            hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answer to a path nobody serves.
pub(crate) fn unknown_path(call: &Call<'_>) -> No {
    refuse(
        404,
        "NO_SUCH_RESOURCE",
        format!("{} {}", call.method, call.target),
    )
}

/// The envelope of errors of the demo CMMS.
pub(crate) fn cmms_error(code: &str, message: &str) -> Value {
    json!({ "Error": { "reasonCode": code, "message": message } })
}

/// The envelope of errors of the demo ERP.
pub(crate) fn erp_error(code: &str, message: &str) -> Value {
    json!({ "error": { "code": code, "message": { "lang": "en", "value": message } } })
}
