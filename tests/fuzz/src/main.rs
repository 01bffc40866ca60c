//! The fuzzer: one target per run, named by `FETTLE_FUZZ_TARGET`.

#![no_main]

mod targets;

use std::panic::catch_unwind;
use std::sync::{LazyLock, Mutex, PoisonError};

use targets::{TARGETS, Target};

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FETTLE_FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(target, _)| *target == name);
    let (_, target) = found.expect("FETTLE_FUZZ_TARGET names a target");
    *target
});

/// What the last panic said.
static SAID: Mutex<String> = Mutex::new(String::new());

libfuzzer_sys::fuzz_target!(
    init: {
        // The hook of the runner would end the process at any panic, also at one that the product
        // catches at its border.
        std::panic::set_hook(Box::new(|panic| {
            *SAID.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
        }));
    },
    |bytes: &[u8]| {
        if catch_unwind(|| CHOSEN(bytes)).is_err() {
            eprintln!("{}", SAID.lock().unwrap_or_else(PoisonError::into_inner));
            std::process::abort();
        }
    }
);
