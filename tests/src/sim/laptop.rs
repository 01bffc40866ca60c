//! A laptop's process: its replica on its own files, its clock, and one exchange at a time.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use fettle_domain::intent::Decision;
use fettle_domain::row::Row;
use fettle_domain::{DeviceTime, IntentId, Refusal, Timestamp};
use fettle_hub::core::SecretBytes;
use fettle_replica::{Fault, Replica};
use fettle_sync::exchange::{Cursor, Down, DownHead, FeedItem, FeedNumber, Slice, Up};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::EXCHANGE_BUDGET_BYTES;
use fettle_sync::request::{HexKey, SignInRequest};

use rand::rngs::StdRng;

use super::bug::Bug;
use super::disk::Disk;
use super::hub::{Death, HubProcess};
use super::template::{Enrolled, copy_file, credentials, know, renew, replica_key};
use super::wire::frame_starts;

/// How long a laptop waits for an answer: half a minute.
const PATIENCE_MS: i64 = 30_000;

/// Where a laptop's exchange is.
enum Exchange {
    /// None is under way.
    None,
    /// Sent; the answer is to come.
    Sent {
        number: u64,
        at: Timestamp,
        sent_at: Timestamp,
    },
    /// The answer's frames that are still to be applied.
    Applying {
        frames: VecDeque<Down>,
        sent_at: Timestamp,
        is_whole: bool,
    },
}

/// A request on its way.
pub(super) struct Request {
    /// Which exchange of the laptop.
    pub(super) number: u64,
    pub(super) token: HexKey,
    pub(super) bytes: Vec<u8>,
}

