//! Who wrote what: every operation of a document by object and key, with its author and change.
//!
//! Hydration and rights read this instead of Automerge's current values, because those show only
//! what was written last, whoever was entitled to write it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use automerge::legacy::{Key, ObjectId, Op, OpId as LegacyId, OpType};
use automerge::{Automerge, ObjType, ScalarValue};
use fettle_domain::{ActorId, ChangeHash};

use crate::change::{actor_of, hashes};
use crate::genesis::genesis_hash;
use crate::kind::DocumentKind;

/// Identity of an operation, and of the object it makes. Ordered by counter: what was seen comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpId {
    counter: u64,
    actor: ActorId,
}

impl OpId {
    pub(crate) fn parts(self) -> (u64, ActorId) {
        (self.counter, self.actor)
    }
}

/// Where an operation writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    Root,
    Made(OpId),
}

/// What an operation puts at its key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Scalar(ScalarValue),
    Map,
    Removed,
    /// Text and whatever this program does not put under a key.
    Other,
}

/// One write to one key.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: OpId,
    pub(crate) content: Content,
    pub(crate) replaces: Vec<OpId>,
    pub(crate) author: ActorId,
    pub(crate) hash: ChangeHash,
}

/// An operation with its place: a key of a map, or inside a text.
pub(crate) struct Placed {
    pub(crate) object: Object,
    pub(crate) key: Option<String>,
    pub(crate) written: Written,
}

/// Where an object was put, by whom and in which change.
#[derive(Debug, Clone)]
struct Parent {
    object: Object,
    key: String,
    author: ActorId,
    hash: ChangeHash,
}

#[derive(Debug, Clone)]
struct ChangeNode {
    author: ActorId,
    seq: u64,
    dependencies: Vec<ChangeHash>,
}

/// Writes to the keys of a map.
pub(crate) type Keys = BTreeMap<String, Vec<Written>>;

/// Every write of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    maps: HashMap<OpId, Keys>,
    roots: BTreeMap<String, OpId>,
    parents: HashMap<OpId, Parent>,
    changes: HashMap<ChangeHash, ChangeNode>,
}

impl History {
    pub(crate) fn read(automerge: &Automerge) -> Self {
        let mut history = Self::default();
        for change in automerge.get_changes(&[]) {
            history.add(&change, &change.decode().operations);
        }
        history
    }

    pub(crate) fn add(&mut self, change: &automerge::Change, operations: &[Op]) {
        let Ok(author) = actor_of(change.actor_id()) else {
            return;
        };
        let hash = ChangeHash(change.hash().0);
        let node = ChangeNode {
            author,
            seq: change.seq(),
            dependencies: hashes(change.deps()),
        };
        self.changes.insert(hash, node);
        for placed in placed(change, operations) {
            let (Some(key), written) = (placed.key, placed.written) else {
                continue;
            };
            if !matches!(written.content, Content::Scalar(_) | Content::Removed) {
                let parent = Parent {
                    object: placed.object,
                    key: key.clone(),
                    author: written.author,
                    hash,
                };
                self.parents.insert(written.id, parent);
            }
            match placed.object {
                // Only the genesis makes roots; another write there is no root.
                Object::Root if hash == genesis_hash(DocumentKind::WorkOrder) => {
                    self.roots.insert(key, written.id);
                }
                Object::Root => {}
                Object::Made(map) => {
                    let keys = self.maps.entry(map).or_default();
                    keys.entry(key).or_default().push(written);
                }
            }
        }
    }

    /// Number of an author's last change; zero without one.
    pub(crate) fn last_seq(&self, actor: ActorId) -> u64 {
        let own = self.changes.values().filter(|node| node.author == actor);
        own.map(|node| node.seq).max().unwrap_or(0)
    }

    /// The object the genesis made under this name.
    pub(crate) fn root(&self, container: &str) -> Option<OpId> {
        self.roots.get(container).copied()
    }

    /// The writes to the keys of an object.
    pub(crate) fn keys(&self, object: OpId) -> Option<&Keys> {
        self.maps.get(&object)
    }

    /// The change that made an object.
    pub(crate) fn maker(&self, object: OpId) -> Option<ChangeHash> {
        self.parents.get(&object).map(|parent| parent.hash)
    }

