//! Accounts and sessions: who may sign in, and what a token stands for.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use fettle_domain::device::Device;
use fettle_domain::person::Person;
use fettle_domain::{ActorId, PersonId, Refusal, Timestamp};
use fettle_sync::chain::PersonKey;
use fettle_sync::limits::CREDENTIAL_MAX_BYTES;
use fettle_sync::reader::Challenge;
use fettle_sync::request::{Credentials, HexKey, Session, SignInRequest};

use super::{Answer, Core, StoreFault};
use crate::table;

/// Wrong passwords in a row after which an account is locked.
pub const WRONG_PASSWORDS_MAX: u32 = 5;
/// How long it is locked: 15 minutes.
pub const LOCK_MS: i64 = 15 * 60_000;

/// 32 random bytes the caller drew.
#[derive(Clone, Copy)]
pub struct SecretBytes(pub [u8; 32]);

/// What an open session stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// The device that is authenticated by it.
    pub device: Device,
    /// Who opened it.
    pub person: PersonId,
    /// When it ends.
    pub expires: Timestamp,
    /// What a reader signs under it.
    pub challenge: Challenge,
}

/// Hashes a password with Argon2id and a fresh salt. Slow on purpose; not inside a transaction.
///
/// # Errors
/// [`StoreFault::Content`] when there is no randomness.
pub fn hash_password(password: &str) -> Result<String, StoreFault> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| StoreFault::Content(error.to_string()))
}

/// True when the password is the one of the hash. An account that does not exist takes as long.
#[must_use]
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    let is_known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY);
    let fits = PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    });
    fits && is_known
}

/// Hash of a password nobody knows, with the parameters of [`hash_password`].
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZmV0dGxlZmV0dGxlZmV0dA$WKCmpTtQxNTtY7qSpTuBQ4WNtTJXvTTMUwLSZ1sTPpg";

