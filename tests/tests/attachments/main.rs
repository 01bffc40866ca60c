//! Photos through every room: screen's file, laptop's disk, a bad line, TLS, hub, another laptop.
#![expect(clippy::unwrap_used, reason = "tests")]

mod line;

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex};

use fettle_connectors::{Answer, Inline, Request};
use fettle_demo::world::DEMO_SEED;
use fettle_demo::{Call, Clock, Cmms, Erp};
use fettle_desk::view::{
    AddPhotoInput, ChangeState, ChangedView, OrderView, PhotoFile, PhotoInput, PhotoView,
    SignInInput, UnlockInput, WriteNoteInput,
};
use fettle_desk::{Desk, Settings};
use fettle_domain::charter::Charter;
use fettle_domain::{ContentHash, PlantId};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::now;
use fettle_hub::core::{NewCode, Policy, hash_password};
use fettle_hub::masters::Poller;
use fettle_hub::server::{Server, Shared};
use fettle_hub::store::SqliteStore;
use fettle_hub::systems::Systems;
use fettle_hub::tls::TlsFiles;
use fettle_sync::attachment::Wanted;
use fettle_sync::request::EnrolmentCode;
use image::{Rgb, RgbImage};
use tokio::sync::broadcast::Receiver;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use crate::line::Line;

const PASSWORD: &str = "a long demo password";
const PIN: &str = "246810";
/// Events after which something that is waited for must have come.
const EVENTS_MAX: usize = 2_000;

