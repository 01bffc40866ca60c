//! One call to an outside system and what its answer means, the same for every system.

use std::sync::Arc;

use fettle_domain::effect::{Rejection, RejectionClass};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::posting::{Fault, Posting};
use crate::transport::{Answer, Cut, Method, Request, Transport};

/// Most rows asked for in one page: a page of full orders stays below four MiB, and the hub commits
/// a page at once while desks wait.
pub(crate) const PAGE_ROWS_MAX: u32 = 1_000;

/// Most of an unreadable answer that is kept for people, in bytes.
const SEEN_BYTES_MAX: usize = 300;

/// A system with the two things that differ between systems: its error body and its codes.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) system: &'static str,
    pub(crate) read_error: fn(&[u8]) -> Option<(String, String)>,
    pub(crate) class_of: fn(&str) -> Option<RejectionClass>,
}

impl Caller {
    /// Reads something; `None` when the system says it does not exist.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: String) -> Result<Option<T>, Fault> {
        let system = self.system;
        let request = Request {
            method: Method::Get,
            path,
            headers: Vec::new(),
            body: Vec::new(),
        };
        let answer = self
            .transport
            .call(request)
            .await
            .map_err(|cut| match cut {
                Cut::NotSent(seen) => Fault::Unreachable { system, seen },
                Cut::NoAnswer(seen) => Fault::NoAnswer { system, seen },
            })?;
        match answer.status {
            200..=299 => serde_json::from_slice(&answer.body)
                .map(Some)
                .map_err(|error| Fault::Payload {
                    system,
                    seen: error.to_string(),
                }),
            404 => Ok(None),
            400..=407 | 409..=428 | 430..=499 => Err(Fault::Refused {
                system,
                rejection: self.rejection(&answer),
            }),
            _ => Err(Fault::NoAnswer {
                system,
                seen: status_seen(&answer),
            }),
        }
    }

    /// Reads something that always exists, such as a list.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: String) -> Result<T, Fault> {
        let system = self.system;
        let seen = format!("{path} does not exist there");
        self.get(path).await?.ok_or(Fault::Payload { system, seen })
    }

    /// Sends something with an effect, once.
    pub(crate) async fn post(
        &self,
        path: String,
        headers: Vec<(String, String)>,
        body: &impl Serialize,
        number_of: fn(&[u8]) -> Option<String>,
    ) -> Posting {
        let body = match serde_json::to_vec(body) {
            Ok(body) => body,
            Err(error) => {
                return Posting::NotSent {
                    seen: error.to_string(),
                };
            }
        };
        match self
            .transport
            .call(Request {
                method: Method::Post,
                path,
                headers,
                body,
            })
            .await
        {
            Err(Cut::NotSent(seen)) => Posting::NotSent { seen },
            Err(Cut::NoAnswer(seen)) => Posting::Unknown { seen },
            Ok(answer) => match answer.status {
                // Done, but a number that cannot be read is found by reference later.
                200..=299 => number_of(&answer.body).map_or_else(
                    || Posting::Unknown {
                        seen: status_seen(&answer),
                    },
                    |number| Posting::Posted { number },
                ),
                // Too many requests is said before anything is looked at.
                429 => Posting::NotSent {
                    seen: status_seen(&answer),
                },
                400..=407 | 409..=499 => Posting::Rejected(self.rejection(&answer)),
                // A server error or a time-out there does not say whether the effect was had.
                _ => Posting::Unknown {
                    seen: status_seen(&answer),
                },
            },
        }
    }

    fn rejection(&self, answer: &Answer) -> Rejection {
        let (code, message) = (self.read_error)(&answer.body)
            .unwrap_or_else(|| (format!("HTTP_{}", answer.status), seen(&answer.body)));
        let class = (self.class_of)(&code).unwrap_or(match answer.status {
            401 | 403 => RejectionClass::Authorisation,
            409 | 412 | 423 => RejectionClass::ProcessState,
            404 | 405 | 415 => RejectionClass::SchemaDrift,
            _ => RejectionClass::Software,
        });
        Rejection {
            class,
            code,
            message,
        }
    }
}

/// A fault of reading before anything was sent, as the outcome of the sending that did not happen.
pub(crate) fn not_sent(fault: Fault) -> Posting {
    match fault {
        Fault::Refused { rejection, .. } => Posting::Rejected(rejection),
        Fault::Unreachable { .. } | Fault::NoAnswer { .. } | Fault::Payload { .. } => {
            Posting::NotSent {
                seen: fault.to_string(),
            }
        }
    }
}

/// Percent-encodes a text for a path segment or a query value.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn status_seen(answer: &Answer) -> String {
    format!("status {}: {}", answer.status, seen(&answer.body))
}

fn seen(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(SEEN_BYTES_MAX)]).into_owned()
}
