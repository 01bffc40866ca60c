//! Bundles: work that came as a file, by another laptop or by hand.

use std::collections::BTreeSet;

use fettle_domain::case::CaseSubject;
use fettle_domain::charter::Domain;
use fettle_domain::{ActorId, DeviceId, Refusal, Timestamp};
use fettle_sync::bundle::{BadBundle, Bundle, BundleAnswer, Ending, Lost};
use fettle_sync::request::HexKey;

use super::case::Opening;
use super::change::Documents;
use super::{Core, StoreFault};
use crate::table;

/// What became of a bundle.
#[derive(Debug, Clone)]
pub struct BundleReport {
    /// Laptop whose work it is.
    pub device: Option<DeviceId>,
    /// Items it carried.
    pub items: u64,
    /// Items that were not here before.
    pub taken: u64,
    /// Items of it that are kept aside.
    pub set_aside: Vec<(ActorId, u64, Refusal)>,
    /// Authors of whom not everything could be taken, and why.
    pub stopped: Vec<(ActorId, Refusal)>,
    /// What its laptop could not read any more.
    pub lost: Lost,
    /// How it ended.
    pub ending: Ending,
}

impl BundleReport {
    /// What whoever carried it is told: nothing of what it holds.
    #[must_use]
    pub fn answer(&self) -> BundleAnswer {
        BundleAnswer {
            items: self.items,
            taken: self.taken,
            set_aside: self.set_aside.len() as u64,
            lost: self
                .lost
                .places
                .iter()
                .map(|(_, first, last)| last.saturating_sub(*first).saturating_add(1))
                .fold(0, u64::saturating_add),
            stopped: self.stopped.first().map(|(_, refusal)| refusal.clone()),
            ending: self.ending,
        }
    }
}

impl Core<'_> {
    /// The key laptops seal their work to.
    pub(crate) fn bundle_key(&self) -> Option<HexKey> {
        let key = self.policy.bundle.as_ref()?;
        Some(HexKey(key.public().0))
    }

    /// Opens a bundle; needs no transaction.
    ///
    /// # Errors
    /// A refusal that says why nothing of it can be taken.
    pub fn open_bundle(&self, bytes: &[u8]) -> Result<Bundle, Refusal> {
        let Some(key) = &self.policy.bundle else {
            return Err(Refusal::new("bundle.no_key"));
        };
        Bundle::open(bytes, key).map_err(|bad: BadBundle| bad.refusal())
    }

    /// Takes what a bundle carries, as if its laptop had sent it: the same bundle a second time, or
    /// after the laptop itself, changes nothing.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing of it is kept then.
    pub fn accept_bundle(
        &self,
        bundle: &Bundle,
        carrier: &str,
        now: Timestamp,
    ) -> Result<BundleReport, StoreFault> {
        let torn = bundle.torn.iter();
        let pushes = bundle
            .pushes
            .iter()
            .map(|push| (push, None))
            .chain(torn.map(|torn| (&torn.push, Some(torn.before))));
        let authors: BTreeSet<ActorId> = pushes.clone().map(|(push, _)| push.actor).collect();
        let before = self.held_of(&authors)?;
        let acknowledged = self.take_pushes(Documents::new(self)?, pushes, now)?;
        let mut report = BundleReport {
            device: bundle.head.device,
            items: bundle.items() as u64,
            taken: self.held_of(&authors)?.saturating_sub(before),
            set_aside: Vec::new(),
            stopped: Vec::new(),
            lost: bundle.lost.clone(),
            ending: bundle.ending,
        };
        for answer in acknowledged {
            let of = |(place, refusal)| (answer.actor, place, refusal);
            report
                .set_aside
                .extend(answer.quarantined.into_iter().map(of));
            let stopped = answer.stopped.map(|refusal| (answer.actor, refusal));
            report.stopped.extend(stopped);
        }
        for (actor, first, last) in &report.lost.places {
            self.open_lost(*actor, (*first, *last), now)?;
        }
        let device = bundle
            .head
            .device
            .map_or_else(String::new, |id| id.to_string());
        let detail = format!("{carrier}: {} of {} new", report.taken, report.items);
        table::audit::put(self.connection, "bundle taken", &device, &detail, now)?;
        Ok(report)
    }

    /// Opens the case of items that a damaged laptop could not read any more: somebody asks their
    /// author what they were. Items that came by another way meanwhile are none.
    fn open_lost(
        &self,
        actor: ActorId,
        (first, last): (u64, u64),
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(author) = table::actor::get(self.connection, actor)? else {
            return Ok(());
        };
        let device = match author.device {
            Some(device) => table::device::get(self.connection, device)?,
            None => None,
        };
        let Some((device, _)) = device else {
            return Ok(());
        };
        let end = table::chain_item::end(self.connection, actor)?.count;
        if end >= last {
            return Ok(());
        }
        let cause = Refusal::new("item.lost")
            .with("first", first)
            .with("last", last)
            .with("device", device.name);
        let subject = CaseSubject::Item {
            actor,
            position: first,
        };
        let opening = Opening {
            author: author.person,
            ..Opening::new(device.plant, subject, cause, Domain::Person)
        };
        self.open_case(opening, now)?;
        Ok(())
    }

    fn held_of(&self, authors: &BTreeSet<ActorId>) -> Result<u64, StoreFault> {
        let mut held: u64 = 0;
        for actor in authors {
            held += table::chain_item::count(self.connection, *actor)?;
        }
        Ok(held)
    }
}
