//! One exchange: pushes what is unsent, applies the answer frame by frame.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use fettle_domain::{CorrelationId, Refusal, Timestamp, WorkOrderId};
use fettle_replica::Touched;
use fettle_sync::exchange::{DownHead, FeedNumber, Slice, Up};
use fettle_sync::reader::ReaderAnswer;
use fettle_sync::request::HexKey;
use tokio::time::Instant;

use super::run::Stopped;
use crate::core::{AtWork, Core, locked};
use crate::laptop::{self, StoredSession};
use crate::reading::Reading;
use crate::transport::{Step, Transport};
use crate::trouble::{Answer, Trouble};

/// Shortest time between two events to the window: 100 ms.
const EVENT_PAUSE: Duration = Duration::from_millis(100);
/// How often the hub's word renews the days a PIN works without it: hourly.
const GRACE_RENEWED_MS: i64 = 60 * 60_000;

/// An exchange that ended well.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) has_more: bool,
}

/// One exchange under way.
pub(super) struct Exchange<'a> {
    core: &'a Arc<Core>,
    transport: &'a Transport,
    session: StoredSession,
    orders: BTreeSet<WorkOrderId>,
    is_shell: bool,
    told: Instant,
    reads: Reads,
}

/// Who reads in this exchange. The file is held for one step at a time: locking closes it.
#[derive(Default)]
struct Reads {
    reading: Weak<Reading>,
    /// Feeds whose slices go into the person's file or, once that is closed, nowhere.
    feeds: BTreeSet<FeedNumber>,
    asks_again: bool,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        core: &'a Arc<Core>,
        transport: &'a Transport,
        session: StoredSession,
    ) -> Self {
        Self {
            core,
            transport,
            session,
            orders: BTreeSet::new(),
            is_shell: false,
            told: Instant::now(),
            reads: Reads::default(),
        }
    }

    pub(super) async fn run(mut self) -> Result<Ended, Stopped> {
        let ended = self.exchange().await;
        // What was applied before a cut counts, so it is told, too.
        self.tell();
        ended
    }

    async fn exchange(&mut self) -> Result<Ended, Stopped> {
        let token = self.session.token.clone();
        let (frames, reads, oldest) = self
            .on_disk(move |core| {
                let (frames, reads) = frames(core, &token)?;
                Ok((frames, reads, core.replica.oldest_unsent_item()?))
            })
            .await?;
        self.reads = reads;
        let has_pushes = frames.len() > 1;
        let sent_at = self.core.wall_clock();
        let correlation = CorrelationId(self.core.new_id()?);
        let transport = self.transport;
        let stopped = |error| Stopped::of(error, transport);
        let mut answer = transport
            .exchange(&self.session.token, correlation, &frames)
            .await
            .map_err(stopped)?;
        let head = answer.head().await.map_err(stopped)?;
        let hub_time = head.hub_time;
        let stopped_push = self.apply_head(head, sent_at).await?;
        let has_more = loop {
            match answer.slice().await.map_err(stopped)? {
                Step::Slice(slice) => self.apply_slice(slice).await?,
                Step::Ended { has_more } => break has_more,
            }
        };
        let (waits, gives_back, was_restoring) = self
            .on_disk(move |core| {
                let was_restoring = core.replica.is_hub_restored()?;
                let differing = core.replica.exchange_ended(has_more)?;
                if !differing.is_empty() {
                    tracing::error!(?differing, "rows differed from the hub's: read anew");
                }
                core.renew_grace(hub_time)?;
                // What others wrote goes back at once.
                let gives_back = !core.replica.offers(0)?.is_empty();
                let waits = core.replica.oldest_unsent_item()?;
                Ok((waits, gives_back, was_restoring))
            })
            .await?;
        self.is_shell |= has_pushes || was_restoring;
        match stopped_push {
            Some(refusal) => Err(Stopped::Refused(refusal)),
            // What was committed meanwhile goes at once, and so does what the budget cut; what the
            // hub did not take waits, lest the two ask each other for ever.
            None => Ok(Ended {
                has_more: has_more
                    || gives_back
                    || self.reads.asks_again
                    || (waits.is_some() && waits != oldest),
            }),
        }
    }

    async fn apply_head(
        &mut self,
        head: DownHead,
        sent_at: Timestamp,
    ) -> Result<Option<Refusal>, Stopped> {
        if let Some(ReaderAnswer::Feeds(feeds)) = &head.reader {
            // Known even when the file was closed meanwhile: their slices go nowhere else.
            self.reads.feeds.extend(feeds.keys());
        }
        let reading = self.reads.reading.clone();
        let token = self.session.token.clone();
        let (outcome, asks_again) = self
            .on_disk(move |core| {
                let now = core.wall_clock();
                // Half of the way there and back is the best guess of when the hub read it.
                let middle = sent_at.plus_ms(now.ms_since(sent_at) / 2);
                core.set_offset(head.hub_time.ms_since(middle))?;
                let outcome = core.replica.apply_head(&head)?;
                if outcome.is_restored {
                    tracing::warn!(epoch = head.log_epoch, "the hub was restored from a backup");
                    core.forget_reading();
                }
                let asks_again = match reading.upgrade() {
                    Some(reading) if !outcome.is_restored => reading
                        .hear(head.reader.as_ref(), &token)
                        .unwrap_or_else(|trouble| {
                            core.give_up_reading(&reading, &trouble);
                            false
                        }),
                    Some(_) | None => false,
                };
                Ok((outcome, asks_again))
            })
            .await?;
        self.reads.asks_again = asks_again || outcome.is_restored;
        self.is_shell |= outcome.is_restored;
        self.note(outcome.orders);
        Ok(outcome.stopped)
    }

    async fn apply_slice(&mut self, slice: Slice) -> Result<(), Stopped> {
        let touched = if self.reads.feeds.contains(&slice.feed) {
            let reading = self.reads.reading.clone();
            self.on_disk(move |core| {
                let Some(reading) = reading.upgrade() else {
                    // Locked meanwhile: its cursor stays, and it comes again once unlocked.
                    return Ok(Touched::default());
                };
                let applied = reading.file.apply_slice(&slice).map_err(Trouble::from);
                Ok(applied.unwrap_or_else(|trouble| {
                    core.give_up_reading(&reading, &trouble);
                    Touched::default()
                }))
            })
            .await?
        } else {
            self.on_disk(move |core| {
                let touched = core.replica.apply_slice(&slice)?;
                if touched.people {
                    core.forget_charter();
                    core.review_reading();
                }
                Ok(touched)
            })
            .await?
        };
        self.is_shell |= touched.people || touched.masters;
        self.note(touched.orders);
        if self.told.elapsed() >= EVENT_PAUSE {
            self.tell();
        }
        Ok(())
    }

    fn note(&mut self, orders: Vec<WorkOrderId>) {
        self.is_shell |= !orders.is_empty();
        self.orders.extend(orders);
    }

    fn tell(&mut self) {
        if self.is_shell {
            let orders: Vec<WorkOrderId> = std::mem::take(&mut self.orders).into_iter().collect();
            self.core.changed(&orders);
            self.is_shell = false;
        }
        self.told = Instant::now();
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let core = Arc::clone(self.core);
        tokio::task::spawn_blocking(move || work(&core))
            .await
            .map_err(|error| {
                tracing::error!(%error, "an exchange ended early");
                Trouble::new("desk.unexpected")
            })?
    }
}

