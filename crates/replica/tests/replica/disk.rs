//! A full disk: a real file system of 24 MiB that is really full.

use std::path::{Path, PathBuf};
use std::process::Command;

use fettle_domain::row::Row;
use fettle_replica::{Fault, Replica};
use fettle_sync::exchange::Cursor;

use crate::build::{
    ASSETS, WORK, filled, head, key, note, now, official, order, row, slice, try_note,
};
use crate::damage::asset;

/// Set in the process that sees the small disk.
const DISK: &str = "FETTLE_SMALL_DISK";

/// Runs a case of this file once more in a process of its own that has mounted a small disk for
/// itself alone; whoever runs the tests needs no rights for that.
fn on_a_small_disk(case: &str, play: impl FnOnce(&Path)) {
    if let Some(disk) = std::env::var_os(DISK) {
        return play(&PathBuf::from(disk));
    }
    let folder = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=24m small \"$FETTLE_SMALL_DISK\" && exec \"$0\" \"$@\"";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", mount])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", case, "--nocapture"])
        .env(DISK, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let ran = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && ran.contains("1 passed"),
        "{ran}\n{said}"
    );
}

/// Fills the disk up to its last byte.
fn fill_up(disk: &Path) -> PathBuf {
    use std::io::Write;
    let path = disk.join("holiday pictures");
    let mut file = std::fs::File::create(&path).unwrap();
    for size in [1 << 20, 4096, 1] {
        while file.write_all(&vec![0x5a; size]).is_ok() {}
    }
    path
}

#[test]
fn the_last_save_works_and_then_people_are_told_what_to_free() {
    on_a_small_disk(
        "disk::the_last_save_works_and_then_people_are_told_what_to_free",
        |disk| {
            let replica = filled(&disk.join("replica"));
            let pictures = fill_up(disk);
            // The log may have room of its own; the save after that takes the reserve.
            let mut saved = 0;
            while replica.disk_trouble().unwrap().has_reserve {
                saved += 1;
                note(&replica, saved, "The last one on a full disk");
            }
            assert!(replica.disk_trouble().unwrap().needed_bytes > 0);
            // It goes on until that is really used up, and what was saved stays saved.
            let refused = loop {
                match try_note(&replica, saved + 1, &"bearing hot ".repeat(900)) {
                    Ok(_) => saved += 1,
                    Err(fault) => break fault,
                }
            };
            assert!(matches!(refused, Fault::DiskFull), "{refused:?}");
            assert_eq!(refused.refusal().code, "replica.disk_full");
            assert_eq!(u128::from(replica.unsent().unwrap()), saved);
            drop(replica);
            let replica = Replica::open(&disk.join("replica"), &key()).unwrap();
            assert_eq!(u128::from(replica.unsent().unwrap()), saved);
            // Somebody makes room: saving goes on at once, and the reserve is set aside again.
            std::fs::remove_file(pictures).unwrap();
            note(&replica, saved + 1, "There is room again");
            replica.exchange_ended(true).unwrap();
            assert!(disk.join("replica/reserve").exists());
        },
    );
}

#[test]
fn what_others_send_never_takes_the_room_of_the_last_save() {
    on_a_small_disk(
        "disk::what_others_send_never_takes_the_room_of_the_last_save",
        |disk| {
            let replica = filled(&disk.join("replica"));
            fill_up(disk);
            let mut version = 2;
            let mut changed = || {
                let mut row = row(fettle_domain::work_order::Status::Appr, 1);
                row.title = format!("{version} from the hub ").repeat(2000);
                let items = vec![official(version + 1, Row::WorkOrder(row))];
                let applied = replica.apply_slice(&slice(WORK, version + 1, items));
                version += u64::from(applied.is_ok());
                (applied, version)
            };
            let (applied, stands) = loop {
                let (applied, stands) = changed();
                if applied.is_err() {
                    break (applied, stands);
                }
            };
            assert!(matches!(applied, Err(Fault::DiskFull)), "{applied:?}");
            assert!(disk.join("replica/reserve").exists());
            let mut saved = 0;
            while replica.disk_trouble().unwrap().has_reserve {
                saved += 1;
                note(&replica, saved, "The last one on a full disk");
            }
            // Now that the reserve is used, there is room, and it is not for slices.
            let (applied, _) = changed();
            assert!(matches!(applied, Err(Fault::DiskFull)), "{applied:?}");
            let cursors = replica.up_head(now(), 1).unwrap().cursors;
            assert_eq!(cursors[&WORK], Cursor::At(stands));
            note(&replica, saved + 1, "And one more");
            let line = replica.order(order()).unwrap().unwrap().line;
            assert_eq!(u128::from(line.unsent), saved + 1);
        },
    );
}

#[test]
fn the_catalogue_stops_first() {
    on_a_small_disk("disk::the_catalogue_stops_first", |disk| {
        let replica = filled(&disk.join("replica"));
        replica.apply_head(&head(&crate::build::feeds())).unwrap();
        // Less than the catalogue's margin is left on such a disk, and plenty for work.
        std::fs::write(disk.join("manual"), vec![1; 4 << 20]).unwrap();
        let masters = slice(ASSETS, 1, vec![official(1, Row::Asset(asset(1)))]);
        let applied = replica.apply_slice(&masters);
        assert!(matches!(applied, Err(Fault::DiskFull)), "{applied:?}");
        replica.apply_slice(&crate::build::order_slice()).unwrap();
        note(&replica, 1, "Work goes on");
        std::fs::remove_file(disk.join("manual")).unwrap();
        replica.apply_slice(&masters).unwrap();
        assert_eq!(replica.asset(asset(1).id).unwrap(), Some(asset(1)));
        assert!(replica.disk_trouble().is_none());
    });
}
