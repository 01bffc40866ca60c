//! The hub's core, store, workers and server against the demo systems.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod account;
mod attachment;
mod backup;
mod bundle;
mod case;
mod case_command;
mod commands;
mod desk;
mod device;
mod effect;
mod entrance;
mod exchange;
mod fill;
mod golden;
mod hostile;
mod import;
mod intent;
mod interface;
mod late;
mod later;
mod moved;
mod plan;
mod proposal;
mod quarantine;
mod race;
mod reader;
mod reversal;
mod schema;
mod served;
mod step_case;
mod store;
mod world;
