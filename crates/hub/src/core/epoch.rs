//! A new epoch of a device: the next number, a new code, an actor nobody has written under.

use fettle_domain::{Refusal, Timestamp};
use fettle_sync::epoch::{EpochAnswer, EpochRequest};

use super::account::SessionInfo;
use super::device::device_code;
use super::{Answer, Core};
use crate::table;

impl Core<'_> {
    /// Begins a new epoch of the device of a session for one of its people. Asked twice, there are
    /// two: an epoch is never given to two copies of a device.
    ///
    /// # Errors
    /// [`super::StoreFault`]; an unknown actor and a wrong signature are refusals.
    pub fn begin_epoch(
        &self,
        session: &SessionInfo,
        request: &EpochRequest,
        now: Timestamp,
    ) -> Answer<EpochAnswer> {
        let id = session.device.id;
        let author = table::actor::get(self.connection, request.actor)?;
        let Some(author) = author.filter(|author| author.device == Some(id)) else {
            return Ok(Err(Refusal::new("actor.unknown")));
        };
        let has_key = author.key != table::actor::NO_KEY;
        if !has_key || !request.is_signed_by(&session.challenge, id, author.key) {
            return Ok(Err(Refusal::new("epoch.signature")));
        }
        if let Some(refusal) = self.barred(&author)? {
            return Ok(Err(refusal));
        }
        let person = match author.person {
            Some(person) => table::person::get(self.connection, person)?,
            None => None,
        };
        let (Some(person), Some((mut device, _))) =
            (person, table::device::get(self.connection, id)?)
        else {
            return Ok(Err(Refusal::new("actor.unknown")));
        };
        let count = table::meta::get(self.connection, "device_count")? + 1;
        table::meta::set(self.connection, "device_count", count)?;
        // The device may know of epochs that a restored hub does not.
        device.epoch = device.epoch.max(request.epoch).saturating_add(1);
        device.code = device_code(count);
        table::device::change(self.connection, &device)?;
        let actor = self.certify(&device, &person, author.key, now)?;
        let (subject, detail) = (id.to_string(), format!("epoch {}", device.epoch));
        table::audit::put(self.connection, "device began anew", &subject, &detail, now)?;
        Ok(Ok(EpochAnswer {
            device,
            actor,
            hub_time: now,
        }))
    }
}
