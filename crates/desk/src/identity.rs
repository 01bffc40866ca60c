//! A person's key on this laptop: how it is made, wrapped, opened with a PIN, and how tries count.
//!
//! The signing key is encrypted under a random key; that key is encrypted under Argon2id of PIN
//! and keyring secret. So a new PIN re-wraps 32 bytes and never touches the signing key, and a
//! copied disk without the keyring yields nothing, whatever PIN is tried. Nothing here does I/O:
//! the caller stores [`WrappedKey`] and [`PinAttempts`].

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use ed25519_dalek::SigningKey;
use fettle_domain::{PersonId, Refusal};
use fettle_sync::chain::PersonKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use attempts::{OfflineGrace, PinAttempts};

mod attempts;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// Memory of one try in KiB: 32 MiB, which a rugged laptop has at any time.
const ARGON2_MEMORY_KIB: u32 = 32 * 1024;
/// Passes over it: a try takes about a tenth of a second.
const ARGON2_PASSES: u32 = 3;
/// A try uses one core; the other one draws the lock screen.
const ARGON2_LANES: u32 = 1;
const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;

/// Six digits. Never printed, wiped when dropped.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes six digits.
    ///
    /// # Errors
    /// `pin.not_six_digits`.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let is_pin = text.len() == PIN_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        if is_pin {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(Refusal::new("pin.not_six_digits"))
        }
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A person's private key on this laptop, open. Signs commits while the person is unlocked.
#[derive(Clone)]
pub struct OpenKey(SigningKey);

impl OpenKey {
    /// A new key: at a person's first sign-in here, or when the PIN was forgotten.
    ///
    /// # Errors
    /// [`IdentityFault::Random`].
    pub fn generate() -> Result<Self, IdentityFault> {
        let seed = random::<KEY_BYTES>()?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public half, which the hub certifies.
    #[must_use]
    pub fn public(&self) -> PersonKey {
        PersonKey(self.0.verifying_key().to_bytes())
    }

    /// Key of the person's restricted file. Whoever opens this key with the PIN opens the file, and
    /// nobody else does; a new key makes a new file, which the hub fills again.
    #[must_use]
    pub fn restricted_key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(blake3::derive_key(
            "fettle 2026 restricted file of a person",
            self.0.as_bytes(),
        ))
    }

    /// The private half, to sign a position of the person's chain.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.0
    }
}

impl fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenKey({:?}, …)", self.public())
    }
}

/// A person's private key as it is stored: opened by PIN and keyring secret together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    cost: Cost,
    salt: [u8; SALT_BYTES],
    /// The random key, encrypted under PIN and keyring secret.
    middle: Sealed,
    /// The signing key, encrypted under the random key.
    inner: Sealed,
    /// The public half, so that a person is known before the PIN is entered.
    pub public: PersonKey,
}

/// What Argon2id costs; stored, so that a later version may ask for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Costs above these in a stored key are damage, not policy: 1 GiB, 64 passes, 16 lanes.
const COST_MAX: Cost = Cost {
    memory_kib: 1024 * 1024,
    passes: 64,
    lanes: 16,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    nonce: [u8; NONCE_BYTES],
    bytes: Vec<u8>,
}

/// Why a key could not be wrapped or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityFault {
    /// PIN and keyring secret do not open the key.
    #[error("the pin does not open the key")]
    WrongPin,
    /// The PIN is right and what it opens is not a key.
    #[error("the stored key is damaged")]
    Damaged,
    /// The operating system has no random bytes.
    #[error("failed to draw random bytes")]
    Random,
    /// There is not enough memory for a try.
    #[error("failed to stretch the pin")]
    Memory,
}

