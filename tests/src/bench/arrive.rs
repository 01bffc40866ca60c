//! How many changes the hub takes in a second: verified, checked, stored, projected and durable.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{anyhow, ensure};
use fettle_desk::identity::OpenKey;
use fettle_document::{Edit, VerifiedChange, WorkOrderDocument};
use fettle_domain::{ActorId, DocumentId, Timestamp};
use fettle_hub::clock::{now, random};
use fettle_hub::core::{SecretBytes, SessionInfo};
use fettle_hub::store::{SqliteStore, Store};
use fettle_sync::chain::Position;
use fettle_sync::exchange::{Push, PushItem, UpExchange, UpHead};
use fettle_sync::request::{Credentials, EnrolRequest};
use tokio::task::JoinSet;

use super::exchange::Plan;
use super::hub::{Hub, PASSWORD, TECHNICIAN};
use super::line::{Line, median};
use super::raw::Raw;

/// Devices that send at the same time: as many as the hub lets share a commit.
const DEVICES: usize = 64;
/// Changes each of them sends, one after the other.
const ROUNDS: usize = 24;
/// Changes in one push of a device that comes back.
const PUSHED: usize = 500;
/// Such pushes.
const PUSHES: usize = 4;
/// Bare transactions of each size.
const RAW_TRANSACTIONS: usize = 101;

/// Both ways in which changes arrive, each beside bare transactions of the same group size.
pub(super) async fn measure(hub: &Hub, folder: &Path, plans: &[Plan]) -> anyhow::Result<Vec<Line>> {
    ensure!(
        plans.len() >= 2 * PUSHED,
        "too few orders to measure the hub on"
    );
    let mut raw = Raw::plain(&folder.join("raw-hub.db"))?;
    let before = hub.store.totals().await?;
    let lines = vec![
        many_devices(hub, &mut raw, plans).await?,
        one_device(hub, &mut raw, plans).await?,
    ];
    let after = hub.store.totals().await?;
    let sent = DEVICES * ROUNDS + PUSHED * PUSHES;
    ensure!(
        after.changes - before.changes == sent as u64 && after.quarantined == 0,
        "the hub did not take every change"
    );
    Ok(lines)
}

