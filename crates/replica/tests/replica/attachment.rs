//! Photos: the file before the commit that names it, sent once the hub has all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fettle_document::Edit;
use fettle_domain::work_order::Photo;
use fettle_domain::{ContentHash, EntryId, Refusal};
use fettle_replica::{Fault, Made, MadeKind, MadeSubject, Replica, UnsentPhotos};
use fettle_sync::exchange::{DownHead, FeedItem};
use uuid::Uuid;

use crate::build::{
    WORK, acknowledged, ana, commit, device_time, feeds, filled, head, hub_actor, hub_document,
    key, now, order, slice,
};

const CONTENT: &[u8] = b"what the camera saw";
const SMALL: &[u8] = b"the same, small";

fn photo(content: ContentHash, thumbnail: Option<ContentHash>) -> Photo {
    Photo {
        content: content.to_string(),
        size_bytes: CONTENT.len() as u64,
        caption: "Seal face".to_owned(),
        at: device_time(),
        thumbnail: thumbnail.map(|content| content.to_string()),
        media_type: Some("image/jpeg".to_owned()),
        reversal_of: None,
    }
}

fn put(number: u128, entry: Photo) -> (Edit, Made) {
    let id = EntryId(Uuid::from_u128(0x900 + number));
    let made = Made {
        kind: MadeKind::Photo,
        subject: MadeSubject::Entry(id),
        words: entry.caption.clone(),
    };
    (Edit::PutPhoto { id, entry }, made)
}

fn add(replica: &Replica, number: u128, content: ContentHash, thumbnail: Option<ContentHash>) {
    let (edit, made) = put(number, photo(content, thumbnail));
    commit(replica, vec![edit], None, vec![made]).unwrap();
}

/// A photo and its thumbnail, committed.
fn added(replica: &Replica) -> (ContentHash, ContentHash) {
    let content = replica.keep_attachment(CONTENT).unwrap();
    let thumbnail = replica.keep_attachment(SMALL).unwrap();
    add(replica, 1, content, Some(thumbnail));
    (content, thumbnail)
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let found = std::fs::read_dir(folder.join("attachments")).unwrap();
    found.map(|entry| entry.unwrap().path()).collect()
}

fn sent_at(replica: &Replica) -> bool {
    let stored = replica.order(order()).unwrap().unwrap();
    stored.changes[0].sent_at.is_some()
}

#[test]
fn a_photo_is_sent_once_entry_and_content_are_at_the_hub() {
    for is_content_first in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let replica = filled(folder.path());
        let (content, thumbnail) = added(&replica);
        let expected = UnsentPhotos {
            count: 1,
            bytes: CONTENT.len() as u64,
        };
        assert_eq!(replica.unsent_photos().unwrap(), expected);
        let waiting = replica.unsent_attachments(10).unwrap();
        let order_of: Vec<ContentHash> = waiting.iter().map(|row| row.content).collect();
        assert_eq!(order_of, [thumbnail, content], "the thumbnail goes first");
        assert_eq!(waiting[0].size_bytes, SMALL.len() as u64);
        let entry = || replica.acknowledge(&[acknowledged(1)], now()).unwrap();
        if is_content_first {
            replica.attachment_sent(content, now()).unwrap();
        } else {
            entry();
        }
        assert!(!sent_at(&replica));
        assert_eq!(replica.unsent().unwrap(), 1);
        if is_content_first {
            entry();
        } else {
            let orders = replica.attachment_sent(content, now()).unwrap();
            assert_eq!(orders, [order()]);
        }
        assert!(sent_at(&replica));
        assert_eq!(replica.unsent().unwrap(), 0);
        assert_eq!(replica.unsent_photos().unwrap(), UnsentPhotos::default());
    }
}

#[test]
fn text_that_waits_is_told_from_photos_that_wait() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    added(&replica);
    assert_eq!(replica.oldest_unsent_item().unwrap(), Some(now()));
    replica.acknowledge(&[acknowledged(1)], now()).unwrap();
    assert_eq!(replica.oldest_unsent_item().unwrap(), None);
    assert_eq!(replica.oldest_unsent().unwrap(), Some(now()));
}

