//! One exchange: what a desk sends up and what a hub answers, frame by frame.
//!
//! `POST /v1/sync` carries an [`Up::Head`] frame and then [`Up::Push`] frames; the answer is a
//! [`Down::Head`], then [`Down::Slice`] frames in order of criticality class, then [`Down::End`].
//! A desk applies each slice and its cursor in one transaction.

use std::collections::BTreeMap;

use fettle_domain::feed::Feed;
use fettle_domain::intent::Intent;
use fettle_domain::record::Record;
use fettle_domain::row::Row;
use fettle_domain::{ActorId, Day, DocumentId, Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use uuid::Uuid;

use crate::chain::{ItemKind, LinkSignature, PersonKey};
use crate::frame::{BadFrame, from_cbor, to_cbor};
use crate::limits::{ACCEPTED_MAX, CHANGE_MAX_BYTES, CLAIM_MAX_BYTES, FEEDS_MAX, PUSH_ITEMS_MAX};
use crate::proof::{Offer, SliceProof};
use crate::reader::{Reader, ReaderAnswer};
use crate::sum::FeedSum;

/// Number the hub gave a feed; names it on the wire, stable for the hub's life.
pub type FeedNumber = u32;

/// Place of an item in its feed, from 1.
pub type LogNumber = u64;

/// How far a desk has come in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cursor {
    /// Everything up to here is applied.
    At(LogNumber),
    /// The base is being filled; when it ends the desk stands at `log`.
    Fill {
        /// Sequence the base was fixed at.
        through: LogNumber,
        /// Place in the base's order, as the hub wrote it; empty at the beginning. Of work it begins
        /// with the number of its stage, see [`Cursor::has_open_orders`].
        after: String,
        /// Everything of the log up to here is applied as well: it goes on while the base fills.
        /// `None` where it is still at `through`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<LogNumber>,
    },
}

impl Cursor {
    /// The cursor of a desk that has nothing.
    pub const NOTHING: Self = Self::At(0);

    /// True when every open order of a work feed is here: those that are over follow as stage 2.
    #[must_use]
    pub fn has_open_orders(&self) -> bool {
        match self {
            Self::At(at) => *at > 0,
            Self::Fill { after, .. } => after.starts_with(['2', '3']),
        }
    }
}

/// A frame from desk to hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Up {
    /// First frame.
    Head(UpHead),
    /// Unsent items of one actor.
    Push(Push),
    /// What a restored hub has lost and this desk still has.
    Offer(Offer),
}

/// What a desk says of itself. Its names are short on the wire, and what says nothing is left out:
/// heads are most of an exchange in which nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpHead {
    /// Epoch of the hub's log the desk knows; `None` before the first exchange.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub log_epoch: Option<u64>,
    /// Clock of the device when it sent this.
    #[serde(rename = "t")]
    pub device_time: Timestamp,
    /// How far the desk has come, per feed it knows the number of. Left out feeds begin at nothing.
    #[serde(rename = "c")]
    pub cursors: BTreeMap<FeedNumber, Cursor>,
    /// Bytes the answer may have.
    #[serde(rename = "b")]
    pub budget_bytes: u32,
    /// Who is unlocked and reads what that person alone may see; nobody while the desk is locked.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// True when the desk asks for the sums of its feeds, to compare its rows with.
    #[serde(rename = "k", default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_sums: bool,
}

/// Items of one actor in commit order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Author.
    pub actor: ActorId,
    /// Position in the actor's chain of the first item, from 1.
    pub first: u64,
    /// The items, ending at a commit.
    pub items: Vec<PushItem>,
    /// Signature over the link of the last item.
    pub signature: LinkSignature,
}

/// One item of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushItem {
    /// A change of a document: which one, and the bytes as Automerge made them.
    Change(DocumentId, ByteBuf),
    /// A claim.
    Intent(Intent),
    /// A fact that belongs to no document.
    Record(Record),
}

/// How an item stands in its actor's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    /// Kind.
    pub kind: ItemKind,
    /// Id of the document, intent or record.
    pub id: Uuid,
    /// Hash of a change as Automerge computes it, of anything else BLAKE3 of its CBOR.
    pub hash: [u8; 32],
}

