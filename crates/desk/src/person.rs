//! People of this laptop: sign in, set a PIN, unlock, lock, and the frame around every screen.

mod admit;
mod lock;
mod set_look;
mod set_pin;
pub(crate) mod shell;
mod sign_in;
mod unlock;

pub use admit::Admission;