async fn many_devices(hub: &Hub, raw: &mut Raw, plans: &[Plan]) -> anyhow::Result<Line> {
    let mut devices = Vec::with_capacity(DEVICES);
    let mut bytes = 0;
    // Orders nobody else touches.
    for plan in plans.iter().rev().take(DEVICES) {
        let mut device = Device::enrol(hub).await?;
        let mut order = device.order(plan)?;
        let pushes = (0..ROUNDS)
            .map(|round| {
                let item = order.edit(device.actor, round)?;
                bytes += size(&item);
                Ok(device.push(vec![item]))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        devices.push((device, pushes));
    }
    let begun = Instant::now();
    let mut sending = JoinSet::new();
    for (device, pushes) in devices {
        let store = Arc::clone(&hub.store);
        sending.spawn(async move {
            for push in pushes {
                device.send(&store, push).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(sent) = sending.join_next().await {
        sent??;
    }
    let ours = per_second(DEVICES * ROUNDS, begun);
    let row_bytes = bytes / (DEVICES * ROUNDS);
    Ok(Line {
        row: format!("hub, {DEVICES} devices with one change at a time"),
        ours,
        beside: Some(raw_per_second(raw, DEVICES, row_bytes)?),
        unit: "changes/s",
        note: format!("beside: SQLite, rows of {row_bytes} bytes, {DEVICES} a transaction"),
    })
}

async fn one_device(hub: &Hub, raw: &mut Raw, plans: &[Plan]) -> anyhow::Result<Line> {
    let mut device = Device::enrol(hub).await?;
    let mut orders = plans[PUSHED..2 * PUSHED]
        .iter()
        .map(|plan| device.order(plan))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut bytes = 0;
    let mut pushes = Vec::with_capacity(PUSHES);
    for round in 0..PUSHES {
        let items = orders
            .iter_mut()
            .map(|order| order.edit(device.actor, round))
            .collect::<anyhow::Result<Vec<_>>>()?;
        bytes += items.iter().map(size).sum::<usize>();
        pushes.push(device.push(items));
    }
    let begun = Instant::now();
    for push in pushes {
        device.send(&hub.store, push).await?;
    }
    let ours = per_second(PUSHED * PUSHES, begun);
    let row_bytes = bytes / (PUSHED * PUSHES);
    Ok(Line {
        row: format!("hub, one device with {PUSHED} changes at once"),
        ours,
        beside: Some(raw_per_second(raw, PUSHED, row_bytes)?),
        unit: "changes/s",
        note: format!("beside: SQLite, rows of {row_bytes} bytes, {PUSHED} a transaction"),
    })
}

fn per_second(changes: usize, begun: Instant) -> f64 {
    changes as f64 / begun.elapsed().as_secs_f64()
}

/// The middle of many transactions: one alone says more about the disk's moment than about SQLite.
fn raw_per_second(raw: &mut Raw, rows: usize, row_bytes: usize) -> anyhow::Result<f64> {
    let mut seconds = Vec::with_capacity(RAW_TRANSACTIONS);
    for _ in 0..RAW_TRANSACTIONS {
        seconds.push(raw.keep(rows, row_bytes)?.as_secs_f64());
    }
    Ok(rows as f64 / median(seconds))
}

fn size(item: &PushItem) -> usize {
    match item {
        PushItem::Change(_, bytes) => bytes.len(),
        PushItem::Intent(_) | PushItem::Record(_) => 0,
    }
}

/// A device as the hub knows it, with what it needs to sign.
struct Device {
    session: SessionInfo,
    actor: ActorId,
    key: OpenKey,
    position: Position,
}

/// A document a device edits.
struct Order {
    id: DocumentId,
    document: WorkOrderDocument,
    began: Timestamp,
}

impl Device {
    async fn enrol(hub: &Hub) -> anyhow::Result<Self> {
        let key = OpenKey::generate()?;
        let request = EnrolRequest {
            code: hub.code(TECHNICIAN).await?,
            credentials: Credentials {
                account: TECHNICIAN.to_owned(),
                password: PASSWORD.to_owned(),
            },
            person_key: key.public().into(),
        };
        let secrets = [SecretBytes(random()?), SecretBytes(random()?)];
        // The password was verified where the server does it; here only its answer is needed.
        let answer = hub.store.enrol(request, true, secrets, now()).await?;
        let answer = answer.map_err(|refusal| anyhow!("not enrolled: {refusal}"))?;
        let session = hub.store.authenticate(answer.session.token, now()).await?;
        let actor = answer.session.actor;
        Ok(Self {
            session: session.map_err(|refusal| anyhow!("no session: {refusal}"))?,
            actor,
            key,
            position: Position::start(actor),
        })
    }

    fn order(&self, (id, plan): &Plan) -> anyhow::Result<Order> {
        let mut document = WorkOrderDocument::new();
        document.apply(&[VerifiedChange::check(plan)?])?;
        Ok(Order {
            id: (*id).into(),
            document,
            began: now(),
        })
    }

    fn push(&mut self, items: Vec<PushItem>) -> Push {
        let first = self.position.count + 1;
        for item in &items {
            let hash =
                |bytes: &[u8]| VerifiedChange::check(bytes).map_or([0; 32], |it| it.hash().0);
            if let Ok(linked) = item.linked(hash) {
                self.position = self.position.extend(linked.kind, linked.id, &linked.hash);
            }
        }
        Push {
            actor: self.actor,
            first,
            items,
            signature: self.position.sign(self.key.signing()),
        }
    }

    async fn send(&self, store: &SqliteStore, push: Push) -> anyhow::Result<()> {
        let session = self.session.clone();
        let exchange = UpExchange {
            head: UpHead {
                log_epoch: None,
                device_time: now(),
                cursors: BTreeMap::new(),
                budget_bytes: 0,
                reader: None,
                asks_sums: false,
            },
            pushes: vec![push],
            offers: Vec::new(),
            is_cut: false,
        };
        let arrived = store.write(move |core| core.accept(&session, &exchange, now()));
        arrived.await?;
        Ok(())
    }
}

impl Order {
    /// Another moment at which work began: one change.
    fn edit(&mut self, actor: ActorId, round: usize) -> anyhow::Result<PushItem> {
        let minutes = i64::try_from(round)? + 1;
        let edit = Edit::SetTimes {
            actual_start: Some(self.began.plus_ms(minutes * 60_000)),
            actual_finish: None,
        };
        let change = self.document.edit(actor, now(), &[edit])?;
        let change = change.ok_or_else(|| anyhow!("an edit changed nothing"))?;
        Ok(PushItem::Change(self.id, change.bytes.into()))
    }
}
