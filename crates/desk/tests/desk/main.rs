//! The desk without a window.
#![expect(clippy::unwrap_used, reason = "tests")]

mod asset;
mod asset_history;
mod asset_history_real;
mod attachment;
mod attention;
mod build;
mod case;
mod clock;
mod correction;
mod exchange;
mod identity;
mod item;
mod keyring;
mod person;
mod picture;
mod plan;
mod platform;
mod reading;
mod transport;
mod work_order;