impl WrappedKey {
    /// Wraps a key for the person's PIN on this laptop. Takes about a tenth of a second of one core.
    ///
    /// # Errors
    /// [`IdentityFault::Random`] or [`IdentityFault::Memory`].
    pub fn wrap(
        key: &OpenKey,
        person: PersonId,
        pin: &Pin,
        pin_secret: &[u8; 32],
    ) -> Result<Self, IdentityFault> {
        let cost = Cost {
            memory_kib: ARGON2_MEMORY_KIB,
            passes: ARGON2_PASSES,
            lanes: ARGON2_LANES,
        };
        let salt = *random::<SALT_BYTES>()?;
        let outer_key = stretch(pin, pin_secret, &salt, cost)?;
        let middle_key = random::<KEY_BYTES>()?;
        let public = key.public();
        let label = Label { person, public };
        Ok(Self {
            cost,
            salt,
            middle: seal(&outer_key, &label.of("middle"), &*middle_key)?,
            inner: seal(&middle_key, &label.of("inner"), key.0.as_bytes())?,
            public,
        })
    }

    /// Opens the key. Takes about a tenth of a second of one core.
    ///
    /// # Errors
    /// [`IdentityFault::WrongPin`] when PIN or keyring secret differ, [`IdentityFault::Damaged`]
    /// when they fit and the key does not.
    pub fn open(
        &self,
        person: PersonId,
        pin: &Pin,
        pin_secret: &[u8; 32],
    ) -> Result<OpenKey, IdentityFault> {
        let outer_key = stretch(pin, pin_secret, &self.salt, self.cost)?;
        let label = Label {
            person,
            public: self.public,
        };
        let middle_key =
            unseal(&outer_key, &label.of("middle"), &self.middle).ok_or(IdentityFault::WrongPin)?;
        let seed =
            unseal(&middle_key, &label.of("inner"), &self.inner).ok_or(IdentityFault::Damaged)?;
        let key = OpenKey(SigningKey::from_bytes(&seed));
        if key.public() == self.public {
            Ok(key)
        } else {
            Err(IdentityFault::Damaged)
        }
    }
}

/// Binds what is sealed to its person and key: an entry moved to another person opens nothing.
#[derive(Clone, Copy)]
struct Label {
    person: PersonId,
    public: PersonKey,
}

impl Label {
    fn of(self, layer: &str) -> Vec<u8> {
        [
            b"fettle 2026 wrapped key ".as_slice(),
            layer.as_bytes(),
            b" ",
            self.person.0.as_bytes(),
            &self.public.0,
        ]
        .concat()
    }
}

type Key = Zeroizing<[u8; KEY_BYTES]>;

fn stretch(
    pin: &Pin,
    pin_secret: &[u8; 32],
    salt: &[u8; SALT_BYTES],
    cost: Cost,
) -> Result<Key, IdentityFault> {
    let is_bounded = cost.memory_kib <= COST_MAX.memory_kib
        && cost.passes <= COST_MAX.passes
        && cost.lanes <= COST_MAX.lanes;
    if !is_bounded {
        return Err(IdentityFault::Damaged);
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_BYTES))
        .map_err(|_| IdentityFault::Damaged)?;
    let argon2 = Argon2::new_with_secret(pin_secret, Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|_| IdentityFault::Memory)?;
    let mut key = Key::default();
    argon2
        .hash_password_into(pin.0.as_bytes(), salt, &mut *key)
        .map_err(|_| IdentityFault::Memory)?;
    Ok(key)
}

fn seal(key: &Key, label: &[u8], bytes: &[u8]) -> Result<Sealed, IdentityFault> {
    let nonce = *random::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: bytes,
        aad: label,
    };
    let bytes = cipher(key)
        .encrypt(&nonce.into(), payload)
        .map_err(|_| IdentityFault::Memory)?;
    Ok(Sealed { nonce, bytes })
}

fn unseal(key: &Key, label: &[u8], sealed: &Sealed) -> Option<Key> {
    let payload = Payload {
        msg: &sealed.bytes,
        aad: label,
    };
    let bytes = cipher(key).decrypt(&sealed.nonce.into(), payload).ok()?;
    let bytes = Zeroizing::new(bytes);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**key).into())
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, IdentityFault> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|_| IdentityFault::Random)?;
    Ok(bytes)
}
