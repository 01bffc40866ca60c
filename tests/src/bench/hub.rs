//! The hub of the benchmark: its real server over TLS on loopback, on a store of its own.
//!
//! No outside system runs beside it: what the CMMS would state is handed to the same intake that
//! the poller uses.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use fettle_connectors::{PersonRecord, PlantRecord};
use fettle_domain::charter::Charter;
use fettle_domain::person::Role;
use fettle_domain::plant::Area;
use fettle_domain::{AreaId, PlantId};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::{now, random};
use fettle_hub::core::{Masters, NewCode, Policy, Rows, hash_password};
use fettle_hub::figures::Figures;
use fettle_hub::server::{PASSWORD_CHECKS_MAX, Server, Shared};
use fettle_hub::store::{SqliteStore, Store};
use fettle_hub::tls::TlsFiles;
use fettle_sync::request::EnrolmentCode;
use tokio::sync::{Notify, Semaphore};

use super::fact::{Fact, PLANT};

/// Password of both people; the hub listens on loopback and lives for one run.
pub(super) const PASSWORD: &str = "measured on loopback";
/// The planner.
pub(super) const PLANNER: &str = "ana";
/// The technician.
pub(super) const TECHNICIAN: &str = "ben";
const SYSTEM: &str = "bench-cmms";

/// A hub that serves.
pub(super) struct Hub {
    pub(super) store: Arc<SqliteStore>,
    pub(super) address: SocketAddr,
    fingerprint: [u8; 32],
    server: Server,
    file: PathBuf,
}

impl Hub {
    /// Starts a hub that has read plant, people and the orders as the CMMS states them.
    pub(super) async fn start(folder: &Path, facts: &[Fact]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let files = TlsFiles::in_folder(folder);
        files.make_if_missing()?;
        let tls = files.load()?;
        let fingerprint = tls.fingerprint;
        let policy = Policy {
            demo_password_hash: Some(hash_password(PASSWORD)?),
            ..Policy::new(Charter::embedded()?)
        };
        let file = folder.join("hub.db");
        let store = Arc::new(SqliteStore::open(&file, Arc::new(policy))?);
        let shared = Shared {
            store: Arc::clone(&store) as Arc<dyn Store>,
            attachments: Attachments::in_folder(folder),
            figures: Arc::new(Figures::default()),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(PASSWORD_CHECKS_MAX)),
        };
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::start(listen, tls, shared).await?;
        let address = server
            .address()
            .await
            .context("the hub ended at its start")?;
        let hub = Self {
            store,
            address,
            fingerprint,
            server,
            file,
        };
        hub.take(Rows::Plants(vec![plant(facts)?])).await?;
        hub.take(Rows::People(people()?)).await?;
        let records = facts.iter().map(Fact::record);
        hub.take(Rows::Orders(records.collect::<Result<_, _>>()?))
            .await?;
        Ok(hub)
    }

    async fn take(&self, rows: Rows) -> anyhow::Result<()> {
        let masters = Masters {
            system: SYSTEM.to_owned(),
            rows,
        };
        Ok(self.store.ingest(masters, None, now(), now()).await?)
    }

    /// A code that enrols one device.
    pub(super) async fn code(&self, name: &str) -> anyhow::Result<EnrolmentCode> {
        let new = NewCode {
            name: name.to_owned(),
            plant: PlantId::new(PLANT)?,
            areas: Vec::new(),
            random: random()?,
            fingerprint: self.fingerprint,
        };
        let code = self.store.write(move |core| core.make_code(&new, now()));
        code.await?.map_err(|refusal| anyhow!("no code: {refusal}"))
    }

    /// The hub's file, for a judge.
    pub(super) fn look(&self) -> rusqlite::Result<rusqlite::Connection> {
        rusqlite::Connection::open(&self.file)
    }

    /// Ends it.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        Ok(self.server.stop().await?)
    }
}

fn plant(facts: &[Fact]) -> anyhow::Result<PlantRecord> {
    let mut areas: Vec<Area> = Vec::new();
    for fact in facts {
        let id = AreaId::new(&fact.plant)?;
        if areas.iter().all(|area| area.id != id) {
            areas.push(Area {
                id,
                name: fact.plant.clone(),
            });
        }
    }
    Ok(PlantRecord {
        code: PlantId::new(PLANT)?,
        name: "Plant of the benchmark".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        areas,
        neighbours: Vec::new(),
    })
}

fn people() -> anyhow::Result<Vec<PersonRecord>> {
    let person = |account: &str, role: Role| -> anyhow::Result<PersonRecord> {
        Ok(PersonRecord {
            employee_number: format!("BENCH-{account}"),
            account: account.to_owned(),
            name: account.to_owned(),
            craft: String::new(),
            plant: PlantId::new(PLANT)?,
            crew: None,
            roles: vec![role],
            is_disabled: false,
        })
    };
    Ok(vec![
        person(PLANNER, Role::Planner)?,
        person(TECHNICIAN, Role::Technician)?,
    ])
}
