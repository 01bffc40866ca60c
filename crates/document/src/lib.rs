//! The CRDT shape of each document: genesis, edits, hydration, who may write what.
//!
//! This room is pure: bytes, edits and actor rows go in, changes and domain values come out. It
//! reads no clock and touches no disk. Business rules stay in `domain`; what is decided here is
//! only which of several written values stands, by who wrote it.

mod bound;
pub mod change;
pub mod compensate;
pub mod document;
pub mod edit;
mod fields;
pub mod genesis;
mod history;
pub mod hydrate;
pub mod kind;
mod recent;
pub mod remake;
pub mod rights;
mod saved;
mod write;

pub use change::{BadChange, NewChange, VerifiedChange};
pub use compensate::compensate;
pub use document::{
    Applied, BadDocument, DOCUMENT_FULL_BYTES, DOCUMENT_MAX_BYTES, DocumentFault, WorkOrderDocument,
};
pub use edit::{Edit, StepEntry, WorkOrderPlan};
pub use genesis::{genesis, genesis_hash};
pub use hydrate::{Authors, hydrate, plan_of_planners};
pub use kind::DocumentKind;
pub use recent::RecentDocuments;
pub use remake::{Moved, Remake};
pub use rights::{check_rights, may_write};
pub use saved::saved_heads;
