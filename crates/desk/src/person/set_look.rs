//! Theme and density: kept per person and as the last look of the laptop.

use crate::core::{AtWork, Core};
use crate::desk::Desk;
use crate::laptop::{self, Look};
use crate::trouble::{Answer, Trouble};
use crate::view::{LookInput, ProblemView, Shell};

const THEMES: [&str; 3] = ["day", "night", "sun"];
const DENSITIES: [&str; 3] = ["desk", "touch", "glove"];

impl Desk {
    /// Sets theme and density.
    ///
    /// # Errors
    /// `look.unknown` for other words.
    pub async fn set_look(&self, input: LookInput) -> Result<Shell, ProblemView> {
        self.on_disk(move |core| core.set_look(input)).await
    }
}

impl Core {
    fn set_look(&self, input: LookInput) -> Answer<Shell> {
        let is_known =
            THEMES.contains(&input.theme.as_str()) && DENSITIES.contains(&input.density.as_str());
        if !is_known {
            return Err(Trouble::new("look.unknown"));
        }
        let person = match self.at_work() {
            AtWork::Person(member) => Some(member.id()),
            AtWork::Nobody | AtWork::NeedsPin(_) => None,
        };
        let look = Look {
            theme: input.theme,
            density: input.density,
        };
        laptop::put_look(&self.replica, person, &look)?;
        self.changed(&[]);
        self.shell()
    }
}
