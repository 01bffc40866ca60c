//! What the person at work alone may see: the restricted file, open while that person is unlocked,
//! and how an exchange proves who reads.

use std::sync::{Arc, Mutex};

use fettle_domain::price::{ItemPrice, OrderCost};
use fettle_domain::restricted::sees_amounts;
use fettle_domain::{ActorId, DeviceId, ItemId, WorkOrderId};
use fettle_replica::{Fault, OpenFault, ReplicaKey, Restricted};
use fettle_sync::reader::{Challenge, Reader, ReaderAnswer};
use fettle_sync::request::HexKey;

use crate::core::{AtWork, Core, Member, locked};
use crate::desk::Desk;
use crate::identity::OpenKey;
use crate::laptop;
use crate::trouble::{Answer, Trouble};
use crate::view::ProblemView;

/// The open restricted file of the person at work. The core alone keeps it; whoever else needs it
/// holds it for one step, so that locking closes the file.
pub(crate) struct Reading {
    pub(crate) file: Restricted,
    actor: ActorId,
    device: DeviceId,
    key: OpenKey,
    known: Mutex<Known>,
}

/// What the hub knows of this reader.
enum Known {
    /// Nothing yet: the next exchange carries a proof.
    Nothing,
    /// The proof, under the session of this token.
    Proof(HexKey),
    /// That it is not served under the session of this token; asking again would change nothing.
    Refused(HexKey),
}

impl Reading {
    /// What the next exchange says of the reader; nothing where the hub has refused it.
    pub(crate) fn reader(&self, token: &HexKey) -> Answer<Option<Reader>> {
        let proof = match &*locked(&self.known) {
            Known::Refused(under) if under == token => return Ok(None),
            Known::Proof(under) if under == token => None,
            Known::Nothing | Known::Proof(_) | Known::Refused(_) => {
                let challenge = Challenge::of_session(token);
                Some(challenge.sign(self.device, self.actor, self.key.signing()))
            }
        };
        Ok(Some(Reader {
            actor: self.actor,
            proof,
            cursors: self.file.cursors()?,
        }))
    }

    /// Takes what the hub said to the reader; true when it is to be asked again at once.
    pub(crate) fn hear(&self, answer: Option<&ReaderAnswer>, token: &HexKey) -> Answer<bool> {
        let (known, asks_again) = match answer {
            None => (Known::Proof(token.clone()), false),
            Some(ReaderAnswer::Feeds(feeds)) => {
                self.file.follow(feeds)?;
                (Known::Proof(token.clone()), false)
            }
            Some(ReaderAnswer::ProofWanted) => (Known::Nothing, true),
            Some(ReaderAnswer::Refused(refusal)) => {
                tracing::warn!(code = refusal.code, "the hub does not serve this reader");
                (Known::Refused(token.clone()), false)
            }
        };
        *locked(&self.known) = known;
        Ok(asks_again)
    }
}

impl Desk {
    /// Price of an item, to a person who may see it.
    ///
    /// # Errors
    /// `desk.locked`, or a problem of the replica.
    pub async fn item_price(&self, item: ItemId) -> Result<Option<ItemPrice>, ProblemView> {
        self.on_disk(move |core| {
            core.member()?;
            core.read_restricted(|file| file.price(item))
        })
        .await
    }

    /// Costs of an order, to a person who may see them.
    ///
    /// # Errors
    /// `desk.locked`, or a problem of the replica.
    pub async fn order_cost(&self, order: WorkOrderId) -> Result<Option<OrderCost>, ProblemView> {
        self.on_disk(move |core| {
            core.member()?;
            core.read_restricted(|file| file.cost(order))
        })
        .await
    }
}

impl Core {
    /// The restricted file of whoever is at work, when that person may see something.
    pub(crate) fn reading(&self) -> Option<Arc<Reading>> {
        locked(&self.reading).clone()
    }

