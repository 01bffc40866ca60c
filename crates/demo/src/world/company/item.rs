//! Items with their consumption, stock and prices.
//!
//! Consumption values follow Zipf's law: the item of rank `r` turns over `1/r` of the first. A
//! sixth of the items so makes four fifths of the value, and most items move a few times a year
//! or never.

use fettle_domain::{Decimal, Timestamp};

use super::super::price::CURRENCY;
use super::super::{Bin, DAY_MS, Dice, Material, MaterialPrice};
use super::family::{self, Delivery, Family};
use super::plant::OWN;

/// The other plants and how many of a thousand items each is set up with.
const OTHERS: [(&str, u64); 7] = [
    ("1300", 60),
    ("1400", 50),
    ("1500", 40),
    ("1600", 20),
    ("1700", 40),
    ("1800", 30),
    ("1900", 15),
];

/// One item of so many is in stock.
const STOCKED: u64 = 4;
/// Ranks the law is cut into; nothing turns over more than the first.
const RANKS: u64 = 5_000;
/// What the item of the last rank turns over in a year, in cents.
const LEAST_YEAR_CENTS: u64 = 1_500;
/// The first so many ranks of a thousand are A, and up to so many B.
const ABC: (u64, u64) = (150, 450);

/// The grown items.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) seed: u64,
    pub(super) midnight: Timestamp,
    pub(super) items: u64,
}

/// What an item is and how it moves.
struct Nature {
    family: &'static Family,
    serial: u64,
    /// Place by consumption value, the first being 1, of [`RANKS`].
    rank: u64,
    cents: u64,
    lead_days: u64,
    /// Pieces taken at once.
    lot: u64,
    /// Of a thousand months, so many with a move.
    moves: u64,
}

impl Catalogue {
    pub(super) fn indexes(&self) -> std::ops::Range<u64> {
        0..self.items
    }

    fn nature(&self, index: u64) -> Nature {
        let mut dice = Dice::of(self.seed, "item", index);
        let (family, _, serial) = family::family(index);
        let rank = 1 + dice.below(RANKS);
        let (least, most) = family.cents;
        // Cubed: most are cheap within their family.
        let at = dice.below(1_001);
        let cents = least + (most - least) * (at * at * at / 1_000_000) / 1_000;
        let year_cents = LEAST_YEAR_CENTS * RANKS / rank;
        let pieces = year_cents * 1_000 / cents.max(1);
        // Of a thousand months, so many with a move at most; cheap things are taken by the handful.
        let moves_max = match abc(rank) {
            "A" => 950,
            "B" => 350,
            _ => 120,
        };
        let lot = (pieces / 12 / moves_max).max(1);
        let maker = 80 + 20 * (serial % u64::try_from(family.makers.len()).unwrap_or(1));
        let marks = match family.delivery {
            Delivery::Shelf => [1, 2, 4, 7, 21],
            Delivery::Stock => [3, 7, 14, 28, 90],
            Delivery::Made => [14, 35, 60, 95, 270],
        };
        Nature {
            family,
            serial,
            rank,
            cents,
            lead_days: (dice.quarters(marks) * maker / 100).max(1),
            lot,
            moves: (pieces / 12 / lot).min(moves_max),
        }
    }

    /// What the own plant took of it in each of the last 24 months, the oldest first.
    pub(super) fn consumption(&self, index: u64) -> [u32; 24] {
        let nature = self.nature(index);
        let mut dice = Dice::of(self.seed, "consumption", index);
        let lot = nature.lot;
        std::array::from_fn(|_| {
            if !dice.chance(nature.moves) {
                return 0;
            }
            let taken = dice.quarters([lot.div_ceil(2), lot, lot, lot + lot / 4, 2 * lot]);
            u32::try_from(taken.max(1)).unwrap_or(u32::MAX)
        })
    }

