//! The same world at the size of a company, as streams: each row is made when it is asked for, so
//! that a million items need no memory of their own.
//!
//! The demonstration comes first with every row the tests and stories know; what is grown stands
//! behind it. Each grown row has dice of its own, named by its place, so any part of the world can
//! be made alone and is the same.

mod asset;
mod class;
mod family;
mod item;
mod job;
mod order;
mod plant;
mod words;

use fettle_domain::Timestamp;

use super::{
    Asset, Bin, CostCenter, DAY_MS, Labor, Location, Material, MaterialPrice, Period, Site,
    WorkOrder, World, material, world,
};
use asset::Machine;
use item::Catalogue;
use job::Job;
use plant::Place;

/// How large a company is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Work orders of plant 1200; each other plant has a twentieth of them.
    pub orders: u32,
    /// Items, all set up for plant 1200; a quarter of them is in stock there.
    pub items: u32,
}

impl Size {
    /// The demonstration: three plants, 150 orders, 300 items.
    pub const DEMONSTRATION: Self = Self {
        orders: 0,
        items: 0,
    };
}

/// A company: the demonstration and what is grown behind it.
#[derive(Debug)]
pub struct Company {
    demo: World,
    sites: Vec<Site>,
    locations: Vec<Location>,
    people: Vec<Labor>,
    machines: Vec<Machine>,
    jobs: Vec<Job>,
    catalogue: Catalogue,
    seed: u64,
    midnight: Timestamp,
}

/// Makes the company of a seed and a size as of `today`; below the demonstration's own size it is
/// the demonstration.
#[must_use]
pub fn company(seed: u64, today: Timestamp, size: Size) -> Company {
    let demo = world(seed, today);
    let midnight = today.plus_ms(-today.as_ms().rem_euclid(DAY_MS));
    let known = |list: usize| u32::try_from(list).unwrap_or(u32::MAX);
    let own = |site: &str| demo.orders.iter().filter(|o| o.siteid == site).count();
    let orders = size.orders.saturating_sub(known(own(plant::OWN)));
    let places = if orders == 0 {
        Vec::new()
    } else {
        plant::places(orders)
    };
    let sites = if places.is_empty() {
        demo.sites.clone()
    } else {
        plant::sites()
    };
    let mut company = Company {
        catalogue: Catalogue {
            seed,
            midnight,
            items: u64::from(size.items.saturating_sub(known(demo.materials.len()))),
        },
        sites,
        locations: Vec::new(),
        people: Vec::new(),
        machines: Vec::new(),
        jobs: Vec::new(),
        seed,
        midnight,
        demo,
    };
    for place in &places {
        company.grow(place);
    }
    company.number();
    company
}

impl Company {
    /// Adds what a plant has beyond the demonstration.
    fn grow(&mut self, place: &Place) {
        let (machines, locations) = asset::machines(self.seed, place, &self.demo.locations);
        let first = self.machines.len();
        self.people.extend(plant::people(self.seed, place));
        self.jobs.extend(job::jobs(
            self.seed,
            place,
            (first, &machines),
            self.midnight,
        ));
        self.machines.extend(machines);
        self.locations.extend(locations);
    }

    /// Brings the orders of all plants into the order they were raised in, by which they are
    /// numbered.
    fn number(&mut self) {
        self.jobs
            .sort_by_key(|job| (job.raised, job.machine, job.serial));
    }

    /// Sites.
    pub fn sites(&self) -> impl Iterator<Item = Site> {
        self.sites.iter().cloned()
    }

    /// Functional locations, each behind its parent.
    pub fn locations(&self) -> impl Iterator<Item = Location> {
        self.demo.locations.iter().chain(&self.locations).cloned()
    }

    /// Assets, each behind its parent.
    pub fn assets(&self) -> impl Iterator<Item = Asset> {
        let grown = self.machines.iter().map(|machine| machine.asset.clone());
        self.demo.assets.iter().cloned().chain(grown)
    }

    /// People.
    pub fn people(&self) -> impl Iterator<Item = Labor> {
        self.demo.people.iter().chain(&self.people).cloned()
    }

    /// Orders: the demonstration's, then the grown ones from the oldest to the newest.
    pub fn orders(&self) -> impl Iterator<Item = WorkOrder> {
        let grown = (0..self.jobs.len()).map(|index| order::order(self, index));
        self.demo.orders.iter().cloned().chain(grown)
    }

    /// Materials.
    pub fn materials(&self) -> impl Iterator<Item = Material> {
        let grown = self.catalogue.indexes();
        let grown = grown.map(|index| self.catalogue.material(index));
        self.demo.materials.iter().cloned().chain(grown)
    }

    /// Prices by plant, of what is in stock there.
    pub fn prices(&self) -> impl Iterator<Item = MaterialPrice> {
        let grown = self.catalogue.indexes();
        let grown = grown.flat_map(|index| self.catalogue.prices(index));
        self.demo.prices.iter().cloned().chain(grown)
    }

    /// Stock by bin.
    pub fn bins(&self) -> impl Iterator<Item = Bin> {
        let grown = self.catalogue.indexes();
        let grown = grown.flat_map(|index| self.catalogue.bins(index));
        self.demo.bins.iter().cloned().chain(grown)
    }

    /// What plant 1200 took of an item in each of the last 24 months, the oldest first; `None` for
    /// an item of the demonstration or none at all.
    #[must_use]
    pub fn consumption(&self, material: &str) -> Option<[u32; 24]> {
        let index = family::index_of(material).filter(|index| *index < self.catalogue.items)?;
        Some(self.catalogue.consumption(index))
    }

    /// Cost centres.
    pub fn cost_centers(&self) -> impl Iterator<Item = CostCenter> {
        let grown = material::cost_centers(&self.locations);
        self.demo.cost_centers.iter().cloned().chain(grown)
    }

    /// Posting periods.
    pub fn periods(&self) -> impl Iterator<Item = Period> {
        self.demo.periods.iter().cloned()
    }
}
