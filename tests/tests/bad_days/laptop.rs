//! A laptop: a replica on files of its own, what a person does on it, one exchange at a time.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use fettle_document::Edit;
use fettle_domain::device::Device;
use fettle_domain::intent::{Claim, Intent, Transition};
use fettle_domain::person::{ActorRow, Person};
use fettle_domain::row::Row;
use fettle_domain::work_order::{LabourEntry, LabourKind, Note, Status, WorkOrderContent};
use fettle_domain::{
    ActorId, CorrelationId, DeviceTime, EntryId, IntentId, Refusal, Timestamp, WorkOrderId,
};
use fettle_hub::store::Store;
use fettle_replica::{
    ChangeRow, Commit, Made, MadeKind, MadeSubject, NewActor, Replica, ReplicaKey, StoredOrder,
};
use fettle_sync::chain::PersonKey;
use fettle_sync::epoch::EpochRequest;
use fettle_sync::exchange::{ActorKey, Down, Up, UpExchange};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::EXCHANGE_BUDGET_BYTES;
use fettle_sync::reader::Challenge;
use fettle_sync::request::HexKey;
use uuid::Uuid;

use crate::world::{World, now};

#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) device: Device,
    pub(crate) secret: HexKey,
    pub(crate) token: HexKey,
    pub(crate) actor: ActorId,
    pub(crate) person: Person,
    pub(crate) key: SigningKey,
}

pub(crate) struct Laptop {
    pub(crate) replica: Replica,
    pub(crate) who: Who,
    folder: PathBuf,
    copies: u32,
}

/// What one exchange brought.
pub(crate) struct Exchanged {
    has_more: bool,
    pub(crate) stopped: Option<Refusal>,
}

fn replica_key() -> ReplicaKey {
    ReplicaKey::new([7; 32])
}

pub(crate) fn time(minutes_ago: i64) -> DeviceTime {
    DeviceTime {
        at: now().plus_ms(-minutes_ago * 60_000),
        offset_ms: Some(0),
        boot_id: 1,
        boot_ms: u64::try_from(10_000_000 - minutes_ago * 60_000).unwrap(),
    }
}

impl Laptop {
    pub(crate) fn open(folder: &Path, who: Who) -> Self {
        let laptop = Self {
            replica: Replica::open(folder, &replica_key()).unwrap(),
            who,
            folder: folder.to_owned(),
            copies: 0,
        };
        laptop.know();
        laptop
    }

    /// Tells the replica who works here, as the desk does at sign-in.
    pub(crate) fn know(&self) {
        let actor = ActorRow {
            actor: self.who.actor,
            person: Some(self.who.person.id),
            device: Some(self.who.device.id),
            roles: self.who.person.roles.clone(),
            valid_from: now(),
            earlier: vec![],
            device_name: None,
        };
        let rows = [Row::Person(self.who.person.clone()), Row::Actor(actor)];
        self.replica.know(&rows).unwrap();
        let key = ActorKey {
            key: PersonKey(self.who.key.verifying_key().to_bytes()),
            epoch: self.who.device.epoch,
        };
        self.replica.know_key(self.who.actor, key).unwrap();
    }

