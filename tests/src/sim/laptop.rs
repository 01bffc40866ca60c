//! A laptop's machine: its replica on its own files, its clock, its disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fettle_domain::intent::Decision;
use fettle_domain::{DeviceTime, IntentId, Timestamp};
use fettle_replica::{Fault, Replica};
use fettle_sync::exchange::{Cursor, FeedNumber, Slice};
use rand::rngs::StdRng;

use super::backup::Backup;
use super::bug::Bug;
use super::disk::Disk;
use super::exchange::Exchange;
use super::template::{Enrolled, copy_file, know, replica_key};

/// A laptop with somebody on it.
pub(super) struct Laptop {
    pub(super) replica: Replica,
    pub(super) who: Enrolled,
    pub(super) folder: PathBuf,
    pub(super) folders: std::cell::Cell<u32>,
    pub(super) bug: Option<Bug>,
    pub(super) exchange: Exchange,
    pub(super) exchanges: u64,
    pub(super) sign_ins: u64,
    /// Wall clock minus the time of the world.
    pub(super) skew_ms: i64,
    /// Hub clock minus wall clock, as last measured.
    pub(super) offset_ms: Option<i64>,
    pub(super) boot: u64,
    pub(super) booted: Timestamp,
    /// Unreachable until then.
    pub(super) offline_until: Timestamp,
    /// Its program speaks the next version of the protocol until then.
    pub(super) updated_until: Timestamp,
    pub(super) disk: Disk,
    pub(super) full_until: Option<Timestamp>,
    pub(super) needs_sign_in: bool,
    /// True when the last exchange brought nothing and left nothing.
    pub(super) is_quiet: bool,
    /// Feeds whose rows were not those of the hub.
    pub(super) differing: Vec<FeedNumber>,
    /// Bytes up and down of the last whole exchange.
    pub(super) last_bytes: usize,
    /// Cursors of the slices applied, for the bug that keeps them elsewhere.
    pub(super) cursors: BTreeMap<FeedNumber, Cursor>,
    /// Slices applied before, for the bug that takes their rows again.
    pub(super) old_rows: BTreeMap<FeedNumber, Slice>,
    /// The files before the last commit, for the bug that saves later.
    pub(super) before: Option<PathBuf>,
    pub(super) verdicts: BTreeMap<IntentId, Decision>,
    /// A claim that was decided twice.
    pub(super) changed_verdict: Option<IntentId>,
    /// The device is revoked or whoever works here disabled.
    pub(super) is_shut_out: bool,
    /// Something of it was saved to be carried by hand.
    pub(super) carried: bool,
    /// Zero, or the number of a copy of another laptop's disk.
    pub(super) copy: u8,
    /// What its last backup holds.
    pub(super) backup: Option<Backup>,
}

impl Laptop {
    pub(super) fn open(folder: &Path, who: Enrolled, now: Timestamp, bug: Option<Bug>) -> Self {
        let disk = watch(folder, bug);
        Self {
            replica: Replica::open(folder, &replica_key()).unwrap(),
            who,
            folder: folder.to_owned(),
            folders: std::cell::Cell::new(0),
            bug,
            exchange: Exchange::None,
            exchanges: 0,
            sign_ins: 0,
            skew_ms: 0,
            offset_ms: None,
            boot: 1,
            booted: now,
            offline_until: now,
            updated_until: now,
            disk,
            full_until: None,
            needs_sign_in: false,
            is_quiet: false,
            differing: Vec::new(),
            last_bytes: 0,
            cursors: BTreeMap::new(),
            old_rows: BTreeMap::new(),
            before: None,
            verdicts: BTreeMap::new(),
            changed_verdict: None,
            is_shut_out: false,
            carried: false,
            copy: 0,
            backup: None,
        }
    }

    /// Tells the replica who works here.
    pub(super) fn know(&self) {
        know(&self.replica, &self.who, self.who.device.enrolled_at).unwrap();
    }

    /// The wall clock.
    pub(super) fn wall(&self, now: Timestamp) -> Timestamp {
        now.plus_ms(self.skew_ms)
    }

