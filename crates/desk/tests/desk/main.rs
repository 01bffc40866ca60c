//! The desk without a window.
#![expect(clippy::unwrap_used, reason = "tests")]

mod identity;
mod keyring;
mod platform;
mod transport;
