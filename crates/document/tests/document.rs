//! The room's tests, one binary.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "document/build.rs"]
mod build;
#[path = "document/change.rs"]
mod change;
#[path = "document/compensate.rs"]
mod compensate;
#[path = "document/edit.rs"]
mod edit;
#[path = "document/genesis.rs"]
mod genesis;
#[path = "document/hydrate.rs"]
mod hydrate;
#[path = "document/plan.rs"]
mod plan;
#[path = "document/recent.rs"]
mod recent;
#[path = "document/remake.rs"]
mod remake;
#[path = "document/rights.rs"]
mod rights;
#[path = "document/settlement.rs"]
mod settlement;
