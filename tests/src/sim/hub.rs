//! The hub's process: its core on its own file, put together as the server and its workers do it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fettle_connectors::{Cursor, Fault, Page};
use fettle_domain::charter::{Charter, Domain};
use fettle_domain::effect::NextStep;
use fettle_domain::{Refusal, Timestamp};
use fettle_hub::core::{Hub, Masters, Opening, Policy, Rows, SecretBytes, StoreFault, restore};
use fettle_hub::effect::{Claimed, Outcome};
use fettle_hub::effects::perform;
use fettle_hub::systems::Systems;
use fettle_sync::bundle::BundleSecret;
use fettle_sync::epoch::{EpochAnswer, EpochRequest};
use fettle_sync::exchange::UpExchange;
use fettle_sync::request::{HexKey, Session, SignInRequest};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::Runtime;

use super::bug::Bug;
use super::disk::Disk;
use super::template::leave_behind;

const FILE: &str = "hub.db";

/// How the hub dies in an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// It does not.
    None,
    /// Its process ends between commit and answer.
    Killed,
    /// Its power fails after so many steps of the disk, in the middle of the commit or after it.
    Power {
        /// Steps.
        steps: u32,
        /// Decides what of the unsynced writes is left.
        seed: u64,
    },
}

impl Death {
    pub(super) fn is_power(self) -> bool {
        matches!(self, Self::Power { .. })
    }
}
/// Effects claimed at once.
const CLAIM_MAX: u32 = 4;

/// An answer to an exchange, or a refusal.
pub(super) type Answered = Result<Vec<u8>, Refusal>;

/// The hub and what its workers have in memory; all of that is gone when it dies.
pub(super) struct HubProcess {
    hub: Hub,
    folder: PathBuf,
    disk: Disk,
    deaths: u32,
    policy: Arc<Policy>,
    systems: Systems,
    runtime: Runtime,
    bug: Option<Bug>,
    /// The last backup.
    backup: Option<PathBuf>,
    /// Claimed and not yet called.
    calls: Vec<Claimed>,
    /// Called and not yet written down.
    outcomes: Vec<(Claimed, Outcome)>,
}

/// What laptops seal bundles to.
pub(super) fn bundle_secret() -> BundleSecret {
    BundleSecret::from_seed(&[5; 32])
}

/// The rules of the simulated hub: the product's own, with demo accounts.
fn policy(bug: Option<Bug>) -> Policy {
    let mut policy = Policy::new(Charter::embedded().unwrap());
    // Never compared: the simulation says itself whether a password is right.
    policy.demo_password_hash = Some(String::new());
    policy.bundle = Some(Arc::new(bundle_secret()));
    if bug == Some(Bug::BelievesTooEarly) {
        policy.settle_ms = 0;
    }
    policy
}

