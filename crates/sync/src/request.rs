//! Typed requests beside the exchange: enrolment and sign-in, as JSON.

use std::fmt;

use fettle_domain::device::Device;
use fettle_domain::person::Person;
use fettle_domain::plant::Plant;
use fettle_domain::{ActorId, DeviceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::chain::PersonKey;

/// Path of enrolment.
pub const ENROL_PATH: &str = "/v1/enrol";
/// Path of sign-in.
pub const SIGN_IN_PATH: &str = "/v1/sign-in";
/// Path of the exchange.
pub const SYNC_PATH: &str = "/v1/sync";
/// Media type of the exchange.
pub const SYNC_MEDIA_TYPE: &str = "application/vnd.fettle.sync";
/// Header that carries the click's correlation id.
pub const CORRELATION_HEADER: &str = "fettle-correlation-id";

/// Enrols a device with a one-time code and signs its first person in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The code as printed by the hub.
    pub code: EnrolmentCode,
    /// Who signs in.
    pub credentials: Credentials,
    /// Public key of that person on this device, in hexadecimal.
    pub person_key: HexKey,
}

/// Answer to [`EnrolRequest`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The device as enrolled.
    pub device: Device,
    /// Its plant.
    pub plant: Plant,
    /// Secret that authenticates the device at sign-in, in hexadecimal; kept in the keyring.
    pub device_secret: HexKey,
    /// The person's session.
    pub session: Session,
}

/// Signs a person in on an enrolled device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInRequest {
    /// The device.
    pub device: DeviceId,
    /// Its secret.
    pub device_secret: HexKey,
    /// Who signs in.
    pub credentials: Credentials,
    /// Public key of that person on this device.
    pub person_key: HexKey,
}

/// Account and password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// Account name.
    pub account: String,
    /// Password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, …)", self.account)
    }
}

/// A session of a device, opened by a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Opaque token of 32 bytes; authenticates the device.
    pub token: HexKey,
    /// When it ends by the hub's clock.
    pub expires: Timestamp,
    /// Who signed in.
    pub person: Person,
    /// Actor of that person's key on this device in its epoch.
    pub actor: ActorId,
    /// Items of this actor the hub already holds.
    pub chain_count: u64,
    /// How long the PIN opens the person's work without a connection, in days.
    pub offline_days: u32,
    /// Clock of the hub.
    pub hub_time: Timestamp,
    /// Key unsent work is sealed to; `None` from a hub that takes no bundles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle_key: Option<HexKey>,
}

/// 32 bytes in hexadecimal: a key, a secret or a token. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HexKey(pub [u8; 32]);

impl fmt::Debug for HexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HexKey(…)")
    }
}

impl From<HexKey> for String {
    fn from(key: HexKey) -> Self {
        data_encoding::HEXLOWER.encode(&key.0)
    }
}

/// A text that is not 32 bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes in hexadecimal")]
pub struct BadKey;

impl TryFrom<String> for HexKey {
    type Error = BadKey;

    fn try_from(text: String) -> Result<Self, BadKey> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map_err(|_| BadKey)?;
        bytes.try_into().map(Self).map_err(|_| BadKey)
    }
}

impl From<PersonKey> for HexKey {
    fn from(key: PersonKey) -> Self {
        Self(key.0)
    }
}

/// A one-time code that enrols a device: 50 bits of secret and 50 bits of the certificate's
/// fingerprint in base32, so that the desk pins the right certificate from the first byte.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnrolmentCode {
    secret: String,
    fingerprint: String,
}

const HALF: usize = 10;

impl EnrolmentCode {
    /// A code from random bytes and the fingerprint (BLAKE3 of the certificate's DER).
    #[must_use]
    pub fn new(random: [u8; 8], fingerprint: &[u8; 32]) -> Self {
        Self {
            secret: half(&random),
            fingerprint: half(fingerprint),
        }
    }

    /// The secret half, which the hub looks up.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// True when the certificate is the one the code was printed for.
    #[must_use]
    pub fn fits(&self, fingerprint: &[u8; 32]) -> bool {
        self.fingerprint == half(fingerprint)
    }
}

fn half(bytes: &[u8]) -> String {
    let mut text = data_encoding::BASE32_NOPAD.encode(bytes);
    text.truncate(HALF);
    text
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolmentCode(…)")
    }
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = self.secret.split_at(HALF / 2);
        let (c, d) = self.fingerprint.split_at(HALF / 2);
        write!(f, "{a}-{b}-{c}-{d}")
    }
}

impl From<EnrolmentCode> for String {
    fn from(code: EnrolmentCode) -> Self {
        code.to_string()
    }
}

/// A text that is no enrolment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment code")]
pub struct BadCode;

impl TryFrom<String> for EnrolmentCode {
    type Error = BadCode;

    fn try_from(text: String) -> Result<Self, BadCode> {
        text.parse()
    }
}

impl std::str::FromStr for EnrolmentCode {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        // People type 0 for O, 1 for I and 8 for B; base32 has none of these digits.
        let letters: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            })
            .collect();
        let is_base32 = letters
            .bytes()
            .all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'));
        if letters.len() == 2 * HALF && is_base32 {
            let (secret, fingerprint) = letters.split_at(HALF);
            Ok(Self {
                secret: secret.to_owned(),
                fingerprint: fingerprint.to_owned(),
            })
        } else {
            Err(BadCode)
        }
    }
}
