//! Why a use case ended without a view: a refusal in the end, whatever it came from.
//!
//! A rule's refusal passes as it is; a fault is logged here, once, and told by its code.

use fettle_domain::Refusal;
use fettle_replica::Fault;

use crate::identity::IdentityFault;
use crate::view::{ArgumentView, ProblemView};

/// What a use case answers when it says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble(pub(crate) Refusal);

/// What a use case inside the desk answers.
pub(crate) type Answer<T> = Result<T, Trouble>;

impl Trouble {
    pub(crate) fn new(code: &str) -> Self {
        Self(Refusal::new(code))
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        let refusal = fault.refusal();
        match fault {
            Fault::Refused(_) => {}
            fault => tracing::error!(error = &fault as &dyn std::error::Error, "replica failed"),
        }
        Self(refusal)
    }
}

impl From<IdentityFault> for Trouble {
    fn from(fault: IdentityFault) -> Self {
        tracing::error!(
            error = &fault as &dyn std::error::Error,
            "person key failed"
        );
        Self::new(match fault {
            // A stored key nobody can open is a forgotten PIN: signing in makes a new one.
            IdentityFault::WrongPin | IdentityFault::Damaged => "pin.forgotten",
            IdentityFault::Random | IdentityFault::Memory => "keyring.unavailable",
        })
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        // The text of the error may hold the value, which may be secret.
        tracing::error!(line = error.line(), "a stored setting is malformed");
        Self::new("replica.unreadable")
    }
}

impl From<Trouble> for ProblemView {
    fn from(trouble: Trouble) -> Self {
        problem(&trouble.0)
    }
}

/// A refusal as screens read it. Moments become milliseconds, which screens format.
pub(crate) fn problem(refusal: &Refusal) -> ProblemView {
    let arguments = refusal.arguments.iter().map(|argument| ArgumentView {
        name: argument.name.clone(),
        value: match argument.value.parse::<fettle_domain::Timestamp>() {
            Ok(moment) if argument.name == "until" => moment.as_ms().to_string(),
            Ok(_) | Err(_) => argument.value.clone(),
        },
    });
    ProblemView {
        code: refusal.code.clone(),
        arguments: arguments.collect(),
    }
}
