//! What materials cost in each plant of the world.

use fettle_domain::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Bin, DAY_MS, Dice, Material, PLANTS};

/// Currency of the company.
pub(crate) const CURRENCY: &str = "EUR";

/// Price of a material in a plant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MaterialPrice {
    /// Material.
    pub material: String,
    /// Plant.
    pub plant: String,
    /// Amount for a price unit.
    pub price: Decimal,
    /// How much the amount buys.
    pub price_unit: Decimal,
    /// Unit in the ERP's own codes.
    pub base_unit: String,
    /// Currency.
    pub currency: String,
    /// `V` moving average, `S` standard.
    pub price_control: String,
    /// Since when.
    pub valid_from: Timestamp,
}

impl MaterialPrice {
    /// Number it is kept under.
    #[must_use]
    pub fn number(&self) -> String {
        format!("{}/{}", self.material, self.plant)
    }
}

/// Class, least price in cents, span in cents, price unit.
type Range = (&'static str, i64, usize, i64);

const RANGES: &[Range] = &[
    ("BEARING", 1_800, 30_000, 1),
    ("SEAL", 900, 27_000, 1),
    ("GASKET", 400, 4_100, 1),
    ("PUMPPART", 30_000, 60_000, 1),
    ("COUPLING", 24_000, 40_000, 1),
    ("BELT", 1_500, 7_500, 1),
    ("CHAIN", 1_200, 6_000, 1),
    ("LUBRICANT", 700, 1_800, 1),
    ("FILTER", 2_500, 15_500, 1),
    ("INSTRUMENT", 60_000, 80_000, 1),
    ("ELECTRIC", 2_200, 21_800, 1),
    ("VALVE", 4_500, 33_500, 1),
    // Sold by the hundred.
    ("FASTENER", 600, 8_400, 100),
    ("CABLE", 9_000, 33_000, 100),
];

/// Parts people know by number: every plant plans with them, stocked or not.
const PLANNED_EVERYWHERE: &str = "10";

pub(super) fn prices(
    materials: &[Material],
    bins: &[Bin],
    midnight: Timestamp,
    dice: &mut Dice,
) -> Vec<MaterialPrice> {
    let mut prices = Vec::new();
    for material in materials {
        let range = RANGES
            .iter()
            .find(|range| range.0 == material.material_group);
        let Some(&(_, least, span, unit)) = range else {
            continue;
        };
        let base = least + whole(dice.roll(span));
        let control = *dice.pick(&["V", "V", "S"]);
        for plant in PLANTS {
            // Two of a hundred up or down: plants buy at different times.
            let cents = base * (98 + whole(dice.roll(5))) / 100;
            let days = whole(1 + dice.roll(90));
            let is_planned = material.material.starts_with(PLANNED_EVERYWHERE);
            let is_stocked = || {
                let mut bins = bins.iter();
                bins.any(|bin| bin.material == material.material && bin.plant == plant)
            };
            if is_planned || is_stocked() {
                prices.push(MaterialPrice {
                    material: material.material.clone(),
                    plant: plant.to_owned(),
                    price: Decimal::of_parts(cents, 2),
                    price_unit: unit.into(),
                    base_unit: material.base_unit.clone(),
                    currency: CURRENCY.to_owned(),
                    price_control: control.to_owned(),
                    valid_from: midnight.plus_ms(-days * DAY_MS),
                });
            }
        }
    }
    prices
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(0)
}
