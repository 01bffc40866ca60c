//! The root secret: made once, found again, never made over what exists.

use std::fs;
use std::path::Path;

use fettle_desk::keyring::{KeyPlace, KeyringFault, ReplicaFiles, RootSecret, open_root};
use tempfile::tempdir;

async fn open(key_file: &Path, files: ReplicaFiles) -> Result<RootSecret, KeyringFault> {
    open_root(KeyPlace::of(Path::new("data"), Some(key_file)), files).await
}

#[tokio::test]
async fn the_first_start_makes_a_secret_and_later_ones_find_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("keys/laptop.key");
    let first = open(&path, ReplicaFiles::Absent).await.unwrap();
    let later = open(&path, ReplicaFiles::Present).await.unwrap();
    assert_eq!(*first.replica_key(), *later.replica_key());
    assert_eq!(*first.pin_secret(), *later.pin_secret());
    assert_ne!(*first.pin_secret(), *first.replica_key());
}

#[tokio::test]
async fn a_missing_secret_of_an_existing_replica_is_never_replaced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("laptop.key");
    let fault = open(&path, ReplicaFiles::Present).await.unwrap_err();
    assert_eq!(fault.refusal().code, "replica.key_missing");
    assert!(!path.exists());
}

#[tokio::test]
async fn a_key_file_with_anything_else_in_it_is_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("laptop.key");
    let long = "0".repeat(4096);
    for content in ["", "not a key", long.as_str()] {
        write_private(&path, content.as_bytes());
        let fault = open(&path, ReplicaFiles::Absent).await.unwrap_err();
        assert_eq!(fault.refusal().code, "replica.key_wrong", "{content:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    write_private(&path, &[0xff; 64]);
    let fault = open(&path, ReplicaFiles::Absent).await.unwrap_err();
    assert_eq!(fault.refusal().code, "replica.key_wrong");
}

#[tokio::test]
async fn a_key_file_of_digits_made_by_hand_is_taken() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("laptop.key");
    write_private(&path, format!("{}\n", "ab".repeat(32)).as_bytes());
    let root = open(&path, ReplicaFiles::Absent).await.unwrap();
    let same = RootSecret::new([0xab; 32]);
    assert_eq!(*root.replica_key(), *same.replica_key());
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_file_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempdir().unwrap();
    let path = folder.path().join("laptop.key");
    open(&path, ReplicaFiles::Absent).await.unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let fault = open(&path, ReplicaFiles::Present).await.unwrap_err();
    assert!(matches!(fault, KeyringFault::OpenToOthers));
}

#[test]
fn the_secret_is_not_printed() {
    assert_eq!(
        format!("{:?}", RootSecret::new([0xab; 32])),
        "RootSecret(…)"
    );
}

fn write_private(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}
