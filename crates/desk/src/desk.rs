//! The desk as the window and tests hold it: opened once, every use case one method.

use std::path::PathBuf;
use std::sync::Arc;

use fettle_domain::{Refusal, Timestamp};
use fettle_replica::{Replica, ReplicaKey};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use crate::core::Core;
use crate::keyring::{KeyPlace, ReplicaFiles, open_root};
use crate::platform::{Clock, SystemClock};
use crate::rescue::DAMAGED;
use crate::search::Turns;
use crate::trouble::{Answer, Trouble};
use crate::view::{ChangedView, ProblemView, Shell};

/// Where the desk keeps its data, read once at start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the replica.
    pub data_dir: PathBuf,
    /// Key file instead of the keyring.
    pub key_file: Option<PathBuf>,
}

/// Fettle Desk without a window. Clones share one desk.
#[derive(Debug, Clone)]
pub struct Desk {
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    // Invariant: nothing on disk was changed while this is a refusal.
    opened: watch::Sender<Opened>,
    /// Held while the data is opened, so that two tries never open it twice.
    opening: Arc<tokio::sync::Mutex<()>>,
    changes: broadcast::Sender<ChangedView>,
    /// The right to have the files open: one permit, which whoever opens them holds.
    files: Arc<Semaphore>,
    pub(crate) searches: Arc<Turns>,
}

/// The desk behind its methods, or why its data cannot be opened.
type Opened = Result<Arc<Core>, Refusal>;

/// Events kept for a window that is slow to listen; it re-reads all when it missed some.
const CHANGES_MAX: usize = 256;

impl Desk {
    /// Opens the desk. It never fails: trouble is a stage with what to do about it.
    pub async fn open(settings: Settings) -> Self {
        #[cfg(feature = "faults")]
        let clock = SystemClock::moved_by(moved_by_ms());
        #[cfg(not(feature = "faults"))]
        let clock = SystemClock::new();
        Self::open_with(settings, Arc::new(clock)).await
    }

    /// Opens the desk with a clock of the caller's.
    pub async fn open_with(settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let desk = Self {
            settings: Arc::new(settings),
            clock,
            opened: watch::Sender::new(Err(Refusal::new("replica.unreadable"))),
            opening: Arc::default(),
            changes,
            files: Arc::new(Semaphore::new(1)),
            searches: Arc::default(),
        };
        desk.open_again().await;
        desk
    }

    /// Opens the data again after trouble, such as a key store that was locked.
    ///
    /// # Errors
    /// None; trouble that stays is a stage of the frame.
    pub async fn try_again(&self) -> Result<Shell, ProblemView> {
        {
            let _one_try = self.opening.lock().await;
            // A file that turned out to be damaged opens and is no better for it.
            let is_damaged = self.core().is_err_and(|refusal| refusal.code == DAMAGED);
            if self.core().is_err() && !is_damaged {
                self.open_again().await;
            }
        }
        self.shell().await
    }

    pub(crate) async fn open_again(&self) {
        let (clock, changes) = (Arc::clone(&self.clock), self.changes.clone());
        let opened = match Arc::clone(&self.files).acquire_owned().await {
            Ok(permit) => open_core(&self.settings, clock, changes, permit).await,
            // Nobody ever closes it.
            Err(_) => Err(Refusal::new("replica.unreadable")),
        };
        self.opened.send_modify(|before| *before = opened);
    }

    /// Held while the data is opened or put in another place.
    pub(crate) async fn opening(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.opening.lock().await
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn wall_clock(&self) -> Timestamp {
        self.clock.read().at
    }

    /// Waits until nobody has the files open any more.
    pub(crate) async fn until_closed(&self) {
        // An error says that nobody can have them.
        let _ = self.files.acquire().await;
    }

    /// The work file cannot be read any more: whoever uses it is told so from now on.
    pub(crate) fn found_damaged(&self) {
        tracing::error!("the work file is damaged");
        self.opened
            .send_modify(|before| *before = Err(Refusal::new(DAMAGED)));
        let told = ChangedView {
            shell: true,
            orders: Vec::new(),
        };
        // Nobody listening is no fault: there may be no window yet.
        let _ = self.changes.send(told);
    }

    /// Waits until the data is another than this, or none.
    pub(crate) async fn until_other(&self, core: &Arc<Core>) {
        let mut opened = self.opened.subscribe();
        let is_other = |opened: &Opened| !opened.as_ref().is_ok_and(|now| Arc::ptr_eq(now, core));
        // The desk is gone: then it is none.
        let _ = opened.wait_for(is_other).await;
    }

    /// What is behind the methods now.
    pub(crate) fn core(&self) -> Opened {
        self.opened.borrow().clone()
    }

    /// Waits until the data is open; `None` when the desk is gone before.
    pub(crate) async fn when_open(&self) -> Option<Arc<Core>> {
        let mut opened = self.opened.subscribe();
        let opened = opened.wait_for(Result::is_ok).await.ok()?;
        opened.as_ref().ok().cloned()
    }

    /// Hears what changed, from now on.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<ChangedView> {
        self.changes.subscribe()
    }

    /// Runs a use case off the async threads: disks and key stretching block.
    pub(crate) async fn on_disk<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Arc<Core>) -> Answer<T> + Send + 'static,
    ) -> Result<T, ProblemView> {
        let core = self.core().map_err(Trouble)?;
        match tokio::task::spawn_blocking(move || use_case(&core)).await {
            Ok(answer) => answer.map_err(|trouble| {
                if trouble.0.code == DAMAGED {
                    self.found_damaged();
                }
                ProblemView::from(trouble)
            }),
            Err(error) => {
                tracing::error!(%error, "a use case ended early");
                Err(Trouble::new("desk.unexpected").into())
            }
        }
    }
}

async fn open_core(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    changes: broadcast::Sender<ChangedView>,
    permit: OwnedSemaphorePermit,
) -> Opened {
    match try_open(settings, clock, changes, permit).await {
        Ok(core) => Ok(Arc::new(core)),
        Err(trouble) => {
            tracing::error!(code = trouble.0.code, "the desk cannot open its data");
            Err(trouble.0)
        }
    }
}

async fn try_open(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    changes: broadcast::Sender<ChangedView>,
    permit: OwnedSemaphorePermit,
) -> Answer<Core> {
    let folder = settings.data_dir.join("replica");
    let files = if Replica::exists(&folder) {
        ReplicaFiles::Present
    } else {
        ReplicaFiles::Absent
    };
    let data_dir = settings.data_dir.clone();
    let place = KeyPlace::of(&settings.data_dir, settings.key_file.as_deref());
    let root = open_root(place, files).await.map_err(|fault| {
        tracing::error!(error = &fault as &dyn std::error::Error, "no key");
        fault.refusal()
    })?;
    let opened = tokio::task::spawn_blocking(move || {
        let replica =
            Replica::open(&folder, &ReplicaKey::new(*root.replica_key())).map_err(|fault| {
                tracing::error!(error = &fault as &dyn std::error::Error, "no replica");
                fault.refusal()
            })?;
        Core::new(
            replica,
            root.pin_secret(),
            clock,
            changes,
            (data_dir, permit),
        )
    });
    opened
        .await
        .map_err(|_| Trouble::new("replica.unreadable"))?
}

#[cfg(feature = "faults")]
fn moved_by_ms() -> i64 {
    std::env::var("FETTLE_CLOCK_OFFSET_MS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
