//! Bad days: hubs restored from older backups, laptops copied and set back, work the hub refuses.
//! Real replicas, a real hub store, both demo systems.
#![expect(clippy::unwrap_used, reason = "tests")]

mod desk_alone;
mod hub_restored;
mod laptop;
mod laptop_copied;
mod refused;
mod turned_away;
mod world;
