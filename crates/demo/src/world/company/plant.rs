//! Eight plants with what lies between them, and their people.

use super::super::{Dice, Labor, Neighbour, Sector, Site, equipment};

/// The plant whose laptop the figures are about.
pub(super) const OWN: &str = "1200";

/// Code, name, and minutes on the road to each plant.
type Row = (&'static str, &'static str, [u32; 8]);

const PLANTS: [Row; 8] = [
    (OWN, "Havel Works", [0, 25, 100, 140, 45, 190, 230, 75]),
    ("1300", "Spree Works", [25, 0, 85, 150, 60, 175, 215, 90]),
    ("1400", "Oder Works", [100, 85, 0, 210, 130, 120, 260, 160]),
    ("1500", "Elbe Works", [140, 150, 210, 0, 110, 240, 95, 80]),
    ("1600", "Nuthe Quarry", [45, 60, 130, 110, 0, 200, 205, 50]),
    (
        "1700",
        "Neisse Works",
        [190, 175, 120, 240, 200, 0, 290, 220],
    ),
    ("1800", "Saale Works", [230, 215, 260, 95, 205, 290, 0, 170]),
    (
        "1900",
        "Fläming Terminal",
        [75, 90, 160, 80, 50, 220, 170, 0],
    ),
];

/// Farther than a shift's half helps nobody today.
const NEIGHBOUR_MINUTES_MAX: u32 = 240;

/// Areas every grown plant has beside those of the demonstration.
const MORE_SECTORS: &[(&str, &str)] = &[
    ("HALL-4", "Hall 4, packing"),
    ("HALL-5", "Hall 5, workshop"),
    ("YARD", "Yard and loading"),
    ("WTP", "Water treatment"),
];

/// A plant and how much it is grown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) site: &'static str,
    /// Serial of the plant, for dice and employee numbers.
    pub(super) serial: u64,
    pub(super) orders: u32,
}

/// The plants when the own one has so many grown orders.
pub(super) fn places(orders: u32) -> Vec<Place> {
    (1..)
        .zip(PLANTS)
        .map(|(serial, (site, ..))| Place {
            site,
            serial,
            orders: if site == OWN { orders } else { orders / 20 },
        })
        .collect()
}

/// Areas of a grown plant.
pub(super) fn sectors() -> Vec<Sector> {
    let more = MORE_SECTORS.iter().map(|&(sector, description)| Sector {
        sector: sector.to_owned(),
        description: description.to_owned(),
    });
    equipment::sectors().into_iter().chain(more).collect()
}

pub(super) fn sites() -> Vec<Site> {
    PLANTS
        .iter()
        .map(|(siteid, description, minutes)| {
            let mut neighbours: Vec<_> = PLANTS
                .iter()
                .zip(minutes)
                .filter(|&(_, minutes)| (1..=NEIGHBOUR_MINUTES_MAX).contains(minutes))
                .map(|((siteid, ..), &transitmin)| Neighbour {
                    siteid: (*siteid).to_owned(),
                    transitmin,
                })
                .collect();
            neighbours.sort_by_key(|neighbour| neighbour.transitmin);
            Site {
                siteid: (*siteid).to_owned(),
                description: (*description).to_owned(),
                currency: "EUR".to_owned(),
                timezone: "Europe/Berlin".to_owned(),
                sectors: sectors(),
                neighbours,
            }
        })
        .collect()
}

const INITIALS: &[&str] = &[
    "A.", "B.", "C.", "D.", "E.", "F.", "G.", "H.", "I.", "J.", "K.", "L.", "M.", "N.", "O.", "P.",
    "R.", "S.", "T.", "U.", "W.", "Y.", "Z.",
];

