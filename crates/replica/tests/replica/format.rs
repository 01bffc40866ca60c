//! The format on the disk: files of released versions open, files of later ones are refused unharmed.

use std::path::{Path, PathBuf};

use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_replica::{OpenFault, Paging, Replica};
use fettle_sync::exchange::{Cursor, FeedItem};
use fettle_sync::frame::to_cbor;
use rusqlite::Connection;

use crate::build::{WORK, actor, filled, key, note, now, order, row, slice, start, tick};

/// The files of format 1 with what [`write_all`] writes.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replica/golden/format-1")
}

/// The files of a replica that must not be lost; the reserve is made anew.
const FILES: [&str; 3] = ["work.db", "catalogue.db", "key-check"];

/// Writes the files where they are missing and `FETTLE_GOLDEN=write` asks for it; never over old ones.
fn write_missing() {
    let is_asked = std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write");
    if !is_asked || golden().exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    std::fs::create_dir_all(golden()).unwrap();
    for file in FILES {
        std::fs::copy(folder.path().join(file), golden().join(file)).unwrap();
    }
}

fn write_all(folder: &Path) {
    let replica = filled(folder);
    tick(&replica, 1);
    note(&replica, 1, "Seal face worn");
    start(&replica);
}

#[test]
fn a_replica_of_format_1_opens_with_its_unsent_work() {
    write_missing();
    let folder = tempfile::tempdir().unwrap();
    for file in FILES {
        std::fs::copy(golden().join(file), folder.path().join(file)).unwrap();
    }
    let replica = Replica::open(folder.path(), &key()).unwrap();
    let stored = replica.order(order()).unwrap().unwrap();
    assert_eq!(stored.line.status, Status::Inprg);
    assert_eq!(stored.content.notes[0].entry.text, "Seal face worn");
    assert_eq!(stored.changes.len(), 3);
    assert_eq!(replica.chain(actor()).unwrap().count, 4);
    assert_eq!(replica.pushes(1_000_000).unwrap()[0].items.len(), 4);
    assert_eq!(
        replica
            .search_orders("wo10427", Paging::first(5))
            .unwrap()
            .page
            .rows
            .len(),
        1
    );
}

#[test]
fn a_file_of_a_later_format_is_refused_unharmed() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    set_format(folder.path(), 2);
    let refused = Replica::open(folder.path(), &key());
    assert!(matches!(refused, Err(OpenFault::Newer { needs: 2 })));
    set_format(folder.path(), 1);
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(replica.unsent().unwrap(), 3);
}

/// Opens the work file as any program with the key would: the derivation of its key is format too.
fn set_format(folder: &Path, format: i64) {
    let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 key of a replica file");
    hasher.update(&[7; 32]);
    hasher.update(b"work.db");
    let connection = Connection::open(folder.join("work.db")).unwrap();
    let value = format!("x'{}'", hasher.finalize().to_hex());
    connection.pragma_update(None, "key", value).unwrap();
    connection
        .pragma_update(None, "user_version", format)
        .unwrap();
}

#[test]
fn nothing_readable_lies_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    note(&replica, 1, "Seal face worn");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let is_readable = bytes.windows(9).any(|word| word == b"Seal face");
        assert!(!is_readable);
    }
}

#[test]
fn a_row_of_a_later_program_is_kept_until_this_one_knows_it() {
    let folder = tempfile::tempdir().unwrap();
    let replica = filled(folder.path());
    let unread = |version, row: &Row| FeedItem::Unread(version, to_cbor(row).unwrap().into());
    // What this program does know stands for what the next one will.
    let later = unread(9, &Row::WorkOrder(row(Status::Inprg, 2)));
    let never = FeedItem::Unread(10, to_cbor(&("telemetry", 7)).unwrap().into());
    let touched = replica.apply_slice(&slice(WORK, 10, vec![later, never.clone()]));
    assert!(touched.unwrap().orders.is_empty());
    let status = |replica: &Replica| replica.order_line(order()).unwrap().unwrap().status;
    assert_eq!(status(&replica), Status::Appr);
    let cursors = replica.up_head(now(), 1).unwrap().cursors;
    assert_eq!(cursors[&WORK], Cursor::At(10));
    drop(replica);

    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(status(&replica), Status::Inprg);
    // An older version that was kept says nothing any more, and the same again changes nothing.
    let older = unread(3, &Row::WorkOrder(row(Status::Appr, 1)));
    replica
        .apply_slice(&slice(WORK, 11, vec![older, never]))
        .unwrap();
    drop(replica);
    let replica = Replica::open(folder.path(), &key()).unwrap();
    assert_eq!(status(&replica), Status::Inprg);
}
