//! Fault points of the hub, compiled for tests alone (feature `faults`).
//!
//! Armed at start by a specification such as `hub.after_commit:1`: the process dies after that
//! exchange with pushed items is committed and before it is answered.

use std::sync::atomic::{AtomicU32, Ordering};

static AFTER_COMMIT: AtomicU32 = AtomicU32::new(0);

/// Arms what a specification says, where it is meant for the hub.
pub fn arm_from(specification: &str) {
    for part in specification.split(',') {
        if let Some(("hub.after_commit", count)) = part.trim().split_once(':') {
            AFTER_COMMIT.store(count.parse().unwrap_or(1), Ordering::SeqCst);
        }
    }
}

/// Dies here when armed: no unwinding, no answer, as if the machine lost power.
pub(crate) fn after_commit() {
    let before =
        AFTER_COMMIT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
    if before == Ok(1) {
        std::process::abort();
    }
}
