//! Every stored input of the fuzzer, and by its name whatever it found.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use targets::TARGETS;

/// Bytes of all stored inputs together: enough to begin with, and no more to carry around.
const CORPUS_MAX_BYTES: u64 = 200_000;

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let files = fs::read_dir(folder.join(target)).expect("a target has stored inputs");
    files.map(|file| file.unwrap().path()).collect()
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
