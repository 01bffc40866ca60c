//! Backups: copied online, checked, restored under a new epoch.

use std::sync::Arc;

use fettle_domain::person::Role;
use fettle_hub::clock::now;
use fettle_hub::core::{Hub, restore, verify_backup};
use fettle_hub::lock::{Lock, Right};
use fettle_hub::store::SqliteStore;

use crate::world::{World, policy};

#[tokio::test]
async fn a_restored_copy_has_everything_under_a_new_epoch() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    desk.sync(&world).await;
    let copy = world.folder.path().join("copy.db");
    // A command beside the running hub has a connection of its own.
    let hub = Hub::open(Some(&world.file), policy()).unwrap();
    hub.read(|core| core.back_up(&copy)).unwrap();
    assert!(
        hub.read(|core| core.back_up(&copy)).is_err(),
        "never over a file"
    );
    let report = verify_backup(&copy).unwrap();
    assert_eq!((report.log_epoch, report.faults.len()), (1, 0));
    let file = world.folder.path().join("restored.db");
    let epoch = restore(&copy, &file, now()).unwrap();
    assert!(epoch > 1);
    assert!(restore(&copy, &file, now()).is_err(), "never over a file");
    let mut world = world;
    world.store = Arc::new(SqliteStore::open(&file, policy()).unwrap());
    let (head, _) = desk.exchange(&world, Vec::new()).await;
    assert_eq!((head.log_epoch, head.feeds), (epoch, None));
}

#[tokio::test]
async fn a_damaged_copy_is_named() {
    let world = World::new().await;
    let copy = world.folder.path().join("copy.db");
    let hub = Hub::open(Some(&world.file), policy()).unwrap();
    hub.read(|core| core.back_up(&copy)).unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0x5a);
    std::fs::write(&copy, bytes).unwrap();
    let is_whole = verify_backup(&copy).is_ok_and(|report| report.faults.is_empty());
    assert!(!is_whole);
    let file = world.folder.path().join("restored.db");
    assert!(restore(&copy, &file, now()).is_err());
    assert!(!file.exists());
}

#[tokio::test]
async fn desks_are_told_what_a_backup_holds_and_no_more() {
    let world = World::new().await;
    let mut desk = world.desk("kowalska", 1).await;
    let (head, _) = desk.exchange(&world, Vec::new()).await;
    assert_eq!(head.backed_up_through, None);
    let copy = world.folder.path().join("copy.db");
    let mut hub = Hub::open(Some(&world.file), policy()).unwrap();
    let begun = now();
    hub.read(|core| core.back_up(&copy)).unwrap();
    let through = hub.write(|core| core.note_backup(begun, &copy)).unwrap();
    // An exchange that was under way when the copy began may not be in it.
    assert!(through < begun);
    let (head, _) = desk.exchange(&world, Vec::new()).await;
    assert_eq!(head.backed_up_through, Some(through));
    // The copy itself promises nothing: it is what the promise rests on.
    let file = world.folder.path().join("restored.db");
    restore(&copy, &file, now()).unwrap();
    let restored = Hub::open(Some(&file), policy()).unwrap();
    let told = restored.read(|core| core.backed_up_through()).unwrap();
    assert_eq!(told, None);
}

#[tokio::test]
async fn nothing_is_restored_beside_what_a_killed_hub_left() {
    let world = World::new().await;
    let copy = world.folder.path().join("copy.db");
    let hub = Hub::open(Some(&world.file), policy()).unwrap();
    hub.read(|core| core.back_up(&copy)).unwrap();
    let file = world.folder.path().join("restored.db");
    let log = world.folder.path().join("restored.db-wal");
    std::fs::write(&log, b"what was acknowledged last").unwrap();
    let said = restore(&copy, &file, now()).unwrap_err();
    let cause = std::error::Error::source(&said).unwrap().to_string();
    assert!(cause.contains("restored.db-wal exists already"), "{cause}");
    assert!(!file.exists(), "nothing was touched");
    std::fs::remove_file(log).unwrap();
    restore(&copy, &file, now()).unwrap();
}

#[test]
fn one_process_serves_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::take(folder.path(), Right::Serve).unwrap();
    let said = Lock::take(folder.path(), Right::Serve).unwrap_err();
    assert!(
        said.to_string().starts_with("a hub is running on"),
        "{said}"
    );
    // An import runs beside a hub that serves.
    Lock::take(folder.path(), Right::Import).unwrap();
    drop(lock);
    Lock::take(folder.path(), Right::Serve).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let copy = world.folder.path().join("copy.db");
    let hub = Hub::open(Some(&world.file), policy()).unwrap();
    hub.read(|core| core.back_up(&copy)).unwrap();
    let mode = copy.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn nobody_signs_in_as_the_cmms() {
    let world = World::new().await;
    let refused = world
        .store
        .write(|core| core.set_person_roles("brandt", &[Role::Cmms], now()))
        .await
        .unwrap();
    assert_eq!(refused.unwrap_err().code, "role.not_a_persons");
}
