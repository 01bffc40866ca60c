//! Set a PIN: wraps the key of the person who has just signed in.

use crate::core::{AtWork, Core};
use crate::desk::Desk;
use crate::identity::{Pin, PinAttempts, WrappedKey};
use crate::laptop::{self, KnownPerson};
use crate::trouble::{Answer, Trouble};
use crate::view::{ProblemView, Shell};

impl Desk {
    /// Sets the PIN of the person who has just signed in and lets that person work.
    ///
    /// # Errors
    /// `pin.not_six_digits`, `desk.locked` when nobody signed in.
    pub async fn set_pin(&self, pin: String) -> Result<Shell, ProblemView> {
        self.on_disk(move |core| core.set_pin(&pin)).await
    }
}

impl Core {
    fn set_pin(&self, pin: &str) -> Answer<Shell> {
        let pin = Pin::new(pin)?;
        let member = match self.at_work() {
            AtWork::NeedsPin(member) | AtWork::Person(member) => member,
            AtWork::Nobody => return Err(Trouble::new("desk.locked")),
        };
        let key = WrappedKey::wrap(&member.key, member.id(), &pin, &self.pin_secret)?;
        let known = KnownPerson {
            person: member.person.clone(),
            actor: member.actor,
            key,
            grace: member.grace,
        };
        laptop::put_person(&self.replica, &known)?;
        laptop::put_attempts(&self.replica, member.id(), PinAttempts::default())?;
        self.set_at_work(AtWork::Person(member));
        self.changed(&[]);
        self.shell()
    }
}
