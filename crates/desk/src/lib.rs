//! The desktop without a window: use cases, view models, transport, identity.

mod asset;
mod attachment;
mod bundle;
mod case;
mod core;
mod desk;
mod exchange;
pub mod identity;
mod item;
pub mod keyring;
pub mod laptop;
pub mod person;
pub mod pinning;
pub mod platform;
mod reading;
mod rescue;
mod search;
pub mod transport;
mod trouble;
pub mod view;
mod work_order;

pub use attachment::{AttachmentFile, Prepared, prepare};
pub use desk::{Desk, Settings};