impl PushItem {
    /// How a claim or record is linked; a change's hash comes from its bytes, so the caller has it.
    ///
    /// # Errors
    /// [`BadFrame::Content`] when it cannot be written as CBOR.
    pub fn linked(&self, change_hash: impl FnOnce(&[u8]) -> [u8; 32]) -> Result<Linked, BadFrame> {
        Ok(match self {
            Self::Change(document, bytes) => Linked {
                kind: ItemKind::Change,
                id: document.0,
                hash: change_hash(bytes),
            },
            Self::Intent(intent) => Linked {
                kind: ItemKind::Intent,
                id: intent.id.0,
                hash: *blake3::hash(&to_cbor(intent)?).as_bytes(),
            },
            Self::Record(record) => Linked {
                kind: ItemKind::Record,
                id: record.id.0,
                hash: *blake3::hash(&to_cbor(record)?).as_bytes(),
            },
        })
    }
}

/// A frame from hub to desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Down {
    /// First frame.
    Head(DownHead),
    /// A stretch of one feed.
    Slice(Slice),
    /// Last frame: whether there is more to fetch at once.
    End {
        /// True when the budget cut the answer.
        has_more: bool,
    },
}

impl Down {
    /// Reads what a frame holds. A row this program does not know is kept as it came: only what
    /// stands around it must be known.
    ///
    /// # Errors
    /// [`BadFrame::Content`] when it is anything else.
    pub fn read(raw: &[u8]) -> Result<Self, BadFrame> {
        from_cbor(raw).or_else(|fault| Self::read_around_rows(raw).ok_or(fault))
    }

    fn read_around_rows(raw: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Around {
            Slice {
                feed: FeedNumber,
                items: Vec<ciborium::Value>,
                cursor: Cursor,
                #[serde(default)]
                proof: Option<SliceProof>,
            },
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Unread {
            Row(LogNumber, ciborium::Value),
        }
        let read = |item: &ciborium::Value| {
            item.deserialized().ok().or_else(|| {
                let Unread::Row(version, row) = item.deserialized().ok()?;
                Some(FeedItem::Unread(version, to_cbor(&row).ok()?.into()))
            })
        };
        let Around::Slice {
            feed,
            items,
            cursor,
            proof,
        } = from_cbor(raw).ok()?;
        let items = items.iter().map(read).collect::<Option<_>>()?;
        Some(Self::Slice(Slice {
            feed,
            items,
            cursor,
            proof,
        }))
    }
}

/// What the hub says first, as short on the wire as [`UpHead`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownHead {
    /// Epoch of the hub's log; a desk that knows another reads everything anew and gives back what is
    /// lost.
    #[serde(rename = "e")]
    pub log_epoch: u64,
    /// Clock of the hub when it read the request.
    #[serde(rename = "t")]
    pub hub_time: Timestamp,
    /// The feeds this device follows, with their numbers; left out when the desk named them all.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub feeds: Option<BTreeMap<FeedNumber, Feed>>,
    /// What became of each push, in the order they were sent.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Acknowledged>,
    /// Rows of the bases still to come, for the progress of the first copy.
    #[serde(rename = "n", default, skip_serializing_if = "is_zero")]
    pub fill_remaining: u32,
    /// Everything up to here of the desk's own pushes is in a backup; `None` without a backup target.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub backed_up_through: Option<Timestamp>,
    /// What the reader is told, when there is one and something to tell.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<ReaderAnswer>,
    /// True when the company keeps where photos were taken; otherwise desks take it out of them.
    #[serde(rename = "k", default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_position: bool,
    /// How many of the offers, from the first, the hub has dealt with durably.
    #[serde(rename = "o", default, skip_serializing_if = "is_zero")]
    pub offers_taken: u32,
    /// Feeds the desk reads anew from their beginning: it was away for longer than their tombstones
    /// were kept, so it cannot know what is gone. Nothing of them is in this answer.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub anew: Vec<FeedNumber>,
    /// Sums of feeds with the place of their log they are of, when the desk asked for them.
    #[serde(rename = "m", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<FeedNumber, (LogNumber, FeedSum)>,
    /// Day before which orders that are over are not for this desk; all are where there is none.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub ended_since: Option<Day>,
}

/// What became of one push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Author.
    pub actor: ActorId,
    /// Everything of this actor up to here is durable at the hub.
    pub through: u64,
    /// Items that are durable and in quarantine, with the reason.
    pub quarantined: Vec<(u64, Refusal)>,
    /// Intents that wait for a dependency.
    pub waiting: Vec<u64>,
    /// Why the push went no further than `through`.
    pub stopped: Option<Refusal>,
    /// Items that were accepted and of which the hub put something back as it was, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compensated: Vec<(u64, Refusal)>,
}

/// A stretch of one feed and the cursor after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Feed.
    pub feed: FeedNumber,
    /// Items in the order of the feed.
    pub items: Vec<FeedItem>,
    /// Where the desk stands once it has applied them.
    pub cursor: Cursor,
    /// Shows that the hub sent these, when it holds what only others could send again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<SliceProof>,
}