    pub(super) fn material(&self, index: u64) -> Material {
        let nature = self.nature(index);
        let mut dice = Dice::of(self.seed, "material", index);
        let family = nature.family;
        let (maker, thing) = family::maker(family, nature.serial);
        let (traits, rounds) = family::traits(family, thing);
        // One of fifty has a successor, which stands behind it and is none of these.
        let successor = family::next_thing(index)
            .filter(|next| index % 50 == 17 && next % 50 != 17 && *next < self.items);
        let is_kept = dice.chance(350);
        let others = family::same_thing(index).filter(|other| is_kept && *other < self.items);
        Material {
            material: family::number(index),
            material_description: description(&mut dice, family, &traits, rounds),
            manufacturer_name: maker.to_owned(),
            manufacturer_part_nmbr: part_number(maker, &traits, rounds, nature.serial),
            base_unit: family.unit.to_owned(),
            material_group: family.group.to_owned(),
            criticality: criticality(&mut dice, family).to_owned(),
            abc_indicator: abc(nature.rank).to_owned(),
            planned_delivery_days: u32::try_from(nature.lead_days).unwrap_or(1),
            is_marked_for_deletion: successor.is_some() && dice.chance(600) || dice.chance(8),
            substitutes: others.map(family::number).collect(),
            superseded_by: successor.map(family::number),
            plants: std::iter::once(OWN)
                .chain(self.other_plants(index))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Plants beside the own one that it is set up for.
    fn other_plants(&self, index: u64) -> impl Iterator<Item = &'static str> {
        let mut dice = Dice::of(self.seed, "plants", index);
        let set_up = OTHERS.iter().filter(move |(_, of)| dice.chance(*of));
        set_up.map(|(plant, _)| *plant)
    }

    /// True when it is in stock at the own plant: one of four in a row is, mostly the one that
    /// turns over most.
    fn is_stocked(&self, index: u64) -> bool {
        let first = index - index % STOCKED;
        let mut dice = Dice::of(self.seed, "stocked", first);
        let chosen = if dice.chance(600) {
            let best = (first..first + STOCKED).min_by_key(|other| self.nature(*other).rank);
            best.unwrap_or(first)
        } else {
            first + dice.below(STOCKED)
        };
        chosen == index
    }

    pub(super) fn bins(&self, index: u64) -> Vec<Bin> {
        let own = self.is_stocked(index).then_some(OWN);
        let mut dice = Dice::of(self.seed, "bins", index);
        let others = self.other_plants(index);
        let plants: Vec<_> = own
            .into_iter()
            .chain(others.filter(|_| dice.chance(300)))
            .collect();
        let mut bins = Vec::with_capacity(plants.len());
        for plant in plants {
            self.bin(index, plant, &mut dice, &mut bins);
        }
        bins
    }

    fn bin(&self, index: u64, plant: &str, dice: &mut Dice, bins: &mut Vec<Bin>) {
        let nature = self.nature(index);
        // Of what goes out while new is on its way, and one lot for the bad luck.
        let per_month = nature.moves * nature.lot;
        let on_way = per_month * nature.lead_days / 30_000;
        let reorder = on_way + nature.lot;
        let has_point = match abc(nature.rank) {
            "A" => true,
            "B" => dice.chance(850),
            _ => dice.chance(500),
        };
        let quantity = if dice.chance(60) {
            0
        } else {
            dice.quarters([0, reorder, 2 * reorder, 3 * reorder, 6 * reorder])
        };
        let is_large = nature.cents > 200_000;
        let storeroom = if is_large {
            "03"
        } else {
            Dice::at(&["01", "01", "01", "02"], index / 3)
        };
        let mut add = |quantity: u64, dice: &mut Dice| {
            let row = Dice::at(&["A", "B", "C", "D", "E", "F", "G", "H"], dice.below(8));
            let storage_bin = format!("{row}-{:02}-{:02}", 1 + dice.below(60), 1 + dice.below(24));
            if bins
                .iter()
                .any(|b: &Bin| b.plant == plant && b.storage_bin == storage_bin)
            {
                return;
            }
            let reserved = if quantity > 1 && dice.chance(80) {
                1 + dice.below(quantity / 2)
            } else {
                0
            };
            bins.push(Bin {
                material: family::number(index),
                plant: plant.to_owned(),
                storage_location: storeroom.to_owned(),
                storage_bin,
                quantity: whole(quantity),
                reserved: whole(reserved),
                reorder_point: has_point.then(|| whole(reorder)),
            });
        };
        add(quantity, dice);
        // What does not fit lies elsewhere.
        if dice.chance(110) {
            let rest = dice.below(1 + reorder);
            add(rest, dice);
        }
    }

    pub(super) fn prices(&self, index: u64) -> Vec<MaterialPrice> {
        let mut plants: Vec<String> = self.bins(index).into_iter().map(|bin| bin.plant).collect();
        plants.dedup();
        if plants.is_empty() {
            return Vec::new();
        }
        let nature = self.nature(index);
        let mut dice = Dice::of(self.seed, "price", index);
        let control = *dice.pick(&["V", "V", "S"]);
        let prices = plants.into_iter().map(|plant| MaterialPrice {
            material: family::number(index),
            plant,
            price: Decimal::of_parts(whole(nature.cents * (98 + dice.below(5)) / 100).max(1), 2),
            price_unit: 1.into(),
            base_unit: nature.family.unit.to_owned(),
            currency: CURRENCY.to_owned(),
            price_control: control.to_owned(),
            valid_from: self.midnight.plus_ms(-whole(1 + dice.below(300)) * DAY_MS),
        });
        prices.collect()
    }
}

fn abc(rank: u64) -> &'static str {
    match rank * 1_000 / RANKS {
        thousand if thousand < ABC.0 => "A",
        thousand if thousand < ABC.1 => "B",
        _ => "C",
    }
}