/// A laptop with somebody on it.
pub(super) struct Laptop {
    pub(super) replica: Replica,
    pub(super) who: Enrolled,
    folder: PathBuf,
    folders: std::cell::Cell<u32>,
    bug: Option<Bug>,
    exchange: Exchange,
    exchanges: u64,
    sign_ins: u64,
    /// Wall clock minus the time of the world.
    skew_ms: i64,
    /// Hub clock minus wall clock, as last measured.
    offset_ms: Option<i64>,
    boot: u64,
    booted: Timestamp,
    /// Unreachable until then.
    pub(super) offline_until: Timestamp,
    /// Its program speaks the next version of the protocol until then.
    pub(super) updated_until: Timestamp,
    disk: Disk,
    full_until: Option<Timestamp>,
    pub(super) needs_sign_in: bool,
    /// True when the last exchange brought nothing and left nothing.
    pub(super) is_quiet: bool,
    /// Bytes up and down of the last whole exchange.
    pub(super) last_bytes: usize,
    /// Cursors of the slices applied, for the bug that keeps them elsewhere.
    cursors: BTreeMap<FeedNumber, Cursor>,
    /// Slices applied before, for the bug that takes their rows again.
    old_rows: BTreeMap<FeedNumber, Slice>,
    /// The files before the last commit, for the bug that saves later.
    before: Option<PathBuf>,
    verdicts: BTreeMap<IntentId, Decision>,
    /// A claim that was decided twice.
    pub(super) changed_verdict: Option<IntentId>,
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
            last_bytes: 0,
            cursors: BTreeMap::new(),
            old_rows: BTreeMap::new(),
            before: None,
            verdicts: BTreeMap::new(),
            changed_verdict: None,
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
    fn done<T>(&self, done: Result<T, Fault>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(fault) if self.is_excused(&fault) => None,
            Err(fault) => panic!("{fault:?}"),
        }
    }

    fn reboot(&mut self, now: Timestamp) {
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

    fn replace_files(&mut self, from: PathBuf) {
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
    fn aside(&self, mut left: impl FnMut(&Path) -> Option<Vec<u8>>) -> PathBuf {
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

    /// True when no exchange is under way.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.exchange, Exchange::None)
    }

    /// True when frames of an answer are to be applied.
    pub(super) fn is_applying(&self) -> bool {
        matches!(self.exchange, Exchange::Applying { .. })
    }

    /// Begins an exchange of so many bytes in one direction.
    pub(super) fn begin(
        &mut self,
        now: Timestamp,
        budget_bytes: usize,
        bug: Option<Bug>,
    ) -> Request {
        let budget = u32::try_from(budget_bytes).unwrap();
        let sent_at = self.wall(now);
        let mut head = self.replica.up_head(sent_at, budget).unwrap();
        if bug == Some(Bug::CursorInOtherFile) {
            head.cursors.extend(self.cursors.clone());
        }
        let mut bytes = encode(&Up::Head(head)).unwrap();
        let mut pushes = self.replica.pushes(budget_bytes).unwrap();
        if bug == Some(Bug::SendsOwnKeyOnly) {
            pushes.retain(|push| push.actor == self.who.actor);
        }
        for push in pushes {
            bytes.extend(encode(&Up::Push(push)).unwrap());
        }
        self.exchanges += 1;
        self.is_quiet = false;
        self.exchange = Exchange::Sent {
            number: self.exchanges,
            at: now,
            sent_at,
        };
        self.last_bytes = bytes.len();
        Request {
            number: self.exchanges,
            token: self.who.token.clone(),
            bytes,
        }
    }

    /// Gives up an exchange whose answer does not come; somebody makes room on a full disk.
    pub(super) fn time_passes(&mut self, now: Timestamp) {
        if self.full_until.is_some_and(|until| now >= until) {
            self.full_until = None;
            self.disk.set_full(false);
        }
        if let Exchange::Sent { at, .. } = self.exchange
            && now.ms_since(at) > PATIENCE_MS
        {
            self.exchange = Exchange::None;
        }
    }

    /// Gives up the exchange that is under way.
    pub(super) fn give_up(&mut self) {
        self.exchange = Exchange::None;
    }

    /// Takes an answer, if it is the one waited for.
    pub(super) fn answered(
        &mut self,
        number: u64,
        answer: &Result<Vec<u8>, Refusal>,
        is_cut: bool,
        bug: Option<Bug>,
    ) {
        let Exchange::Sent {
            number: waited,
            sent_at,
            ..
        } = self.exchange
        else {
            return;
        };
        if waited != number {
            return;
        }
        match answer {
            Ok(bytes) => {
                self.last_bytes += bytes.len();
                self.exchange = Exchange::Applying {
                    frames: match bug {
                        Some(Bug::SkipsFrames) => readable_frames(bytes),
                        _ => frames(bytes),
                    },
                    sent_at,
                    is_whole: !is_cut,
                };
            }
            Err(refusal) => {
                self.needs_sign_in |= refusal.code == "sign_in.expired";
                self.exchange = Exchange::None;
            }
        }
    }

    /// Applies the next frame of the answer: one durable step.
    pub(super) fn apply_next(&mut self, now: Timestamp, bug: Option<Bug>, is_unlucky: bool) {
        let Exchange::Applying {
            frames, sent_at, ..
        } = &mut self.exchange
        else {
            return;
        };
        let sent_at = *sent_at;
        match frames.pop_front() {
            // Cut off: every frame before counts.
            None => {
                self.is_quiet = false;
                self.exchange = Exchange::None;
            }
            Some(Down::Head(head)) => self.apply_head(head, sent_at, now, bug),
            Some(Down::Slice(slice)) => self.apply_slice(slice, bug, is_unlucky),
            Some(Down::End { has_more }) => {
                let ended = self.done(self.replica.exchange_ended(has_more)).is_some();
                self.is_quiet &= ended;
                self.is_quiet &= !has_more && self.replica.unsent().unwrap() == 0;
                self.exchange = Exchange::None;
            }
        }
    }

    fn apply_head(
        &mut self,
        mut head: DownHead,
        sent_at: Timestamp,
        now: Timestamp,
        bug: Option<Bug>,
    ) {
        let wall = self.wall(now);
        let middle = sent_at.plus_ms(wall.ms_since(sent_at) / 2);
        self.offset_ms = Some(head.hub_time.ms_since(middle));
        if bug == Some(Bug::AcknowledgesUnread) {
            for acknowledged in &mut head.acknowledged {
                let newest = self.replica.chain(acknowledged.actor).unwrap().count;
                acknowledged.through = newest;
            }
        }
        let Some(outcome) = self.done(self.replica.apply_head(&head)) else {
            self.exchange = Exchange::None;
            return;
        };
        assert!(!outcome.is_restored, "nobody restored this hub");
        self.is_quiet = head.acknowledged.is_empty();
    }

    fn apply_slice(&mut self, mut slice: Slice, bug: Option<Bug>, is_unlucky: bool) {
        self.is_quiet = false;
        let is_cut = matches!(&self.exchange, Exchange::Applying { frames, is_whole, .. }
            if frames.is_empty() && !is_whole);
        match bug {
            Some(Bug::CursorPassesItem) if is_unlucky => {
                slice.items.pop();
            }
            Some(Bug::CutCountsAsWhole) if is_cut => slice.items.clear(),
            Some(Bug::RowsByArrival) => {
                if let Some(old) = self.old_rows.insert(slice.feed, slice.clone()) {
                    slice = arrived_last(old, slice);
                }
            }
            _ => {}
        }
        if self.done(self.replica.apply_slice(&slice)).is_none() {
            self.exchange = Exchange::None;
            return;
        }
        self.note_verdicts(&slice);
        self.cursors.insert(slice.feed, slice.cursor);
    }

    fn note_verdicts(&mut self, slice: &Slice) {
        for item in &slice.items {
            let FeedItem::Row(_, row) = item else {
                continue;
            };
            let Row::Verdict(verdict) = &**row else {
                continue;
            };
            let decision = verdict.decision.clone();
            let known = self.verdicts.insert(verdict.intent, decision);
            if known.is_some_and(|known| known != verdict.decision) {
                self.changed_verdict = Some(verdict.intent);
            }
        }
    }

    /// Signs in again with a new key, as the desk does.
    pub(super) fn sign_in(&mut self, hub: &mut HubProcess, now: Timestamp) {
        self.sign_ins += 1;
        let mut random = [self.who.number; 32];
        random[..8].copy_from_slice(&self.sign_ins.to_be_bytes());
        let key = SigningKey::from_bytes(&random);
        let request = SignInRequest {
            device: self.who.device.id,
            device_secret: self.who.secret.clone(),
            credentials: credentials(self.who.account),
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let token = SecretBytes(random.map(|byte| !byte));
        let session = hub.sign_in(&request, token, now).unwrap();
        let mut who = self.who.clone();
        renew(&mut who, session, key);
        if self.done(know(&self.replica, &who, now)).is_some() {
            self.who = who;
            self.needs_sign_in = false;
        }
    }
}

fn watch(folder: &Path, bug: Option<Bug>) -> Disk {
    let disk = Disk::watch(folder);
    if bug == Some(Bug::LaptopNeverSyncs) {
        disk.forget_syncs();
    }
    disk
}

/// The frames of an answer; what follows a cut is not there.
fn frames(bytes: &[u8]) -> VecDeque<Down> {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    let mut frames = VecDeque::new();
    while let Ok(Some(frame)) = decoder.next_frame() {
        frames.push_back(frame);
    }
    frames
}

/// Every frame that can be read, also behind one that cannot.
fn readable_frames(bytes: &[u8]) -> VecDeque<Down> {
    let starts = frame_starts(bytes);
    let alone = |start: &usize| frames(&bytes[*start..]).pop_front();
    starts.iter().filter_map(alone).collect()
}

/// A newer slice with the rows of an older one behind it, as if order were arrival.
fn arrived_last(old: Slice, newer: Slice) -> Slice {
    let rows = newer.items.iter().filter_map(|item| match item {
        FeedItem::Row(version, _) => Some(*version),
        _ => None,
    });
    let newest = rows.max().unwrap_or_default();
    let again = old.items.into_iter().filter_map(|item| match item {
        FeedItem::Row(version, row) => Some(FeedItem::Row(newest.max(version), row)),
        _ => None,
    });
    let items = newer.items.into_iter().chain(again).collect();
    Slice {
        feed: newer.feed,
        items,
        cursor: newer.cursor,
        proof: newer.proof,
    }
}

/// Reads every cursor as one further.
pub(super) fn pass_one(cursors: &mut BTreeMap<FeedNumber, Cursor>) {
    for cursor in cursors.values_mut() {
        if let Cursor::At(number @ 1..) = cursor {
            *number += 1;
        }
    }
}

/// Exchanges without faults until nothing more comes; how many exchanges it took, `None` when it
/// does not end.
pub(super) fn exchange_until_quiet(
    laptop: &mut Laptop,
    hub: &mut HubProcess,
    now: Timestamp,
    bug: Option<Bug>,
) -> Option<u32> {
    while laptop.is_applying() {
        laptop.apply_next(now, bug, false);
    }
    for count in 1..=20 {
        if laptop.needs_sign_in {
            laptop.sign_in(hub, now);
        }
        let request = laptop.begin(now, EXCHANGE_BUDGET_BYTES, bug);
        let answer = hub.exchange(&request.token, &request.bytes, now, Death::None)?;
        laptop.answered(request.number, &answer, false, bug);
        while laptop.is_applying() {
            laptop.apply_next(now, bug, count == 1);
        }
        if laptop.is_quiet {
            return Some(count);
        }
    }
    None
}
