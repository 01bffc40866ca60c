//! What the connectors make of calls that fail on the way.
#![expect(clippy::unwrap_used, reason = "tests")]

mod transport;