impl HubProcess {
    pub(super) fn open(folder: &Path, systems: Systems, bug: Option<Bug>) -> Self {
        let policy = Arc::new(policy(bug));
        let folder = folder.join("hub");
        std::fs::create_dir_all(&folder).unwrap();
        let disk = watch(&folder, bug);
        Self {
            hub: Hub::open(Some(&folder.join(FILE)), policy.clone()).unwrap(),
            folder,
            disk,
            deaths: 0,
            policy,
            systems,
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap(),
            bug,
            backup: None,
            calls: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// Dies, whatever is under way, and starts again on what was written.
    pub(super) fn kill(&mut self, now: Timestamp) {
        self.start_again(now, |file| std::fs::read(file).ok());
    }

    /// Loses its power and starts again on what its disk holds.
    pub(super) fn lose_power(&mut self, now: Timestamp, seed: u64) {
        let mut dice = StdRng::seed_from_u64(seed);
        let left = self.disk.after_power_failed(&mut dice);
        self.start_again(now, left);
    }

    fn start_again(&mut self, now: Timestamp, left: impl FnMut(&Path) -> Option<Vec<u8>>) {
        let folder = self.folder.with_extension((self.deaths + 1).to_string());
        leave_behind(&self.folder.join(FILE), &folder.join(FILE), left);
        self.open_in(folder, now);
    }

    /// Starts on the file of another folder; what was in memory is gone.
    fn open_in(&mut self, folder: PathBuf, now: Timestamp) {
        let disk = watch(&folder, self.bug);
        self.hub = Hub::open(Some(&folder.join(FILE)), self.policy.clone()).unwrap();
        self.disk = disk;
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.folder = folder;
        self.deaths += 1;
        self.calls.clear();
        self.outcomes.clear();
        if self.bug != Some(Bug::ForgetsUnderWay) {
            self.write(|core| core.recover_effects(now));
        }
        if self.bug == Some(Bug::OpensCaseTwice) {
            self.open_cases_again(now);
        }
    }

    /// Writes a backup and lets desks know.
    pub(super) fn back_up(&mut self, now: Timestamp) {
        let file = self.folder.with_file_name("hub-backup.db");
        let _ = std::fs::remove_file(&file);
        self.hub.read(|core| core.back_up(&file)).unwrap();
        self.write(|core| core.note_backup(now, &file));
        self.backup = Some(file);
    }

    /// Is lost and set up again from its last backup; false without one.
    pub(super) fn restore(&mut self, now: Timestamp) -> bool {
        let Some(backup) = self.backup.clone() else {
            return false;
        };
        let folder = self.folder.with_extension((self.deaths + 1).to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(FILE);
        if self.bug == Some(Bug::KeepsEpoch) {
            std::fs::copy(&backup, &file).unwrap();
        } else {
            restore(&backup, &file, now).unwrap();
        }
        self.open_in(folder, now);
        true
    }

    fn write<T>(
        &mut self,
        work: impl FnOnce(fettle_hub::core::Core<'_>) -> Result<T, StoreFault>,
    ) -> T {
        self.hub.write(work).unwrap()
    }

    /// One exchange; `None` when the hub dies between its commit and its answer.
    pub(super) fn exchange(
        &mut self,
        token: &HexKey,
        request: &[u8],
        now: Timestamp,
        death: Death,
    ) -> Option<Answered> {
        let session = self.hub.read(|core| core.authenticate(token, now)).unwrap();
        let mut session = match session {
            Ok(session) => session,
            Err(refusal) => return Some(Err(refusal)),
        };
        let Ok(exchange) = UpExchange::decode(request) else {
            return Some(Err(Refusal::new("exchange.unreadable")));
        };
        let mut asked = exchange.clone();
        let mut clock = now;
        match self.bug {
            Some(Bug::CursorOffByOne) => super::exchange::pass_one(&mut asked.head.cursors),
            Some(Bug::TrustsDeviceClock) => clock = exchange.head.device_time,
            Some(Bug::MixesUpScope) => other_scope(&mut session.device),
            _ => {}
        }
        if self.bug == Some(Bug::AnswersBeforeCommit) && death != Death::None {
            return Some(Ok(self.answer_without_commit(&session, &exchange, now)));
        }
        if let Death::Power { steps, seed } = death {
            self.disk.fail_after(steps);
            // Whether it fails in the middle of this or not: there is no answer.
            let _ = self
                .hub
                .write(|core| core.accept(&session, &exchange, clock));
            self.lose_power(now, seed);
            return None;
        }
        let arrived = self.write(|core| core.accept(&session, &exchange, clock));
        if death == Death::Killed {
            self.kill(now);
            return None;
        }
        let answer = self
            .hub
            .read(|core| core.answer(&session, &asked, &arrived, clock));
        Some(Ok(answer.unwrap()))
    }

    fn answer_without_commit(
        &mut self,
        session: &fettle_hub::core::SessionInfo,
        exchange: &UpExchange,
        now: Timestamp,
    ) -> Vec<u8> {
        let mut told = Vec::new();
        let lost = self.hub.write(|core| {
            let arrived = core.accept(session, exchange, now)?;
            told = core.answer(session, exchange, &arrived, now)?;
            Err::<(), _>(StoreFault::Closed)
        });
        assert!(lost.is_err());
        told
    }

    /// Signs somebody in again on a laptop that is enrolled.
    pub(super) fn sign_in(
        &mut self,
        request: &SignInRequest,
        token: SecretBytes,
        now: Timestamp,
    ) -> Result<Session, Refusal> {
        self.write(|core| core.sign_in(request, true, token, now))
    }

    /// Begins a new epoch of the device of a session.
    pub(super) fn begin_epoch(
        &mut self,
        token: &HexKey,
        request: &EpochRequest,
        now: Timestamp,
    ) -> Result<EpochAnswer, Refusal> {
        let session = self
            .hub
            .read(|core| core.authenticate(token, now))
            .unwrap()?;
        self.write(|core| core.begin_epoch(&session, request, now))
    }

    /// Takes the next step of one effect: claims, calls or writes down.
    pub(super) fn step_effects(&mut self, now: Timestamp) {
        if let Some((claimed, outcome)) = self.outcomes.pop() {
            self.hub.effect_answered(&claimed, &outcome, now).unwrap();
        } else if let Some(claimed) = self.calls.pop() {
            let outcome = self.call(&claimed);
            self.outcomes.push((claimed, outcome));
        } else if self.bug != Some(Bug::BlocksEverything) || !self.has_open_case() {
            self.calls = self.hub.due_effects(now, CLAIM_MAX).unwrap();
        }
    }

    fn has_open_case(&self) -> bool {
        !self.hub.read(|core| core.open_cases()).unwrap().is_empty()
    }

    /// Opens every case once more, as if what it is about had no identity of its own.
    fn open_cases_again(&mut self, now: Timestamp) {
        self.write(|core| {
            for case in core.open_cases()? {
                let cause = Refusal::new("effect.refused_again");
                let opening = Opening {
                    order: case.order,
                    ..Opening::new(case.plant, case.subject, cause, Domain::Labour)
                };
                core.open_case(opening, now)?;
            }
            Ok(())
        });
    }

    fn call(&self, claimed: &Claimed) -> Outcome {
        let mut made = claimed.clone();
        if self.bug == Some(Bug::ResendsWithoutSearch) {
            made.step = NextStep::Send;
        }
        let outcome = self.runtime.block_on(perform(&self.systems, &made));
        match outcome {
            Outcome::Unknown { .. } if self.bug == Some(Bug::TimeoutCountsAsDone) => {
                Outcome::Posted {
                    number: "?".to_owned(),
                }
            }
            Outcome::Rejected { rejection, .. } if self.bug == Some(Bug::RetriesRefusals) => {
                Outcome::NotSent {
                    seen: rejection.message,
                }
            }
            outcome => outcome,
        }
    }

    /// True when no effect is under way in memory.
    pub(super) fn is_idle(&self) -> bool {
        self.calls.is_empty() && self.outcomes.is_empty()
    }

    pub(super) fn next_effect_due(&self) -> Option<Timestamp> {
        self.hub.read(|core| core.next_effect_due()).unwrap()
    }

    /// Reads what changed outside, as the poller does: orders always, everything the first time.
    pub(super) fn poll(&mut self, is_first: bool, now: Timestamp) {
        let systems = self.systems.clone();
        let (maintenance, material) = (&systems.maintenance, &systems.material);
        if is_first {
            let cmms = systems.cmms;
            let read = async |since: Option<&Cursor>| maintenance.plants(since).await;
            self.list("cmms/plants", cmms, now, Rows::Plants, read);
            let read = async |since: Option<&Cursor>| maintenance.people(since).await;
            self.list("cmms/people", cmms, now, Rows::People, read);
            let read = async |since: Option<&Cursor>| maintenance.locations(since).await;
            self.list("cmms/locations", cmms, now, Rows::Locations, read);
            let read = async |since: Option<&Cursor>| maintenance.assets(since).await;
            self.list("cmms/assets", cmms, now, Rows::Assets, read);
            let read = async |since: Option<&Cursor>| material.items(since).await;
            self.list("erp/items", systems.erp, now, Rows::Items, read);
        }
        let read = async |since: Option<&Cursor>| material.stock(since).await;
        self.list("erp/stock", systems.erp, now, Rows::Stock, read);
        for number in self.hub.read(|core| core.orders_to_reread(50)).unwrap() {
            let read = self.runtime.block_on(systems.orders.read_order(&number));
            if let Ok(Some(order)) = read {
                self.take(systems.cmms, Rows::Orders(vec![order]), None, now);
            }
        }
        let read = async |since: Option<&Cursor>| systems.orders.changed_since(since).await;
        self.list("cmms/orders", systems.cmms, now, Rows::Orders, read);
    }

    fn list<T>(
        &mut self,
        list: &str,
        system: &str,
        now: Timestamp,
        rows: fn(Vec<T>) -> Rows,
        read: impl AsyncFn(Option<&Cursor>) -> Result<Page<T>, Fault>,
    ) {
        loop {
            let known = self.hub.read(|core| core.poll_cursor(list)).unwrap();
            let since = known.map(Cursor);
            // Nobody listens: the next poll goes on from the same cursor.
            let Ok(page) = self.runtime.block_on(read(since.as_ref())) else {
                return;
            };
            if page.rows.is_empty() {
                return;
            }
            let (next, has_more) = (page.next.0, page.has_more);
            self.take(system, rows(page.rows), Some((list, &next)), now);
            if !has_more {
                return;
            }
        }
    }

    fn take(&mut self, system: &str, rows: Rows, next: Option<(&str, &str)>, now: Timestamp) {
        let masters = Masters {
            system: system.to_owned(),
            rows,
        };
        self.write(|core| core.ingest(&masters, next, now, now));
    }

    /// The hub's file, for a judge.
    pub(super) fn look(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.join(FILE)).unwrap()
    }

    /// The core, for what only an administrator does.
    pub(super) fn administer<T>(
        &mut self,
        work: impl FnOnce(fettle_hub::core::Core<'_>) -> Result<T, StoreFault>,
    ) -> T {
        self.write(work)
    }
}

fn watch(folder: &Path, bug: Option<Bug>) -> Disk {
    let disk = Disk::watch(folder);
    if bug == Some(Bug::HubNeverSyncs) {
        disk.forget_syncs();
    }
    disk
}

/// Another plant's scope, as if two sessions were mixed up.
fn other_scope(device: &mut fettle_domain::device::Device) {
    let other = if device.plant.as_str() == "1200" {
        "1300"
    } else {
        "1200"
    };
    device.plant = fettle_domain::PlantId::new(other).unwrap();
}
