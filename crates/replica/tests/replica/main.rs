//! The replica on real files: commits, exchange, search, kills and keys.
#![expect(clippy::unwrap_used, reason = "tests")]

mod apply;
mod attachment;
mod build;
mod catalogue;
mod commit;
mod damage;
mod disk;
mod format;
mod history;
mod restricted;
mod search;
