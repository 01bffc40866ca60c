//! The border to the screens.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;

use fettle_desk_app::{BINDINGS_PATH, export_bindings};

#[test]
fn the_typed_calls_of_the_screens_are_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("bindings.ts");
    export_bindings(&fresh).unwrap();
    let is_fresh = fs::read(&fresh).unwrap() == fs::read(BINDINGS_PATH).unwrap();
    assert!(
        is_fresh,
        "run: cargo run -p fettle-desk-app --bin export-bindings"
    );
}
