//! The world every seed begins with: made once, copied for each.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use fettle_domain::device::Device;
use fettle_domain::person::{ActorRow, Person};
use fettle_domain::row::Row;
use fettle_domain::{ActorId, AreaId, PlantId, Timestamp};
use fettle_hub::core::{NewCode, SecretBytes};
use fettle_replica::{Fault, Replica, ReplicaKey};
use fettle_sync::chain::PersonKey;
use fettle_sync::exchange::ActorKey;
use fettle_sync::request::{Credentials, EnrolRequest, HexKey, Session};
use rusqlite::Connection;
use tempfile::TempDir;

use super::exchange::exchange_until_quiet;
use super::hub::HubProcess;
use super::laptop::Laptop;
use super::outside::Outside;
use super::person::Done;

/// The laptops of the simulation: account, plant, areas, and whether somebody works on it.
///
/// The last two only read at the end: what they hold is what the hub has.
const LAPTOPS: [(&str, &str, &[&str], bool); 5] = [
    ("kowalska", "1200", &AREAS, true),
    ("ode", "1200", &["HALL-1", "HALL-2"], true),
    ("sato", "1300", &AREAS, true),
    ("ebert", "1200", &AREAS, false),
    ("weiss", "1300", &AREAS, false),
];

/// Areas of each plant.
pub(super) const AREAS: [&str; 4] = ["HALL-1", "HALL-2", "HALL-3", "UTIL"];

/// Orders of each plant.
const ORDERS_LEFT: u32 = 8;

/// One laptop as it was enrolled.
#[derive(Clone)]
pub(super) struct Enrolled {
    pub(super) number: u8,
    pub(super) account: &'static str,
    pub(super) works: bool,
    pub(super) device: Device,
    pub(super) secret: HexKey,
    pub(super) token: HexKey,
    pub(super) actor: ActorId,
    pub(super) key: SigningKey,
    pub(super) person: Person,
}

/// A hub, two outside systems and laptops that hold everything, on the morning of a day.
pub struct Template {
    folder: TempDir,
    pub(super) laptops: Vec<Enrolled>,
    pub(super) now: Timestamp,
}

impl Template {
    /// Makes the world. It takes a few seconds; every seed copies it.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = folder();
        let now: Timestamp = "2026-11-16T06:00:00Z".parse().unwrap();
        let outside = Outside::open(folder.path(), now);
        leave_few_orders(folder.path());
        let mut hub = HubProcess::open(folder.path(), outside.systems, None);
        hub.poll(true, now);
        let laptops: Vec<Enrolled> = LAPTOPS
            .iter()
            .zip(1..)
            .map(|(laptop, number)| enrol(&mut hub, *laptop, number, now))
            .collect();
        for (index, enrolled) in laptops.iter().enumerate() {
            let folder = folder.path().join(name(index));
            let mut laptop = Laptop::open(&folder, enrolled.clone(), now, None);
            laptop.know();
            exchange_until_quiet((&mut laptop, &mut Done::default()), &mut hub, now, None)
                .expect("the first copy comes to an end");
        }
        Self {
            folder,
            laptops,
            now,
        }
    }

    /// A copy of the world in a folder of its own.
    pub(super) fn copy(&self) -> TempDir {
        let folder = folder();
        copy(self.folder.path(), folder.path());
        folder
    }
}

/// Leaves a few orders in each plant: those nobody touches cost time and prove nothing.
fn leave_few_orders(folder: &Path) {
    let cmms = Connection::open(folder.join("cmms.db")).unwrap();
    let few = "SELECT wonum FROM (SELECT wonum, row_number() OVER
                   (PARTITION BY json_extract(body, '$.siteid') ORDER BY wonum) AS place
                   FROM cmms_order WHERE status NOT IN ('CLOSE', 'CAN'))
               WHERE place <= ?1";
    for table in ["cmms_log", "cmms_order"] {
        let rest = format!("DELETE FROM {table} WHERE wonum NOT IN ({few})");
        cmms.execute(&rest, [ORDERS_LEFT]).unwrap();
    }
}

