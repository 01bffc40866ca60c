//! The desktop without a window: use cases, view models, transport, identity.

pub mod identity;
pub mod keyring;
pub mod pinning;
pub mod platform;
pub mod transport;
