//! The device's encrypted store: documents, projections, search and outbox.
//!
//! One process owns it. Every local edit goes through [`Replica::commit`], which is one SQLite
//! transaction; every answer of the hub goes through [`Replica::apply_slice`], whose cursor moves
//! in the transaction that applies it. This room knows neither network nor keyring nor clock.

mod afresh;
mod anew;
mod apply;
mod attachment;
mod authors;
mod catalogue;
mod commit;
mod fault;
mod file;
mod head;
mod history;
mod key;
mod line;
mod outbox;
mod page;
mod project;
mod rank;
mod read;
mod rebuild;
mod recover;
mod remake;
mod replica;
mod reserve;
mod restored;
mod restricted;
mod salvage;
mod search;
mod setting;
mod table;
mod vault;
mod wipe;
mod words;

pub use apply::{HeadOutcome, Touched};
pub use attachment::{AttachmentRow, UnsentPhotos};
pub use commit::{Commit, Committed, Made};
pub use fault::{Fault, OpenFault};
pub use key::ReplicaKey;
pub use line::{
    ChangeRow, ClaimRow, Fill, LeftOrder, MadeKind, MadeSubject, OrderLine, RunningLabour,
    StoredOrder,
};
pub use page::{BadPageKey, COUNT_MAX, Found, PAGE_MAX, Page, PageKey, Paging, Total};
pub use remake::{NewActor, Remade};
pub use replica::Replica;
pub use reserve::DiskTrouble;
pub use restricted::Restricted;
pub use salvage::{LostWords, Salvage};
