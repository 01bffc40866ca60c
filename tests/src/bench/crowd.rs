//! Many devices at one hub: a process of its own on loopback, and a connection for each device.
//!
//! A device here is what the hub sees of one: a certified key, a chain, cursors and a kept
//! connection. It has no files, or a thousand of them would be what is measured.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use fettle_desk::identity::OpenKey;
use fettle_desk::pinning::Fingerprint;
use fettle_desk::transport::{HubAddress, Step, Transport};
use fettle_document::{Edit, VerifiedChange, WorkOrderDocument};
use fettle_domain::{ActorId, AreaId, ChangeHash, CorrelationId, DocumentId, EntryId, WorkOrderId};
use fettle_hub::clock::{now, random};
use fettle_hub::core::SecretBytes;
use fettle_hub::store::Store;
use fettle_sync::chain::Position;
use fettle_sync::exchange::{Cursor, FeedItem, FeedNumber, Push, PushItem, Up, UpHead};
use fettle_sync::request::{Credentials, EnrolRequest, HexKey};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::fact::Fact;
use super::hub::{Hub, HubProcess, PASSWORD, TECHNICIAN};
use super::line::{Line, median};

/// Changes a device sends, one an exchange.
const ROUNDS: usize = 3;
/// Exchanges of a device that has nothing to say.
const IDLE: usize = 3;
/// Most exchanges until a device has everything: bounds a hub that always has more.
const EXCHANGES_MAX: usize = 200;
/// Longest the whole of it may take.
const WITHIN: Duration = Duration::from_secs(600);

/// What one device met.
#[derive(Default)]
struct Met {
    /// Seconds of each exchange that carried a change.
    busy: Vec<f64>,
    /// Seconds of each that carried none.
    idle: Vec<f64>,
    sent: Vec<(DocumentId, ChangeHash)>,
    seen: BTreeSet<(DocumentId, ChangeHash)>,
}

/// A device as the hub knows it.
struct Device {
    transport: Transport,
    token: HexKey,
    actor: ActorId,
    key: OpenKey,
    position: Position,
    area: AreaId,
    order: WorkOrderId,
    document: WorkOrderDocument,
    epoch: Option<u64>,
    cursors: BTreeMap<FeedNumber, Cursor>,
    met: Met,
}

/// Lets so many devices work at one hub at the same time.
pub(super) async fn measure(
    program: &Path,
    folder: &Path,
    facts: &[Fact],
    devices: usize,
) -> anyhow::Result<Vec<Line>> {
    tokio::time::timeout(WITHIN, play(program, folder, facts, devices))
        .await
        .context("the devices did not come to rest")?
}

async fn play(
    program: &Path,
    folder: &Path,
    facts: &[Fact],
    count: usize,
) -> anyhow::Result<Vec<Line>> {
    let enrolled = enrol(folder, facts, count).await?;
    let hub = HubProcess::start(program, folder).await?;
    let alone = hub.memory_bytes()?;
    let start = Arc::new(Barrier::new(count));
    let rest = Arc::new(Barrier::new(count + 1));
    let mut playing = JoinSet::new();
    for enrolled in enrolled {
        let device = enrolled.connect(&hub)?;
        let (start, rest) = (Arc::clone(&start), Arc::clone(&rest));
        playing.spawn(device.play(start, rest));
    }
    // Everybody has everything; what follows is idle.
    rest.wait().await;
    let (crowded, before) = (hub.memory_bytes()?, hub.cpu_seconds()?);
    let begun = Instant::now();
    rest.wait().await;
    let mut all = Vec::with_capacity(count);
    while let Some(device) = playing.join_next().await {
        all.push(device??);
    }
    let idle_seconds = begun.elapsed().as_secs_f64();
    let idle_cpu = hub.cpu_seconds()? - before;
    hub.stop().await?;
    nothing_is_lost(folder, &all).await?;
    Ok(lines(
        count,
        &all,
        (alone, crowded),
        (idle_seconds, idle_cpu),
    ))
}

