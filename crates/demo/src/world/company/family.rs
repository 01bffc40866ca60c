//! Families of items: what a storeroom of heavy industry is made of.
//!
//! Items of all families are interleaved: a hundred items in a row hold of each family as many as
//! its weight says, so that any number of items is a fair share of the whole. Within a family, the
//! offers of its makers for one and the same thing stand side by side.

mod electric;
mod general;
mod mechanic;

use super::super::Dice;

/// A family of items.
#[derive(Debug)]
pub(super) struct Family {
    /// Class of the material.
    pub(super) group: &'static str,
    /// What it is.
    pub(super) noun: &'static str,
    /// Items of a hundred.
    pub(super) weight: u64,
    /// What tells its members apart, the first varying fastest.
    pub(super) traits: &'static [Trait],
    /// Who makes it.
    pub(super) makers: &'static [&'static str],
    /// Unit in the ERP's own codes.
    pub(super) unit: &'static str,
    /// Cheapest and dearest, in cents.
    pub(super) cents: (u64, u64),
    /// How long it takes to come.
    pub(super) delivery: Delivery,
}

/// One thing that tells members of a family apart.
#[derive(Debug)]
pub(super) enum Trait {
    /// One of these words.
    Words(&'static [&'static str]),
    /// So many sizes from the first, by a step, between two texts.
    Sizes(&'static str, u64, u64, u64, &'static str),
}

impl Trait {
    fn count(&self) -> u64 {
        match self {
            Self::Words(words) => u64::try_from(words.len()).unwrap_or(1),
            Self::Sizes(_, _, _, count, _) => *count,
        }
    }

    fn text(&self, at: u64) -> String {
        match self {
            Self::Words(words) => Dice::at(words, at).to_owned(),
            Self::Sizes(before, first, step, _, after) => {
                format!("{before}{}{after}", first + step * at)
            }
        }
    }
}

/// How long a family takes to come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delivery {
    /// From the shelf of a dealer.
    Shelf,
    /// Made to stock somewhere.
    Stock,
    /// Made when it is ordered.
    Made,
}

/// Items in a row that hold each family by its weight.
const ROW: u64 = 100;

fn families() -> impl Iterator<Item = &'static Family> {
    mechanic::FAMILIES
        .iter()
        .chain(electric::FAMILIES)
        .chain(general::FAMILIES)
}

/// Family of an item, its serial among the families, and the item's serial within it.
pub(super) fn family(index: u64) -> (&'static Family, u64, u64) {
    let (row, mut left) = (index / ROW, index % ROW);
    for (place, family) in (0..).zip(families()) {
        if left < family.weight {
            return (family, place, row * family.weight + left);
        }
        left -= family.weight;
    }
    // The weights come to a hundred, which a test holds.
    (&mechanic::FAMILIES[0], 0, index)
}

/// Number of an item: its family and its serial.
pub(super) fn number(index: u64) -> String {
    let (_, place, serial) = family(index);
    format!("{}-{serial:05}", 3001 + place)
}

/// The item of a number.
pub(super) fn index_of(number: &str) -> Option<u64> {
    let (place, serial) = number.split_once('-')?;
    let place = place.parse::<u64>().ok()?.checked_sub(3001)?;
    let serial: u64 = serial.parse().ok()?;
    at(place, serial).filter(|index| self::number(*index) == number)
}

/// The item of a family's serial.
fn at(place: u64, serial: u64) -> Option<u64> {
    let mut before = 0;
    for (other, family) in (0..).zip(families()) {
        if other == place {
            return Some(serial / family.weight * ROW + before + serial % family.weight);
        }
        before += family.weight;
    }
    None
}

/// Any item of a group below `items`.
pub(super) fn pick(dice: &mut Dice, group: &str, items: u64) -> Option<u64> {
    let weight = families()
        .filter(|f| f.group == group)
        .map(|f| f.weight)
        .sum();
    let mut left = dice.below(weight);
    for (place, family) in (0..).zip(families()).filter(|(_, f)| f.group == group) {
        if left < family.weight {
            let rows = items / ROW;
            let serial = dice.below(rows.max(1)) * family.weight + left;
            return at(place, serial).filter(|index| *index < items);
        }
        left -= family.weight;
    }
    None
}

/// Whose offer an item is, and which thing of the family.
pub(super) fn maker(family: &Family, serial: u64) -> (&'static str, u64) {
    let makers = u64::try_from(family.makers.len()).unwrap_or(1);
    (Dice::at(family.makers, serial), serial / makers)
}

/// The other offers for the same thing, by index.
pub(super) fn same_thing(index: u64) -> impl Iterator<Item = u64> {
    let (family, place, serial) = family(index);
    let makers = u64::try_from(family.makers.len()).unwrap_or(1);
    let first = serial - serial % makers;
    (first..first + makers)
        .filter(move |other| *other != serial)
        .filter_map(move |other| at(place, other))
}

/// The next thing of the same maker, by index.
pub(super) fn next_thing(index: u64) -> Option<u64> {
    let (family, place, serial) = family(index);
    at(
        place,
        serial + u64::try_from(family.makers.len()).unwrap_or(1),
    )
}

/// What tells a thing of a family apart, and how often all of it has come round before.
pub(super) fn traits(family: &Family, thing: u64) -> (Vec<String>, u64) {
    let mut left = thing;
    let mut texts = Vec::with_capacity(family.traits.len());
    for each in family.traits {
        texts.push(each.text(left % each.count()));
        left /= each.count();
    }
    (texts, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_items_hold_each_family_by_its_weight_and_numbers_lead_back() {
        assert_eq!(families().map(|family| family.weight).sum::<u64>(), ROW);
        for index in (0..1_000_000).step_by(997) {
            assert_eq!(index_of(&number(index)), Some(index));
            assert!(same_thing(index).all(|other| family(other).1 == family(index).1));
        }
        assert_eq!(index_of("1004-2217"), None);
    }
}