#[test]
fn what_has_no_file_cannot_be_attached() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let (edit, made) = put(1, photo(ContentHash::of(CONTENT), None));
    let refused = commit(&replica, vec![edit], None, vec![made]);
    assert!(
        matches!(&refused, Err(Fault::Refused(refusal)) if refusal.code == "attachment.file_missing")
    );
    assert_eq!(replica.unsent().unwrap(), 0);
}

#[test]
fn a_kill_before_the_commit_leaves_a_file_that_is_swept_and_after_it_a_whole_photo() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let (content, thumbnail) = added(&replica);
    let named = files(folder.path());
    let orphan = replica.keep_attachment(b"chosen, never saved").unwrap();
    assert_eq!(files(folder.path()).len(), named.len() + 1);
    drop(replica);
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(files(folder.path()), named);
    assert_eq!(replica.attachment(orphan).unwrap(), None);
    assert_eq!(
        replica.attachment(content).unwrap().as_deref(),
        Some(CONTENT)
    );
    assert_eq!(
        replica.attachment(thumbnail).unwrap().as_deref(),
        Some(SMALL)
    );
    assert!(replica.is_attachment_named(content).unwrap());
}

#[test]
fn nothing_on_the_disk_tells_what_was_photographed() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let (content, _) = added(&replica);
    let name = content.to_string();
    for file in files(folder.path()) {
        assert!(!file.to_string_lossy().contains(&name[..16]));
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == &CONTENT[..6]));
    }
}

#[test]
fn a_file_changed_on_the_disk_is_damage_and_never_another_picture() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let content = replica.keep_attachment(CONTENT).unwrap();
    let file = files(folder.path()).pop_first().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(
        replica.attachment(content),
        Err(Fault::Stored("attachment"))
    ));
}

#[test]
fn any_stretch_of_a_large_file_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let bytes: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
    let content = replica.keep_attachment(&bytes).unwrap();
    for (offset, length) in [
        (0, 1),
        (65_535, 2),
        (65_536, 65_536),
        (199_999, 10),
        (70_000, 100_000),
    ] {
        let piece = replica.attachment_piece(content, offset, length).unwrap();
        let from = usize::try_from(offset).unwrap();
        let to = (from + usize::try_from(length).unwrap()).min(bytes.len());
        assert_eq!(
            piece.as_deref(),
            Some(&bytes[from..to]),
            "{offset}+{length}"
        );
    }
}

#[test]
fn a_full_disk_is_said_before_anything_names_the_photo() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    // Where the next file of this content would be written is a disk without room.
    let content = replica.keep_attachment(CONTENT).unwrap();
    let file = files(folder.path()).pop_first().unwrap();
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/full", file.with_extension("part")).unwrap();
    assert!(matches!(
        replica.keep_attachment(CONTENT),
        Err(Fault::DiskFull)
    ));
    assert_eq!(replica.attachment(content).unwrap(), None);
    assert!(files(folder.path()).is_empty(), "half a file is left");
    // With room again the same photo is kept.
    replica.keep_attachment(CONTENT).unwrap();
}

/// A photo somebody else added, as it comes from the hub.
fn from_elsewhere(replica: &Replica, content: ContentHash, thumbnail: ContentHash) {
    let mut document = hub_document();
    let (edit, _) = put(7, photo(content, Some(thumbnail)));
    document.edit(hub_actor(), now(), &[edit]).unwrap();
    let base = FeedItem::Base(order().into(), document.save().to_vec().into());
    replica.apply_slice(&slice(WORK, 3, vec![base])).unwrap();
}

