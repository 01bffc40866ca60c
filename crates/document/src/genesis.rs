//! Genesis: the fixed first change of every document, which creates its containers.
//!
//! Both sides make it from these bytes and never send it, so two devices cannot create rival
//! roots. The bytes are fixed for ever; a schema grows by further fixed changes.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, AutomergeError, ObjType, ROOT};
use fettle_domain::{ActorId, ChangeHash};

use crate::kind::DocumentKind;

/// A container of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Entries or fields by key.
    Map,
    /// Text that merges by character.
    Text,
}

/// What the genesis of a kind creates, in the order it creates it.
#[must_use]
pub fn containers(kind: DocumentKind) -> &'static [(&'static str, Container)] {
    use Container::{Map, Text};
    match kind {
        DocumentKind::WorkOrder => &[
            ("order", Map),
            ("description", Text),
            ("instructions", Text),
            ("tasks", Map),
            ("results", Map),
            ("part_lines", Map),
            ("labour", Map),
            ("parts_used", Map),
            ("readings", Map),
            ("notes", Map),
            ("photos", Map),
            ("failure_reports", Map),
            ("downtime", Map),
            ("links", Map),
            ("times", Map),
        ],
        DocumentKind::WorkRequest => &[
            ("request", Map),
            ("text", Text),
            ("photos", Map),
            ("links", Map),
        ],
        DocumentKind::MaterialRequest => &[
            ("request", Map),
            ("lines", Map),
            ("balances_seen", Map),
            ("route", Map),
            ("notes", Map),
        ],
        DocumentKind::ScheduleDraft => &[
            ("draft", Map),
            ("assignments", Map),
            ("absences", Map),
            ("notes", Map),
        ],
    }
}

/// The actor of every genesis: nobody.
#[must_use]
pub fn genesis_actor() -> ActorId {
    let hash = blake3::derive_key("fettle 2026 genesis actor", b"genesis");
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    ActorId(id)
}

/// The genesis change of a kind, as it stands for ever.
#[must_use]
pub fn genesis(kind: DocumentKind) -> &'static [u8] {
    match kind {
        DocumentKind::WorkOrder => include_bytes!("../golden/work_order.genesis"),
        DocumentKind::WorkRequest => include_bytes!("../golden/work_request.genesis"),
        DocumentKind::MaterialRequest => include_bytes!("../golden/material_request.genesis"),
        DocumentKind::ScheduleDraft => include_bytes!("../golden/schedule_draft.genesis"),
    }
}

/// The hash of a kind's genesis change.
#[must_use]
pub fn genesis_hash(kind: DocumentKind) -> ChangeHash {
    ChangeHash(match kind {
        DocumentKind::WorkOrder => *include_bytes!("../golden/work_order.hash"),
        DocumentKind::WorkRequest => *include_bytes!("../golden/work_request.hash"),
        DocumentKind::MaterialRequest => *include_bytes!("../golden/material_request.hash"),
        DocumentKind::ScheduleDraft => *include_bytes!("../golden/schedule_draft.hash"),
    })
}

/// Makes the genesis change of a kind anew; a test holds it against the stored bytes.
///
/// # Errors
/// Automerge's own, which a program that runs never sees.
pub fn build(kind: DocumentKind) -> Result<Vec<u8>, AutomergeError> {
    let mut automerge =
        Automerge::new().with_actor(automerge::ActorId::from(&genesis_actor().0[..]));
    let mut transaction = automerge.transaction();
    for (name, container) in containers(kind) {
        let object = match container {
            Container::Map => ObjType::Map,
            Container::Text => ObjType::Text,
        };
        transaction.put_object(ROOT, *name, object)?;
    }
    transaction.commit_with(CommitOptions::default().with_time(0));
    Ok(automerge
        .get_changes(&[])
        .iter()
        .flat_map(|change| change.raw_bytes().to_vec())
        .collect())
}