impl Core<'_> {
    /// The password hash of an account, to be verified outside the transaction.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn password_hash(&self, account: &str) -> Result<Option<String>, StoreFault> {
        let stored = table::account::get(self.connection, &account.to_lowercase())?;
        Ok(stored.map(|stored| stored.password_hash))
    }

    /// Signs a person in on an enrolled device.
    ///
    /// # Errors
    /// [`StoreFault`]; a wrong password and the like are refusals.
    pub fn sign_in(
        &self,
        request: &SignInRequest,
        is_right: bool,
        token: SecretBytes,
        now: Timestamp,
    ) -> Answer<Session> {
        let found = table::device::get(self.connection, request.device)?;
        let fits = |hash: &[u8; 32]| hash == &secret_hash(&request.device_secret.0);
        let Some((device, _)) = found.filter(|(_, hash)| fits(hash)) else {
            return Ok(Err(Refusal::new("device.unknown")));
        };
        if device.revoked_at.is_some() {
            return Ok(Err(Refusal::new("device.revoked")));
        }
        match self.check_credentials(&request.credentials, is_right, now)? {
            Ok(person) => {
                let key = PersonKey(request.person_key.0);
                self.open_session(&device, &person, key, token, now).map(Ok)
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Counts wrong passwords, refuses locked and disabled accounts.
    pub(crate) fn check_credentials(
        &self,
        credentials: &Credentials,
        is_right: bool,
        now: Timestamp,
    ) -> Answer<Person> {
        let wrong = || Ok(Err(Refusal::new("sign_in.wrong_password")));
        if credentials.account.len() > CREDENTIAL_MAX_BYTES
            || credentials.password.len() > CREDENTIAL_MAX_BYTES
        {
            return Ok(Err(
                Refusal::new("sign_in.too_long").with("limit", CREDENTIAL_MAX_BYTES)
            ));
        }
        let name = credentials.account.to_lowercase();
        let Some(account) = table::account::get(self.connection, &name)? else {
            return wrong();
        };
        if let Some(until) = account.locked_until.filter(|until| *until > now) {
            return Ok(Err(Refusal::new("sign_in.locked").with("until", until)));
        }
        if !is_right {
            let failed = account.failed + 1;
            let nth = failed.to_string();
            table::audit::put(self.connection, "wrong password", &name, &nth, now)?;
            if failed < WRONG_PASSWORDS_MAX {
                table::account::set_failed(self.connection, &name, failed, None)?;
                return wrong();
            }
            let until = now.plus_ms(LOCK_MS);
            table::account::set_failed(self.connection, &name, 0, Some(until))?;
            table::audit::put(
                self.connection,
                "account locked",
                &name,
                "wrong passwords",
                now,
            )?;
            return Ok(Err(Refusal::new("sign_in.locked").with("until", until)));
        }
        let person = table::person::get(self.connection, account.person)?;
        let Some(person) = person.filter(|person| !person.is_disabled) else {
            return Ok(Err(Refusal::new("sign_in.disabled")));
        };
        table::account::set_failed(self.connection, &name, 0, None)?;
        Ok(Ok(person))
    }

    /// Certifies the person's key on the device and opens a session.
    pub(crate) fn open_session(
        &self,
        device: &Device,
        person: &Person,
        key: PersonKey,
        token: SecretBytes,
        now: Timestamp,
    ) -> Result<Session, StoreFault> {
        let actor = self.certify(device, person, key, now)?;
        let expires = now.plus_ms(self.policy.session_ms);
        let stored = table::session::Stored {
            device: device.id,
            person: person.id,
            expires,
        };
        table::session::put(self.connection, &secret_hash(&token.0), stored, now)?;
        let (who, on) = (person.id.to_string(), device.id.to_string());
        table::audit::put(self.connection, "signed in", &who, &on, now)?;
        Ok(Session {
            token: HexKey(token.0),
            expires,
            person: person.clone(),
            actor,
            chain_count: table::chain_item::end(self.connection, actor)?.count,
            offline_days: self.policy.offline_days,
            hub_time: now,
            bundle_key: self.bundle_key(),
        })
    }

    pub(crate) fn certify(
        &self,
        device: &Device,
        person: &Person,
        key: PersonKey,
        now: Timestamp,
    ) -> Result<ActorId, StoreFault> {
        let actor = ActorId::derive(&key.0, device.id, device.epoch);
        if table::actor::get(self.connection, actor)?.is_none() {
            let stored = table::actor::Stored {
                actor,
                person: Some(person.id),
                device: Some(device.id),
                key,
                epoch: device.epoch,
                valid_from: now,
            };
            table::actor::put(self.connection, &stored)?;
            self.tell_actor(&stored, person.roles.clone())?;
            let subject = person.id.to_string();
            table::audit::put(
                self.connection,
                "key certified",
                &subject,
                &actor.to_string(),
                now,
            )?;
        }
        Ok(actor)
    }

    /// What a token stands for.
    ///
    /// # Errors
    /// [`StoreFault`]; an expired session, a revoked device and a disabled person are refusals.
    pub fn authenticate(&self, token: &HexKey, now: Timestamp) -> Answer<SessionInfo> {
        let expired = || Ok(Err(Refusal::new("sign_in.expired")));
        let found = table::session::get(self.connection, &secret_hash(&token.0))?;
        let Some(session) = found else {
            return expired();
        };
        let Some((device, _)) = table::device::get(self.connection, session.device)? else {
            return expired();
        };
        // Before the time: signing in again would not help the person on a revoked laptop.
        if device.revoked_at.is_some() {
            return Ok(Err(Refusal::new("device.revoked")));
        }
        if session.expires <= now {
            return expired();
        }
        let person = table::person::get(self.connection, session.person)?;
        if person.is_none_or(|person| person.is_disabled) {
            return Ok(Err(Refusal::new("sign_in.disabled")));
        }
        Ok(Ok(SessionInfo {
            device,
            person: session.person,
            expires: session.expires,
            challenge: Challenge::of_session(token),
        }))
    }
}

/// Hash under which a secret is kept.
pub(crate) fn secret_hash(secret: &[u8]) -> [u8; 32] {
    blake3::derive_key("fettle 2026 hash of a secret", secret)
}
