//! The fuzzer: one target per run, named by `FETTLE_FUZZ_TARGET`.

#![no_main]

mod targets;

use std::sync::LazyLock;

use targets::{TARGETS, Target};

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FETTLE_FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(target, _)| *target == name);
    let (_, target) = found.expect("FETTLE_FUZZ_TARGET names a target");
    *target
});

libfuzzer_sys::fuzz_target!(
    init: {
        // The hook of the runner would end the process at any panic, also at one that the product
        // catches at its border. One that gets through still ends it.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| CHOSEN(bytes)
);
