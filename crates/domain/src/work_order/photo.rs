//! Photos: which of them stand, and who may take one back.

use super::{Authored, Photo, WorkOrderContent};
use crate::person::Role;
use crate::{EntryId, PersonId, Refusal};

impl WorkOrderContent {
    /// The photos that stand: neither taken back nor taking back.
    pub fn standing_photos(&self) -> impl Iterator<Item = &Authored<Photo>> {
        let reversed: Vec<EntryId> = self
            .photos
            .iter()
            .filter_map(|photo| photo.entry.reversal_of)
            .collect();
        self.photos
            .iter()
            .filter(move |photo| photo.entry.reversal_of.is_none() && !reversed.contains(&photo.id))
    }
}

/// Decides whether a person may take a photo back: their own, and anybody's as planner or
/// supervisor.
///
/// # Errors
/// `attachment.not_yours`.
pub fn check_photo_taken_back(
    author: Option<PersonId>,
    person: PersonId,
    roles: &[Role],
) -> Result<(), Refusal> {
    let decides = |role: &Role| matches!(role, Role::Planner | Role::Supervisor);
    if author == Some(person) || roles.iter().any(decides) {
        Ok(())
    } else {
        Err(Refusal::new("attachment.not_yours"))
    }
}
