//! The connectors against the built-in systems, over loopback and inline.
#![expect(clippy::unwrap_used, reason = "tests")]

mod demo_cmms;
mod demo_erp;
mod demo_prices;
mod demo_systems;
mod plan_race;
mod status_race;
