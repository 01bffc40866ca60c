//! Fettle Desk's window: short commands over the desk. No decision is made here.

mod attachment;
mod bindings;
mod commands;
mod settings;
mod window;

pub use bindings::{BINDINGS_PATH, export_bindings};
pub use window::run;
