//! Every stored input of the fuzzer, and by its name whatever it found.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use fettle_document::{BadDocument, DocumentFault, VerifiedChange, WorkOrderDocument};
use targets::TARGETS;
use targets::wrap::{Chunk, chunk};

/// Bytes of all stored inputs together: enough to begin with, and no more to carry around.
const CORPUS_MAX_BYTES: u64 = 100_000;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(corpus().join(target)).expect("a target has stored inputs");
    files.map(|file| file.unwrap().path()).collect()
}

fn input(name: &str) -> Vec<u8> {
    fs::read(corpus().join(name)).expect("a stored input")
}

#[test]
fn stored_inputs_keep_every_promise() {
    for (name, target) in TARGETS {
        let inputs = inputs(name);
        assert!(inputs.len() > 2, "{name} has too few inputs");
        for input in inputs {
            target(&fs::read(input).unwrap());
        }
    }
}

#[test]
fn stored_inputs_stay_small() {
    let files = TARGETS.iter().flat_map(|(name, _)| inputs(name));
    let bytes: u64 = files.map(|file| file.metadata().unwrap().len()).sum();
    assert!(bytes <= CORPUS_MAX_BYTES, "{bytes} bytes of inputs");
}

#[test]
fn every_folder_of_inputs_belongs_to_a_target() {
    let mut folders: Vec<String> = fs::read_dir(corpus())
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(folders, names);
}

#[test]
fn a_document_with_a_change_that_ends_before_it_begins_is_refused() {
    let content = input("document/change-ends-before-it-begins");
    let bytes = chunk(Chunk::Document, &content);
    assert!(
        WorkOrderDocument::load(&bytes).is_ok(),
        "Automerge loads it"
    );
    let taken = WorkOrderDocument::from_outside(&bytes);
    assert_eq!(taken.err(), Some(BadDocument::Malformed));
}

#[test]
fn a_change_that_would_make_its_order_unreadable_is_not_taken() {
    for name in ["marks-out-of-order", "begins-before-what-it-follows"] {
        let content = input(&format!("change/{name}"));
        let change = VerifiedChange::check(&chunk(Chunk::Change, &content)).unwrap();
        let mut document = WorkOrderDocument::new();
        let before = document.save().to_vec();
        assert_eq!(
            document.apply(&[change]),
            Err(DocumentFault::NotTaken),
            "{name}"
        );
        assert_eq!(document.save(), before, "{name}");
    }
}
