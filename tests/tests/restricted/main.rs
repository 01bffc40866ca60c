//! What only one person may see, through every room: demo ERP, connector, poller, hub, TLS, desk,
//! file.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use fettle_connectors::{Answer, Inline, Request};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_desk::keyring::{KeyPlace, ReplicaFiles, open_root};
use fettle_desk::view::{ChangedView, SignInInput, UnlockInput};
use fettle_desk::{Desk, Settings};
use fettle_domain::charter::Charter;
use fettle_domain::person::Role;
use fettle_domain::price::ItemPrice;
use fettle_domain::{ItemId, PlantId};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::now;
use fettle_hub::core::{NewCode, Policy, hash_password};
use fettle_hub::masters::Poller;
use fettle_hub::server::{Server, Shared};
use fettle_hub::store::SqliteStore;
use fettle_hub::systems::Systems;
use fettle_hub::tls::TlsFiles;
use fettle_replica::{Replica, ReplicaKey};
use fettle_sync::request::EnrolmentCode;
use tokio::sync::broadcast::Receiver;
use tokio::sync::{Notify, Semaphore};

const PASSWORD: &str = "a long demo password";
const PIN: &str = "246810";
/// Events after which something that is waited for must have come.
const EVENTS_MAX: usize = 500;

/// A hub that has read both demo systems once and serves.
struct Hub {
    store: Arc<SqliteStore>,
    poller: Poller,
    erp: Arc<Mutex<Erp>>,
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

fn systems(erp: &Arc<Mutex<Erp>>) -> Systems {
    let cmms = Mutex::new(Cmms::open(None, DEMO_SEED, Clock::System).unwrap());
    let erp = Arc::clone(erp);
    Systems::demo_over(
        inline(move |call| cmms.lock().unwrap().handle(call)),
        inline(move |call| erp.lock().unwrap().handle(call)),
    )
}

impl Hub {
    async fn start(folder: &Path) -> Self {
        let policy = Policy {
            demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
            ..Policy::new(Charter::embedded().unwrap())
        };
        let file = folder.join("hub.db");
        let store = Arc::new(SqliteStore::open(&file, Arc::new(policy)).unwrap());
        let erp = Erp::open(None, DEMO_SEED, Clock::System).unwrap();
        let erp = Arc::new(Mutex::new(erp));
        let poller = Poller::new(store.clone(), systems(&erp));
        poller.poll().await.unwrap();
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
            poller,
            erp,
            server,
            address,
            fingerprint,
        }
    }

    async fn code(&self, number: u8) -> EnrolmentCode {
        let new = NewCode {
            name: format!("HW-{number}"),
            plant: PlantId::new("1200").unwrap(),
            areas: Vec::new(),
            random: [number; 8],
            fingerprint: self.fingerprint,
        };
        let made = self.store.write(move |core| core.make_code(&new, now()));
        made.await.unwrap().unwrap()
    }

    /// The ERP prices an item anew, in euros, and the hub reads it.
    async fn price(&self, number: &str, amount: &str) {
        let body = serde_json::json!({
            "Material": number, "Plant": "1200", "Price": amount, "PriceUnit": "1",
            "BaseUnit": "EA", "Currency": "EUR", "PriceControl": "S", "ValidFrom": now(),
        });
        let answer = self.erp.lock().unwrap().handle(&Call {
            method: "POST",
            target: "/admin/price",
            if_match: None,
            body: body.to_string().as_bytes(),
        });
        assert_eq!(answer.status, 200);
        self.poller.poll().await.unwrap();
    }

    async fn set_roles(&self, account: &'static str, roles: &'static [Role]) {
        let set =
            move |core: fettle_hub::core::Core<'_>| core.set_person_roles(account, roles, now());
        self.store.write(set).await.unwrap().unwrap();
    }
}

/// A laptop on which somebody works, exchanging with the hub.
struct Laptop {
    desk: Desk,
    changes: Receiver<ChangedView>,
    folder: tempfile::TempDir,
}

impl Laptop {
    async fn of(hub: &Hub, number: u8, account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(Settings {
            data_dir: folder.path().to_owned(),
            key_file: Some(folder.path().join("key")),
        })
        .await;
        let input = SignInInput {
            hub: Some(hub.address.clone()),
            code: Some(hub.code(number).await.to_string()),
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        };
        desk.sign_in(input).await.unwrap();
        desk.set_pin(PIN.to_owned()).await.unwrap();
        let changes = desk.changes();
        let running = desk.clone();
        tokio::spawn(async move { running.run().await });
        Self {
            desk,
            changes,
            folder,
        }
    }