fn frames(core: &Core, token: &HexKey) -> Answer<(Vec<Up>, Reads)> {
    let budget = locked(&core.link).budget_bytes();
    let budget_bytes = u32::try_from(budget).unwrap_or(u32::MAX);
    let mut head = core.replica.up_head(core.wall_clock(), budget_bytes)?;
    let mut reads = Reads::default();
    if let Some(reading) = core.reading() {
        head.reader = reading.reader(token).unwrap_or_else(|trouble| {
            core.give_up_reading(&reading, &trouble);
            None
        });
        if let Some(reader) = &head.reader {
            reads.reading = Arc::downgrade(&reading);
            reads.feeds = reader.cursors.keys().copied().collect();
        }
    }
    // A restored hub hears first what it knew; half of an exchange is left for what is unsent.
    let offers = core.replica.offers(budget / 2)?;
    let budget = if offers.is_empty() {
        budget
    } else {
        budget / 2
    };
    let pushes = core.replica.pushes(budget)?;
    let frames = std::iter::once(Up::Head(head))
        .chain(offers.into_iter().map(Up::Offer))
        .chain(pushes.into_iter().map(Up::Push))
        .collect();
    Ok((frames, reads))
}

impl Core {
    /// The hub has just answered under a session of this laptop: whoever works here may go on.
    fn renew_grace(&self, hub_time: Timestamp) -> Answer<()> {
        let AtWork::Person(member) = self.at_work() else {
            return Ok(());
        };
        let is_disabled = self
            .replica
            .person(member.id())?
            .is_some_and(|person| person.is_disabled);
        let Some(mut known) = laptop::person(&self.replica, member.id())? else {
            return Ok(());
        };
        if !is_disabled && hub_time.ms_since(known.grace.confirmed_at) > GRACE_RENEWED_MS {
            known.grace.confirmed_at = hub_time;
            laptop::put_person(&self.replica, &known)?;
        }
        Ok(())
    }
}
