//! A desk of the benchmark: the real replica and the real transport, exchanging as the desk does.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{anyhow, bail};
use fettle_desk::identity::OpenKey;
use fettle_desk::pinning::Fingerprint;
use fettle_desk::transport::{HubAddress, Step, Transport};
use fettle_document::Edit;
use fettle_domain::person::ActorRow;
use fettle_domain::row::Row;
use fettle_domain::{ActorId, CorrelationId, PersonId, WorkOrderId};
use fettle_hub::clock::{now, random};
use fettle_replica::{Commit, Replica, ReplicaKey};
use fettle_sync::exchange::{Down, Up};
use fettle_sync::frame;
use fettle_sync::limits::EXCHANGE_BUDGET_BYTES;
use fettle_sync::request::{Credentials, EnrolRequest, HexKey};
use serde::Serialize;
use uuid::Uuid;

use super::fact::PLANT;
use super::hub::{Hub, PASSWORD};

/// Most round trips of one exchange: bounds a hub that always has more.
const ROUND_TRIPS_MAX: u32 = 100;

/// A desk with somebody at work.
pub(super) struct Desk {
    pub(super) replica: Replica,
    transport: Transport,
    certificate: Fingerprint,
    hub: HubAddress,
    token: HexKey,
    key: OpenKey,
    actor: ActorId,
    person: PersonId,
}

/// What it took until both sides had everything.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    pub(super) round_trips: u32,
    /// Bytes of the frames in both directions: what is left without HTTP/2, TLS and the token.
    pub(super) frame_bytes: usize,
}

impl Desk {
    /// Enrols a desk on a folder of its own, over a wire.
    pub(super) async fn enrol(
        hub: &Hub,
        wire: SocketAddr,
        folder: &Path,
        account: &str,
    ) -> anyhow::Result<Self> {
        let key = ReplicaKey::new(random()?);
        Self::enrol_at(hub, wire, (folder, &key), (PLANT, account)).await
    }

    /// Enrols a desk of a plant.
    pub(super) async fn enrol_at(
        hub: &Hub,
        wire: SocketAddr,
        (folder, replica_key): (&Path, &ReplicaKey),
        (plant, account): (&str, &str),
    ) -> anyhow::Result<Self> {
        let address = HubAddress::new(&wire.to_string()).map_err(|bad| anyhow!("{bad}"))?;
        let key = OpenKey::generate()?;
        let code = hub.code_at(account, plant, Vec::new()).await?;
        let request = EnrolRequest {
            code: code.clone(),
            credentials: Credentials {
                account: account.to_owned(),
                password: PASSWORD.to_owned(),
            },
            person_key: key.public().into(),
        };
        let enrolled = Transport::by_code(address.clone(), &code)?
            .enrol(&request)
            .await?;
        let session = enrolled.answer.session;
        let replica = Replica::open(&folder.join(account), replica_key)?;
        replica.know(&[
            Row::Plant(enrolled.answer.plant),
            Row::Person(session.person.clone()),
            Row::Actor(ActorRow {
                actor: session.actor,
                person: Some(session.person.id),
                device: Some(enrolled.answer.device.id),
                roles: session.person.roles.clone(),
                valid_from: session.hub_time,
                earlier: vec![],
                device_name: None,
            }),
        ])?;
        Ok(Self {
            replica,
            transport: Transport::pinned(address.clone(), enrolled.fingerprint)?,
            certificate: enrolled.fingerprint,
            hub: address,
            token: session.token,
            key,
            actor: session.actor,
            person: session.person.id,
        })
    }

    /// Hangs up: the next exchange begins with the handshake of a new connection.
    pub(super) fn hang_up(&mut self) -> anyhow::Result<()> {
        self.transport = Transport::pinned(self.hub.clone(), self.certificate)?;
        Ok(())
    }

    /// Commits edits of one order.
    pub(super) fn commit(&self, order: WorkOrderId, edits: Vec<Edit>) -> anyhow::Result<()> {
        let committed = self.replica.commit(&Commit {
            actor: self.actor,
            person: self.person,
            sign: &|position| position.sign(self.key.signing()),
            now: now(),
            order: Some(order),
            edits,
            intent: None,
            records: Vec::new(),
            made: Vec::new(),
        })?;
        if committed.change.is_none() {
            bail!("an edit of order {order} changed nothing");
        }
        Ok(())
    }

    /// Exchanges until the hub has no more, whatever was saved meanwhile.
    pub(super) async fn pull(&self) -> anyhow::Result<()> {
        let mut exchanged = Exchanged::default();
        for _ in 0..ROUND_TRIPS_MAX {
            if !self.once(&mut exchanged).await? {
                return Ok(());
            }
        }
        bail!("the exchange does not end")
    }

    /// Exchanges until both sides have everything.
    pub(super) async fn exchange(&self) -> anyhow::Result<Exchanged> {
        let mut exchanged = Exchanged::default();
        for _ in 0..ROUND_TRIPS_MAX {
            exchanged.round_trips += 1;
            let has_more = self.once(&mut exchanged).await?;
            if !has_more && self.replica.pushes(1)?.is_empty() {
                return Ok(exchanged);
            }
        }
        bail!("the exchange does not end")
    }

    /// One exchange; true when the hub has more.
    pub(super) async fn once(&self, exchanged: &mut Exchanged) -> anyhow::Result<bool> {
        let budget = u32::try_from(EXCHANGE_BUDGET_BYTES)?;
        let mut frames = vec![Up::Head(self.replica.up_head(now(), budget)?)];
        let pushes = self.replica.pushes(EXCHANGE_BUDGET_BYTES)?;
        frames.extend(pushes.into_iter().map(Up::Push));
        exchanged.frame_bytes += frames.iter().map(size).sum::<anyhow::Result<usize>>()?;
        let correlation = CorrelationId(Uuid::from_bytes(random()?));
        let exchange = self.transport.exchange(&self.token, correlation, &frames);
        let mut answer = exchange.await?;
        let head = answer.head().await?;
        exchanged.frame_bytes += size(&Down::Head(head.clone()))?;
        let outcome = self.replica.apply_head(&head)?;
        if let Some(refusal) = outcome.stopped {
            bail!("the hub took a push no further: {refusal}");
        }
        if let Some(quarantined) = head
            .acknowledged
            .iter()
            .flat_map(|of| &of.quarantined)
            .next()
        {
            bail!("the hub put a change aside: {}", quarantined.1);
        }
        loop {
            match answer.slice().await? {
                Step::Slice(slice) => {
                    self.replica.apply_slice(&slice)?;
                    exchanged.frame_bytes += size(&Down::Slice(slice))?;
                }
                Step::Ended { has_more } => {
                    self.replica.exchange_ended(has_more)?;
                    exchanged.frame_bytes += size(&Down::End { has_more })?;
                    return Ok(has_more);
                }
            }
        }
    }
}

/// Both sides encode alike, so this is what goes and comes.
fn size(frame: &impl Serialize) -> anyhow::Result<usize> {
    Ok(frame::encode(frame)?.len())
}
