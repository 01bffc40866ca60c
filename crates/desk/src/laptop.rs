//! What this laptop remembers of its enrolment and its people, in the replica's settings.

use fettle_domain::device::Device;
use fettle_domain::person::Person;
use fettle_domain::plant::Plant;
use fettle_domain::{ActorId, PersonId, Timestamp};
use fettle_replica::Replica;
use fettle_sync::bundle::BundleKey;
use fettle_sync::chain::PersonKey;
use fettle_sync::exchange::ActorKey;
use fettle_sync::request::HexKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::bundle::Carried;
use crate::identity::{OfflineGrace, PinAttempts, WrappedKey};
use crate::pinning::Fingerprint;
use crate::rescue::Rescued;
use crate::transport::HubAddress;
use crate::trouble::Answer;

/// This laptop as its hub enrolled it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Laptop {
    /// Where the hub is.
    pub hub: HubAddress,
    /// The hub's certificate.
    pub certificate: Fingerprint,
    /// The device as enrolled.
    pub device: Device,
    /// Its plant at enrolment; the feed has the newest.
    pub plant: Plant,
    /// Secret of the device.
    pub secret: HexKey,
}

/// The session exchanges are sent under.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredSession {
    pub(crate) token: HexKey,
    pub(crate) expires: Timestamp,
}

/// A person with a PIN on this laptop.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KnownPerson {
    pub(crate) person: Person,
    pub(crate) actor: ActorId,
    pub(crate) key: WrappedKey,
    pub(crate) grace: OfflineGrace,
}

/// Theme and density.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    pub(crate) theme: String,
    pub(crate) density: String,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: "day".to_owned(),
            density: "touch".to_owned(),
        }
    }
}

/// Most epochs other copies of a laptop are ahead of it.
const EPOCHS_AHEAD_MAX: u32 = 64;

const LAPTOP: &str = "laptop";
const SESSION: &str = "session";
const PEOPLE: &str = "people";
const LOOK: &str = "look";
const CLOCK_OFFSET: &str = "clock_offset";
const BUNDLE_KEY: &str = "bundle_key";
const CARRIED: &str = "carried";
const RESCUED: &str = "rescued";
const REVOKED: &str = "revoked";

pub(crate) fn laptop(replica: &Replica) -> Answer<Option<Laptop>> {
    read(replica, LAPTOP)
}

pub(crate) fn put_laptop(replica: &Replica, laptop: &Laptop) -> Answer<()> {
    write(replica, LAPTOP, laptop)
}

pub(crate) fn session(replica: &Replica) -> Answer<Option<StoredSession>> {
    read(replica, SESSION)
}

pub(crate) fn put_session(replica: &Replica, session: &StoredSession) -> Answer<()> {
    write(replica, SESSION, session)
}

/// Everybody with a PIN here, in the order they came.
pub(crate) fn people(replica: &Replica) -> Answer<Vec<KnownPerson>> {
    let mut people = Vec::new();
    for id in person_ids(replica)? {
        people.extend(person(replica, id)?);
    }
    Ok(people)
}

pub(crate) fn person(replica: &Replica, id: PersonId) -> Answer<Option<KnownPerson>> {
    read(replica, &format!("person/{id}"))
}

pub(crate) fn put_person(replica: &Replica, known: &KnownPerson) -> Answer<()> {
    let id = known.person.id;
    // The person first: a list that names nobody is worse than one that lacks somebody.
    write(replica, &format!("person/{id}"), known)?;
    let mut ids = person_ids(replica)?;
    if !ids.contains(&id) {
        ids.push(id);
        write(replica, PEOPLE, &ids)?;
    }
    Ok(())
}

/// Tells the replica the keys of everybody here: a hub that lost an actor needs its key.
pub(crate) fn know_keys(replica: &Replica) -> Answer<()> {
    if let Some(laptop) = laptop(replica)? {
        for known in people(replica)? {
            know_key(replica, &laptop.device, known.actor, known.key.public)?;
        }
    }
    Ok(())
}

