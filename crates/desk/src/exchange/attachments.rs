//! Photos and files, after everything else: what is unsent goes up, what is wanted comes down.
//!
//! A round begins when an exchange ended and left nothing to send. Between two chunks it looks
//! whether an exchange is due, and a change that is committed or asked for ends the chunk under
//! way: both sides keep what arrived of it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use fettle_domain::{ContentHash, Refusal, WorkOrderId};
use fettle_replica::AttachmentRow;
use fettle_sync::attachment::{Chunk, Have, Held, Offer, Pace, Progress, Transfer, Wanted};
use fettle_sync::limits::OFFER_CONTENTS_MAX;
use tokio::time::Instant;

use super::run::Stopped;
use crate::core::{AtWork, Core, locked};
use crate::laptop::StoredSession;
use crate::transport::{Transport, TransportError};
use crate::trouble::{Answer, Trouble};

/// Pause before the hub is asked again for a thumbnail it did not have: five minutes.
const ASK_AGAIN: Duration = Duration::from_secs(300);
/// How often a content may come down wrong before it is given up.
const WRONG_MAX: u8 = 3;
/// Most contents fetched in one round, so that what is asked for meanwhile comes soon.
const FETCHED_MAX: usize = 64;

/// What is remembered between rounds.
#[derive(Default)]
pub(super) struct Attachments {
    pace: Pace,
    /// When the hub did not have a content.
    not_there: BTreeMap<ContentHash, Instant>,
    /// How often a content came down wrong.
    wrong: BTreeMap<ContentHash, u8>,
    /// True when the hub is too old to know of attachments.
    is_unknown: bool,
}

/// How a step of a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// On to the next.
    Goes,
    /// An exchange is due: the round ends and is gone on with afterwards.
    Yields,
}

/// One round under way.
struct Round<'a> {
    kept: &'a mut Attachments,
    core: &'a Arc<Core>,
    transport: &'a Transport,
    session: &'a StoredSession,
}

impl Attachments {
    /// Sends and fetches until nothing is left or an exchange is due.
    pub(super) async fn round(
        &mut self,
        core: &Arc<Core>,
        transport: &Transport,
        session: &StoredSession,
    ) -> Result<(), Stopped> {
        if self.is_unknown {
            return Ok(());
        }
        let mut round = Round {
            kept: self,
            core,
            transport,
            session,
        };
        match round.run().await {
            Ok(()) => Ok(()),
            Err(TransportError::Refused(refusal)) if is_about_files(&refusal) => {
                tracing::info!(code = refusal.code, "photos wait");
                self.is_unknown = refusal.code == "request.unknown_path";
                Ok(())
            }
            Err(error) => {
                self.pace.lost();
                Err(Stopped::of(error, transport))
            }
        }
    }
}

/// True when a refusal says nothing about this laptop or its people: only photos wait then.
fn is_about_files(refusal: &Refusal) -> bool {
    [
        "attachment.",
        "request.",
        "hub.fault",
        "hub.disk_full",
        "replica.",
    ]
    .iter()
    .any(|begin| refusal.code.starts_with(begin))
}

