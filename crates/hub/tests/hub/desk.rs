//! A desk as the hub sees it: it keeps what it is sent and pushes what it is told.

use std::collections::BTreeMap;

use fettle_document::{Edit, VerifiedChange, WorkOrderDocument};
use fettle_domain::case::{CaseAction, CaseClaim, ExceptionCase};
use fettle_domain::feed::Feed;
use fettle_domain::intent::{Claim, Dependency, Intent, Transition};
use fettle_domain::row::{OutcomeRow, Row};
use fettle_domain::work_order::{Status, WorkOrderRow};
use fettle_domain::{ActorId, CorrelationId, DeviceTime, DocumentId, IntentId, WorkOrderId};
use fettle_hub::clock::now;
use fettle_hub::core::SessionInfo;
use fettle_hub::store::Store;
use fettle_sync::chain::Position;
use fettle_sync::exchange::{
    Acknowledged, Cursor, Down, DownHead, FeedItem, FeedNumber, Push, PushItem, Up, UpExchange,
    UpHead,
};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::request::{EnrolAnswer, HexKey, Session};
use serde_bytes::ByteBuf;
use uuid::Uuid;

use crate::world::World;

pub(crate) struct Desk {
    pub(crate) info: SessionInfo,
    pub(crate) secret: HexKey,
    pub(crate) token: HexKey,
    pub(crate) actor: ActorId,
    pub(crate) key: ed25519_dalek::SigningKey,
    pub(crate) position: Position,
    pub(crate) log_epoch: Option<u64>,
    pub(crate) budget_bytes: u32,
    cursors: BTreeMap<FeedNumber, Cursor>,
    feeds: BTreeMap<FeedNumber, Feed>,
    pub(crate) documents: BTreeMap<DocumentId, WorkOrderDocument>,
    pub(crate) rows: BTreeMap<String, (u64, Row)>,
    /// The feed a document entered last.
    entered: BTreeMap<DocumentId, FeedNumber>,
    /// Changes that were sent down, by hash.
    pub(crate) changes_received: usize,
}

impl Desk {
    pub(crate) fn new(
        answer: EnrolAnswer,
        info: SessionInfo,
        key: ed25519_dalek::SigningKey,
    ) -> Self {
        Self::of(answer.session, answer.device_secret, info, key)
    }

    /// The desk of a session.
    pub(crate) fn of(
        session: Session,
        secret: HexKey,
        info: SessionInfo,
        key: ed25519_dalek::SigningKey,
    ) -> Self {
        let actor = session.actor;
        Self {
            info,
            secret,
            token: session.token,
            actor,
            key,
            position: Position::start(actor),
            log_epoch: None,
            budget_bytes: 4_000_000,
            cursors: BTreeMap::new(),
            feeds: BTreeMap::new(),
            documents: BTreeMap::new(),
            rows: BTreeMap::new(),
            entered: BTreeMap::new(),
            changes_received: 0,
        }
    }

    pub(crate) fn head(&self) -> UpHead {
        UpHead {
            log_epoch: self.log_epoch,
            device_time: now(),
            cursors: self.cursors.clone(),
            budget_bytes: self.budget_bytes,
            reader: None,
            asks_sums: false,
        }
    }

    /// Links and signs items.
    pub(crate) fn push(&mut self, items: Vec<PushItem>) -> Push {
        let first = self.position.count + 1;
        for item in &items {
            let hash = |bytes: &[u8]| VerifiedChange::check(bytes).unwrap().hash().0;
            let linked = item.linked(hash).unwrap();
            self.position = self.position.extend(linked.kind, linked.id, &linked.hash);
        }
        Push {
            actor: self.actor,
            first,
            items,
            signature: self.position.sign(&self.key),
        }
    }

    /// Exchanges once.
    pub(crate) async fn exchange(&mut self, world: &World, pushes: Vec<Push>) -> (DownHead, bool) {
        let exchange = UpExchange {
            head: self.head(),
            pushes,
            offers: Vec::new(),
            is_cut: false,
        };
        let bytes = world
            .store
            .exchange(self.info.clone(), exchange, now())
            .await
            .unwrap();
        self.read(&bytes)
    }

    pub(crate) fn read(&mut self, bytes: &[u8]) -> (DownHead, bool) {
        let mut decoder = Decoder::default();
        decoder.push(bytes);
        let Some(Down::Head(head)) = decoder.next_frame().unwrap() else {
            panic!("no head");
        };
        self.log_epoch.get_or_insert(head.log_epoch);
        if let Some(feeds) = &head.feeds {
            self.feeds = feeds.clone();
        }
        loop {
            match decoder.next_frame().unwrap().expect("an answer ends") {
                Down::Head(_) => panic!("a second head"),
                Down::Slice(slice) => {
                    for item in slice.items {
                        self.apply(slice.feed, item);
                    }
                    self.cursors.insert(slice.feed, slice.cursor);
                }
                Down::End { has_more } => return (head, has_more),
            }
        }
    }

    /// Exchanges until the hub has no more.
    pub(crate) async fn sync(&mut self, world: &World) {
        for _ in 0..200 {
            if !self.exchange(world, Vec::new()).await.1 {
                return;
            }
        }
        panic!("the fill does not end");
    }

    /// Sends items and reads what comes of them.
    pub(crate) async fn send(&mut self, world: &World, items: Vec<PushItem>) -> Acknowledged {
        let push = self.push(items);
        let (head, _) = self.exchange(world, vec![push]).await;
        head.acknowledged.into_iter().next().unwrap()
    }