/// Tells the replica the key of an actor of this laptop.
pub(crate) fn know_key(
    replica: &Replica,
    device: &Device,
    actor: ActorId,
    key: PersonKey,
) -> Answer<()> {
    // Another copy of this laptop may have begun epochs this one does not know of.
    let epochs = 1..=device.epoch.saturating_add(EPOCHS_AHEAD_MAX);
    let is_its = |epoch: &u32| ActorId::derive(&key.0, device.id, *epoch) == actor;
    if let Some(epoch) = epochs.rev().find(is_its) {
        replica.know_key(actor, ActorKey { key, epoch })?;
    }
    Ok(())
}

pub(crate) fn attempts(replica: &Replica, id: PersonId) -> Answer<PinAttempts> {
    Ok(read(replica, &format!("attempts/{id}"))?.unwrap_or_default())
}

pub(crate) fn put_attempts(replica: &Replica, id: PersonId, tries: PinAttempts) -> Answer<()> {
    write(replica, &format!("attempts/{id}"), &tries)
}

/// The look of a person, else the last look of the laptop.
pub(crate) fn look(replica: &Replica, id: Option<PersonId>) -> Answer<Look> {
    let own = match id {
        Some(id) => read(replica, &format!("look/{id}"))?,
        None => None,
    };
    match own {
        Some(look) => Ok(look),
        None => Ok(read(replica, LOOK)?.unwrap_or_default()),
    }
}

pub(crate) fn put_look(replica: &Replica, id: Option<PersonId>, look: &Look) -> Answer<()> {
    if let Some(id) = id {
        write(replica, &format!("look/{id}"), look)?;
    }
    write(replica, LOOK, look)
}

/// Hub clock minus device clock as last measured.
pub(crate) fn clock_offset(replica: &Replica) -> Answer<Option<i64>> {
    read(replica, CLOCK_OFFSET)
}

pub(crate) fn put_clock_offset(replica: &Replica, offset_ms: i64) -> Answer<()> {
    write(replica, CLOCK_OFFSET, &offset_ms)
}

/// The hub's key for bundles, as it said at the last sign-in.
pub(crate) fn bundle_key(replica: &Replica) -> Answer<Option<BundleKey>> {
    read(replica, BUNDLE_KEY)
}

pub(crate) fn put_bundle_key(replica: &Replica, key: BundleKey) -> Answer<()> {
    write(replica, BUNDLE_KEY, &key)
}

/// Files carried for others, the newest first.
pub(crate) fn carried(replica: &Replica) -> Answer<Vec<Carried>> {
    Ok(read(replica, CARRIED)?.unwrap_or_default())
}

pub(crate) fn put_carried(replica: &Replica, carried: &[Carried]) -> Answer<()> {
    write(replica, CARRIED, &carried)
}

/// What was rescued of a damaged file, until somebody has read it.
pub(crate) fn rescued(replica: &Replica) -> Answer<Option<Rescued>> {
    read(replica, RESCUED)
}

pub(crate) fn remove_rescued(replica: &Replica) -> Answer<()> {
    Ok(replica.remove_setting(RESCUED)?)
}

/// True once this laptop has given up what can be read because the hub revoked it.
pub(crate) fn is_wiped(replica: &Replica) -> Answer<bool> {
    Ok(read::<bool>(replica, REVOKED)?.unwrap_or(false))
}

pub(crate) fn put_wiped(replica: &Replica) -> Answer<()> {
    write(replica, REVOKED, &true)
}

fn person_ids(replica: &Replica) -> Answer<Vec<PersonId>> {
    Ok(read(replica, PEOPLE)?.unwrap_or_default())
}

fn read<T: DeserializeOwned>(replica: &Replica, name: &str) -> Answer<Option<T>> {
    let bytes = replica.setting(name)?;
    Ok(bytes
        .map(|bytes| serde_json::from_slice(&bytes))
        .transpose()?)
}

fn write<T: Serialize>(replica: &Replica, name: &str, value: &T) -> Answer<()> {
    Ok(replica.put_setting(name, &serde_json::to_vec(value)?)?)
}
