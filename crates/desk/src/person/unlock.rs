//! Unlock: opens a person's key with the PIN, every try counted before it is made.

use std::sync::Arc;

use fettle_domain::PersonId;

use crate::core::{AtWork, Core, Member, locked};
use crate::desk::Desk;
use crate::identity::{IdentityFault, OpenKey, Pin, PinAttempts};
use crate::laptop::{self, KnownPerson};
use crate::trouble::{Answer, Trouble};
use crate::view::{ProblemView, Shell, UnlockInput};

impl Desk {
    /// Lets a person work with the PIN.
    ///
    /// # Errors
    /// `pin.wrong`, `pin.wait`, `pin.forgotten`, `pin.offline_expired` or `sign_in.disabled`.
    pub async fn unlock(&self, input: UnlockInput) -> Result<Shell, ProblemView> {
        self.on_disk(move |core| core.unlock(&input)).await
    }
}

impl Core {
    fn unlock(&self, input: &UnlockInput) -> Answer<Shell> {
        let pin = Pin::new(&input.pin)?;
        let id: PersonId = input
            .person_id
            .parse()
            .map_err(|_| Trouble::new("pin.forgotten"))?;
        let known = laptop::person(&self.replica, id)?;
        let known = known.ok_or_else(|| Trouble::new("pin.forgotten"))?;
        known.grace.check(self.now())?;
        let person = self.replica.person(id)?.unwrap_or(known.person.clone());
        if person.is_disabled {
            return Err(Trouble::new("sign_in.disabled"));
        }
        let key = self.open_key(&known, &pin)?;
        self.set_at_work(AtWork::Person(Arc::new(Member {
            person,
            actor: known.actor,
            key,
            grace: known.grace,
        })));
        self.changed(&[]);
        self.shell()
    }

    fn open_key(&self, known: &KnownPerson, pin: &Pin) -> Answer<OpenKey> {
        // One try at a time: two at once would both count as the same one.
        let _one_try = locked(&self.deciding);
        let id = known.person.id;
        let tries = laptop::attempts(&self.replica, id)?.begin(self.now())?;
        laptop::put_attempts(&self.replica, id, tries)?;
        match known.key.open(id, pin, &self.pin_secret) {
            Ok(key) => {
                laptop::put_attempts(&self.replica, id, PinAttempts::default())?;
                Ok(key)
            }
            Err(IdentityFault::WrongPin) => Err(tries.wrong().into()),
            Err(fault) => Err(fault.into()),
        }
    }
}
