//! What crosses rooms: contracts, rules, the story and the simulation.

mod arrival;
pub mod bench;
pub mod company;
mod photo;
pub mod sim;
