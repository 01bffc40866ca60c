//! What the hub answers when it cannot do what was asked (RFC 9457).

use fettle_domain::{Argument, Refusal};
use serde::{Deserialize, Serialize};

/// Media type of a problem.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// A problem: the desk switches on `code`, people read `title`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// URI of the problem type: `urn:fettle:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// One sentence for people who read it raw.
    pub title: String,
    /// Stable code such as `sign_in.wrong_password`.
    pub code: String,
    /// What the message needs to be concrete.
    #[serde(default)]
    pub arguments: Vec<Argument>,
}

impl Problem {
    /// A problem by status, refusal and sentence.
    #[must_use]
    pub fn new(status: u16, refusal: Refusal, title: &str) -> Self {
        Self {
            kind: format!("urn:fettle:problem:{}", refusal.code),
            status,
            title: title.to_owned(),
            code: refusal.code,
            arguments: refusal.arguments,
        }
    }

    /// The refusal in it.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal {
            code: self.code.clone(),
            arguments: self.arguments.clone(),
        }
    }
}
