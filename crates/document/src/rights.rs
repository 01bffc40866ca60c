//! placeholder
use crate::{change::VerifiedChange, document::WorkOrderDocument, edit::Edit, hydrate::Authors};
use fettle_domain::{Refusal, person::ActorRow};
/// May.
pub fn may_write(
    _: &WorkOrderDocument,
    _: &Edit,
    _: &ActorRow,
    _: &Authors,
) -> Result<(), Refusal> {
    Ok(())
}
/// Check.
pub fn check_rights(
    _: &WorkOrderDocument,
    _: &VerifiedChange,
    _: &ActorRow,
    _: &Authors,
) -> Result<(), Refusal> {
    Ok(())
}
