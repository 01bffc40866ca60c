//! The sync loop: exchanges driven by the link's state, never inside a person's action.

mod attachments;
mod epoch;
mod once;
mod pill;
mod run;
mod sync_now;

pub(crate) use pill::{Waiting, link_view};
