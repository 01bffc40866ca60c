//! The fixed-seed world both demo systems are filled from: the same seed and day, the same world.
//!
//! Records have the shape of the system they live in: lower-case fields in the CMMS, capitalised
//! ones in the ERP. Both name people by employee number and parts by the ERP's material number.

mod company;
mod equipment;
mod material;
mod orders;
mod people;
mod price;

use fettle_domain::Timestamp;
use serde::{Deserialize, Serialize};

pub use company::{Company, Size, company};
pub use equipment::{Asset, Location, Neighbour, Sector, Site};
pub use material::{Bin, CostCenter, Material, Period};
pub use orders::{Activity, Check, FailureReport, Permit, PlannedPart, WorkOrder};
pub use people::Labor;
pub(crate) use price::CURRENCY;
pub use price::MaterialPrice;

/// The seed of the demonstration.
pub const DEMO_SEED: u64 = 1200;
/// Employee number of the demo technician, J. Kowalska of plant 1200.
pub const DEMO_TECHNICIAN: &str = "104417";
/// Plants of the company.
pub(crate) const PLANTS: [&str; 3] = ["1200", "1300", "1400"];
/// Sets the dice of prices apart from those of everything else.
const PRICE_SEED: u64 = 0x0070_7269_6365;
/// One day.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;
/// One hour.
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// Everything the two systems start with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    /// Sites (CMMS).
    pub sites: Vec<Site>,
    /// Functional locations (CMMS).
    pub locations: Vec<Location>,
    /// Assets (CMMS).
    pub assets: Vec<Asset>,
    /// People (CMMS).
    pub people: Vec<Labor>,
    /// Work orders (CMMS).
    pub orders: Vec<WorkOrder>,
    /// Materials (ERP).
    pub materials: Vec<Material>,
    /// Prices by plant (ERP).
    pub prices: Vec<MaterialPrice>,
    /// Stock by bin (ERP).
    pub bins: Vec<Bin>,
    /// Cost centres (ERP).
    pub cost_centers: Vec<CostCenter>,
    /// Posting periods (ERP).
    pub periods: Vec<Period>,
}

/// Makes the world of a seed; due dates and periods lie around `today`.
#[must_use]
pub fn world(seed: u64, today: Timestamp) -> World {
    let mut dice = Dice(seed);
    let midnight = today.plus_ms(-today.as_ms().rem_euclid(DAY_MS));
    let sites = equipment::sites();
    let locations = equipment::locations(&sites);
    let assets = equipment::assets(&locations, &mut dice);
    let people = people::people();
    let materials = material::materials(&mut dice);
    let bins = material::bins(&materials, &mut dice);
    let orders = orders::orders(&assets, &locations, &materials, midnight, &mut dice);
    World {
        // Dice of their own: a new class of prices moves nothing else of the world.
        prices: price::prices(&materials, &bins, midnight, &mut Dice(seed ^ PRICE_SEED)),
        cost_centers: material::cost_centers(&locations),
        periods: material::periods(midnight),
        sites,
        locations,
        assets,
        people,
        orders,
        materials,
        bins,
    }
}

/// Repeatable chance: SplitMix64, whose sequence can never change under us with a library.
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of one thing among many of a kind, whose throws nobody else's depend on.
    pub(crate) fn of(seed: u64, kind: &str, at: u64) -> Self {
        // FNV-1a: any constant per word does.
        let word = kind.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        let mut dice = Self(seed ^ word);
        let base = dice.next();
        let mut dice = Self(base ^ at.wrapping_mul(0xD134_2543_DE82_EF95));
        // Neighbours stand apart in the sequence after one throw.
        Self(dice.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    /// True so many times out of a thousand.
    pub(crate) fn chance(&mut self, thousandth: u64) -> bool {
        self.below(1_000) < thousandth
    }

    /// A number from a distribution given by its least value, its quarters and its greatest value,
    /// evenly between two of them: whole numbers alone, so every machine throws the same.
    pub(crate) fn quarters(&mut self, marks: [u64; 5]) -> u64 {
        let at = self.below(4_000);
        let part = usize::try_from(at / 1_000).unwrap_or(0);
        let (low, high) = (marks[part], marks[part + 1]);
        low + (high - low) * (at % 1_000) / 1_000
    }

    /// One of several things by weight. Invariant: `things` is a non-empty table of this crate.
    pub(crate) fn weighted<'a, T>(&mut self, things: &'a [T], weight: fn(&T) -> u64) -> &'a T {
        let mut left = self.below(things.iter().map(weight).sum());
        let heavy = things.iter().find(|thing| {
            let is_here = left < weight(thing);
            left = left.saturating_sub(weight(thing));
            is_here
        });
        heavy.unwrap_or(&things[0])
    }

    /// The thing of a table at a place that may lie beyond its end. Invariant: as for `pick`.
    pub(crate) fn at<T: Copy>(things: &[T], at: u64) -> T {
        let sides = u64::try_from(things.len()).unwrap_or(1).max(1);
        things[usize::try_from(at % sides).unwrap_or(0)]
    }

    /// A number from 0 to `sides - 1`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides).unwrap_or(1);
        usize::try_from(self.below(sides)).unwrap_or(0)
    }

    /// One of several things. Invariant: `things` is a non-empty table of this crate.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.roll(things.len())]
    }
}

/// Numbers of orders created later start after this one.
pub(crate) fn next_order_number() -> i64 {
    orders::NEXT_NUMBER
}
