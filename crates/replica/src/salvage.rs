//! What can still be read of a damaged work file. It is opened for reading only, and every unsent
//! item is looked for on its own, so that an unreadable page costs what lies on it and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fettle_domain::{ActorId, DocumentId, PersonId, Timestamp};
use fettle_sync::bundle::TornPush;
use fettle_sync::chain::{ItemKind, Link};
use fettle_sync::exchange::{Push, PushItem};
use fettle_sync::frame::from_cbor;
use fettle_sync::limits::{FRAME_RAW_TARGET_BYTES, PUSH_ITEMS_MAX};
use serde_bytes::ByteBuf;

use crate::fault::OpenFault;
use crate::file::{File, Kind};
use crate::head::{HEADS, bad_pages, copy_under_kept};
use crate::key::ReplicaKey;
use crate::line::MadeKind;
use crate::recover::recover;
use crate::replica::{Replica, WORK, file};
use crate::setting::of_desk;
use crate::table::salvage::{self, Item, Source};

/// What was read of a damaged work file.
#[derive(Debug, Clone, Default)]
pub struct Salvage {
    /// Unsent items whose chain is whole up to them, as far as this laptop knows.
    pub pushes: Vec<Push>,
    /// Unsent items after some that cannot be read.
    pub torn: Vec<TornPush>,
    /// Unsent items that cannot be read or proven, by author: first and last place.
    pub lost: Vec<(ActorId, u64, u64)>,
    /// What these were, as far as it stands elsewhere.
    pub words: Vec<LostWords>,
    /// The desk's settings.
    pub settings: Vec<(String, Vec<u8>)>,
}

/// Something that cannot be sent, in the words of whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostWords {
    /// Number of the order, or its id when that cannot be read.
    pub order: String,
    /// What it was.
    pub kind: MadeKind,
    /// Step, note's beginning, part or status.
    pub words: String,
    /// Who made it.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
}

impl Salvage {
    /// Items that go on to the hub.
    #[must_use]
    pub fn items(&self) -> usize {
        let torn = self.torn.iter().map(|torn| &torn.push);
        self.pushes
            .iter()
            .chain(torn)
            .map(|push| push.items.len())
            .sum()
    }

    /// Items that do not.
    #[must_use]
    pub fn lost_items(&self) -> u64 {
        self.lost
            .iter()
            .map(|(_, first, last)| last - first + 1)
            .sum()
    }
}

impl Replica {
    /// Reads what can be read of a work file, damaged or not, and changes nothing.
    ///
    /// # Errors
    /// [`OpenFault`] when not even its first page can be read, or the key is another one.
    pub fn salvage(folder: &Path, key: &ReplicaKey) -> Result<Salvage, OpenFault> {
        let work = file(Kind::Work, folder, WORK);
        let found = match work.open_reader(key) {
            Ok(connection) if salvage::has_schema(&connection) => {
                drop(connection);
                Some(read(&work, key, false))
            }
            Ok(_) | Err(OpenFault::Damaged) => None,
            Err(other) => return Err(other),
        };
        if let Some(found) = &found
            && found.lost.is_empty()
        {
            return Ok(found.clone());
        }
        let bad = bad_pages(&work.open_blind(key)?)?;
        under_kept_heads(folder, key, &bad, found)
    }
}

/// Reads copies of the file under first pages that were kept beside it and answers with whatever
/// lost least. A page that says where others are may have cost many items that are still there.
fn under_kept_heads(
    folder: &Path,
    key: &ReplicaKey,
    bad: &BTreeSet<usize>,
    found: Option<Salvage>,
) -> Result<Salvage, OpenFault> {
    let scratch = folder.join("salvage");
    let mut best = found;
    for head in HEADS {
        // Left over from the other pages, or from a try that was killed.
        let _ = std::fs::remove_dir_all(&scratch);
        std::fs::create_dir(&scratch)?;
        if !copy_under_kept(folder, &scratch, head, bad)? {
            continue;
        }
        let copy = file(Kind::Work, &scratch, WORK);
        let is_readable = copy
            .open_reader(key)
            .is_ok_and(|connection| salvage::has_schema(&connection));
        if is_readable {
            // What was kept may be older than what it stands for.
            let other = read(&copy, key, true);
            let is_better = best
                .as_ref()
                .is_none_or(|best| other.lost_items() < best.lost_items());
            if is_better {
                best = Some(other);
            }
        }
    }
    std::fs::remove_dir_all(&scratch)?;
    best.ok_or(OpenFault::Damaged)
}

fn read(work: &File, key: &ReplicaKey, is_patched: bool) -> Salvage {
    let open = || {
        work.open_reader(key)
            .map_err(|_| rusqlite::Error::InvalidQuery)
    };
    let source = &Source::new(&open);
    let mut outbox = salvage::outbox(source);
    outbox.is_damaged |= is_patched;
    let words = salvage::words(source);
    let chains = salvage::chains(source);
    let mut authors: BTreeMap<ActorId, Author> = BTreeMap::new();
    for (actor, count, _) in &chains {
        authors.entry(*actor).or_default().last = *count;
    }
    for made in &words {
        let author = authors.entry(made.actor).or_default();
        author.last = author.last.max(made.place);
        if made.is_sent {
            author.sent = author.sent.max(made.place);
        }
    }
    for item in outbox.rows {
        let author = authors.entry(item.actor).or_default();
        author.last = author.last.max(item.place);
        if item.is_sent {
            author.sent = author.sent.max(item.place);
            author
                .known
                .insert((item.id, *blake3::hash(&item.bytes).as_bytes()));
        } else {
            author.unsent.insert(item.place, item);
        }
    }
    let mut found = Salvage {
        settings: salvage::settings(source)
            .into_iter()
            .filter_map(|(name, value)| Some((of_desk(&name)?.to_owned(), value)))
            .collect(),
        ..Salvage::default()
    };
    for (actor, author) in &mut authors {
        if outbox.is_damaged {
            recover(source, *actor, author);
        }
        author.gather(*actor, outbox.is_damaged, &mut found);
    }
    let is_lost = |actor: ActorId, place: u64| {
        let mut lost = found.lost.iter();
        lost.any(|(of, first, last)| *of == actor && (*first..=*last).contains(&place))
    };
    found.words = words
        .into_iter()
        .filter(|made| !made.is_sent && is_lost(made.actor, made.place))
        .map(|made| LostWords {
            order: salvage::order_number(source, made.order)
                .unwrap_or_else(|| made.order.to_string()),
            kind: made.kind,
            words: made.words,
            person: made.person,
            at: made.at,
        })
        .collect();
    found
        .words
        .sort_by(|a, b| (&a.order, a.at).cmp(&(&b.order, b.at)));
    found
}