    /// Reads the restricted file of whoever is at work. A damaged one is given up: the hub can send
    /// all of it again, and it says nothing of the work file.
    pub(crate) fn read_restricted<T>(
        &self,
        read: impl FnOnce(&Restricted) -> Result<Option<T>, Fault>,
    ) -> Answer<Option<T>> {
        let Some(reading) = self.reading() else {
            return Ok(None);
        };
        match read(&reading.file) {
            Err(Fault::Damaged) => {
                self.give_up_reading(&reading, &Trouble::from(Fault::Damaged));
                Ok(None)
            }
            other => Ok(other?),
        }
    }

    /// Closes the restricted file of whoever is at work.
    pub(crate) fn close_reading(&self) {
        *locked(&self.reading) = None;
    }

    /// Opens the file of whoever is at work now and closes every other. Trouble with it keeps
    /// nobody from working: the hub can send all of it again.
    pub(crate) fn open_reading(&self) {
        // Held throughout, so that a lock on the way finds the file open and closes it.
        let mut reading = locked(&self.reading);
        *reading = None;
        let AtWork::Person(member) = self.at_work() else {
            return;
        };
        match self.reading_of(&member) {
            Ok(opened) => *reading = opened.map(Arc::new),
            Err(trouble) => tracing::error!(code = trouble.0.code, "no restricted file"),
        }
    }

    /// Closes a file that gives trouble and removes it, so that work goes on without it and the
    /// next unlock begins a new one.
    pub(crate) fn give_up_reading(&self, reading: &Reading, trouble: &Trouble) {
        let person = reading.file.person();
        tracing::error!(%person, code = trouble.0.code, "gives up a restricted file");
        locked(&self.reading).take_if(|open| open.file.person() == person);
        if let Err(fault) = self.replica.drop_restricted(person) {
            tracing::error!(
                error = &fault as &dyn std::error::Error,
                "keeps a restricted file"
            );
        }
    }

    /// A restored hub begins its restricted feeds anew, so every file of them does, too.
    pub(crate) fn forget_reading(&self) {
        let dropped = self.drop_all_restricted();
        if let Err(trouble) = dropped {
            tracing::error!(code = trouble.0.code, "keeps a file of another log");
        }
        self.open_reading();
    }

    fn drop_all_restricted(&self) -> Answer<()> {
        *locked(&self.reading) = None;
        for id in self.replica.restricted_people().map_err(open_trouble)? {
            self.replica.drop_restricted(id).map_err(open_trouble)?;
        }
        Ok(())
    }

    /// Roles may have changed: who may see nothing any more keeps no file, here or at rest, and who
    /// may see something now gets one.
    pub(crate) fn review_reading(&self) {
        if let Err(trouble) = self.drop_unseen() {
            tracing::error!(code = trouble.0.code, "keeps a file nobody may read");
        }
        if self.reading().is_none() {
            self.open_reading();
        }
    }

    fn drop_unseen(&self) -> Answer<()> {
        let Some(laptop) = laptop::laptop(&self.replica)? else {
            return Ok(());
        };
        for id in self.replica.restricted_people().map_err(open_trouble)? {
            let person = self.replica.person(id)?;
            if person.is_some_and(|person| !sees_amounts(&person, &laptop.device.plant)) {
                locked(&self.reading).take_if(|open| open.file.person() == id);
                self.replica.drop_restricted(id).map_err(open_trouble)?;
            }
        }
        Ok(())
    }

    fn reading_of(&self, member: &Member) -> Answer<Option<Reading>> {
        let Some(laptop) = laptop::laptop(&self.replica)? else {
            return Ok(None);
        };
        let id = member.id();
        let person = self.replica.person(id)?;
        let person = person.unwrap_or_else(|| member.person.clone());
        if !sees_amounts(&person, &laptop.device.plant) {
            self.replica.drop_restricted(id).map_err(open_trouble)?;
            return Ok(None);
        }
        let key = ReplicaKey::new(*member.key.restricted_key());
        Ok(Some(Reading {
            file: self
                .replica
                .open_restricted(id, &key)
                .map_err(open_trouble)?,
            actor: member.actor,
            device: laptop.device.id,
            key: member.key.clone(),
            known: Mutex::new(Known::Nothing),
        }))
    }
}

fn open_trouble(fault: OpenFault) -> Trouble {
    tracing::error!(
        error = &fault as &dyn std::error::Error,
        "restricted file failed"
    );
    fault.refusal().into()
}
