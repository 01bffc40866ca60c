//! Exceptions: what waits for the person at work, and what that person decides about it.

mod decide;
mod list;
mod show;
mod words;

pub(crate) use words::about;

use fettle_domain::charter::{Charter, Domain};
use fettle_domain::person::Role;

use crate::core::Core;
use crate::trouble::Answer;

impl Core {
    /// How many cases wait for the person at work; `None` for whoever never has any.
    pub(crate) fn open_cases(&self) -> Answer<Option<u32>> {
        let Ok(member) = self.member() else {
            return Ok(None);
        };
        let charter = self.charter()?;
        if !has_cases(&charter, member.roles()) {
            return Ok(None);
        }
        let cases = self.replica.open_cases()?;
        let open = cases
            .iter()
            .filter(|case| case.is_for(member.roles()))
            .count();
        Ok(Some(u32::try_from(open).unwrap_or(u32::MAX)))
    }
}

/// True when the charter gives exceptions of any domain to one of these roles.
fn has_cases(charter: &Charter, roles: &[Role]) -> bool {
    roles.contains(&Role::IntegrationOwner)
        || Domain::ALL
            .into_iter()
            .any(|domain| roles.contains(&charter.row(domain).owner))
}