/// Vital is what stops a machine that has no other.
fn criticality(dice: &mut Dice, family: &Family) -> &'static str {
    let vital = match family.group {
        "PUMPPART" | "INSTRUMENT" | "COUPLING" => 150,
        "SEAL" | "BEARING" | "VALVE" => 80,
        _ => 20,
    };
    match dice.below(1_000) {
        at if at < vital => "V",
        at if at < vital + 300 => "E",
        _ => "D",
    }
}

/// As one of the systems it was taken over from wrote it.
fn description(dice: &mut Dice, family: &Family, traits: &[String], rounds: u64) -> String {
    let mut rest = traits.join(" ");
    if rounds > 0 {
        rest.push_str(&match dice.roll(3) {
            0 => format!(" dwg {}-{:02}", 4000 + rounds, traits.len() * 7),
            1 => format!(" type {rounds}"),
            _ => format!(" rev {rounds}"),
        });
    }
    let noun = family.noun;
    match (dice.roll(10), noun.rsplit_once(' ')) {
        // The noun first, as catalogues sort it.
        (0..=2, Some((kind, thing))) => format!("{thing}, {kind} {rest}").to_uppercase(),
        (0..=2, None) => format!("{noun} {rest}").to_uppercase(),
        (3..=4, Some((kind, thing))) => format!("{thing}; {kind}; {}", traits.join("; ")),
        _ => format!("{noun} {rest}"),
    }
}

fn part_number(maker: &str, traits: &[String], rounds: u64, serial: u64) -> String {
    let letters: String = maker
        .split(' ')
        .filter_map(|word| word.chars().next())
        .chain(maker.chars().nth(1))
        .collect();
    let size: String = traits
        .iter()
        .flat_map(|text| {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .take(5)
                .chain(['-'])
        })
        .collect();
    format!(
        "{}-{size}{:04}{rounds:X}",
        letters.to_uppercase(),
        serial % 10_000
    )
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
