//! The demo systems by their own API: worlds, refusals, references, restarts.
#![expect(clippy::unwrap_used, reason = "tests")]

mod company;
mod demo;
mod golden;
mod instance;