    /// Container, key, and so on down to the object, with who made what lies right in the container.
    pub(crate) fn path(&self, object: OpId) -> Option<(Vec<&str>, ActorId)> {
        let mut path = Vec::new();
        let mut at = object;
        let mut maker = object.actor;
        loop {
            let parent = self.parents.get(&at)?;
            path.push(parent.key.as_str());
            match parent.object {
                Object::Made(next) if path.len() < 8 => {
                    maker = parent.author;
                    at = next;
                }
                Object::Root if self.roots.get(&parent.key) == Some(&at) => break,
                Object::Made(_) | Object::Root => return None,
            }
        }
        path.reverse();
        Some((path, maker))
    }

    /// True when change `one` is `other` or lies in its past.
    pub(crate) fn is_before(&self, one: ChangeHash, other: ChangeHash) -> bool {
        if one == other {
            return true;
        }
        let (Some(first), Some(last)) = (self.changes.get(&one), self.changes.get(&other)) else {
            return false;
        };
        // An author's own changes form a chain.
        if first.author == last.author {
            return first.seq <= last.seq;
        }
        let mut seen = BTreeSet::new();
        let mut next = last.dependencies.clone();
        while let Some(hash) = next.pop() {
            if hash == one {
                return true;
            }
            if seen.insert(hash)
                && let Some(node) = self.changes.get(&hash)
            {
                next.extend(&node.dependencies);
            }
        }
        false
    }
}

/// The operations of a change with their ids and places.
pub(crate) fn placed(change: &automerge::Change, operations: &[Op]) -> Vec<Placed> {
    let Ok(author) = actor_of(change.actor_id()) else {
        return Vec::new();
    };
    let hash = ChangeHash(change.hash().0);
    let start = change.start_op().get();
    let place = |(counter, operation): (u64, &Op)| {
        let object = match &operation.obj {
            ObjectId::Root => Object::Root,
            ObjectId::Id(id) => Object::Made(op_id(id)?),
        };
        let written = Written {
            id: OpId {
                counter,
                actor: author,
            },
            content: content(&operation.action),
            replaces: operation.pred.iter().filter_map(op_id).collect(),
            author,
            hash,
        };
        let key = match &operation.key {
            Key::Map(key) => Some(key.to_string()),
            Key::Seq(_) => None,
        };
        Some(Placed {
            object,
            key,
            written,
        })
    };
    (start..).zip(operations).filter_map(place).collect()
}

/// The writes of a key that stand, weakest first: by `weight`, then by hash of the change.
///
/// A write without a weight does not count. A write is superseded only by a later one of at least
/// its weight, however many lighter ones lie between.
pub(crate) fn standing<'a, W: Ord + Copy>(
    writes: impl IntoIterator<Item = &'a Written>,
    weight: impl Fn(&Written) -> Option<W>,
) -> Vec<(W, &'a Written)> {
    let mut writes: Vec<&Written> = writes.into_iter().collect();
    writes.sort_by_key(|written| written.id);
    let mut heaviest_after: HashMap<OpId, W> = HashMap::new();
    let mut stand = Vec::new();
    // Invariant: an operation's counter is greater than that of all it replaces, so going
    // backwards meets every successor first.
    for written in writes.into_iter().rev() {
        let own = weight(written);
        let after = heaviest_after.get(&written.id).copied();
        if let Some(own) = own
            && after.is_none_or(|after| after < own)
            && written.content != Content::Removed
        {
            stand.push((own, written));
        }
        if let Some(heaviest) = own.max(after) {
            for replaced in &written.replaces {
                let slot = heaviest_after.entry(*replaced).or_insert(heaviest);
                *slot = heaviest.max(*slot);
            }
        }
    }
    stand.sort_by_key(|(weight, written)| (*weight, written.hash, written.id));
    stand
}

fn op_id(id: &LegacyId) -> Option<OpId> {
    Some(OpId {
        counter: id.counter(),
        actor: actor_of(id.actor()).ok()?,
    })
}

fn content(action: &OpType) -> Content {
    match action {
        OpType::Put(value) => Content::Scalar(value.clone()),
        OpType::Make(ObjType::Map) => Content::Map,
        OpType::Delete => Content::Removed,
        OpType::Make(ObjType::List | ObjType::Table | ObjType::Text)
        | OpType::Increment(_)
        | OpType::MarkBegin(_)
        | OpType::MarkEnd(_) => Content::Other,
    }
}
