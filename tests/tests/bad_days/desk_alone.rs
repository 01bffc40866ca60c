//! The desk itself over TLS: restored hubs and copied disks are dealt with by nobody's hand.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use fettle_desk::view::{
    ChangedView, LinkState, OrderRowView, SignInInput, UnlockInput, WriteNoteInput,
};
use fettle_desk::{Desk, Settings};
use fettle_hub::attachments::Attachments;
use fettle_hub::server::{Server, Shared};
use fettle_hub::tls::TlsFiles;
use tokio::sync::broadcast::Receiver;
use tokio::sync::{Notify, Semaphore};

use crate::world::World;

const PIN: &str = "246810";
/// Events after which something that is waited for must have come.
const EVENTS_MAX: usize = 500;

/// A hub that serves what a world's store holds.
struct Served {
    server: Server,
    address: SocketAddr,
    fingerprint: [u8; 32],
}

impl Served {
    async fn start(world: &World, folder: &Path, listen: SocketAddr) -> Self {
        let files = TlsFiles::in_folder(folder);
        files.make_if_missing().unwrap();
        let tls = files.load().unwrap();
        let fingerprint = tls.fingerprint;
        let shared = Shared {
            store: world.store.clone(),
            attachments: Attachments::in_folder(folder),
            figures: Arc::default(),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(2)),
        };
        let server = Server::start(listen, tls, shared).await.unwrap();
        let address = server.address().await.unwrap();
        Self {
            server,
            address,
            fingerprint,
        }
    }
}

/// A desk at work.
struct AtWork {
    desk: Desk,
    changes: Receiver<ChangedView>,
}

impl AtWork {
    async fn open(folder: &Path) -> Self {
        let desk = Desk::open(Settings {
            data_dir: folder.to_owned(),
            key_file: Some(folder.join("key")),
        })
        .await;
        let changes = desk.changes();
        Self { desk, changes }
    }

    fn run(&self) {
        let running = self.desk.clone();
        tokio::spawn(async move { running.run().await });
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

    /// Exchanges until the hub has everything and nothing is to be told any more.
    async fn sent(&mut self) {
        self.desk.sync_now().await.unwrap();
        self.until(async |desk| {
            let link = desk.shell().await.unwrap().link;
            link.state == LinkState::UpToDate && link.unsent == 0 && link.notice.is_none()
        })
        .await;
    }

    async fn orders(&self) -> Vec<OrderRowView> {
        let work = self.desk.my_work().await.unwrap();
        work.groups
            .into_iter()
            .flat_map(|group| group.orders)
            .collect()
    }

    async fn note(&self, order: &str, text: &str) {
        let input = WriteNoteInput {
            order_id: order.to_owned(),
            text: text.to_owned(),
        };
        self.desk.write_note(input).await.unwrap();
    }

    /// Texts of the notes of an order.
    async fn notes(&self, order: &str) -> Vec<String> {
        let view = self.desk.order(order.to_owned()).await.unwrap();
        let mut texts: Vec<_> = view.notes.into_iter().map(|note| note.text).collect();
        texts.sort();
        texts
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_gives_back_and_begins_anew_by_itself() {
    let mut world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(&world, folder.path(), "127.0.0.1:0".parse().unwrap()).await;
    let first_folder = folder.path().join("first");
    std::fs::create_dir_all(&first_folder).unwrap();
    let mut first = AtWork::open(&first_folder).await;
    let input = SignInInput {
        hub: Some(format!("https://{}", served.address)),
        code: Some(world.code(1, served.fingerprint).await.to_string()),
        account: "kowalska".to_owned(),
        password: crate::world::PASSWORD.to_owned(),
    };
    first.desk.sign_in(input).await.unwrap();
    first.desk.set_pin(PIN.to_owned()).await.unwrap();
    first.run();
    first.sent().await;
    let order = first.orders().await[0].id.clone();
    first.desk.start_order(order.clone()).await.unwrap();
    first.note(&order, "monday").await;
    first.sent().await;

    // The disk is copied, and both copies work on.
    let second_folder = folder.path().join("second");
    copy(&first_folder, &second_folder);
    first.note(&order, "on the first").await;
    first.sent().await;
    let mut second = AtWork::open(&second_folder).await;
    let person_id = second.desk.shell().await.unwrap().people[0].id.clone();
    let pin = PIN.to_owned();
    second
        .desk
        .unlock(UnlockInput { person_id, pin })
        .await
        .unwrap();
    second.note(&order, "on the second").await;
    second.run();
    second.sent().await;
    first.sent().await;
    let both = ["monday", "on the first", "on the second"];
    assert_eq!(second.notes(&order).await, both);

    // The hub is lost and restored; nobody is asked anything, and what was sent is sent again.
    let yesterday = world.back_up();
    second.note(&order, "after the backup").await;
    second.sent().await;
    served.server.stop().await.unwrap();
    world.restore(&yesterday).await;
    let served = Served::start(&world, folder.path(), served.address).await;
    second.note(&order, "work goes on").await;
    second.sent().await;
    first.sent().await;
    first
        .until(async |desk| {
            let view = desk.order(order.clone()).await.unwrap();
            view.notes.len() == 5
        })
        .await;
    assert_eq!(first.notes(&order).await, second.notes(&order).await);
    served.server.stop().await.unwrap();
}
