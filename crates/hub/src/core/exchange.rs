//! One exchange: what arrived in one transaction, then the answer.

use std::collections::{BTreeMap, BTreeSet};

use fettle_document::VerifiedChange;
use fettle_domain::feed::Feed;
use fettle_domain::{ActorId, ChangeHash, Day, DocumentId, Refusal, Timestamp};
use fettle_sync::chain::Link;
use fettle_sync::exchange::{
    Acknowledged, Cursor, Down, DownHead, FeedNumber, LogNumber, Push, PushItem, UpExchange, UpHead,
};
use fettle_sync::frame::encode;
use fettle_sync::reader::Reader;
use fettle_sync::sum::FeedSum;

use super::account::SessionInfo;
use super::change::Documents;
use super::reader::Reading;
use super::{Core, StoreFault};
use crate::table;

/// What became of the pushes of an exchange.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    acknowledged: Vec<Acknowledged>,
    /// Changes named in this exchange, which its answer leaves out.
    named: BTreeSet<(DocumentId, ChangeHash)>,
    /// Offers that were dealt with.
    offers_taken: u32,
}

impl Core<'_> {
    /// Takes what an exchange brings: changes, claims, effects and verdicts in one transaction.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing of it is kept then.
    pub fn accept(
        &self,
        session: &SessionInfo,
        exchange: &UpExchange,
        now: Timestamp,
    ) -> Result<Arrived, StoreFault> {
        if self.is_other_epoch(exchange)? {
            return Ok(Arrived::default());
        }
        self.note_cursors(session, exchange, now)?;
        self.remember_reader(session, &exchange.head, now)?;
        if exchange.pushes.is_empty() && exchange.offers.is_empty() {
            return Ok(Arrived::default());
        }
        // What was decided before a restore comes first, then whoever wrote under it.
        let mut documents = Documents::new(self)?;
        let mut named: BTreeSet<_> = exchange.pushes.iter().flat_map(named).collect();
        for offer in &exchange.offers {
            named.extend(self.take_offer(&mut documents, offer, now)?);
        }
        let pushes = exchange.pushes.iter().map(|push| (push, None));
        Ok(Arrived {
            acknowledged: self.take_pushes(documents, pushes, now)?,
            named,
            offers_taken: u32::try_from(exchange.offers.len()).unwrap_or(u32::MAX),
        })
    }

    /// Takes pushes, each with the link it rests on where its chain is torn, and says what became
    /// of each.
    pub(crate) fn take_pushes<'p>(
        &self,
        mut documents: Documents,
        pushes: impl Iterator<Item = (&'p Push, Option<Link>)>,
        now: Timestamp,
    ) -> Result<Vec<Acknowledged>, StoreFault> {
        let mut taken = Vec::new();
        for (push, torn) in pushes {
            taken.push((push, self.accept_push(&mut documents, push, torn, now)?));
        }
        documents.finish(self, now)?;
        self.decide_waiting(now)?;
        taken
            .into_iter()
            .map(|(push, stopped)| self.acknowledge(push, stopped))
            .collect()
    }

    /// Makes the answer: head, slices in the order of their class, end.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn answer(
        &self,
        session: &SessionInfo,
        exchange: &UpExchange,
        arrived: &Arrived,
        now: Timestamp,
    ) -> Result<Vec<u8>, StoreFault> {
        let feeds = self.feeds_of(session)?;
        let is_other_epoch = self.is_other_epoch(exchange)?;
        let knows_all = feeds
            .keys()
            .all(|number| exchange.head.cursors.contains_key(number));
        let named = (!knows_all && !is_other_epoch).then(|| feeds.clone());
        let ended_since = self.ended_since(now);
        // What a desk reads anew is left out of this answer: it takes its cursor back first.
        let (mut feeds, anew) = if is_other_epoch {
            (feeds, Vec::new())
        } else {
            self.without_those_read_anew(feeds, &exchange.head)?
        };
        let sums = if exchange.head.asks_sums && !is_other_epoch {
            self.sums(&feeds, ended_since)?
        } else {
            BTreeMap::new()
        };
        let fill_remaining = if is_other_epoch {
            0
        } else {
            self.fill_remaining((session, ended_since), &feeds, &exchange.head.cursors)?
        };
        let reading = if is_other_epoch {
            Reading::default()
        } else {
            self.reading(session, &exchange.head)?
        };
        let head = DownHead {
            log_epoch: table::meta::get(self.connection, "log_epoch")?,
            hub_time: now,
            feeds: named,
            acknowledged: arrived.acknowledged.clone(),
            fill_remaining,
            backed_up_through: self.backed_up_through()?,
            reader: reading.answer,
            keeps_position: self.policy.keeps_position,
            offers_taken: arrived.offers_taken,
            anew,
            sums,
            ended_since,
        };
        let comes_back = !head.anew.is_empty();
        let mut bytes = frame(&Down::Head(head))?;
        let mut has_more = false;
        // A desk that knows another epoch gets the head alone: it stops and says so.
        if !is_other_epoch {
            feeds.extend(reading.feeds);
            let asked = (session, exchange, ended_since);
            has_more = self.slices(asked, &feeds, &arrived.named, &mut bytes)? || comes_back;
        }
        bytes.extend(frame(&Down::End { has_more })?);
        Ok(bytes)
    }

    /// True when the exchange brings something to keep: pushes, a proof, or a cursor that moved.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn brings_news(
        &self,
        session: &SessionInfo,
        exchange: &UpExchange,
    ) -> Result<bool, StoreFault> {
        let has_proof = |reader: &Reader| reader.proof.is_some();
        let is_empty = exchange.pushes.is_empty() && exchange.offers.is_empty();
        if !is_empty || exchange.head.reader.as_ref().is_some_and(has_proof) {
            return Ok(true);
        }
        Ok(!self.is_other_epoch(exchange)? && !self.moved_cursors(session, exchange)?.is_empty())
    }

    /// The cursors that differ from those noted, of the feeds the device follows and no others.
    fn moved_cursors<'e>(
        &self,
        session: &SessionInfo,
        exchange: &'e UpExchange,
    ) -> Result<Vec<(FeedNumber, &'e Cursor)>, StoreFault> {
        let noted = table::device_cursor::of_device(self.connection, session.device.id)?;
        let feeds = self.feeds_of(session)?;
        let named = exchange.head.cursors.iter();
        Ok(named
            .filter(|(feed, cursor)| {
                feeds.contains_key(feed) && noted.get(feed).map(|held| &held.cursor) != Some(cursor)
            })
            .map(|(feed, cursor)| (*feed, cursor))
            .collect())
    }

    fn note_cursors(
        &self,
        session: &SessionInfo,
        exchange: &UpExchange,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        for (feed, cursor) in self.moved_cursors(session, exchange)? {
            table::device_cursor::put(self.connection, session.device.id, feed, cursor, now)?;
        }
        Ok(())
    }

    /// The feeds without those of which tombstones have left that the desk has not seen.
    fn without_those_read_anew(
        &self,
        mut feeds: BTreeMap<FeedNumber, Feed>,
        head: &UpHead,
    ) -> Result<(BTreeMap<FeedNumber, Feed>, Vec<FeedNumber>), StoreFault> {
        let mut anew = Vec::new();
        for number in feeds.keys() {
            let known = match head.cursors.get(number).unwrap_or(&Cursor::NOTHING) {
                Cursor::At(0) => continue,
                Cursor::At(at) => *at,
                Cursor::Fill { through, log, .. } => log.unwrap_or(*through),
            };
            if known < table::feed::compacted(self.connection, *number)? {
                anew.push(*number);
            }
        }
        feeds.retain(|number, _| !anew.contains(number));
        Ok((feeds, anew))
    }

    /// Sums of the feeds whose rows a desk keeps as they are.
    fn sums(
        &self,
        feeds: &BTreeMap<FeedNumber, Feed>,
        ended_since: Option<Day>,
    ) -> Result<BTreeMap<FeedNumber, (LogNumber, FeedSum)>, StoreFault> {
        let mut sums = BTreeMap::new();
        for (number, feed) in feeds {
            if !matches!(
                feed,
                Feed::Work(..) | Feed::Assets(_) | Feed::Items(_) | Feed::Stock(_) | Feed::Vendors
            ) {
                continue;
            }
            let last = table::feed::last(self.connection, *number)?;
            let sum = table::official_row::sum(self.connection, *number, ended_since)?;
            sums.insert(*number, (last, sum));
        }
        Ok(sums)
    }

    /// Day before which orders that are over are not for laptops: the first of a month, so that
    /// it moves twelve times a year and not every day.
    fn ended_since(&self, now: Timestamp) -> Option<Day> {
        let years = self.policy.closed_years?;
        let (year, month, _) = Day::of(now).parts();
        let first = year.saturating_sub_unsigned(years);
        jiff::civil::Date::new(first, month, 1).ok().map(Day::from)
    }

    fn is_other_epoch(&self, exchange: &UpExchange) -> Result<bool, StoreFault> {
        let epoch = table::meta::get(self.connection, "log_epoch")?;
        Ok(exchange.head.log_epoch.is_some_and(|known| known != epoch))
    }

    fn acknowledge(
        &self,
        push: &Push,
        stopped: Option<Refusal>,
    ) -> Result<Acknowledged, StoreFault> {
        let actor: ActorId = push.actor;
        let end = table::chain_item::end(self.connection, actor)?.count;
        // Of another copy's items nothing is acknowledged to this one.
        let through = match stopped.as_ref().and_then(parted_at) {
            Some(position) => end.min(position.saturating_sub(1)),
            None => end,
        };
        let last = push.first.saturating_add(push.items.len() as u64);
        Ok(Acknowledged {
            actor,
            through,
            quarantined: table::quarantine::of_actor(self.connection, actor, push.first, last)?,
            waiting: table::intent::waiting_of(self.connection, actor, push.first, last)?,
            stopped,
            compensated: table::compensation::of_actor(self.connection, actor, push.first, last)?,
        })
    }

    /// The feeds of a device with their numbers, in no order that matters.
    pub(crate) fn feeds_of(
        &self,
        session: &SessionInfo,
    ) -> Result<BTreeMap<FeedNumber, Feed>, StoreFault> {
        let device = &session.device;
        let plant = || device.plant.clone();
        let mut feeds = vec![
            Feed::Plants,
            Feed::People,
            Feed::Actors,
            Feed::Charter,
            Feed::Vendors,
            Feed::Device(device.id),
            Feed::Assets(plant()),
            Feed::Stock(plant()),
            Feed::Items(plant()),
        ];
        let areas = device.areas.iter().cloned();
        feeds.extend(areas.map(|area| Feed::Work(plant(), area)));
        let mut numbered = BTreeMap::new();
        for feed in feeds {
            // A feed nothing was written to yet is named once there is something to read.
            if let Some((number, 1..)) = table::feed::find(self.connection, &feed)? {
                numbered.insert(number, feed);
            }
        }
        Ok(numbered)
    }
}

/// Where a chain parts from the one held here.
fn parted_at(refusal: &Refusal) -> Option<u64> {
    let position = refusal
        .arguments
        .iter()
        .find(|argument| argument.name == "position")?;
    (refusal.code == "chain.fork")
        .then(|| position.value.parse().ok())
        .flatten()
}

fn named(push: &Push) -> impl Iterator<Item = (DocumentId, ChangeHash)> {
    push.items.iter().filter_map(|item| match item {
        PushItem::Change(document, bytes) => VerifiedChange::check(bytes)
            .ok()
            .map(|change| (*document, change.hash())),
        PushItem::Intent(_) | PushItem::Record(_) => None,
    })
}

/// Encodes a frame of the answer.
pub(crate) fn frame(down: &Down) -> Result<Vec<u8>, StoreFault> {
    encode(down).map_err(|error| StoreFault::Content(error.to_string()))
}
