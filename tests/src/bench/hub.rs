//! The hub of the benchmark: its real server over TLS on loopback, on a store of its own.
//!
//! No outside system runs beside it: what the CMMS would state is handed to the same intake that
//! the poller uses.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use fettle_connectors::{PersonRecord, PlantRecord};
use fettle_domain::charter::Charter;
use fettle_domain::feed::Feed;
use fettle_domain::person::Role;
use fettle_domain::plant::Area;
use fettle_domain::{AreaId, PlantId, WorkOrderId};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::{now, random};
use fettle_hub::core::{Masters, NewCode, Policy, Rows, hash_password};
use fettle_hub::figures::Figures;
use fettle_hub::server::{PASSWORD_CHECKS_MAX, Server, Shared};
use fettle_hub::store::{SqliteStore, Store};
use fettle_hub::tls::TlsFiles;
use fettle_sync::request::EnrolmentCode;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use super::fact::{Fact, PLANT};
use super::process;

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
        let hub = Self::open(folder).await?;
        hub.take(Rows::Plants(vec![plant(facts)?])).await?;
        hub.take(Rows::People(people()?)).await?;
        let records = facts.iter().map(Fact::record);
        hub.take(Rows::Orders(records.collect::<Result<_, _>>()?))
            .await?;
        Ok(hub)
    }

    /// Starts a hub on what its folder holds.
    pub(super) async fn open(folder: &Path) -> anyhow::Result<Self> {
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
        Ok(Self {
            store,
            address,
            fingerprint,
            server,
            file,
        })
    }

    /// Orders with the area whose feed has them.
    pub(super) fn orders_by_area(&self) -> anyhow::Result<Vec<(AreaId, WorkOrderId)>> {
        let look = self.look()?;
        let mut statement =
            look.prepare("SELECT f.name, o.id FROM work_order o JOIN feed f ON f.number = o.feed")?;
        let mut rows = statement.query([])?;
        let mut orders = Vec::new();
        while let Some(row) = rows.next()? {
            if let Ok(Feed::Work(_, area)) = row.get::<_, String>(0)?.parse() {
                orders.push((area, WorkOrderId(Uuid::from_bytes(row.get(1)?))));
            }
        }
        Ok(orders)
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
        self.code_in(name, Vec::new()).await
    }

    /// A code that enrols one device of some areas, of all when none is named.
    pub(super) async fn code_in(
        &self,
        name: &str,
        areas: Vec<AreaId>,
    ) -> anyhow::Result<EnrolmentCode> {
        self.code_at(name, PLANT, areas).await
    }

    /// A code that enrols one device of a plant.
    pub(super) async fn code_at(
        &self,
        name: &str,
        plant: &str,
        areas: Vec<AreaId>,
    ) -> anyhow::Result<EnrolmentCode> {
        let new = NewCode {
            name: name.to_owned(),
            plant: PlantId::new(plant)?,
            areas,
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

/// A hub in a process of its own, so that its memory and processor time are its alone. It ends with
/// the pipe to it.
pub(super) struct HubProcess {
    child: Child,
    pub(super) address: SocketAddr,
    pub(super) fingerprint: [u8; 32],
}

/// What a hub in a process of its own says once it serves.
#[derive(Serialize, Deserialize)]
struct Serving {
    address: SocketAddr,
    fingerprint: [u8; 32],
}

impl HubProcess {
    /// Starts the benchmark's program as the hub of a folder.
    pub(super) async fn start(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg("--serve")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let said = child.stdout.take().context("the hub says nothing")?;
        let line = BufReader::new(said).lines().next_line().await?;
        let line = line.context("the hub ended at its start")?;
        let Serving {
            address,
            fingerprint,
        } = serde_json::from_str(&line)?;
        Ok(Self {
            child,
            address,
            fingerprint,
        })
    }

    /// Memory it holds now.
    pub(super) fn memory_bytes(&self) -> anyhow::Result<u64> {
        process::memory_bytes(self.child.id().context("the hub has ended")?)
    }

    /// Seconds of one core it has used.
    pub(super) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        process::cpu_seconds(self.child.id().context("the hub has ended")?)
    }

    /// Ends it.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        self.child.wait().await?;
        Ok(())
    }
}

/// Serves the hub of a folder and says where, until nobody holds the other end of the pipe.
///
/// # Errors
/// When it cannot serve.
pub async fn serve(folder: &Path) -> anyhow::Result<()> {
    let hub = Hub::open(folder).await?;
    let serving = Serving {
        address: hub.address,
        fingerprint: hub.fingerprint,
    };
    println!("{}", serde_json::to_string(&serving)?);
    tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await?;
    hub.stop().await
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