/// What is known of one author's chain.
#[derive(Debug, Default)]
pub(crate) struct Author {
    /// Last place anything speaks of.
    pub(crate) last: u64,
    /// Last place known to be at the hub.
    pub(crate) sent: u64,
    /// What was sent, by id and hash of its bytes.
    pub(crate) known: BTreeSet<(uuid::Uuid, [u8; 32])>,
    pub(crate) unsent: BTreeMap<u64, Item>,
}

impl Author {
    /// Places that should hold something unsent and hold nothing.
    pub(crate) fn missing(&self) -> impl Iterator<Item = u64> + '_ {
        (self.sent + 1..=self.last).filter(|place| !self.unsent.contains_key(place))
    }

    /// Sorts the items into what can be sent and what cannot, and names the rest.
    fn gather(&mut self, actor: ActorId, is_damaged: bool, found: &mut Salvage) {
        let mut lost: BTreeSet<u64> = if is_damaged {
            self.missing().collect()
        } else {
            BTreeSet::new()
        };
        let mut run: Vec<Item> = Vec::new();
        for (_, item) in std::mem::take(&mut self.unsent) {
            if run.last().is_some_and(|last| last.place + 1 != item.place) {
                let ended = std::mem::take(&mut run);
                send(ended, is_damaged, found, &mut lost);
            }
            run.push(item);
        }
        send(run, is_damaged, found, &mut lost);
        for place in lost {
            match found.lost.last_mut() {
                Some((of, _, last)) if *of == actor && *last + 1 == place => *last = place,
                _ => found.lost.push((actor, place, place)),
            }
        }
    }
}

/// Cuts a run of items without a gap into pushes that end at a signature. What follows the last
/// signature cannot be proven to be its author's.
fn send(run: Vec<Item>, is_damaged: bool, found: &mut Salvage, lost: &mut BTreeSet<u64>) {
    let mut commits: Vec<Vec<Item>> = vec![Vec::new()];
    for item in run {
        let is_end = item.signature.is_some();
        if let Some(commit) = commits.last_mut() {
            commit.push(item);
        }
        if is_end {
            commits.push(Vec::new());
        }
    }
    lost.extend(commits.pop().into_iter().flatten().map(|item| item.place));
    let mut part: Vec<Item> = Vec::new();
    for commit in commits {
        let items = part.len() + commit.len();
        let bytes: usize = part
            .iter()
            .chain(&commit)
            .map(|item| item.bytes.len())
            .sum();
        if !part.is_empty() && (items > PUSH_ITEMS_MAX || bytes > FRAME_RAW_TARGET_BYTES) {
            put(std::mem::take(&mut part), is_damaged, found, lost);
        }
        part.extend(commit);
    }
    put(part, is_damaged, found, lost);
}

fn put(items: Vec<Item>, is_damaged: bool, found: &mut Salvage, lost: &mut BTreeSet<u64>) {
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return;
    };
    let (actor, place, before) = (first.actor, first.place, first.before);
    let Some(signature) = last.signature else {
        return;
    };
    let places = place..=last.place;
    let items: Option<Vec<PushItem>> = items.into_iter().map(push_item).collect();
    let Some(items) = items else {
        // Bytes the page's own check let through and that are none of ours.
        lost.extend(places);
        return;
    };
    let push = Push {
        actor,
        first: place,
        items,
        signature,
    };
    match before {
        // Whether the hub has what came before is the hub's to say: the link fits either way.
        Some(before) if is_damaged => found.torn.push(TornPush { before, push }),
        Some(_) | None => found.pushes.push(push),
    }
}

fn push_item(item: Item) -> Option<PushItem> {
    Some(match item.kind {
        ItemKind::Change => PushItem::Change(DocumentId(item.id), ByteBuf::from(item.bytes)),
        ItemKind::Intent => PushItem::Intent(from_cbor(&item.bytes).ok()?),
        ItemKind::Record => PushItem::Record(from_cbor(&item.bytes).ok()?),
    })
}

/// The chain's link after an item; `None` when its link before is not known or its bytes are none.
pub(crate) fn link_after(item: &Item) -> Option<Link> {
    let before = fettle_sync::chain::Position {
        count: item.place.checked_sub(1)?,
        link: item.before?,
    };
    let hash = match item.kind {
        ItemKind::Change => {
            fettle_document::VerifiedChange::check(&item.bytes)
                .ok()?
                .hash()
                .0
        }
        ItemKind::Intent | ItemKind::Record => *blake3::hash(&item.bytes).as_bytes(),
    };
    Some(before.extend(item.kind, item.id, &hash).link)
}
