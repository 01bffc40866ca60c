//! Bad days of a laptop through every room: its file damaged, its line closed for good, its work
//! carried by a colleague. Real files, the real desk, the real hub over TLS.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use fettle_connectors::{Answer, Inline, Request};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_desk::keyring::{KeyPlace, ReplicaFiles, open_root};
use fettle_desk::view::{
    CarriedState, CarryInput, ChangedView, SaveUnsentInput, SignInInput, Stage, WriteNoteInput,
};
use fettle_desk::{Desk, Settings};
use fettle_domain::PlantId;
use fettle_domain::charter::Charter;
use fettle_hub::attachments::Attachments;
use fettle_hub::bundle_key;
use fettle_hub::clock::now;
use fettle_hub::core::{NewCode, Policy, Totals, hash_password};
use fettle_hub::masters::Poller;
use fettle_hub::server::{Server, Shared};
use fettle_hub::store::{SqliteStore, Store};
use fettle_hub::systems::Systems;
use fettle_hub::tls::TlsFiles;
use fettle_replica::{Replica, ReplicaKey, Salvage};
use tokio::sync::broadcast::Receiver;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

const PASSWORD: &str = "a long demo password";
const PIN: &str = "246810";
/// Events after which something that is waited for must have come.
const EVENTS_MAX: usize = 500;
const PAGE: usize = 4096;

struct Hub {
    store: Arc<SqliteStore>,
    server: Server,
    address: String,
    fingerprint: [u8; 32],
}

fn inline(
    handle: impl Fn(&Call<'_>) -> fettle_demo::Answer + Send + Sync + 'static,
) -> Arc<Inline> {
    Arc::new(Inline::new(move |request: &Request| {
        let answer = handle(&Call {
            method: request.method.word(),
            target: &request.path,
            if_match: None,
            body: &request.body,
        });
        Ok(Answer {
            status: answer.status,
            body: answer.body,
        })
    }))
}

impl Hub {
    async fn start(folder: &Path) -> Self {
        let key = bundle_key::read_or_make(folder).unwrap();
        let policy = Policy {
            demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
            bundle: Some(Arc::new(key)),
            ..Policy::new(Charter::embedded().unwrap())
        };
        let file = folder.join("hub.db");
        let store = Arc::new(SqliteStore::open(&file, Arc::new(policy)).unwrap());
        let cmms = Mutex::new(Cmms::open(None, DEMO_SEED, Clock::System).unwrap());
        let erp = Mutex::new(Erp::open(None, DEMO_SEED, Clock::System).unwrap());
        let systems = Systems::demo_over(
            inline(move |call| cmms.lock().unwrap().handle(call)),
            inline(move |call| erp.lock().unwrap().handle(call)),
        );
        Poller::new(store.clone(), systems).poll().await.unwrap();
        let files = TlsFiles::in_folder(folder);
        files.make_if_missing().unwrap();
        let tls = files.load().unwrap();
        let fingerprint = tls.fingerprint;
        let shared = Shared {
            store: store.clone(),
            attachments: Attachments::in_folder(folder),
            figures: Arc::default(),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(2)),
        };
        let listen = "127.0.0.1:0".parse().unwrap();
        let server = Server::start(listen, tls, shared).await.unwrap();
        let address = format!("https://{}", server.address().await.unwrap());
        Self {
            store,
            server,
            address,
            fingerprint,
        }
    }

    async fn code(&self, number: u8) -> String {
        let new = NewCode {
            name: format!("HW-{number}"),
            plant: PlantId::new("1200").unwrap(),
            areas: Vec::new(),
            random: [number; 8],
            fingerprint: self.fingerprint,
        };
        let made = self.store.write(move |core| core.make_code(&new, now()));
        made.await.unwrap().unwrap().to_string()
    }

    async fn totals(&self) -> Totals {
        self.store.totals().await.unwrap()
    }
}

/// A laptop; it exchanges while it is in reach of the hub.
struct Laptop {
    desk: Desk,
    changes: Receiver<ChangedView>,
    in_reach: Option<JoinHandle<()>>,
    folder: tempfile::TempDir,
}

async fn open(folder: &Path) -> Desk {
    Desk::open(Settings {
        data_dir: folder.to_owned(),
        key_file: Some(folder.join("key")),
    })
    .await
}

