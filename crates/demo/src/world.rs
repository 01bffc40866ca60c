//! The fixed-seed world both demo systems are filled from: the same seed and day, the same world.
//!
//! Records have the shape of the system they live in: lower-case fields in the CMMS, capitalised
//! ones in the ERP. Both name people by employee number and parts by the ERP's material number.

mod equipment;
mod material;
mod orders;
mod people;
mod price;

use fettle_domain::Timestamp;
use serde::{Deserialize, Serialize};

pub use equipment::{Asset, Location, Neighbour, Sector, Site};
pub use material::{Bin, CostCenter, Material, Period};
pub use orders::{Activity, Check, Permit, PlannedPart, WorkOrder};
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
    /// A number from 0 to `sides - 1`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(sides.max(1)).unwrap_or(1)).unwrap_or(0)
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