impl Round<'_> {
    async fn run(&mut self) -> Result<(), TransportError> {
        let unsent = self
            .on_disk(|core| Ok(core.replica.unsent_attachments(OFFER_CONTENTS_MAX / 2)?))
            .await?;
        let missing = self.missing().await?;
        if unsent.is_empty() && missing.is_empty() {
            return Ok(());
        }
        let offered = unsent.iter().chain(&missing).map(|row| row.content);
        let offer = Offer {
            contents: offered.collect(),
        };
        let have = self.transport.offer(&self.session.token, &offer).await?;
        let thumbnails = unsent.iter().take_while(|row| row.is_thumbnail).count();
        let sends = |from: usize, to: usize| (from..to).zip(unsent.get(from..to).unwrap_or(&[]));
        for (place, row) in sends(0, thumbnails) {
            if self.send(row, have.at(place)).await? == Flow::Yields {
                return Ok(());
            }
        }
        if self.fetch_all(&missing, &have, unsent.len()).await? == Flow::Yields {
            return Ok(());
        }
        for (place, row) in sends(thumbnails, unsent.len()) {
            if self.send(row, have.at(place)).await? == Flow::Yields {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What is not here and worth asking for now.
    async fn missing(&self) -> Result<Vec<AttachmentRow>, TransportError> {
        let mut missing = self
            .on_disk(|core| {
                let person = match core.at_work() {
                    AtWork::Person(member) => Some(member.id()),
                    AtWork::Nobody | AtWork::NeedsPin(_) => None,
                };
                let order = *locked(&core.looked_at);
                Ok(core
                    .replica
                    .missing_attachments(person, order, OFFER_CONTENTS_MAX / 2)?)
            })
            .await?;
        missing.retain(|row| {
            let asked = self.kept.not_there.get(&row.content);
            row.wanted_at.is_some() || asked.is_none_or(|asked| asked.elapsed() >= ASK_AGAIN)
        });
        Ok(missing)
    }

    async fn fetch_all(
        &mut self,
        missing: &[AttachmentRow],
        have: &Have,
        first: usize,
    ) -> Result<Flow, TransportError> {
        let mut fetched = 0;
        for (place, row) in missing.iter().enumerate() {
            if have.at(first + place) != Held::Whole {
                self.kept.not_there.insert(row.content, Instant::now());
                continue;
            }
            if fetched == FETCHED_MAX {
                break;
            }
            fetched += 1;
            if self.fetch(row.content).await? == Flow::Yields {
                return Ok(Flow::Yields);
            }
        }
        Ok(Flow::Goes)
    }

    async fn send(&mut self, row: &AttachmentRow, held: Held) -> Result<Flow, TransportError> {
        let content = row.content;
        let mut transfer = Transfer::new(row.size_bytes, held);
        loop {
            let chunk = match transfer.progress(self.kept.pace) {
                Progress::Next(chunk) => chunk,
                Progress::Whole => {
                    self.tell(move |core| {
                        let now = core.wall_clock();
                        Ok(core.replica.attachment_sent(content, now)?)
                    })
                    .await?;
                    return Ok(Flow::Goes);
                }
                // The document that names it waits for something itself.
                Progress::NotNamed => return Ok(Flow::Goes),
                Progress::Spoilt => {
                    self.give_up(content, Refusal::new("attachment.wrong_content"))
                        .await?;
                    return Ok(Flow::Goes);
                }
            };
            if self.is_due() {
                return Ok(Flow::Yields);
            }
            let bytes = self.piece(content, chunk).await?;
            let begun = Instant::now();
            let sent = self
                .transport
                .put_chunk(&self.session.token, content, chunk, bytes);
            match unless_wanted(self.core, sent).await {
                None => return Ok(Flow::Yields),
                Some(Ok(taken)) => {
                    self.went(chunk.length, begun);
                    transfer.taken(taken);
                }
                Some(Err(TransportError::Refused(refusal))) if is_final(&refusal) => {
                    self.give_up(content, refusal).await?;
                    return Ok(Flow::Goes);
                }
                Some(Err(TransportError::Refused(refusal)))
                    if refusal.code == "attachment.not_named" =>
                {
                    return Ok(Flow::Goes);
                }
                Some(Err(error)) => return Err(error),
            }
        }
    }

    async fn piece(&self, content: ContentHash, chunk: Chunk) -> Result<Vec<u8>, TransportError> {
        self.on_disk(move |core| {
            let piece = core
                .replica
                .attachment_piece(content, chunk.offset, chunk.length)?;
            piece.ok_or_else(|| Trouble::new("attachment.file_missing"))
        })
        .await
    }

    async fn fetch(&mut self, content: ContentHash) -> Result<Flow, TransportError> {
        loop {
            let arrived = self
                .on_disk(move |core| Ok(core.replica.attachment_arrived(content)?))
                .await?;
            if self.is_due() {
                return Ok(Flow::Yields);
            }
            let wanted = Wanted {
                offset: arrived,
                length: self.kept.pace.chunk_bytes(),
            };
            let begun = Instant::now();
            let core = Arc::clone(self.core);
            let Some(got) = unless_wanted(&core, self.get(content, wanted)).await else {
                return Ok(Flow::Yields);
            };
            match got {
                Ok(Got { came, is_all }) => {
                    self.went(came, begun);
                    if is_all {
                        self.end_fetch(content).await?;
                        return Ok(Flow::Goes);
                    }
                }
                Err(TransportError::Refused(refusal)) if is_not_there(&refusal) => {
                    // Also when more bytes are here than the content has: it begins again.
                    self.end_fetch(content).await?;
                    self.kept.not_there.insert(content, Instant::now());
                    return Ok(Flow::Goes);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes bytes as they come: what came before a cut is kept.
    async fn get(&self, content: ContentHash, wanted: Wanted) -> Result<Got, TransportError> {
        let token = &self.session.token;
        let mut answer = self.transport.get_chunk(token, content, wanted).await?;
        let mut came = 0;
        while let Some(bytes) = answer.next().await? {
            came += bytes.len() as u64;
            self.on_disk(move |core| Ok(core.replica.take_attachment(content, &bytes)?))
                .await?;
        }
        Ok(Got {
            came,
            is_all: wanted.offset + came >= answer.size,
        })
    }

    async fn end_fetch(&mut self, content: ContentHash) -> Result<(), TransportError> {
        let orders = self
            .on_disk(move |core| {
                if core.replica.attachment_arrived(content)? == 0 {
                    return Ok(Some(Vec::new()));
                }
                Ok(core.replica.end_attachment(content)?)
            })
            .await?;
        match orders {
            Some(orders) => {
                if !orders.is_empty() {
                    self.core.changed(&orders);
                }
                Ok(())
            }
            None => {
                let wrong = self.kept.wrong.entry(content).or_default();
                *wrong += 1;
                if *wrong >= WRONG_MAX {
                    self.give_up(content, Refusal::new("attachment.wrong_content"))
                        .await?;
                }
                Ok(())
            }
        }
    }

    async fn give_up(&self, content: ContentHash, refusal: Refusal) -> Result<(), TransportError> {
        tracing::warn!(code = refusal.code, %content, "an attachment is given up");
        self.tell(move |core| Ok(core.replica.attachment_refused(content, &refusal)?))
            .await
    }

    async fn tell(
        &self,
        work: impl FnOnce(&Core) -> Answer<Vec<WorkOrderId>> + Send + 'static,
    ) -> Result<(), TransportError> {
        let orders = self.on_disk(work).await?;
        self.core.changed(&orders);
        Ok(())
    }

    fn went(&mut self, bytes: u64, begun: Instant) {
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.kept.pace.went(bytes, took_ms);
    }

    fn is_due(&self) -> bool {
        is_due(self.core)
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Answer<T> + Send + 'static,
    ) -> Result<T, TransportError> {
        let core = Arc::clone(self.core);
        let done = tokio::task::spawn_blocking(move || work(&core)).await;
        let answer = done.unwrap_or_else(|error| {
            tracing::error!(%error, "a round of photos ended early");
            Err(Trouble::new("replica.unreadable"))
        });
        answer.map_err(|trouble| TransportError::Refused(trouble.0))
    }
}

/// What came of a range.
struct Got {
    came: u64,
    is_all: bool,
}

/// True when trying again cannot help.
fn is_final(refusal: &Refusal) -> bool {
    matches!(
        refusal.code.as_str(),
        "attachment.kind" | "attachment.file_missing" | "request.bad" | "request.too_large"
    )
}

/// True when the hub does not have a content, or does not serve it to this laptop.
fn is_not_there(refusal: &Refusal) -> bool {
    matches!(
        refusal.code.as_str(),
        "attachment.unknown" | "attachment.not_here"
    )
}

fn is_due(core: &Core) -> bool {
    locked(&core.link).due <= core.wall_clock()
}

/// Does it unless an exchange is wanted meanwhile; one that is merely due waits for the chunk.
async fn unless_wanted<T>(core: &Core, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Some(done),
            () = core.wake.notified() => {
                if is_due(core) {
                    return None;
                }
            }
        }
    }
}