    /// Waits for the next event until `is_so`.
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

    /// Waits until the laptop holds everything the hub has for it.
    async fn filled(&mut self) {
        let is_filled = async |desk: &Desk| desk.shell().await.unwrap().fill.is_none();
        self.until(is_filled).await;
    }

    /// Somebody else signs in on this laptop.
    async fn sign_in(&self, account: &str) {
        let input = SignInInput {
            hub: None,
            code: None,
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        };
        self.desk.sign_in(input).await.unwrap();
        self.desk.set_pin(PIN.to_owned()).await.unwrap();
    }

    /// Number and id of an item that is planned in some order on this laptop.
    async fn planned_item(&self) -> (String, ItemId) {
        let place = KeyPlace::File(self.folder.path().join("key"));
        let root = open_root(place, ReplicaFiles::Present).await.unwrap();
        let key = ReplicaKey::new(*root.replica_key());
        let replica = Replica::open(&self.folder.path().join("replica"), &key).unwrap();
        for line in replica.all_orders().unwrap() {
            let order = replica.order(line.id).unwrap().unwrap();
            if let Some(part) = order.content.part_lines.first() {
                let item = replica.item(part.item).unwrap().unwrap();
                return (item.number, item.id);
            }
        }
        panic!("no order plans a part");
    }

    async fn price(&self, item: ItemId) -> Option<ItemPrice> {
        self.desk.item_price(item).await.unwrap()
    }

    /// Files of people's amounts that lie on this laptop.
    fn files(&self) -> usize {
        files_in(self.folder.path())
    }
}

fn files_in(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("replica/restricted")).map_or(0, Iterator::count)
}

/// True once the item has a price of so many euros.
async fn costs(desk: &Desk, item: ItemId, amount: &str) -> bool {
    let price = desk.item_price(item).await.unwrap();
    price.is_some_and(|price| price.price.amount.to_string() == amount)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planner_gets_prices_until_the_role_is_lost_and_a_technician_never() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let mut laptop = Laptop::of(&hub, 1, "brandt").await;
    laptop.filled().await;
    let (_, item) = laptop.planned_item().await;
    let has_price = async |desk: &Desk| desk.item_price(item).await.unwrap().is_some();
    laptop.until(has_price).await;
    let price = laptop.price(item).await.unwrap();
    assert_eq!((price.item, price.plant.as_str()), (item, "1200"));
    assert!(price.price.amount.is_positive());

    hub.set_roles("brandt", &[Role::Technician]).await;
    laptop.desk.sync_now().await.unwrap();
    // Closed first, then removed: gone is when both are done.
    let kept = laptop.folder.path().to_owned();
    let has_none =
        async |desk: &Desk| files_in(&kept) == 0 && desk.item_price(item).await.unwrap().is_none();
    laptop.until(has_none).await;

    let mut other = Laptop::of(&hub, 2, "kowalska").await;
    other.filled().await;
    assert_eq!(other.price(item).await, None);
    assert_eq!(other.files(), 0);
    hub.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_shared_laptop_each_person_reads_what_is_theirs_alone() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let mut laptop = Laptop::of(&hub, 1, "brandt").await;
    laptop.filled().await;
    let (number, item) = laptop.planned_item().await;
    hub.price(&number, "199.95").await;
    laptop.desk.sync_now().await.unwrap();
    laptop
        .until(async |desk| costs(desk, item, "199.95").await)
        .await;
    let planner = laptop.desk.shell().await.unwrap().person.unwrap().id;

    // A technician takes over: the session is hers now, and she sees no price.
    laptop.sign_in("kowalska").await;
    assert_eq!(laptop.price(item).await, None);
    hub.price(&number, "209.95").await;
    laptop.desk.lock().await.unwrap();
    let locked = laptop.desk.item_price(item).await.unwrap_err();
    assert_eq!(locked.code, "desk.locked");

    // The planner unlocks under her session, reads what was there and gets what is new.
    let unlock = UnlockInput {
        person_id: planner,
        pin: PIN.to_owned(),
    };
    laptop.desk.unlock(unlock).await.unwrap();
    assert!(laptop.price(item).await.is_some());
    laptop.desk.sync_now().await.unwrap();
    laptop
        .until(async |desk| costs(desk, item, "209.95").await)
        .await;
    hub.server.stop().await.unwrap();
}