impl Default for Template {
    fn default() -> Self {
        Self::new()
    }
}

/// Name of a laptop's folder.
pub(super) fn name(index: usize) -> String {
    format!("laptop-{index}")
}

/// In memory where the machine has such a folder: what is durable is decided by the simulation.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            copy_file(&entry.path(), &target);
        }
    }
}

/// Writes what is left of a file and its log when a process ends without a word.
pub(super) fn leave_behind(
    file: &Path,
    target: &Path,
    mut left: impl FnMut(&Path) -> Option<Vec<u8>>,
) {
    std::fs::create_dir_all(target.parent().unwrap()).unwrap();
    for end in ["", "-wal"] {
        let with_end = |file: &Path| PathBuf::from(format!("{}{end}", file.display()));
        if let Some(left) = left(&with_end(file)) {
            std::fs::write(with_end(target), left).unwrap();
        }
    }
}

/// Copies a file; the reserve holds nothing and is never written to, so it need not be copied.
pub(super) fn copy_file(from: &Path, to: &Path) {
    if from.ends_with("reserve") {
        std::fs::hard_link(from, to).unwrap();
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

fn enrol(
    hub: &mut HubProcess,
    (account, plant, areas, works): (&'static str, &str, &[&str], bool),
    number: u8,
    now: Timestamp,
) -> Enrolled {
    let key = SigningKey::from_bytes(&[number; 32]);
    let new = NewCode {
        name: format!("HW-{number}"),
        plant: PlantId::new(plant).unwrap(),
        areas: areas
            .iter()
            .map(|area| AreaId::new(*area).unwrap())
            .collect(),
        random: [number; 8],
        fingerprint: [9; 32],
    };
    let code = hub.administer(|core| core.make_code(&new, now)).unwrap();
    let request = EnrolRequest {
        code,
        credentials: credentials(account),
        person_key: HexKey(key.verifying_key().to_bytes()),
    };
    let secrets = [SecretBytes([number; 32]), SecretBytes([!number; 32])];
    let answer = hub
        .administer(|core| core.enrol(&request, true, secrets, now))
        .unwrap();
    Enrolled {
        number,
        account,
        works,
        device: answer.device,
        secret: answer.device_secret,
        token: answer.session.token,
        actor: answer.session.actor,
        key,
        person: answer.session.person,
    }
}

/// What somebody types; whether the password is right the simulation says itself.
pub(super) fn credentials(account: &str) -> Credentials {
    Credentials {
        account: account.to_owned(),
        password: String::new(),
    }
}

/// Tells a replica who works on it, as the desk does at sign-in.
pub(super) fn know(replica: &Replica, enrolled: &Enrolled, now: Timestamp) -> Result<(), Fault> {
    let actor = ActorRow {
        actor: enrolled.actor,
        person: Some(enrolled.person.id),
        device: Some(enrolled.device.id),
        roles: enrolled.person.roles.clone(),
        valid_from: now,
        earlier: vec![],
        device_name: None,
    };
    replica.know(&[Row::Person(enrolled.person.clone()), Row::Actor(actor)])?;
    let key = ActorKey {
        key: PersonKey(enrolled.key.verifying_key().to_bytes()),
        epoch: enrolled.device.epoch,
    };
    replica.know_key(enrolled.actor, key)
}

/// Takes a new session into what a laptop knows.
pub(super) fn renew(enrolled: &mut Enrolled, session: Session, key: SigningKey) {
    enrolled.token = session.token;
    enrolled.actor = session.actor;
    enrolled.person = session.person;
    enrolled.key = key;
}

/// The key of every simulated replica.
pub(super) fn replica_key() -> ReplicaKey {
    ReplicaKey::new([7; 32])
}
