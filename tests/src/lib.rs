//! What crosses rooms: contracts, rules, the story and the simulation.

pub mod sim;
