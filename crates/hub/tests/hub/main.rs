//! The hub's core, store and workers against the demo systems, without sockets.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod account;
mod backup;
mod desk;
mod effect;
mod exchange;
mod intent;
mod store;
mod world;
