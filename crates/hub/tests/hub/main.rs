//! The hub's core, store, workers and server against the demo systems.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod account;
mod backup;
mod desk;
mod effect;
mod entrance;
mod exchange;
mod hostile;
mod intent;
mod served;
mod store;
mod world;