impl Laptop {
    async fn of(hub: &Hub, number: u8, account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = open(folder.path()).await;
        let mut laptop = Self {
            changes: desk.changes(),
            desk,
            in_reach: None,
            folder,
        };
        let code = hub.code(number).await;
        laptop.sign_in(account, Some((&hub.address, code))).await;
        laptop.come_back();
        let is_filled = async |desk: &Desk| desk.shell().await.unwrap().fill.is_none();
        laptop.until(is_filled).await;
        laptop
    }

    async fn sign_in(&self, account: &str, enrol: Option<(&str, String)>) {
        let (hub, code) = enrol.map(|(hub, code)| (hub.to_owned(), code)).unzip();
        let input = SignInInput {
            hub,
            code,
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        };
        self.desk.sign_in(input).await.unwrap();
        self.desk.set_pin(PIN.to_owned()).await.unwrap();
    }

    fn come_back(&mut self) {
        let desk = self.desk.clone();
        self.in_reach = Some(tokio::spawn(async move { desk.run().await }));
    }

    /// Out of reach of the hub; an exchange under way ends as it may.
    async fn go_away(&mut self) {
        if let Some(running) = self.in_reach.take() {
            running.abort();
            // It was aborted, which is what it says.
            let _ = running.await;
        }
    }

    async fn until(&mut self, is_so: impl AsyncFn(&Desk) -> bool) {
        for _ in 0..EVENTS_MAX {
            if is_so(&self.desk).await {
                return;
            }
            // An event missed is an event, too.
            let _ = self.changes.recv().await;
        }
        panic!("it does not come");
    }

    /// One note on each of the person's orders, several times.
    async fn write_notes(&self, rounds: usize) -> usize {
        let work = self.desk.my_work().await.unwrap();
        let rows = work.groups.iter().flat_map(|group| &group.orders);
        let orders: Vec<String> = rows.map(|row| row.id.clone()).collect();
        let mut written = 0;
        for round in 0..rounds {
            for order in &orders {
                let input = WriteNoteInput {
                    order_id: order.clone(),
                    text: format!("Round {round}: {}", "bearing hot again, ".repeat(8)),
                };
                // Not every order takes notes any more.
                written += usize::from(self.desk.write_note(input).await.is_ok());
            }
        }
        written
    }

    async fn key(&self) -> ReplicaKey {
        let place = KeyPlace::File(self.folder.path().join("key"));
        let root = open_root(place, ReplicaFiles::Present).await.unwrap();
        ReplicaKey::new(*root.replica_key())
    }