/// A hub that has read both demo systems once and serves.
struct Hub {
    store: Arc<SqliteStore>,
    attachments: Attachments,
    server: Server,
    line: Line,
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
        let policy = Policy {
            demo_password_hash: Some(hash_password(PASSWORD).unwrap()),
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
        let attachments = Attachments::in_folder(folder);
        let shared = Shared {
            store: store.clone(),
            attachments: attachments.clone(),
            figures: Arc::default(),
            work: Arc::new(Notify::new()),
            password_checks: Arc::new(Semaphore::new(2)),
        };
        let listen = "127.0.0.1:0".parse().unwrap();
        let server = Server::start(listen, tls, shared).await.unwrap();
        let line = Line::to(server.address().await.unwrap()).await;
        Self {
            store,
            attachments,
            server,
            line,
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

    /// Bytes of a content as they lie at the hub.
    fn content(&self, name: &str) -> Option<Vec<u8>> {
        let content: ContentHash = name.parse().unwrap();
        let mut bytes = Vec::new();
        loop {
            let wanted = Wanted {
                offset: bytes.len() as u64,
                length: 1 << 20,
            };
            match self.attachments.read(content, wanted).unwrap() {
                Some((_, more)) => bytes.extend(more),
                None => return (!bytes.is_empty()).then_some(bytes),
            }
        }
    }
}

/// A laptop on which somebody works, exchanging with the hub.
struct Laptop {
    desk: Desk,
    changes: Receiver<ChangedView>,
    running: JoinHandle<()>,
    folder: tempfile::TempDir,
}

async fn opened(folder: &Path) -> Desk {
    Desk::open(Settings {
        data_dir: folder.to_owned(),
        key_file: Some(folder.join("key")),
    })
    .await
}

fn run(desk: &Desk) -> JoinHandle<()> {
    let desk = desk.clone();
    tokio::spawn(async move { desk.run().await })
}

impl Laptop {
    async fn of(hub: &Hub, number: u8, account: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = opened(folder.path()).await;
        let input = SignInInput {
            hub: Some(format!("https://{}", hub.line.address)),
            code: Some(hub.code(number).await.to_string()),
            account: account.to_owned(),
            password: PASSWORD.to_owned(),
        };
        desk.sign_in(input).await.unwrap();
        desk.set_pin(PIN.to_owned()).await.unwrap();
        let mut laptop = Self {
            changes: desk.changes(),
            running: run(&desk),
            desk,
            folder,
        };
        let is_filled = async |desk: &Desk| desk.shell().await.unwrap().fill.is_none();
        laptop.until(is_filled).await;
        laptop
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

    /// Kills the program and starts it again on the same disk.
    async fn killed_and_reopened(&mut self) {
        let person_id = self.desk.shell().await.unwrap().person.unwrap().id;
        self.running.abort();
        let _ = (&mut self.running).await;
        self.desk = opened(self.folder.path()).await;
        let pin = PIN.to_owned();
        self.desk
            .unlock(UnlockInput { person_id, pin })
            .await
            .unwrap();
        self.changes = self.desk.changes();
        self.running = run(&self.desk);
    }

    /// An order of mine on which work has begun.
    async fn order_at_work(&self) -> String {
        let work = self.desk.my_work().await.unwrap();
        let mut rows = work.groups.into_iter().flat_map(|group| group.orders);
        for row in rows.by_ref() {
            let order = self.desk.order(row.id.clone()).await.unwrap();
            if order.actions.iter().any(|action| action == "start") {
                self.desk.start_order(row.id.clone()).await.unwrap();
                return row.id;
            }
        }
        panic!("no order to start");
    }

    async fn add(&self, order_id: &str, photo: Vec<u8>, caption: &str) -> String {
        let draft = self.desk.draft_photo(photo).await.unwrap();
        let input = AddPhotoInput {
            order_id: order_id.to_owned(),
            content: draft.content.clone(),
            caption: caption.to_owned(),
        };
        self.desk.add_photo(input).await.unwrap();
        draft.content
    }

    async fn order(&self, id: &str) -> OrderView {
        self.desk.order(id.to_owned()).await.unwrap()
    }
}

async fn photo_of(desk: &Desk, order: &str) -> Option<PhotoView> {
    let order = desk.order(order.to_owned()).await.ok()?;
    order.photos.into_iter().next()
}

async fn is_sent(desk: &Desk, order: &str) -> bool {
    let photo = photo_of(desk, order).await;
    photo.is_some_and(|photo| photo.change.state == ChangeState::Sent)
}

/// A photo that hardly compresses, of about a third of a byte a point.
fn photo(edge: u32, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let picture = RgbImage::from_fn(edge, edge, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, _] = state.to_le_bytes();
        Rgb([a, b, c])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_follows_the_text_over_a_line_that_is_cut_and_reaches_who_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let mut ana = Laptop::of(&hub, 1, "kowalska").await;
    let order = ana.order_at_work().await;
    ana.until(async |desk| desk.shell().await.unwrap().unsent == 0)
        .await;
    // Six times the line is cut after some more bytes. It is slow, as such lines are: what a
    // machine takes from itself in one gulp, it has not looked at yet when the line is cut.
    hub.line.slow_down();
    let sent_before = hub.line.sent();
    hub.line
        .cut_after(&[190_000, 150_001, 230_000, 110_000, 170_000, 164_000]);
    let content = ana.add(&order, photo(1000, 1), "Seal face").await;
    let size = ana
        .desk
        .attachment(content.clone())
        .await
        .unwrap()
        .bytes
        .len() as u64;
    assert!(size > 1_050_000, "{size} bytes are cut six times");
    ana.until(async |desk| {
        // As the person presses the button: the pause after a cut is not waited for.
        desk.sync_now().await.unwrap();
        is_sent(desk, &order).await
    })
    .await;
    let kept = ana.desk.attachment(content.clone()).await.unwrap().bytes;
    assert_eq!(hub.content(&content), Some(kept.clone()));
    assert!(ana.order(&order).await.unsent.is_empty());
    assert!(ana.desk.shell().await.unwrap().photos_unsent.is_none());
    assert_eq!(hub.line.cuts_left(), 0);
    hub.line.speed_up();
    // It went on where it was cut: a fraction of what had passed is sent again each time.
    let sent = hub.line.sent() - sent_before;
    assert!(sent < size + 6 * 80_000, "{sent} bytes for {size}");

    // Another laptop: small by itself once looked at, large when asked for.
    let mut ben = Laptop::of(&hub, 2, "brandt").await;
    ben.until(async |desk| {
        photo_of(desk, &order)
            .await
            .is_some_and(|photo| photo.thumbnail.is_some())
    })
    .await;
    let there = photo_of(&ben.desk, &order).await.unwrap();
    assert_eq!(
        (there.file, there.caption.as_str()),
        (PhotoFile::NotHere, "Seal face")
    );
    let refused = ben.desk.attachment(content.clone()).await.unwrap_err();
    assert_eq!(refused.code, "attachment.not_here");
    let ask = PhotoInput {
        order_id: order.clone(),
        photo_id: there.id,
    };
    ben.desk.fetch_photo(ask).await.unwrap();
    ben.until(async |desk| photo_of(desk, &order).await.unwrap().file == PhotoFile::Here)
        .await;
    assert_eq!(ben.desk.attachment(content).await.unwrap().bytes, kept);
    hub.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_overtakes_a_photo_and_a_killed_program_goes_on_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let mut ana = Laptop::of(&hub, 1, "kowalska").await;
    let order = ana.order_at_work().await;
    ana.until(async |desk| desk.shell().await.unwrap().unsent == 0)
        .await;
    hub.line.slow_down();
    let content = ana.add(&order, photo(900, 2), "").await;
    let size = ana
        .desk
        .attachment(content.clone())
        .await
        .unwrap()
        .bytes
        .len() as u64;
    hub.line.until_sent(hub.line.sent() + 150_000).await;
    let note = WriteNoteInput {
        order_id: order.clone(),
        text: "Sleeve is fine.".to_owned(),
    };
    ana.desk.write_note(note).await.unwrap();
    let note_is_sent = async |desk: &Desk| {
        let order = desk.order(order.clone()).await.unwrap();
        order.notes[0].change.state == ChangeState::Sent
    };
    ana.until(note_is_sent).await;
    assert!(
        !is_sent(&ana.desk, &order).await,
        "the photo waited for the note"
    );
    let waiting = ana.desk.shell().await.unwrap().photos_unsent.unwrap();
    assert_eq!((waiting.count, waiting.size_bytes), (1, size as f64));

    hub.line.until_sent(hub.line.sent() + 100_000).await;
    ana.killed_and_reopened().await;
    let sent_before = hub.line.sent();
    hub.line.speed_up();
    ana.until(async |desk| is_sent(desk, &order).await).await;
    let kept = ana.desk.attachment(content.clone()).await.unwrap().bytes;
    assert_eq!(hub.content(&content), Some(kept));
    let sent = hub.line.sent() - sent_before;
    assert!(
        sent < size - 100_000,
        "{sent} of {size} bytes after the kill"
    );
    hub.server.stop().await.unwrap();
}
