//! Devices: one-time codes, enrolment, revocation.

use fettle_domain::device::Device;
use fettle_domain::feed::Feed;
use fettle_domain::plant::Plant;
use fettle_domain::row::Row;
use fettle_domain::{AreaId, DeviceId, PlantId, Refusal, Timestamp};
use fettle_sync::chain::PersonKey;
use fettle_sync::exchange::Cursor;
use fettle_sync::request::{EnrolAnswer, EnrolRequest, EnrolmentCode, HexKey};

use super::account::{SecretBytes, secret_hash};
use super::{Answer, Core, StoreFault, derived_id};
use crate::table;

/// A code to be made.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Name the device will have, such as `HW-14`.
    pub name: String,
    /// Plant it will serve.
    pub plant: PlantId,
    /// Areas whose work it will hold; all of the plant when empty.
    pub areas: Vec<AreaId>,
    /// Randomness the caller drew.
    pub random: [u8; 8],
    /// Fingerprint of the hub's certificate.
    pub fingerprint: [u8; 32],
}

/// How far a device has come in the feeds it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Items of its feeds it has not fetched.
    pub behind: u64,
    /// When it last moved; `None` when it never fetched anything.
    pub moved: Option<Timestamp>,
}

impl Core<'_> {
    /// How far a device has come, as it last said itself.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn standing(&self, device: DeviceId) -> Result<Standing, StoreFault> {
        let noted = table::device_cursor::of_device(self.connection, device)?;
        let mut behind: u64 = 0;
        for (feed, noted) in &noted {
            let last = table::feed::last(self.connection, *feed)?;
            behind = behind.saturating_add(match noted.cursor {
                Cursor::At(at) => last.saturating_sub(at),
                Cursor::Fill { .. } => last,
            });
        }
        Ok(Standing {
            behind,
            moved: noted.values().map(|noted| noted.at).max(),
        })
    }

    /// Makes a one-time code that enrols a device.
    ///
    /// # Errors
    /// [`StoreFault`]; an unknown plant or area is a refusal.
    pub fn make_code(&self, new: &NewCode, now: Timestamp) -> Answer<EnrolmentCode> {
        let Some(plant) = self.plant(&new.plant)? else {
            return Ok(Err(Refusal::new("plant.unknown").with("plant", &new.plant)));
        };
        let is_known = |area: &&AreaId| plant.areas.iter().any(|known| known.id == **area);
        if let Some(area) = new.areas.iter().find(|area| !is_known(area)) {
            return Ok(Err(Refusal::new("area.unknown").with("area", area)));
        }
        let areas = if new.areas.is_empty() {
            plant.areas.into_iter().map(|area| area.id).collect()
        } else {
            new.areas.clone()
        };
        let code = EnrolmentCode::new(new.random, &new.fingerprint);
        let stored = table::enrolment_code::Stored {
            name: new.name.clone(),
            plant: new.plant.clone(),
            areas,
            expires: now.plus_ms(self.policy.code_ms),
            is_used: false,
        };
        let hash = secret_hash(code.secret().as_bytes());
        table::enrolment_code::put(self.connection, &hash, &stored)?;
        table::audit::put(
            self.connection,
            "code made",
            &new.name,
            new.plant.as_str(),
            now,
        )?;
        Ok(Ok(code))
    }

    /// Enrols a device with a code and signs its first person in.
    ///
    /// # Errors
    /// [`StoreFault`]; a bad code and a wrong password are refusals.
    pub fn enrol(
        &self,
        request: &EnrolRequest,
        is_right: bool,
        [device_secret, token]: [SecretBytes; 2],
        now: Timestamp,
    ) -> Answer<EnrolAnswer> {
        let hash = secret_hash(request.code.secret().as_bytes());
        let found = table::enrolment_code::get(self.connection, &hash)?;
        let Some(code) = found.filter(|code| !code.is_used && code.expires > now) else {
            return Ok(Err(Refusal::new("sign_in.bad_code")));
        };
        let person = match self.check_credentials(&request.credentials, is_right, now)? {
            Ok(person) => person,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(plant) = self.plant(&code.plant)? else {
            return Ok(Err(Refusal::new("plant.unknown").with("plant", &code.plant)));
        };
        let count = table::meta::get(self.connection, "device_count")? + 1;
        table::meta::set(self.connection, "device_count", count)?;
        let secret = secret_hash(&device_secret.0);
        let device = Device {
            id: DeviceId(derived_id("device", &secret, now)),
            name: code.name,
            code: device_code(count),
            epoch: 1,
            plant: code.plant,
            areas: code.areas,
            enrolled_by: Some(person.id),
            enrolled_at: now,
            revoked_at: None,
        };
        table::device::put(self.connection, &device, &secret)?;
        table::enrolment_code::mark_used(self.connection, &hash, device.id)?;
        // Exists from now on, so that the device is told its number before the first verdict.
        table::feed::number(self.connection, &Feed::Device(device.id))?;
        let subject = device.id.to_string();
        table::audit::put(
            self.connection,
            "device enrolled",
            &subject,
            &device.name,
            now,
        )?;
        let key = PersonKey(request.person_key.0);
        let session = self.open_session(&device, &person, key, token, now)?;
        Ok(Ok(EnrolAnswer {
            device,
            plant,
            device_secret: HexKey(device_secret.0),
            session,
        }))
    }

    /// Every device.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn devices(&self) -> Result<Vec<Device>, StoreFault> {
        Ok(table::device::all(self.connection)?)
    }

    /// Revokes a device by its name or id. Its tokens are remembered, so that whoever uses one is
    /// told that the device is revoked and not that a session ended.
    ///
    /// # Errors
    /// [`StoreFault`]; a device that is not here is a refusal.
    pub fn revoke_device(&self, name_or_id: &str, now: Timestamp) -> Answer<Device> {
        let found = self
            .devices()?
            .into_iter()
            .rev()
            .find(|device| device.name == name_or_id || device.id.to_string() == name_or_id);
        let Some(device) = found else {
            return Ok(Err(
                Refusal::new("device.unknown").with("device", name_or_id)
            ));
        };
        table::device::revoke(self.connection, device.id, now)?;
        let subject = device.id.to_string();
        table::audit::put(
            self.connection,
            "device revoked",
            &subject,
            &device.name,
            now,
        )?;
        Ok(Ok(device))
    }

    /// A plant as its row stands.
    pub(crate) fn plant(&self, id: &PlantId) -> Result<Option<Plant>, StoreFault> {
        let feed = table::feed::number(self.connection, &Feed::Plants)?;
        let key = format!("plant/{id}");
        match table::official_row::get(self.connection, feed, &key)? {
            Some((_, Row::Plant(plant))) => Ok(Some(plant)),
            Some(_) | None => Ok(None),
        }
    }
}

/// A device's short code: its number in base 32 without letters that look like digits.
pub(crate) fn device_code(number: u64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut rest = number;
    let mut code = Vec::new();
    while rest > 0 || code.len() < 2 {
        code.push(DIGITS[(rest % 32) as usize]);
        rest /= 32;
    }
    code.iter().rev().map(|digit| char::from(*digit)).collect()
}
