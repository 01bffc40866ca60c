//! What every use case works on: the open replica, the clocks, who is at work and the link.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fettle_domain::charter::Charter;
use fettle_domain::person::{Person, Role};
use fettle_domain::plant::Plant;
use fettle_domain::{ActorId, DeviceTime, PersonId, Timestamp, WorkOrderId};
use fettle_replica::Replica;
use fettle_sync::link::{Link, LinkEvent};
use tokio::sync::{Notify, OwnedSemaphorePermit, broadcast};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::attachment::Drafts;
use crate::identity::{IdentityFault, OfflineGrace, OpenKey};
use crate::laptop;
use crate::platform::Clock;
use crate::reading::Reading;
use crate::trouble::{Answer, Trouble};
use crate::view::ChangedView;

/// The desk behind its methods.
pub(crate) struct Core {
    pub(crate) replica: Replica,
    pub(crate) pin_secret: Zeroizing<[u8; 32]>,
    pub(crate) link: Mutex<Link>,
    /// Held while a person's wish is decided and committed, so that no decision rests on a state
    /// that another wish is just changing.
    pub(crate) deciding: Mutex<()>,
    pub(crate) wake: Notify,
    /// Files chosen and not attached yet, of the person at work.
    pub(crate) drafts: Mutex<Drafts>,
    /// The order looked at last: its thumbnails come first.
    pub(crate) looked_at: Mutex<Option<WorkOrderId>>,
    clock: Arc<dyn Clock>,
    changes: broadcast::Sender<ChangedView>,
    at_work: Mutex<AtWork>,
    offset_ms: Mutex<Option<i64>>,
    charter: Mutex<Option<Arc<Charter>>>,
    /// What the person at work alone may see; closed by locking.
    pub(crate) reading: Mutex<Option<Arc<Reading>>>,
    pub(crate) data_dir: PathBuf,
    // The last field: it is given back when everything before it is closed.
    _files: OwnedSemaphorePermit,
}

/// Who is at work.
#[derive(Debug, Clone, Default)]
pub(crate) enum AtWork {
    /// Nobody: the lock screen.
    #[default]
    Nobody,
    /// Somebody signed in and sets a PIN.
    NeedsPin(Arc<Member>),
    /// Somebody works.
    Person(Arc<Member>),
}

/// A person with an open key.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) person: Person,
    pub(crate) actor: ActorId,
    pub(crate) key: OpenKey,
    pub(crate) grace: OfflineGrace,
}

impl Member {
    pub(crate) fn id(&self) -> PersonId {
        self.person.id
    }

    pub(crate) fn roles(&self) -> &[Role] {
        &self.person.roles
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

impl Core {
    pub(crate) fn new(
        replica: Replica,
        pin_secret: Zeroizing<[u8; 32]>,
        clock: Arc<dyn Clock>,
        changes: broadcast::Sender<ChangedView>,
        (data_dir, files): (PathBuf, OwnedSemaphorePermit),
    ) -> Answer<Self> {
        let offset_ms = laptop::clock_offset(&replica)?;
        laptop::know_keys(&replica)?;
        let link = Link::new(clock.read().at);
        Ok(Self {
            replica,
            pin_secret,
            link: Mutex::new(link),
            deciding: Mutex::new(()),
            wake: Notify::new(),
            drafts: Mutex::default(),
            looked_at: Mutex::default(),
            clock,
            changes,
            at_work: Mutex::new(AtWork::Nobody),
            offset_ms: Mutex::new(offset_ms),
            charter: Mutex::new(None),
            reading: Mutex::new(None),
            data_dir,
            _files: files,
        })
    }

    /// Clocks of the device with the offset last measured.
    pub(crate) fn now(&self) -> DeviceTime {
        self.clock.read().device_time(*locked(&self.offset_ms))
    }

    /// Wall clock of the device.
    pub(crate) fn wall_clock(&self) -> Timestamp {
        self.clock.read().at
    }

    pub(crate) fn set_offset(&self, offset_ms: i64) -> Answer<()> {
        laptop::put_clock_offset(&self.replica, offset_ms)?;
        *locked(&self.offset_ms) = Some(offset_ms);
        Ok(())
    }

    pub(crate) fn at_work(&self) -> AtWork {
        locked(&self.at_work).clone()
    }

    pub(crate) fn set_at_work(&self, at_work: AtWork) {
        *locked(&self.at_work) = at_work;
        locked(&self.drafts).clear();
        self.open_reading();
    }

    /// Lets a person who is still at work go on under another actor.
    pub(crate) fn write_under(&self, member: &Arc<Member>, actor: ActorId) {
        {
            let mut at_work = locked(&self.at_work);
            // Locked meanwhile: whoever unlocks next is read from what is stored.
            match &*at_work {
                AtWork::Person(now) if Arc::ptr_eq(now, member) => {}
                AtWork::Person(_) | AtWork::NeedsPin(_) | AtWork::Nobody => return,
            }
            *at_work = AtWork::Person(Arc::new(Member {
                person: member.person.clone(),
                actor,
                key: member.key.clone(),
                grace: member.grace,
            }));
        }
        self.open_reading();
    }

    /// A new id: UUIDv7 of the corrected clock.
    pub(crate) fn new_id(&self) -> Answer<Uuid> {
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(|_| IdentityFault::Random)?;
        let ms = u64::try_from(self.now().corrected().as_ms()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid())
    }

    /// The person at work.
    pub(crate) fn member(&self) -> Answer<Arc<Member>> {
        match self.at_work() {
            AtWork::Person(member) => Ok(member),
            AtWork::Nobody | AtWork::NeedsPin(_) => Err(Trouble::new("desk.locked")),
        }
    }

    /// The charter in force; the embedded one when the company's cannot be read.
    pub(crate) fn charter(&self) -> Answer<Arc<Charter>> {
        if let Some(charter) = locked(&self.charter).as_ref() {
            return Ok(Arc::clone(charter));
        }
        let overlay = self.replica.charter_overlay()?.unwrap_or_default();
        let charter = Charter::with_overlay(&overlay)
            .or_else(|bad| {
                tracing::error!(error = %bad, "charter overlay is unreadable");
                Charter::embedded()
            })
            .map_err(|_| Trouble::new("charter.unreadable"))?;
        let charter = Arc::new(charter);
        *locked(&self.charter) = Some(Arc::clone(&charter));
        Ok(charter)
    }

    pub(crate) fn forget_charter(&self) {
        *locked(&self.charter) = None;
    }

    /// The plant of this laptop as the feed has it, else as it was at enrolment.
    pub(crate) fn plant(&self) -> Answer<Option<Plant>> {
        let Some(laptop) = laptop::laptop(&self.replica)? else {
            return Ok(None);
        };
        let newest = self.replica.plant(&laptop.plant.id)?;
        Ok(Some(newest.unwrap_or(laptop.plant)))
    }

    /// Tells screens what to read anew.
    pub(crate) fn changed(&self, orders: &[WorkOrderId]) {
        let view = ChangedView {
            shell: true,
            orders: orders.iter().map(ToString::to_string).collect(),
        };
        // Nobody listening is no fault: there may be no window yet.
        let _ = self.changes.send(view);
    }

    /// Notes an event of the link and lets the exchange loop look at it.
    pub(crate) fn link_event(&self, event: LinkEvent) {
        locked(&self.link).on(event, self.wall_clock());
        self.wake.notify_one();
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is replaced whole, so a panic leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