    /// Switches the laptop off and flips one bit of its work file, such that items are lost.
    async fn damage(self) -> (tempfile::TempDir, Salvage) {
        let key = self.key().await;
        let Self { desk, folder, .. } = self;
        drop(desk);
        let replica = folder.path().join("replica");
        let file = replica.join("work.db");
        // Moves the log into the file, as the end of a program does.
        drop(Replica::open(&replica, &key).unwrap());
        let whole = std::fs::read(&file).unwrap();
        for page in (1..whole.len() / PAGE).rev() {
            let mut bytes = whole.clone();
            bytes[page * PAGE + PAGE / 2] ^= 1;
            std::fs::write(&file, bytes).unwrap();
            let Ok(salvage) = Replica::salvage(&replica, &key) else {
                continue;
            };
            let has_laptop = salvage.settings.iter().any(|(name, _)| name == "laptop");
            if has_laptop && !salvage.torn.is_empty() && salvage.items() > 0 {
                return (folder, salvage);
            }
        }
        panic!("no page of the outbox was found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_read_of_a_damaged_laptop_reaches_the_hub_once() {
    let place = tempfile::tempdir().unwrap();
    let hub = Hub::start(place.path()).await;
    let mut laptop = Laptop::of(&hub, 1, "kowalska").await;
    laptop.go_away().await;
    let written = laptop.write_notes(12).await;
    assert!(written > 24, "{written}");
    let before = hub.totals().await;
    let (folder, salvage) = laptop.damage().await;
    assert_eq!(
        salvage.items() as u64 + salvage.lost_items(),
        written as u64
    );

    // The desk starts; it finds the damage when it wants to send.
    let desk = open(folder.path()).await;
    let mut laptop = Laptop {
        changes: desk.changes(),
        desk,
        in_reach: None,
        folder,
    };
    laptop.come_back();
    let in_trouble = async |desk: &Desk| desk.shell().await.unwrap().stage == Stage::Trouble;
    laptop.until(in_trouble).await;
    let trouble = laptop.desk.shell().await.unwrap().trouble.unwrap();
    assert_eq!(trouble.code, "replica.damaged");
    // Trying again does not help and harms nothing.
    laptop.desk.try_again().await.unwrap();
    let shell = laptop.desk.rescue().await.unwrap();
    let rescued = shell.rescued.unwrap();
    assert_eq!(rescued.kept as usize, salvage.items());
    assert_eq!(u64::from(rescued.lost), salvage.lost_items());
    assert!(Path::new(&rescued.folder).join("work.db").exists());
    let shell = laptop.desk.rescue_read().await.unwrap();
    assert!(shell.rescued.is_none() && shell.stage == Stage::Locked);

    laptop.sign_in("kowalska", None).await;
    let is_delivered = async |desk: &Desk| {
        let carried = desk.carried().await.unwrap();
        carried.iter().all(|file| file.state == CarriedState::Sent)
    };
    laptop.until(is_delivered).await;
    let after = hub.totals().await;
    let arrived = (after.changes - before.changes) + (after.held_changes - before.held_changes);
    assert_eq!(arrived as usize, salvage.items());
    // The orders come again, and the notes that were kept with them.
    let is_filled = async |desk: &Desk| {
        let shell = desk.shell().await.unwrap();
        shell.fill.is_none() && !desk.my_work().await.unwrap().groups.is_empty()
    };
    laptop.until(is_filled).await;

    // A colleague brings the same file once more.
    let carry = laptop.folder.path().join("carry/delivered");
    let file = std::fs::read_dir(carry).unwrap().next().unwrap().unwrap();
    let bytes = std::fs::read(file.path()).unwrap();
    let mut colleague = Laptop::of(&hub, 2, "ode").await;
    let input = CarryInput {
        name: "HW-1.fettle".to_owned(),
        base64: data_encoding::BASE64.encode(&bytes),
    };
    colleague.desk.carry_file(input).await.unwrap();
    colleague.until(is_delivered).await;
    let again = hub.totals().await;
    assert_eq!(
        (again.changes, again.held_changes),
        (after.changes, after.held_changes)
    );
    hub.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_laptop_gives_up_its_data_and_a_colleague_carries_its_work() {
    let place = tempfile::tempdir().unwrap();
    let hub = Hub::start(place.path()).await;
    let mut laptop = Laptop::of(&hub, 1, "kowalska").await;
    laptop.go_away().await;
    let written = laptop.write_notes(1).await;
    let orders = laptop.desk.my_work().await.unwrap().groups.len();
    assert!(written > 0 && orders > 0);
    let revoke = hub.store.write(|core| core.revoke_device("HW-1", now()));
    revoke.await.unwrap().unwrap();
    laptop.come_back();
    let is_told = async |desk: &Desk| {
        let link = desk.shell().await.unwrap().link;
        link.reason
            .is_some_and(|reason| reason.code == "device.revoked")
    };
    laptop.until(is_told).await;
    // What is unsent is still there, and nothing else is.
    let key = laptop.key().await;
    let unsent = laptop.desk.shell().await.unwrap().unsent as usize;
    assert_eq!(unsent, written);
    let folder = laptop.folder.path().to_owned();
    let gave_up = async |_: &Desk| {
        let replica = Replica::open(&folder.join("replica"), &key).unwrap();
        let lines = replica.all_orders().unwrap();
        lines.iter().all(|line| line.unsent > 0)
    };
    laptop.until(gave_up).await;
    let saved = laptop
        .desk
        .save_unsent(SaveUnsentInput { folder: None })
        .await;
    let saved = saved.unwrap();
    assert_eq!((saved.files.len(), saved.changes as usize), (1, written));

    let mut colleague = Laptop::of(&hub, 2, "ode").await;
    let input = CarryInput {
        name: "HW-1.fettle".to_owned(),
        base64: data_encoding::BASE64.encode(&std::fs::read(&saved.files[0]).unwrap()),
    };
    let before = hub.totals().await;
    colleague.desk.carry_file(input).await.unwrap();
    let is_kept_aside = async |desk: &Desk| {
        let carried = desk.carried().await.unwrap();
        carried[0].set_aside as usize == written
    };
    colleague.until(is_kept_aside).await;
    let aside = hub.totals().await;
    assert_eq!(aside.quarantined as usize, written);
    assert_eq!(aside.changes, before.changes);
    let release = hub
        .store
        .write(|core| core.release("HW-1", "her own work", now()));
    assert_eq!(release.await.unwrap().unwrap().released.len(), written);
    let after = hub.totals().await;
    assert_eq!((after.changes - before.changes) as usize, written);
    assert_eq!(after.quarantined, 0);
    hub.server.stop().await.unwrap();
}
