//! Fault points of the demo systems, compiled for tests alone (feature `faults`).
//!
//! Armed by `POST /admin/fault {"count":1}` or, at start, by a specification such as
//! `erp.after_effect:1`: the process dies after the effect of that posting is committed and
//! before it is answered.

use std::sync::atomic::{AtomicU32, Ordering};

static AFTER_EFFECT: AtomicU32 = AtomicU32::new(0);

/// Lets the process die at the `count`-th posting from now; 0 disarms.
pub fn arm_after_effect(count: u32) {
    AFTER_EFFECT.store(count, Ordering::SeqCst);
}

/// Arms what a specification such as `erp.after_effect:1` says, if it is meant for `system`.
///
/// The caller reads the environment (`FETTLE_FAULT`) once, at its start.
pub fn arm_from(specification: &str, system: &str) {
    for part in specification.split(',') {
        if let Some((point, count)) = part.trim().split_once(':')
            && point == format!("{system}.after_effect")
        {
            arm_after_effect(count.parse().unwrap_or(1));
        }
    }
}

/// Dies here when armed: no unwinding, no answer, as if the machine lost power.
pub(crate) fn after_effect() {
    let before =
        AFTER_EFFECT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
    if before == Ok(1) {
        std::process::abort();
    }
}
