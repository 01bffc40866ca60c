//! Functional locations of a history: many spellings of one place become one location.
//!
//! Spellings are one place when they have the same words, whatever their case, punctuation, number
//! and order: `CYLINDER BOOM - LEFT` is `Boom Cylinder Left`, `Slew Pumps` is `SLEW PUMP`, `L/H` is
//! left. Nothing is guessed: words that only look alike stay apart, and what the file wrote stays
//! with every order.

use std::collections::{BTreeMap, BTreeSet};

use fettle_domain::feed::Feed;
use fettle_domain::location::FunctionalLocation;
use fettle_domain::row::Row;
use fettle_domain::{ExternalId, LocationId};

use super::context::Machine;
use super::mapping::Mapping;
use crate::core::id_of_file;

/// The places of a file.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Spellings of a place, with how often each stands in the file.
    spellings: BTreeMap<String, BTreeMap<String, u64>>,
    /// Places of each machine, by its tag.
    machines: BTreeMap<String, (Machine, BTreeSet<String>)>,
}

impl Places {
    /// The place on a machine that a spelling means; `None` when it has no words.
    pub(super) fn note(
        &mut self,
        mapping: &Mapping,
        machine: &Machine,
        spelling: &str,
    ) -> Option<LocationId> {
        let place = fold(spelling);
        if place.is_empty() {
            return None;
        }
        let spellings = self.spellings.entry(place.clone()).or_default();
        *spellings.entry(spelling.to_owned()).or_default() += 1;
        let id = place_id(mapping, &code(&machine.tag, &place));
        let entry = self.machines.entry(machine.tag.clone());
        let (_, places) = entry.or_insert_with(|| (machine.clone(), BTreeSet::new()));
        places.insert(place);
        Some(id)
    }

    /// How many spellings were read, and how many places they are.
    pub(super) fn counts(&self) -> (usize, usize) {
        let spellings = self.spellings.values().map(BTreeMap::len).sum();
        (spellings, self.spellings.len())
    }

    /// The locations: one for each machine where it stands, its places below it.
    pub(super) fn rows(&self, mapping: &Mapping) -> Vec<(Feed, Row)> {
        let mut rows = Vec::new();
        for (machine, places) in self.machines.values() {
            let top = location(
                mapping,
                machine,
                &machine.tag,
                &machine.name,
                machine.location,
            );
            let parent = Some(top.id);
            let feed = Feed::Assets(machine.plant.clone());
            rows.push((feed.clone(), Row::Location(top)));
            for place in places {
                let code = code(&machine.tag, place);
                let below = location(mapping, machine, &code, self.name(place), parent);
                rows.push((feed.clone(), Row::Location(below)));
            }
        }
        rows
    }

    /// The spelling that stands most often; of equal ones the first in the alphabet.
    fn name<'a>(&'a self, place: &'a str) -> &'a str {
        let spellings = self.spellings.get(place).into_iter().flatten();
        let most = spellings.max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)));
        most.map_or(place, |(spelling, _)| spelling)
    }
}

fn location(
    mapping: &Mapping,
    machine: &Machine,
    code: &str,
    name: &str,
    parent: Option<LocationId>,
) -> FunctionalLocation {
    FunctionalLocation {
        id: place_id(mapping, code),
        external_ids: vec![ExternalId {
            system: format!("import/{}", mapping.name),
            kind: "location".to_owned(),
            value: code.to_owned(),
        }],
        plant: machine.plant.clone(),
        area: machine.area.clone(),
        code: code.to_owned(),
        name: name.to_owned(),
        parent,
        // The file rates no places: each is as critical as its machine.
        criticality: machine.criticality,
        cost_centre: mapping.fixed.get("cost_centre").cloned(),
    }
}

fn code(tag: &str, place: &str) -> String {
    format!("{tag}/{place}")
}

fn place_id(mapping: &Mapping, code: &str) -> LocationId {
    LocationId(id_of_file(&mapping.name, "location", code))
}

/// The words of a spelling: in small letters, singular, sides written out, in the alphabet's order.
pub(super) fn fold(spelling: &str) -> String {
    let text = spelling
        .to_lowercase()
        .replace("l/h", "left")
        .replace("r/h", "right");
    let mut words: Vec<String> = Vec::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let before = words.last().map(String::as_str);
        match (before, word) {
            (Some("left" | "right"), "hand") => {}
            (Some("no"), number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                words.pop();
                words.push(format!("no{number}"));
            }
            (_, "lh") => words.push("left".to_owned()),
            (_, "rh") => words.push("right".to_owned()),
            (_, word) => words.push(singular(word)),
        }
    }
    words.sort();
    words.join("-")
}

fn singular(word: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    let cut = |bytes: usize| word.get(..word.len() - bytes).unwrap_or(word);
    match word {
        _ if word.len() <= 3 || ends(&["ss", "us", "is"]) || !ends(&["s"]) => word.to_owned(),
        _ if ends(&["ies"]) => format!("{}y", cut(3)),
        _ if ends(&["sses", "shes", "ches", "xes"]) => cut(2).to_owned(),
        _ => cut(1).to_owned(),
    }
}
