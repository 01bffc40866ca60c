//! Work that goes another way: bundles carried by hand, and work of the revoked and the disabled.

use fettle_domain::{Refusal, Timestamp};
use fettle_hub::core::StoreFault;
use fettle_sync::bundle::{Bundle, BundleHead};
use rand::RngExt;

use super::exchange::exchange_until_quiet;
use super::hub::bundle_secret;
use super::run::Play;

/// Who takes over the laptop of somebody who is disabled.
const SUCCESSOR: &str = "novak";
/// Exchanges until everybody who worked on a laptop has sent what they can.
const TURNS: u32 = 6;

impl Play {
    /// Somebody saves what is unsent as a file, and somebody brings one of them to the hub: late,
    /// twice, or not at all.
    pub(super) fn carry(&mut self, index: usize) {
        if self.dice.random_bool(0.5) {
            self.save_bundle(index);
            return;
        }
        if self.bundles.is_empty() {
            return;
        }
        let which = self.dice.random_range(0..self.bundles.len());
        let bytes = match self.dice.random_range(0..10) {
            0..4 => self.bundles[which].clone(),
            4 => {
                self.bundles.swap_remove(which);
                return;
            }
            _ => self.bundles.swap_remove(which),
        };
        self.bring(&bytes);
    }

    fn save_bundle(&mut self, index: usize) {
        let laptop = &mut self.laptops[index];
        let pushes = laptop.replica.pushes(usize::MAX).unwrap();
        if pushes.is_empty() {
            return;
        }
        laptop.carried = true;
        let head = BundleHead {
            device: Some(laptop.who.device.id),
            made: laptop.wall(self.now),
        };
        let whole = Bundle {
            pushes,
            ..Bundle::new(head)
        };
        let sealed = whole.seal(bundle_secret().public(), self.dice.random());
        self.bundles.push(sealed.unwrap());
        self.tally.bundles += 1;
    }

    fn bring(&mut self, bytes: &[u8]) {
        let now = self.now;
        let bundle = self
            .hub
            .administer(|core| Ok(core.open_bundle(bytes)))
            .unwrap();
        self.hub
            .administer(|core| core.accept_bundle(&bundle, "by hand", now));
    }

    /// Once in a story a device is revoked or a person disabled, with work that is not sent.
    pub(super) fn shut_out(&mut self, index: usize) {
        if self.shut_out.is_some() || self.laptops[index].copy > 0 {
            return;
        }
        let now = self.now;
        let who = self.laptops[index].who.clone();
        let is_device = self.dice.random_bool(0.5);
        self.hub.administer(|core| {
            if is_device {
                expect(core.revoke_device(&who.device.id.to_string(), now))
            } else {
                expect(core.set_person_disabled(who.account, true, now))
            }
        });
        self.shut_out = Some(ShutOut { index, is_device });
        self.tally.shut_out += 1;
    }

    /// Somebody else takes over the laptop of a person who was turned away.
    pub(super) fn take_over(&mut self, index: usize) {
        let is_person = self
            .shut_out
            .is_some_and(|shut_out| shut_out.index == index && !shut_out.is_device);
        let laptop = &mut self.laptops[index];
        if is_person && laptop.is_shut_out && laptop.who.account != SUCCESSOR {
            laptop.who.account = SUCCESSOR;
            laptop.is_shut_out = false;
            laptop.needs_sign_in = true;
        }
    }

    /// What is still on its way by hand arrives; what is kept aside is released by an administrator.
    pub(super) fn everything_is_brought(&mut self) -> Result<(), String> {
        if let Some(ShutOut { index, is_device }) = self.shut_out {
            if is_device {
                self.save_bundle(index);
            } else {
                self.comes_back(index);
            }
        }
        for bytes in std::mem::take(&mut self.bundles) {
            self.bring(&bytes);
        }
        let Some(ShutOut { index, is_device }) = self.shut_out else {
            return Ok(());
        };
        let whose = if is_device {
            self.laptops[index].who.device.name.clone()
        } else {
            self.account_of[index].to_owned()
        };
        let now = self.now;
        let released = self
            .hub
            .administer(|core| core.release(&whose, "spoken to on the phone", now));
        let stays = released.map_or(Vec::new(), |release| release.stays);
        match stays.iter().find(|(kept, _)| kept.kind != "intent") {
            Some((kept, why)) => Err(format!("{} stays kept aside: {why}", kept.name)),
            None => Ok(()),
        }
    }

    /// The person is allowed in again and sends what waits for their key.
    fn comes_back(&mut self, index: usize) {
        let (account, now) = (self.account_of[index], self.now);
        self.hub
            .administer(|core| expect(core.set_person_disabled(account, false, now)));
        let successor = self.laptops[index].who.account;
        for account in [successor, account] {
            self.works_on(index, account, now);
        }
    }

    fn works_on(&mut self, index: usize, account: &'static str, now: Timestamp) {
        let (laptop, done) = (&mut self.laptops[index], &mut self.done[index]);
        laptop.give_up();
        laptop.is_shut_out = false;
        laptop.who.account = account;
        laptop.sign_in(&mut self.hub, now);
        for _ in 0..TURNS {
            if exchange_until_quiet((laptop, done), &mut self.hub, now, self.bug).is_some() {
                break;
            }
        }
    }
}

impl Play {
    /// True when the device of a laptop is revoked.
    pub(super) fn is_revoked(&self, index: usize) -> bool {
        let revoked = |shut_out: ShutOut| shut_out.is_device && shut_out.index == index;
        self.shut_out.is_some_and(revoked)
    }
}

/// Who is turned away.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShutOut {
    /// Which laptop.
    pub(super) index: usize,
    /// The device, or the person who worked on it.
    pub(super) is_device: bool,
}

fn expect<T>(answer: Result<Result<T, Refusal>, StoreFault>) -> Result<(), StoreFault> {
    answer.map(|answer| {
        answer.unwrap();
    })
}