    /// The files as they are, beside this laptop: a copy of its disk.
    pub(crate) fn copy(&mut self) -> Self {
        self.copies += 1;
        let folder = self.folder.with_extension(format!("copy-{}", self.copies));
        std::fs::create_dir_all(&folder).unwrap();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            let is_needed = !name.to_string_lossy().ends_with("-shm");
            if is_needed && entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), folder.join(name)).unwrap();
            }
        }
        Self::open(&folder, self.who.clone())
    }

    /// One exchange and, as the desk does behind it, a new epoch where work needs one.
    pub(crate) async fn exchange(&mut self, world: &World) -> Exchanged {
        let session = world
            .store
            .authenticate(self.who.token.clone(), now())
            .await;
        let session = session.unwrap().unwrap();
        let budget = u32::try_from(EXCHANGE_BUDGET_BYTES).unwrap();
        let mut request = encode(&Up::Head(self.replica.up_head(now(), budget).unwrap())).unwrap();
        for offer in self.replica.offers(EXCHANGE_BUDGET_BYTES).unwrap() {
            request.extend(encode(&Up::Offer(offer)).unwrap());
        }
        for push in self.replica.pushes(EXCHANGE_BUDGET_BYTES).unwrap() {
            request.extend(encode(&Up::Push(push)).unwrap());
        }
        let exchange = UpExchange::decode(&request).unwrap();
        let answer = world
            .store
            .exchange(session, exchange, now())
            .await
            .unwrap();
        let mut decoder = Decoder::default();
        decoder.push(&answer);
        let mut exchanged = Exchanged {
            has_more: false,
            stopped: None,
        };
        while let Some(frame) = decoder.next_frame().unwrap() {
            match frame {
                Down::Head(head) => {
                    let outcome = self.replica.apply_head(&head).unwrap();
                    exchanged.stopped = outcome.stopped;
                    exchanged.has_more |= outcome.is_restored;
                }
                Down::Slice(slice) => {
                    self.replica.apply_slice(&slice).unwrap();
                }
                Down::End { has_more } => {
                    self.replica.exchange_ended(has_more).unwrap();
                    exchanged.has_more |= has_more;
                }
            }
        }
        exchanged.has_more |= !self.replica.offers(0).unwrap().is_empty();
        exchanged.has_more |= self.renew(world).await;
        exchanged
    }

    async fn renew(&mut self, world: &World) -> bool {
        let person = self.who.person.id;
        if !self.replica.needs_new_epoch(person).unwrap() {
            return false;
        }
        let session = world
            .store
            .authenticate(self.who.token.clone(), now())
            .await;
        let request = EpochRequest::signed(
            &Challenge::of_session(&self.who.token),
            self.who.device.id,
            self.who.actor,
            self.who.device.epoch,
            &self.who.key,
        );
        let asked = world
            .store
            .begin_epoch(session.unwrap().unwrap(), request, now());
        let answer = asked.await.unwrap().unwrap();
        assert!(answer.device.epoch > self.who.device.epoch);
        assert_ne!(
            answer.device.code, self.who.device.code,
            "new local references"
        );
        self.who.device = answer.device;
        self.who.actor = answer.actor;
        self.know();
        let key = self.who.key.clone();
        self.replica
            .remake(&NewActor {
                person,
                actor: self.who.actor,
                sign: &|position| position.sign(&key),
            })
            .unwrap();
        true
    }

    /// Exchanges until nothing more comes and nothing is left.
    pub(crate) async fn settle(&mut self, world: &World) {
        for _ in 0..40 {
            let exchanged = self.exchange(world).await;
            if !exchanged.has_more && self.replica.unsent().unwrap() == 0 {
                assert_eq!(exchanged.stopped, None);
                return;
            }
        }
        panic!("the exchange does not come to rest");
    }

    pub(crate) fn order(&self, id: WorkOrderId) -> StoredOrder {
        self.replica.order(id).unwrap().unwrap()
    }

    pub(crate) fn content(&self, id: WorkOrderId) -> WorkOrderContent {
        self.order(id).content
    }

    /// Orders of the person in a status, with a cost centre.
    pub(crate) fn mine(&self, status: Status) -> Vec<WorkOrderId> {
        let lines = self.replica.all_orders().unwrap();
        lines
            .iter()
            .filter(|line| line.official == status && line.assignees.contains(&self.who.person.id))
            .map(|line| line.id)
            .filter(|id| self.order(*id).row.cost_centre.is_some())
            .collect()
    }

    /// An order of the person on which work has begun.
    pub(crate) async fn started(&mut self, world: &World) -> WorkOrderId {
        let order = self.mine(Status::Disp)[0];
        self.claim(order, Status::Inprg, 1_000);
        self.settle(world).await;
        world.carry().await;
        self.settle(world).await;
        assert_eq!(self.order(order).line.official, Status::Inprg);
        order
    }

    fn commit(&self, order: WorkOrderId, edits: Vec<Edit>, intent: Option<Intent>, made: Made) {
        let key = self.who.key.clone();
        self.replica
            .commit(&Commit {
                actor: self.who.actor,
                person: self.who.person.id,
                sign: &|position| position.sign(&key),
                now: now(),
                order: Some(order),
                edits,
                intent,
                records: Vec::new(),
                made: vec![made],
            })
            .unwrap();
    }

    pub(crate) fn edit(&self, order: WorkOrderId, id: u128, edit: Edit, words: &str) {
        let made = Made {
            kind: MadeKind::Note,
            subject: MadeSubject::Entry(EntryId(Uuid::from_u128(id))),
            words: words.to_owned(),
        };
        self.commit(order, vec![edit], None, made);
    }

    pub(crate) fn note(&self, order: WorkOrderId, id: u128, text: &str) {
        let entry = Note {
            text: text.to_owned(),
            at: time(1),
            proposes: None,
            settles: None,
        };
        let id_of = EntryId(Uuid::from_u128(id));
        self.edit(order, id, Edit::PutNote { id: id_of, entry }, text);
    }

    /// Closed labour, which the ERP is to confirm.
    pub(crate) fn labour(&self, order: WorkOrderId, id: u128) {
        let id_of = EntryId(Uuid::from_u128(id));
        let entry = LabourEntry {
            person: self.who.person.id,
            kind: LabourKind::Regular,
            task: None,
            start: time(40),
            end: Some(time(10)),
            reversal_of: None,
        };
        let made = Made {
            kind: MadeKind::Labour,
            subject: MadeSubject::Entry(id_of),
            words: "30 min".to_owned(),
        };
        let edit = Edit::PutLabour {
            id: id_of,
            entry,
            is_closed: true,
        };
        self.commit(order, vec![edit], None, made);
    }

    /// Claims a status.
    pub(crate) fn claim(&self, order: WorkOrderId, to: Status, id: u128) {
        let stored = self.order(order);
        let intent = Intent {
            id: IntentId(Uuid::from_u128(id)),
            claim: Claim::Transition(Transition {
                order,
                from: stored.line.status,
                to,
                based_on: stored.row.status.revision,
                reason: None,
            }),
            depends_on: Vec::new(),
            charter_version: 1,
            actor: self.who.actor,
            made: time(1),
            correlation_id: CorrelationId(Uuid::from_u128(id)),
        };
        let made = Made {
            kind: MadeKind::Transition,
            subject: MadeSubject::Intent(intent.id),
            words: to.word().to_owned(),
        };
        self.commit(order, Vec::new(), Some(intent), made);
    }

    /// Texts of the notes of an order.
    pub(crate) fn notes(&self, order: WorkOrderId) -> Vec<String> {
        let notes = self.content(order).notes;
        let mut texts: Vec<_> = notes.into_iter().map(|note| note.entry.text).collect();
        texts.sort();
        texts
    }

    /// A change made here, by the words it was made with.
    pub(crate) fn change(&self, order: WorkOrderId, words: &str) -> ChangeRow {
        let changes = self.order(order).changes;
        changes.into_iter().find(|row| row.words == words).unwrap()
    }

    /// When a change made here was sent.
    pub(crate) fn sent_at(&self, order: WorkOrderId, words: &str) -> Option<Timestamp> {
        self.change(order, words).sent_at
    }
}
