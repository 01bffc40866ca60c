//! The contract between desk and hub, at its border.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attachment;
mod bundle;
mod chain;
mod exchange;
mod frame;
mod golden;
mod link;
mod reader;
mod request;
