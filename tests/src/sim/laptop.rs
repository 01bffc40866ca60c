//! A laptop's process: its replica on its own files, its clock, and one exchange at a time.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use fettle_domain::intent::Decision;
use fettle_domain::row::Row;
use fettle_domain::{DeviceTime, IntentId, Refusal, Timestamp};
use fettle_hub::core::SecretBytes;
use fettle_replica::Replica;
use fettle_sync::exchange::{Cursor, Down, DownHead, FeedItem, FeedNumber, Slice, Up};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::EXCHANGE_BUDGET_BYTES;
use fettle_sync::request::{HexKey, SignInRequest};

use super::bug::Bug;
use super::hub::HubProcess;
use super::template::{Enrolled, copy_file, credentials, know, renew, replica_key};

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
    folders: u32,
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
    pub(super) needs_sign_in: bool,
    /// True when the last exchange brought nothing and left nothing.
    pub(super) is_quiet: bool,
    /// Bytes up and down of the last whole exchange.
    pub(super) last_bytes: usize,
    /// Slices applied before, for the bug that takes their rows again.
    old_rows: BTreeMap<FeedNumber, Slice>,
    /// The files before the last commit, for the bug that saves later.
    before: Option<PathBuf>,
    verdicts: BTreeMap<IntentId, Decision>,
    /// A claim that was decided twice.
    pub(super) changed_verdict: Option<IntentId>,
}

impl Laptop {
    pub(super) fn open(folder: &Path, who: Enrolled, now: Timestamp) -> Self {
        Self {
            replica: Replica::open(folder, &replica_key()).unwrap(),
            who,
            folder: folder.to_owned(),
            folders: 0,
            exchange: Exchange::None,
            exchanges: 0,
            sign_ins: 0,
            skew_ms: 0,
            offset_ms: None,
            boot: 1,
            booted: now,
            offline_until: now,
            needs_sign_in: false,
            is_quiet: false,
            last_bytes: 0,
            old_rows: BTreeMap::new(),
            before: None,
            verdicts: BTreeMap::new(),
            changed_verdict: None,
        }
    }

    /// Tells the replica who works here.
    pub(super) fn know(&self) {
        know(&self.replica, &self.who, self.who.device.enrolled_at);
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

    /// Dies and starts again on what was durable; the machine may have been started anew.
    pub(super) fn kill(&mut self, is_reboot: bool, now: Timestamp) {
        let left = self.aside();
        self.replace_files(left);
        if is_reboot {
            self.boot += 1;
            self.booted = now;
        }
    }

    /// Keeps the files as they are, for the bug that saves later.
    pub(super) fn remember(&mut self) {
        let aside = self.aside();
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
        // The old process closes its own files: nothing of that reaches the ones that were left.
        self.replica = Replica::open(&from, &replica_key()).unwrap();
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.folder = from;
        self.exchange = Exchange::None;
    }

    /// A folder beside the one in use.
    fn aside(&mut self) -> PathBuf {
        self.folders += 1;
        let aside = self.folder.with_extension(self.folders.to_string());
        copy_files(&self.folder, &aside);
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

    /// Begins an exchange.
    pub(super) fn begin(&mut self, now: Timestamp) -> Request {
        let budget = u32::try_from(EXCHANGE_BUDGET_BYTES).unwrap();
        let sent_at = self.wall(now);
        let head = self.replica.up_head(sent_at, budget).unwrap();
        let mut bytes = encode(&Up::Head(head)).unwrap();
        for push in self.replica.pushes(EXCHANGE_BUDGET_BYTES).unwrap() {
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

    /// Gives up an exchange whose answer does not come.
    pub(super) fn give_up_late(&mut self, now: Timestamp) {
        if let Exchange::Sent { at, .. } = self.exchange
            && now.ms_since(at) > PATIENCE_MS
        {
            self.exchange = Exchange::None;
        }
    }

    /// Takes an answer, if it is the one waited for.
    pub(super) fn answered(
        &mut self,
        number: u64,
        answer: &Result<Vec<u8>, Refusal>,
        is_cut: bool,
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
                    frames: frames(bytes),
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
                self.replica.exchange_ended(has_more).unwrap();
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
        let outcome = self.replica.apply_head(&head).unwrap();
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
        self.note_verdicts(&slice);
        self.replica.apply_slice(&slice).unwrap();
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
        renew(&mut self.who, session, key);
        know(&self.replica, &self.who, now);
        self.needs_sign_in = false;
    }
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

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let is_needed = !name.to_string_lossy().ends_with("-shm");
        if is_needed && entry.file_type().unwrap().is_file() {
            copy_file(&entry.path(), &to.join(name));
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
        let request = laptop.begin(now);
        let answer = hub.exchange(&request.token, &request.bytes, now, false)?;
        laptop.answered(request.number, &answer, false);
        while laptop.is_applying() {
            laptop.apply_next(now, bug, count == 1);
        }
        if laptop.is_quiet {
            return Some(count);
        }
    }
    None
}