#[test]
fn a_photo_from_elsewhere_comes_small_by_itself_and_whole_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut replica = filled(folder.path());
    let (content, thumbnail) = (ContentHash::of(CONTENT), ContentHash::of(SMALL));
    from_elsewhere(&replica, content, thumbnail);
    let missing = |replica: &Replica| -> Vec<ContentHash> {
        let rows = replica.missing_attachments(Some(ana()), None, 10).unwrap();
        rows.into_iter().map(|row| row.content).collect()
    };
    assert_eq!(missing(&replica), [thumbnail]);
    assert_eq!(replica.missing_attachments(None, None, 10).unwrap(), []);
    assert_eq!(replica.want_attachment(content, now()).unwrap(), [order()]);
    assert_eq!(missing(&replica), [content, thumbnail], "a wish goes first");
    // Half of it comes, the program is killed, and its last block is torn.
    replica.take_attachment(content, &CONTENT[..4]).unwrap();
    replica.take_attachment(content, &CONTENT[4..9]).unwrap();
    drop(replica);
    let part = files(folder.path()).pop_first().unwrap();
    let length = std::fs::metadata(&part).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&part).unwrap();
    file.set_len(length - 3).unwrap();
    replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.attachment_arrived(content).unwrap(), 4);
    replica.take_attachment(content, &CONTENT[4..]).unwrap();
    let orders = replica.end_attachment(content).unwrap();
    assert_eq!(orders.as_deref(), Some(&[order()][..]));
    assert_eq!(
        replica.attachment(content).unwrap().as_deref(),
        Some(CONTENT)
    );
    assert_eq!(missing(&replica), [thumbnail]);
}

#[test]
fn what_arrives_as_something_else_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let content = ContentHash::of(CONTENT);
    from_elsewhere(&replica, content, ContentHash::of(SMALL));
    replica.take_attachment(content, b"something else").unwrap();
    assert_eq!(replica.end_attachment(content).unwrap(), None);
    assert_eq!(replica.attachment_arrived(content).unwrap(), 0);
    assert_eq!(replica.attachment(content).unwrap(), None);
}

#[test]
fn a_photo_taken_back_is_asked_for_no_more_and_is_still_sent() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let (content, thumbnail) = added(&replica);
    let taken_back = Photo {
        reversal_of: Some(EntryId(Uuid::from_u128(0x901))),
        ..photo(content, None)
    };
    let (edit, made) = put(2, taken_back);
    commit(&replica, vec![edit], None, vec![made]).unwrap();
    let stored = replica.order(order()).unwrap().unwrap();
    assert_eq!(stored.content.standing_photos().count(), 0);
    assert_eq!(stored.content.photos.len(), 2, "the history keeps both");
    assert!(!replica.is_attachment_named(content).unwrap());
    let waiting = replica.unsent_attachments(10).unwrap();
    assert_eq!(waiting.len(), 2, "{thumbnail} and {content}");
}

#[test]
fn a_file_somebody_removed_is_said_and_not_tried_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let (content, _) = added(&replica);
    drop(replica);
    for file in files(folder.path()) {
        std::fs::remove_file(file).unwrap();
    }
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.unsent_attachments(10).unwrap(), []);
    let row = replica.attachment_row(content).unwrap().unwrap();
    let code = row.refused.map(|refusal: Refusal| refusal.code);
    assert_eq!(code.as_deref(), Some("attachment.file_missing"));
    assert!(!row.is_here);
    assert_eq!(replica.attention().unwrap(), 1);
    let changes = replica.open_changes().unwrap();
    let [change] = changes.as_slice() else {
        panic!("one change");
    };
    let said = change.quarantined.as_ref().map(|refusal| &refusal.code[..]);
    assert_eq!(said, Some("attachment.file_missing"));
}

#[test]
fn the_company_says_whether_photos_keep_where_they_were_taken() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    assert!(!replica.keeps_position().unwrap());
    for keeps_position in [true, true, false, false] {
        let head = DownHead {
            keeps_position,
            ..head(&feeds())
        };
        replica.apply_head(&head).unwrap();
        assert_eq!(replica.keeps_position().unwrap(), keeps_position);
    }
}
