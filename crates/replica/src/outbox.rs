//! The outbox: what is still to be sent, cut where a commit ended.

use fettle_domain::{ActorId, DocumentId, Timestamp};
use fettle_sync::chain::ItemKind;
use fettle_sync::exchange::{Push, PushItem};
use fettle_sync::frame::from_cbor;
use fettle_sync::limits::{PUSH_ITEMS_MAX, frame_target_bytes};
use serde_bytes::ByteBuf;

use crate::fault::Fault;
use crate::replica::Replica;
use crate::table::outbox::{self, Unsent};

impl Replica {
    /// When the item that has waited longest was committed; photos that follow are no items.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn oldest_unsent_item(&self) -> Result<Option<Timestamp>, Fault> {
        outbox::oldest_unsent(&self.reader())
    }

    /// What is unsent, per author in commit order, the longest waiting author first. Each push
    /// ends at a commit; at least one commit is there when anything is unsent.
    ///
    /// # Errors
    /// [`Fault`] of the store.
    pub fn pushes(&self, budget_bytes: usize) -> Result<Vec<Push>, Fault> {
        let reader = self.reader();
        let mut cutter = Cutter {
            pushes: Vec::new(),
            bytes_of_last: 0,
            left: budget_bytes,
            frame_bytes: frame_target_bytes(budget_bytes),
            commit: Vec::new(),
            commit_bytes: 0,
        };
        for actor in outbox::unsent_actors(&reader)? {
            cutter.bytes_of_last = usize::MAX;
            outbox::each_unsent(&reader, actor, |unsent| cutter.take(unsent))?;
            if !cutter.commit.is_empty() {
                break;
            }
        }
        Ok(cutter.pushes)
    }
}

/// Gathers items until their commit ends, then decides which push they belong to.
struct Cutter {
    pushes: Vec<Push>,
    /// Raw size of the last push; `usize::MAX` when the next commit needs a new one.
    bytes_of_last: usize,
    left: usize,
    /// Raw size after which a push is full.
    frame_bytes: usize,
    commit: Vec<(u64, PushItem)>,
    commit_bytes: usize,
}

/// What the encoding adds to an item: kind, id and lengths.
const ITEM_OVERHEAD_BYTES: usize = 40;

impl Cutter {
    /// Takes an item; false when the budget is used up.
    fn take(&mut self, unsent: Unsent) -> Result<bool, Fault> {
        self.commit_bytes += unsent.bytes.len() + ITEM_OVERHEAD_BYTES;
        let (actor, signature, place) = (unsent.actor, unsent.signature, unsent.place);
        self.commit.push((place, item(unsent)?));
        let Some(signature) = signature else {
            return Ok(true);
        };
        if self.commit_bytes > self.left && !self.pushes.is_empty() {
            return Ok(false);
        }
        self.left = self.left.saturating_sub(self.commit_bytes);
        let push = self.push_for(actor);
        push.signature = signature;
        Ok(true)
    }

    /// Moves the commit into the last push, or a new one when that is full.
    fn push_for(&mut self, actor: ActorId) -> &mut Push {
        let size = self.bytes_of_last.saturating_add(self.commit_bytes);
        let items = self.pushes.last().map_or(0, |push| push.items.len()) + self.commit.len();
        let is_new = size > self.frame_bytes || items > PUSH_ITEMS_MAX;
        self.bytes_of_last = if is_new { self.commit_bytes } else { size };
        self.commit_bytes = 0;
        let first = self.commit.first().map_or(0, |(place, _)| *place);
        let items = self.commit.drain(..).map(|(_, item)| item);
        let mut push = match self.pushes.pop() {
            Some(last) if !is_new => last,
            last => {
                self.pushes.extend(last);
                Push {
                    actor,
                    first,
                    items: Vec::new(),
                    signature: fettle_sync::chain::LinkSignature([0; 64]),
                }
            }
        };
        push.items.extend(items);
        let index = self.pushes.len();
        self.pushes.push(push);
        &mut self.pushes[index]
    }
}

fn item(unsent: Unsent) -> Result<PushItem, Fault> {
    Ok(match unsent.kind {
        ItemKind::Change => PushItem::Change(DocumentId(unsent.item), ByteBuf::from(unsent.bytes)),
        ItemKind::Intent => PushItem::Intent(from_cbor(&unsent.bytes)?),
        ItemKind::Record => PushItem::Record(from_cbor(&unsent.bytes)?),
    })
}
