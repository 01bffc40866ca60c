//! `serve`: everything at its place, one line when ready, and an orderly end.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use fettle_demo::world::Size;
use tokio::sync::{Notify, Semaphore, watch};

use super::{Place, runtime};
use crate::attachments::Attachments;
use crate::bundle_key;
use crate::clock::Clock;
use crate::compaction;
use crate::core::hash_password;
use crate::demo_systems::DemoSystems;
use crate::effects;
use crate::figures::Figures;
use crate::limit::raise_file_limit;
use crate::lock::{Lock, Right};
use crate::masters::Poller;
use crate::server::{PASSWORD_CHECKS_MAX, Server, Shared};
use crate::shutdown::asked_to_end;
use crate::store::{SqliteStore, Store};
use crate::systems::Systems;
use crate::tls::Tls;

/// Password of every demo account; published, so a hub with demo systems belongs on loopback.
const DEMO_PASSWORD: &str = "fettle-demo";

/// How long desks wait for the first reading of masters and orders.
const FIRST_ROUND: Duration = Duration::from_secs(20);

pub(super) fn run(place: Place, listen: Option<SocketAddr>, size: Size) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::new(
            "info,refinery_core=warn",
        ))
        .with_writer(std::io::stderr)
        .init();
    #[cfg(feature = "faults")]
    if let Ok(specification) = std::env::var("FETTLE_FAULT") {
        crate::fault::arm_from(&specification);
    }
    runtime()?.block_on(serve(place, listen, size))
}

/// The clock sessions end by; a build with fault points can set it wrong.
fn clock() -> Clock {
    #[cfg(feature = "faults")]
    if let Some(offset_ms) = std::env::var("FETTLE_CLOCK_OFFSET_MS")
        .ok()
        .and_then(|text| text.parse().ok())
    {
        return Clock::reading(move || crate::clock::now().plus_ms(offset_ms));
    }
    Clock::system()
}

/// Makes the hub's folder; password hashes lie in it, so a new one is its owner's alone.
fn make_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

async fn serve(place: Place, listen: Option<SocketAddr>, size: Size) -> anyhow::Result<()> {
    let data = place.data()?.to_owned();
    let listen = listen.unwrap_or(place.config.listen);
    if place.config.outside.is_none() && !listen.ip().is_loopback() {
        bail!("the demo has passwords everybody knows: it listens on loopback, not on {listen}");
    }
    raise_file_limit();
    make_private(&data).with_context(|| format!("failed to make {}", data.display()))?;
    let _lock = Lock::take(&data, Right::Serve)?;
    let tls = certificate(&place, &data)?;
    let fingerprint = hex(&tls.fingerprint);
    let mut policy = place.policy()?;
    if place.config.outside.is_none() {
        policy.demo_password_hash = Some(hash_password(DEMO_PASSWORD)?);
    }
    policy.bundle = Some(Arc::new(bundle_key::read_or_make(&data)?));
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(&place.store_file()?, Arc::new(policy))?);
    if place
        .hub()?
        .read(|core| core.backed_up_through())?
        .is_none()
    {
        tracing::warn!("there is no backup yet: desks keep what they sent for 90 days");
    }
    let attachments = Attachments::in_folder(&data);
    let named = place.hub()?.read(|core| core.attachments_named())?;
    if let Err(error) = attachments.sweep(&named, std::time::SystemTime::now()) {
        tracing::warn!(%error, "files that nothing names stay");
    }
    let demo = match place.config.outside {
        Some(_) => None,
        None => Some(DemoSystems::start_grown(&data, size).await?),
    };
    let systems = systems(&place, demo.as_ref())?;
    let workers = Workers::start(&place, &store, &systems).await;
    let shared = Shared {
        store,
        attachments,
        figures: Arc::new(Figures::default()),
        work: Arc::clone(&workers.work),
        password_checks: Arc::new(Semaphore::new(PASSWORD_CHECKS_MAX)),
    };
    let server = Server::start_by(clock(), listen, tls, shared)
        .await
        .with_context(|| format!("failed to listen on {listen}"))?;
    let address = server
        .address()
        .await
        .ok_or_else(|| anyhow!("the server ended at its start"))?;
    let line = serde_json::json!({
        "ready": true,
        "url": format!("https://{address}"),
        "fingerprint": fingerprint,
        "demo_cmms": demo.as_ref().map(|demo| &demo.cmms),
        "demo_erp": demo.as_ref().map(|demo| &demo.erp),
    });
    println!("{line}");
    asked_to_end().await;
    tracing::info!("asked to end");
    server.stop().await?;
    workers.stop().await;
    if let Some(demo) = demo {
        demo.stop().await;
    }
    Ok(())
}

/// The poller and the effect worker, until they are told to end.
struct Workers {
    work: Arc<Notify>,
    end: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Workers {
    /// Reads masters and orders once, as far as that takes no longer than desks may wait, then lets
    /// both work on their own.
    async fn start(place: &Place, store: &Arc<dyn Store>, systems: &Systems) -> Self {
        let (end, ended) = watch::channel(false);
        let ended_by = |mut ended: watch::Receiver<bool>| async move {
            // A sender that is gone means the same as being told.
            let _ = ended.wait_for(|is_ended| *is_ended).await;
        };
        let work = Arc::new(Notify::new());
        let poller = Poller::new(Arc::clone(store), systems.clone());
        match tokio::time::timeout(FIRST_ROUND, poller.poll()).await {
            Ok(Ok(())) => {}
            // The hub serves desks without the outside systems; the next round tries again.
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "masters wait");
            }
            // What was read is kept with where to read on, so nothing is read twice.
            Err(_) => tracing::info!("desks are served while masters are still being read"),
        }
        let every = Duration::from_secs(place.config.poll_seconds);
        let polling = ended_by(ended.clone());
        let effects = effects::run(
            Arc::clone(store),
            systems.clone(),
            Arc::clone(&work),
            ended_by(ended.clone()),
        );
        let compacting = compaction::run(Arc::clone(store), ended_by(ended));
        let tasks = vec![
            tokio::spawn(async move { poller.run(every, polling).await }),
            tokio::spawn(effects),
            tokio::spawn(compacting),
        ];
        Self { work, end, tasks }
    }

    async fn stop(self) {
        self.end.send_replace(true);
        for task in self.tasks {
            // A worker that panicked has said so itself.
            let _ = task.await;
        }
    }
}

fn certificate(place: &Place, data: &Path) -> anyhow::Result<Tls> {
    let files = place.config.tls_files(data);
    if place.config.tls.is_none() {
        files.make_if_missing()?;
    }
    Ok(files.load()?)
}

fn systems(place: &Place, demo: Option<&DemoSystems>) -> anyhow::Result<Systems> {
    let (cmms, erp) = match (&place.config.outside, demo) {
        (Some(outside), _) => (&outside.cmms, &outside.erp),
        (None, Some(demo)) => (&demo.cmms, &demo.erp),
        (None, None) => return Err(anyhow!("there is no outside system")),
    };
    Ok(Systems::demo(cmms, erp)?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
