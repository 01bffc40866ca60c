//! The desktop without a window: use cases, view models, transport, identity.