/// One item of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedItem {
    /// A change of a document.
    Change(DocumentId, ByteBuf),
    /// The whole document, its history compacted.
    Base(DocumentId, ByteBuf),
    /// An official row with its version: the log number it came under.
    Row(LogNumber, Box<Row>),
    /// The order now belongs to this feed; its base follows.
    Enter(DocumentId),
    /// The order has left this feed.
    Leave(DocumentId),
    /// A row of a later program with its version, as CBOR: kept by the desk until its own program
    /// knows it. It travels as [`Self::Row`] and is never written as itself.
    #[serde(skip)]
    Unread(LogNumber, ByteBuf),
}

/// Why a request of a desk is not read any further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadExchange {
    /// A frame is none.
    #[error(transparent)]
    Frame(#[from] BadFrame),
    /// The first frame is not the head, or there is a second one.
    #[error("exchange does not begin with one head")]
    Head,
    /// A limit is exceeded.
    #[error("exchange exceeds {0}")]
    Limit(&'static str),
    /// The last frame is cut.
    #[error("exchange was cut")]
    Cut,
}

/// A whole request as the hub reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpExchange {
    /// Head.
    pub head: UpHead,
    /// Pushes that arrived whole.
    pub pushes: Vec<Push>,
    /// Offers that arrived whole.
    pub offers: Vec<Offer>,
    /// True when the last frame was cut; what arrived before counts.
    pub is_cut: bool,
}

impl UpExchange {
    /// Reads a request's bytes. A cut after the head loses only the cut frame.
    ///
    /// # Errors
    /// [`BadExchange`] when it has no head, holds anything else or exceeds a limit.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadExchange> {
        let mut decoder = crate::frame::Decoder::default();
        decoder.push(bytes);
        let Some(Up::Head(head)) = decoder.next_frame()? else {
            return Err(BadExchange::Head);
        };
        let restricted = head
            .reader
            .as_ref()
            .map_or(0, |reader| reader.cursors.len());
        if head.cursors.len() + restricted > FEEDS_MAX {
            return Err(BadExchange::Limit("FEEDS_MAX"));
        }
        let mut pushes = Vec::new();
        let mut offers = Vec::new();
        while let Some(frame) = decoder.next_frame()? {
            match frame {
                Up::Head(_) => return Err(BadExchange::Head),
                Up::Push(push) => {
                    check_push(&push)?;
                    pushes.push(push);
                }
                Up::Offer(offer) => {
                    check_offer(&offer)?;
                    offers.push(offer);
                }
            }
        }
        Ok(Self {
            head,
            pushes,
            offers,
            is_cut: !decoder.is_empty(),
        })
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn check_offer(offer: &Offer) -> Result<(), BadExchange> {
    let items = offer.changes.len() + offer.verdicts.len() + offer.keys.len();
    if offer.accepted.len() > ACCEPTED_MAX || items > ACCEPTED_MAX {
        return Err(BadExchange::Limit("ACCEPTED_MAX"));
    }
    let is_too_large = |(_, bytes): &(DocumentId, ByteBuf)| bytes.len() > CHANGE_MAX_BYTES;
    if offer.changes.iter().any(is_too_large) {
        return Err(BadExchange::Limit("CHANGE_MAX_BYTES"));
    }
    Ok(())
}

pub(crate) fn check_push(push: &Push) -> Result<(), BadExchange> {
    if push.items.is_empty() || push.items.len() > PUSH_ITEMS_MAX {
        return Err(BadExchange::Limit("PUSH_ITEMS_MAX"));
    }
    for item in &push.items {
        match item {
            PushItem::Change(_, bytes) if bytes.len() > CHANGE_MAX_BYTES => {
                return Err(BadExchange::Limit("CHANGE_MAX_BYTES"));
            }
            PushItem::Change(..) => {}
            PushItem::Intent(intent) if to_cbor(intent)?.len() > CLAIM_MAX_BYTES => {
                return Err(BadExchange::Limit("CLAIM_MAX_BYTES"));
            }
            PushItem::Record(record) if to_cbor(record)?.len() > CLAIM_MAX_BYTES => {
                return Err(BadExchange::Limit("CLAIM_MAX_BYTES"));
            }
            PushItem::Intent(_) | PushItem::Record(_) => {}
        }
    }
    Ok(())
}

/// A person's public key on a device with the epoch it belongs to; what an actor derives from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorKey {
    /// The key.
    pub key: PersonKey,
    /// The device's epoch.
    pub epoch: u32,
}
