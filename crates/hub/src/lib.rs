//! The server through which edits reach CMMS and ERP exactly once.
//!
//! [`core`] is the hub without sockets and clocks: what one transaction does. [`store`] runs it on
//! a writer thread with group commit; `masters` and `effects` carry what goes in and out of the
//! outside systems.

pub mod attachments;
pub mod bundle_key;
pub mod cli;
pub mod clock;
pub mod compaction;
pub mod config;
pub mod core;
pub mod demo_systems;
pub mod effect;
pub mod effects;
#[cfg(feature = "faults")]
pub mod fault;
pub mod figures;
pub mod import;
pub mod lock;
pub mod masters;
mod private_file;
pub mod server;
pub mod shutdown;
pub mod store;
pub mod systems;
mod table;
pub mod tls;