    /// What is written beside a fact.
    pub(super) fn device_time(&self, now: Timestamp) -> DeviceTime {
        DeviceTime {
            at: self.wall(now),
            offset_ms: self.offset_ms,
            boot_id: self.boot,
            boot_ms: u64::try_from(now.ms_since(self.booted)).unwrap_or(0),
        }
    }

    /// The wall clock jumps.
    pub(super) fn jump(&mut self, ms: i64) {
        self.skew_ms = self.skew_ms.saturating_add(ms);
    }

    /// Dies and starts again on what was written; the machine may have been started anew.
    pub(super) fn kill(&mut self, is_reboot: bool, now: Timestamp) {
        let left = self.aside(|file| std::fs::read(file).ok());
        self.replace_files(left);
        if is_reboot {
            self.reboot(now);
        }
    }

    /// Loses its power and starts again on what its disk holds.
    pub(super) fn lose_power(&mut self, now: Timestamp, dice: &mut StdRng) {
        let left = self.aside(self.disk.after_power_failed(dice));
        self.replace_files(left);
        self.reboot(now);
    }

    /// The power fails after so many more steps of the disk.
    pub(super) fn fail_after(&self, steps: u32) {
        self.disk.fail_after(steps);
    }

    /// True when the power failed while something was written.
    pub(super) fn is_off(&self) -> bool {
        self.disk.is_off()
    }

    /// No file grows any more until then.
    pub(super) fn fill_disk(&mut self, until: Timestamp) {
        self.full_until = Some(until);
        self.disk.set_full(true);
    }

    /// A fault of the store that the disk explains.
    pub(super) fn is_excused(&self, fault: &Fault) -> bool {
        self.is_off() || (self.full_until.is_some() && matches!(fault, Fault::DiskFull))
    }

    /// What the store did, or nothing where the disk explains it.
    pub(super) fn done<T>(&self, done: Result<T, Fault>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(fault) if self.is_excused(&fault) => None,
            Err(fault) => panic!("{fault:?}"),
        }
    }

    pub(super) fn reboot(&mut self, now: Timestamp) {
        self.boot += 1;
        self.booted = now;
    }

    /// Keeps the files as they are, for the bug that saves later.
    pub(super) fn remember(&mut self) {
        let aside = self.aside(|file| std::fs::read(file).ok());
        if let Some(old) = self.before.replace(aside) {
            std::fs::remove_dir_all(old).unwrap();
        }
    }

    /// Dies and finds the files as they were remembered.
    pub(super) fn kill_before_commit(&mut self) {
        if let Some(before) = self.before.take() {
            self.replace_files(before);
        }
    }

    pub(super) fn replace_files(&mut self, from: PathBuf) {
        let disk = watch(&from, self.bug);
        // The old process closes its own files: nothing of that reaches the ones that were left.
        self.replica = Replica::open(&from, &replica_key()).unwrap();
        self.disk = disk;
        self.full_until = None;
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.folder = from;
        self.exchange = Exchange::None;
    }

    /// A folder beside the one in use, with what is left of its files.
    pub(super) fn aside(&self, mut left: impl FnMut(&Path) -> Option<Vec<u8>>) -> PathBuf {
        let folders = self.folders.get() + 1;
        self.folders.set(folders);
        let aside = self.folder.with_extension(folders.to_string());
        std::fs::create_dir_all(&aside).unwrap();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let (from, to) = {
                let entry = entry.unwrap();
                (entry.path(), aside.join(entry.file_name()))
            };
            let is_database = from
                .extension()
                .is_some_and(|end| end == "db" || end == "db-wal");
            match is_database.then(|| left(&from)).flatten() {
                Some(left) => std::fs::write(to, left).unwrap(),
                None if from.is_dir() || from.to_string_lossy().ends_with("-shm") => {}
                None => copy_file(&from, &to),
            }
        }
        aside
    }
}

fn watch(folder: &Path, bug: Option<Bug>) -> Disk {
    let disk = Disk::watch(folder);
    if bug == Some(Bug::LaptopNeverSyncs) {
        disk.forget_syncs();
    }
    disk
}
