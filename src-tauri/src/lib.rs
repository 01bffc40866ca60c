//! Fettle Desk's window: short commands over the desk.