const NAMES: &[&str] = &[
    "Abel",
    "Adeyemi",
    "Arslan",
    "Bauer",
    "Becker",
    "Berger",
    "Bianchi",
    "Brunner",
    "Carvalho",
    "Castro",
    "Dahl",
    "Demir",
    "Dietrich",
    "Dubois",
    "Engel",
    "Esposito",
    "Farkas",
    "Fischer",
    "Franke",
    "Garcia",
    "Graf",
    "Gruber",
    "Haas",
    "Hansen",
    "Hartmann",
    "Horvat",
    "Huber",
    "Ivanov",
    "Jansen",
    "Jensen",
    "Kaya",
    "Keller",
    "Kim",
    "Koch",
    "Kovac",
    "Kruse",
    "Kuhn",
    "Lange",
    "Larsson",
    "Lehmann",
    "Lindner",
    "Lopez",
    "Maier",
    "Marino",
    "Martens",
    "Mazur",
    "Meier",
    "Mensah",
    "Moser",
    "Nagy",
    "Nguyen",
    "Nilsson",
    "Nowak",
    "Oliveira",
    "Otto",
    "Papadakis",
    "Pavlov",
    "Peters",
    "Petrov",
    "Pohl",
    "Popescu",
    "Reuter",
    "Ricci",
    "Rossi",
    "Roth",
    "Sahin",
    "Santos",
    "Schmitt",
    "Schulz",
    "Silva",
    "Simon",
    "Sommerfeld",
    "Stein",
    "Szabo",
    "Tanaka",
    "Thoma",
    "Toth",
    "Urban",
    "Varga",
    "Vogel",
    "Wagner",
    "Walter",
    "Weber",
    "Winkler",
    "Yilmaz",
    "Ziegler",
    "Zimmer",
];

/// Craft, crews and the share of a hundred technicians.
const CRAFTS: &[(&str, &[&str], u64)] = &[
    ("Mechanical", &["MEC-A", "MEC-B", "MEC-C", "MEC-D"], 60),
    ("Electrical", &["ELE-A", "ELE-B"], 25),
    ("Instruments", &["INS-A"], 10),
    ("Lubrication", &["LUB-A"], 5),
];

/// Orders a technician finishes in the years the world covers.
const ORDERS_PER_TECHNICIAN: u64 = 900;
/// Fewest technicians of a plant.
const TECHNICIANS_MIN: u64 = 6;

/// How many technicians a plant has beside those of the demonstration.
pub(super) fn technicians(place: &Place) -> u64 {
    (u64::from(place.orders) / ORDERS_PER_TECHNICIAN).max(TECHNICIANS_MIN)
}

/// Employee number of a person of a plant.
pub(super) fn laborcode(place_serial: u64, serial: u64) -> String {
    (100_000 * place_serial + 50_000 + serial).to_string()
}

/// Craft and crew of a technician.
pub(super) fn craft(serial: u64) -> (&'static str, &'static str) {
    let mut left = serial * 37 % 100;
    for (craft, crews, share) in CRAFTS {
        if left < *share {
            return (craft, Dice::at(crews, serial));
        }
        left -= share;
    }
    ("Mechanical", "MEC-A")
}

/// Technicians, and a planner, a supervisor and a storekeeper for each thirty of them.
pub(super) fn people(seed: u64, place: &Place) -> Vec<Labor> {
    let technicians = technicians(place);
    let offices = ["PLANNER", "MAINTSUPR", "STOREROOM"];
    let office_crafts = ["Planning", "Supervision", "Stores"];
    let mut people = Vec::new();
    for serial in 0..technicians {
        let (craft, crew) = craft(serial);
        let grade = 1 + serial % 3;
        let mut person = person(seed, place, serial);
        person.craft = format!("{craft} {grade}");
        person.crewid = Some(crew.to_owned());
        person.groups = vec!["MAINTTECH".to_owned()];
        people.push(person);
    }
    for serial in 0..3 * technicians.div_ceil(30) {
        let mut person = person(seed, place, technicians + serial);
        person.craft = Dice::at(&office_crafts, serial).to_owned();
        person.groups = vec![Dice::at(&offices, serial).to_owned()];
        people.push(person);
    }
    people
}

/// Employee number of a planner of a plant.
pub(super) fn planner(place: &Place, at: u64) -> String {
    let technicians = technicians(place);
    laborcode(
        place.serial,
        technicians + 3 * (at % technicians.div_ceil(30)),
    )
}

fn person(seed: u64, place: &Place, serial: u64) -> Labor {
    let mut dice = Dice::of(seed, "person", place.serial << 32 | serial);
    let laborcode = laborcode(place.serial, serial);
    let name = dice.pick(NAMES);
    Labor {
        loginid: format!("{}{laborcode}", name.to_lowercase()),
        displayname: format!("{} {name}", dice.pick(INITIALS)),
        laborcode,
        craft: String::new(),
        siteid: place.site.to_owned(),
        crewid: None,
        groups: Vec::new(),
        active: true,
    }
}