fn lines(
    count: usize,
    all: &[Device],
    (alone, crowded): (u64, u64),
    (idle_seconds, idle_cpu): (f64, f64),
) -> Vec<Line> {
    let line = |row: &str, ours: f64, unit: &'static str, note: &str| Line {
        row: format!("{count} devices, {row}"),
        ours,
        beside: None,
        unit,
        note: note.to_owned(),
    };
    let busy: Vec<f64> = all.iter().flat_map(|it| it.met.busy.clone()).collect();
    let idle: Vec<f64> = all.iter().flat_map(|it| it.met.idle.clone()).collect();
    let exchanges = (count * IDLE) as f64;
    let a_device = crowded.saturating_sub(alone) as f64 / count as f64;
    vec![
        line(
            "a change in an exchange, all at once",
            median(busy) * 1_000.0,
            "ms",
            "median from request to the end of the answer; every change was found at the hub and \
             on every device of its area",
        ),
        line(
            "an exchange without news, all at once",
            median(idle) * 1_000.0,
            "ms",
            "median",
        ),
        line(
            "exchanges without news",
            exchanges / idle_seconds,
            "exchanges/s",
            "devices and hub share this machine",
        ),
        line(
            "an exchange without news, the hub's processor",
            idle_cpu / exchanges * 1_000.0,
            "ms",
            "of one core",
        ),
        line(
            "memory of the hub for each",
            a_device / 1_024.0,
            "kB",
            &format!("of {} MB with all of them", crowded / 1_000_000),
        ),
    ]
}

/// Whatever a device was told is *Sent* is in the log, and on every device of the same area.
async fn nothing_is_lost(folder: &Path, all: &[Device]) -> anyhow::Result<()> {
    let hub = Hub::open(folder).await?;
    let totals = hub.store.totals().await?;
    hub.stop().await?;
    let sent: BTreeSet<_> = all.iter().flat_map(|it| it.met.sent.clone()).collect();
    ensure!(sent.len() == all.len() * ROUNDS, "a device could not send");
    ensure!(totals.quarantined == 0, "the hub put changes aside");
    ensure!(
        totals.changes >= sent.len() as u64,
        "{} of {} changes are at the hub",
        totals.changes,
        sent.len()
    );
    for device in all {
        let own: BTreeSet<_> = device.met.sent.iter().copied().collect();
        let mates = all.iter().filter(|other| other.area == device.area);
        for (document, change) in mates.flat_map(|mate| &mate.met.sent) {
            let is_here = own.contains(&(*document, *change))
                || device.met.seen.contains(&(*document, *change));
            ensure!(is_here, "change {change} of {document} did not arrive");
        }
    }
    Ok(())
}

/// A device that is known to the hub and not connected yet.
struct Enrolled {
    token: HexKey,
    actor: ActorId,
    key: OpenKey,
    area: AreaId,
    order: WorkOrderId,
}

impl Enrolled {
    fn connect(self, hub: &HubProcess) -> anyhow::Result<Device> {
        let address = HubAddress::new(&hub.address.to_string()).map_err(|bad| anyhow!("{bad}"))?;
        let transport = Transport::pinned(address, Fingerprint(hub.fingerprint))?;
        Ok(Device {
            transport,
            token: self.token,
            actor: self.actor,
            key: self.key,
            position: Position::start(self.actor),
            area: self.area,
            order: self.order,
            document: WorkOrderDocument::new(),
            epoch: None,
            cursors: BTreeMap::new(),
            met: Met::default(),
        })
    }
}

/// Devices of all areas in turn, each with an order of its area to write about.
async fn enrol(folder: &Path, facts: &[Fact], count: usize) -> anyhow::Result<Vec<Enrolled>> {
    let hub = Hub::start(folder, facts).await?;
    let mut by_area: BTreeMap<AreaId, Vec<WorkOrderId>> = BTreeMap::new();
    for (area, order) in hub.orders_by_area()? {
        by_area.entry(area).or_default().push(order);
    }
    let areas: Vec<_> = by_area.into_iter().collect();
    ensure!(!areas.is_empty(), "there are no orders to write about");
    let mut enrolled = Vec::with_capacity(count);
    for number in 0..count {
        let (area, orders) = &areas[number % areas.len()];
        let key = OpenKey::generate()?;
        let request = EnrolRequest {
            code: hub.code_in(TECHNICIAN, vec![area.clone()]).await?,
            credentials: Credentials {
                account: TECHNICIAN.to_owned(),
                password: PASSWORD.to_owned(),
            },
            person_key: key.public().into(),
        };
        let secrets = [SecretBytes(random()?), SecretBytes(random()?)];
        // Passwords are verified by the server, one after the other on purpose; that is not
        // measured here.
        let answer = hub.store.enrol(request, true, secrets, now()).await?;
        let answer = answer.map_err(|refusal| anyhow!("not enrolled: {refusal}"))?;
        enrolled.push(Enrolled {
            token: answer.session.token,
            actor: answer.session.actor,
            key,
            area: area.clone(),
            order: orders[number / areas.len() % orders.len()],
        });
    }
    hub.stop().await?;
    Ok(enrolled)
}

