//! The whole way of an edit in one process, under a seeded scheduler that makes everything go wrong.
//!
//! Real replicas, the hub's real core and real demo systems, each on its own files; what is not
//! real is the clock, the chance and the wire. [`play`] plays one seed: people work, messages are
//! lost, doubled, cut and overtaken, laptops are away for days, clocks jump by years, every process
//! dies between any two durable steps. Then the faults stop, and [`rest`] holds what is left
//! against the promises of the product.
//!
//! The same seed plays the same story, so a number is all it takes to see a failure again.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a simulation whose own machinery fails has nothing to say"
)]

mod backup;
mod bug;
mod carried;
mod case;
mod disk;
mod exchange;
mod hub;
mod laptop;
mod mishap;
mod outside;
mod person;
mod photo;
mod rest;
mod run;
mod shift;
mod tally;
mod template;
mod wire;

pub use bug::Bug;
pub use run::{play, play_all};
pub(crate) use shift::BYTES_A_SECOND;
pub use shift::{Carried, EDITS, carry_shift};
pub use tally::{Broken, Tally};
pub use template::Template;