    fn apply(&mut self, feed: FeedNumber, item: FeedItem) {
        match item {
            FeedItem::Change(id, bytes) => {
                self.changes_received += 1;
                let change = VerifiedChange::check(&bytes).unwrap();
                let document = self.documents.entry(id).or_default();
                let applied = document.apply(&[change]).unwrap();
                assert!(
                    applied.missing.is_empty(),
                    "a change came before its dependency"
                );
            }
            FeedItem::Base(id, bytes) => {
                let base = WorkOrderDocument::load(&bytes).unwrap();
                let document = self.documents.entry(id).or_default();
                let changes: Vec<_> = base
                    .changes_after(&[])
                    .iter()
                    .map(|change| VerifiedChange::check(&change.bytes).unwrap())
                    .collect();
                document.apply(&changes).unwrap();
            }
            FeedItem::Row(version, row) => {
                let held = self.rows.get(&row.key()).map_or(0, |(held, _)| *held);
                if version > held {
                    self.rows.insert(row.key(), (version, *row));
                }
            }
            FeedItem::Unread(..) => {}
            FeedItem::Enter(id) => {
                self.entered.insert(id, feed);
            }
            // One that has entered another feed before it left this one stays, as on a laptop.
            FeedItem::Leave(id) => {
                if self.entered.get(&id).is_none_or(|entered| *entered == feed) {
                    self.documents.remove(&id);
                }
            }
        }
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = &WorkOrderRow> {
        self.rows.values().filter_map(|(_, row)| match row {
            Row::WorkOrder(row) => Some(row),
            _ => None,
        })
    }

    pub(crate) fn order(&self, id: WorkOrderId) -> &WorkOrderRow {
        self.orders().find(|row| row.id == id).unwrap()
    }

    /// An order of mine in a status, with a cost centre.
    pub(crate) fn mine(&self, status: Status) -> WorkOrderRow {
        self.orders()
            .find(|row| {
                row.assignees.contains(&self.info.person)
                    && row.status.status == status
                    && row.cost_centre.is_some()
            })
            .unwrap()
            .clone()
    }

    /// Any order whose document is here.
    pub(crate) fn mine_or_any(&self) -> WorkOrderId {
        let has_document = |id: &WorkOrderId| self.documents.contains_key(&(*id).into());
        self.orders().map(|row| row.id).find(has_document).unwrap()
    }

    /// A note on an order.
    pub(crate) fn note(&mut self, order: &WorkOrderId, text: &str) -> PushItem {
        let entry = fettle_domain::work_order::Note {
            text: text.to_owned(),
            at: time(1),
            proposes: None,
            settles: None,
        };
        let id = fettle_domain::EntryId(Uuid::from_u128(77));
        self.edit(*order, &[Edit::PutNote { id, entry }])
    }

    pub(crate) fn outcomes(&self, order: WorkOrderId) -> Vec<&OutcomeRow> {
        self.rows
            .values()
            .filter_map(|(_, row)| match row {
                Row::Outcome(outcome) if outcome.order == order => Some(outcome),
                _ => None,
            })
            .collect()
    }

    /// Exception cases of an order this desk was told of.
    pub(crate) fn cases(&self, order: WorkOrderId) -> Vec<&ExceptionCase> {
        self.rows
            .values()
            .filter_map(|(_, row)| match row {
                Row::Case(case) if case.order == Some(order) => Some(case),
                _ => None,
            })
            .collect()
    }

    /// Claims something about a case.
    pub(crate) fn about(&self, case: &ExceptionCase, action: CaseAction, id: u128) -> PushItem {
        PushItem::Intent(self.claim(
            Claim::Case(CaseClaim {
                case: case.id,
                order: case.order.unwrap(),
                action,
            }),
            id,
        ))
    }

    /// Edits a document here.
    pub(crate) fn edit(&mut self, order: WorkOrderId, edits: &[Edit]) -> PushItem {
        let document = self.documents.get_mut(&order.into()).unwrap();
        let change = document.edit(self.actor, now(), edits).unwrap().unwrap();
        PushItem::Change(order.into(), ByteBuf::from(change.bytes))
    }

    pub(crate) fn intent(&self, order: &WorkOrderRow, to: Status, id: u128) -> Intent {
        self.claim(
            Claim::Transition(Transition {
                order: order.id,
                from: order.status.status,
                to,
                based_on: order.status.revision,
                reason: None,
            }),
            id,
        )
    }

    fn claim(&self, claim: Claim, id: u128) -> Intent {
        Intent {
            id: IntentId(Uuid::from_u128(id)),
            claim,
            depends_on: Vec::<Dependency>::new(),
            charter_version: 1,
            actor: self.actor,
            made: time(0),
            correlation_id: CorrelationId(Uuid::from_u128(id)),
        }
    }
}

/// The device's clock, some minutes ago.
pub(crate) fn time(minutes_ago: i64) -> DeviceTime {
    DeviceTime {
        at: now().plus_ms(-minutes_ago * 60_000),
        offset_ms: Some(0),
        boot_id: 1,
        boot_ms: u64::try_from(10_000_000 - minutes_ago * 60_000).unwrap(),
    }
}

/// The bytes of a request with a head and pushes.
pub(crate) fn request(head: UpHead, pushes: Vec<Push>) -> Vec<u8> {
    let mut bytes = encode(&Up::Head(head)).unwrap();
    for push in pushes {
        bytes.extend(encode(&Up::Push(push)).unwrap());
    }
    bytes
}