impl Device {
    async fn play(mut self, start: Arc<Barrier>, rest: Arc<Barrier>) -> anyhow::Result<Self> {
        let filled = self.exchange_until_quiet().await;
        start.wait().await;
        let mut worked = filled;
        for round in 0..ROUNDS {
            if worked.is_ok() {
                worked = self.work(round).await;
            }
        }
        // Nobody waits for one that failed.
        start.wait().await;
        if worked.is_ok() {
            worked = self.exchange_until_quiet().await;
        }
        rest.wait().await;
        for _ in 0..IDLE {
            if worked.is_ok() {
                let begun = Instant::now();
                worked = self.exchange(None).await.map(|_| ());
                self.met.idle.push(begun.elapsed().as_secs_f64());
            }
        }
        rest.wait().await;
        worked.map(|()| self)
    }

    async fn work(&mut self, round: usize) -> anyhow::Result<()> {
        let (hash, push) = self.note(round)?;
        let begun = Instant::now();
        let has_more = self.exchange(Some(push)).await?;
        self.met.busy.push(begun.elapsed().as_secs_f64());
        self.met.sent.push((self.order.into(), hash));
        if has_more {
            self.exchange_until_quiet().await?;
        }
        Ok(())
    }

    fn note(&mut self, round: usize) -> anyhow::Result<(ChangeHash, Push)> {
        let edit = Edit::PutNote {
            id: EntryId(Uuid::from_bytes(random()?)),
            entry: fettle_domain::work_order::Note {
                text: format!("round {round}: bearing warm, grease renewed"),
                at: fettle_domain::DeviceTime {
                    at: now(),
                    offset_ms: Some(0),
                    boot_id: 1,
                    boot_ms: 1,
                },
                proposes: None,
                settles: None,
            },
        };
        let change = self.document.edit(self.actor, now(), &[edit])?;
        let change = change.context("a note changes something")?;
        let item = PushItem::Change(self.order.into(), change.bytes.into());
        let first = self.position.count + 1;
        let hash = change.hash;
        let linked = item.linked(|_| hash.0)?;
        self.position = self.position.extend(linked.kind, linked.id, &linked.hash);
        let push = Push {
            actor: self.actor,
            first,
            items: vec![item],
            signature: self.position.sign(self.key.signing()),
        };
        Ok((hash, push))
    }

    async fn exchange_until_quiet(&mut self) -> anyhow::Result<()> {
        for _ in 0..EXCHANGES_MAX {
            if !self.exchange(None).await? {
                return Ok(());
            }
        }
        bail!("the hub always has more")
    }

    /// One exchange; true when the hub has more.
    async fn exchange(&mut self, push: Option<Push>) -> anyhow::Result<bool> {
        let mut frames = vec![Up::Head(UpHead {
            log_epoch: self.epoch,
            device_time: now(),
            cursors: self.cursors.clone(),
            budget_bytes: u32::try_from(fettle_sync::limits::EXCHANGE_BUDGET_BYTES)?,
            reader: None,
            asks_sums: false,
        })];
        let through = push.as_ref().map(|push| push.first);
        frames.extend(push.map(Up::Push));
        let correlation = CorrelationId(Uuid::from_bytes(random()?));
        let mut answer = self
            .transport
            .exchange(&self.token, correlation, &frames)
            .await?;
        let head = answer.head().await?;
        self.epoch = Some(head.log_epoch);
        for number in head.feeds.iter().flat_map(BTreeMap::keys) {
            self.cursors.entry(*number).or_insert(Cursor::NOTHING);
        }
        if let Some(place) = through {
            let told = head
                .acknowledged
                .first()
                .context("nothing is acknowledged")?;
            ensure!(
                told.through >= place && told.quarantined.is_empty(),
                "the hub did not take a change: {told:?}"
            );
        }
        loop {
            match answer.slice().await? {
                Step::Slice(slice) => {
                    for item in &slice.items {
                        self.see(item)?;
                    }
                    self.cursors.insert(slice.feed, slice.cursor);
                }
                Step::Ended { has_more } => return Ok(has_more),
            }
        }
    }

    fn see(&mut self, item: &FeedItem) -> anyhow::Result<()> {
        match item {
            FeedItem::Change(document, bytes) => {
                let hash = VerifiedChange::check(bytes)?.hash();
                self.met.seen.insert((*document, hash));
            }
            FeedItem::Base(document, bytes) => {
                let base = WorkOrderDocument::load(bytes)?;
                for change in base.changes_after(&[]) {
                    self.met.seen.insert((*document, change.hash));
                }
            }
            FeedItem::Row(..) | FeedItem::Unread(..) | FeedItem::Enter(_) | FeedItem::Leave(_) => {}
        }
        Ok(())
    }
}
