//! What crosses rooms: contracts, rules, the story and the simulation.

pub mod bench;
pub mod sim;
