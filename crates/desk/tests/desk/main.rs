//! The desk without a window.
#![expect(clippy::unwrap_used, reason = "tests")]

mod asset;
mod build;
mod exchange;
mod identity;
mod keyring;
mod person;
mod platform;
mod reading;
mod transport;
mod work_order;
