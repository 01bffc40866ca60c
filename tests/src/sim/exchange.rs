//! One exchange of a laptop: what it sends, and the answer frame by frame.

use std::collections::{BTreeMap, VecDeque};

use ed25519_dalek::SigningKey;
use fettle_domain::row::Row;
use fettle_domain::{Refusal, Timestamp};
use fettle_hub::core::SecretBytes;
use fettle_replica::NewActor;
use fettle_sync::epoch::EpochRequest;
use fettle_sync::exchange::{Cursor, Down, DownHead, FeedItem, FeedNumber, Slice, Up};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::EXCHANGE_BUDGET_BYTES;
use fettle_sync::reader::Challenge;
use fettle_sync::request::{HexKey, SignInRequest};

use super::bug::Bug;
use super::hub::{Death, HubProcess};
use super::laptop::Laptop;
use super::person::Done;
use super::template::{credentials, know, renew};

/// Refusals after which nobody, or this person, gets in any more.
const SHUT_OUT: [&str; 2] = ["device.revoked", "sign_in.disabled"];

/// How long a laptop waits for an answer: half a minute.
const PATIENCE_MS: i64 = 30_000;

/// Where a laptop's exchange is.
pub(super) enum Exchange {
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

impl Laptop {
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
        for offer in self.replica.offers(budget_bytes).unwrap() {
            bytes.extend(encode(&Up::Offer(offer)).unwrap());
        }
        let mut pushes = self.replica.pushes(budget_bytes).unwrap();
        if bug == Some(Bug::SendsOwnKeyOnly) {
            pushes.retain(|push| push.actor == self.who.actor);
        }
        if bug == Some(Bug::CarriedCountsAsSent) && self.carried {
            pushes.clear();
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
                self.is_shut_out |= SHUT_OUT.contains(&refusal.code.as_str());
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
                let ended = self.done(self.replica.exchange_ended(has_more));
                if let Some(differing) = ended.as_ref().filter(|feeds| !feeds.is_empty()) {
                    self.differing.extend(differing);
                }
                let ended = ended.is_some();
                self.is_quiet &= ended;
                self.is_quiet &= !has_more && self.has_sent_all();
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
        let is_new = head.offers_taken > 0 || outcome.is_restored;
        self.is_quiet = head.acknowledged.is_empty() && !is_new;
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

    fn has_sent_all(&self) -> bool {
        self.replica.unsent().unwrap() == 0 && self.replica.offers(0).unwrap().is_empty()
    }

    /// True when some of what was done here needs a new epoch of the device.
    pub(super) fn needs_new_epoch(&self) -> bool {
        let needed = self.replica.needs_new_epoch(self.who.person.id);
        self.done(needed).unwrap_or(false)
    }

    /// Asks for a new epoch and makes what needs it again, as the desk does; the answer may not come.
    pub(super) fn begin_epoch(
        &mut self,
        hub: &mut HubProcess,
        done: &mut Done,
        now: Timestamp,
        is_lost: bool,
    ) {
        let request = EpochRequest::signed(
            &Challenge::of_session(&self.who.token),
            self.who.device.id,
            self.who.actor,
            self.who.device.epoch,
            &self.who.key,
        );
        let answer = match hub.begin_epoch(&self.who.token, &request, now) {
            Ok(answer) if !is_lost => answer,
            Ok(_) => return,
            // A restored hub may not know this key: whoever works here signs in with a new one.
            Err(refusal) => {
                self.is_shut_out |= SHUT_OUT.contains(&refusal.code.as_str());
                self.needs_sign_in |= !self.is_shut_out;
                return;
            }
        };
        let mut who = self.who.clone();
        (who.device, who.actor) = (answer.device, answer.actor);
        if self.done(know(&self.replica, &who, now)).is_none() {
            return;
        }
        self.who = who;
        let remade = self.replica.remake(&NewActor {
            person: self.who.person.id,
            actor: self.who.actor,
            sign: &|position| position.sign(&self.who.key),
        });
        if let Some(remade) = self.done(remade) {
            assert_eq!(remade.kept, 0, "all that was made is made again");
            done.made_again(&remade.changes);
        }
    }

    /// Signs in again with a new key, as the desk does.
    pub(super) fn sign_in(&mut self, hub: &mut HubProcess, now: Timestamp) {
        self.sign_ins += 1;
        let mut random = [self.who.number; 32];
        random[..8].copy_from_slice(&self.sign_ins.to_be_bytes());
        random[8] = self.copy;
        let key = SigningKey::from_bytes(&random);
        let request = SignInRequest {
            device: self.who.device.id,
            device_secret: self.who.secret.clone(),
            credentials: credentials(self.who.account),
            person_key: HexKey(key.verifying_key().to_bytes()),
        };
        let token = SecretBytes(random.map(|byte| !byte));
        let session = match hub.sign_in(&request, token, now) {
            Ok(session) => session,
            Err(refusal) => {
                assert!(SHUT_OUT.contains(&refusal.code.as_str()), "{refusal}");
                self.is_shut_out = true;
                return;
            }
        };
        let mut who = self.who.clone();
        renew(&mut who, session, key);
        if self.done(know(&self.replica, &who, now)).is_some() {
            self.who = who;
            self.needs_sign_in = false;
        }
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
    (laptop, done): (&mut Laptop, &mut Done),
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
        if laptop.needs_new_epoch() && bug != Some(Bug::CopiesShareEpoch) {
            laptop.begin_epoch(hub, done, now, false);
        }
        let request = laptop.begin(now, EXCHANGE_BUDGET_BYTES, bug);
        let answer = hub.exchange(&request.token, &request.bytes, now, Death::None)?;
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
