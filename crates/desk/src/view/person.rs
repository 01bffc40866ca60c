//! What people type to sign in, unlock and set the look.

use serde::Deserialize;
use specta::Type;

/// Sign-in, first or later. The hub address and code are needed only to enrol.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SignInInput {
    /// Address of the hub such as `https://hub.example:8443`, to enrol.
    pub hub: Option<String>,
    /// Enrolment code, to enrol, also anew at a hub that does not know the laptop any more.
    pub code: Option<String>,
    /// Account name.
    pub account: String,
    /// Password; never stored.
    pub password: String,
}

/// A person and a PIN.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct UnlockInput {
    /// Person id.
    pub person_id: String,
    /// Six digits.
    pub pin: String,
}

/// Theme and density, stored per laptop and person.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct LookInput {
    /// `day`, `night` or `sun`.
    pub theme: String,
    /// `desk`, `touch` or `glove`.
    pub density: String,
}
