//! The address of a hub as people type it.

use std::fmt;

use fettle_domain::Refusal;
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// Longest address taken: what a host name of 253 letters, scheme and port need.
const ADDRESS_MAX_BYTES: usize = 300;

/// Scheme, host and port of a hub; always TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HubAddress {
    // Invariant: https, a host, the path `/`, and nothing else.
    url: Url,
}

impl HubAddress {
    /// Takes an address such as `https://hub.example:8443`; the scheme may be left out.
    ///
    /// # Errors
    /// `hub.bad_address` with the address as typed.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let refuse = || {
            let shown: String = text.chars().take(80).collect();
            Refusal::new("hub.bad_address").with("hub", shown)
        };
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.len() > ADDRESS_MAX_BYTES {
            return Err(refuse());
        }
        let whole = if trimmed.contains("://") {
            trimmed.to_owned()
        } else {
            format!("https://{trimmed}")
        };
        let url = Url::parse(&whole).map_err(|_| refuse())?;
        let is_plain = url.scheme() == "https"
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if is_plain {
            Ok(Self { url })
        } else {
            Err(refuse())
        }
    }

    /// True when the hub runs on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.url.host_str().is_some_and(|host| {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost"
                || bare
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        })
    }

    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }
}

impl fmt::Display for HubAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl From<HubAddress> for String {
    fn from(address: HubAddress) -> Self {
        address.to_string()
    }
}

/// A stored text that is no address of a hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadAddress(Refusal);

impl TryFrom<String> for HubAddress {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        Self::new(&text).map_err(BadAddress)
    }
}
