//! Sites, functional locations and assets of the world.

use serde::{Deserialize, Serialize};

use super::Dice;

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Code.
    pub siteid: String,
    /// Name.
    pub description: String,
    /// Currency.
    pub currency: String,
    /// Time zone.
    pub timezone: String,
    /// Areas.
    pub sectors: Vec<Sector>,
    /// Other sites within reach.
    pub neighbours: Vec<Neighbour>,
}

/// An area of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sector {
    /// Code.
    pub sector: String,
    /// Name.
    pub description: String,
}

/// Another site within reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Code.
    pub siteid: String,
    /// Minutes on the road.
    pub transitmin: u32,
}

/// A functional location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Code.
    pub location: String,
    /// Name.
    pub description: String,
    /// Site.
    pub siteid: String,
    /// Area.
    pub sector: String,
    /// Next location up.
    pub parent: Option<String>,
    /// `SITE`, `AREA`, `LINE` or `UNIT`.
    pub level: String,
    /// `A`, `B` or `C`.
    pub criticality: String,
    /// Cost centre of the ERP.
    pub glaccount: String,
}

/// An asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Number: site and tag.
    pub assetnum: String,
    /// Tag on the machine.
    pub tag: String,
    /// Name.
    pub description: String,
    /// Site.
    pub siteid: String,
    /// Area.
    pub sector: String,
    /// Equipment class of ISO 14224.
    pub classcode: String,
    /// Where it stands.
    pub location: String,
    /// Asset it is part of.
    pub parent: Option<String>,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serialnum: String,
    /// `A`, `B` or `C`.
    pub criticality: String,
    /// `OPERATING`, `STANDBY`, `DOWN`, `NOTREADY` or `DECOMMISSIONED`.
    pub status: String,
}

const SITES: &[(&str, &str, &str, u32, &str, u32)] = &[
    ("1200", "Havel Works", "1300", 25, "1400", 100),
    ("1300", "Spree Works", "1200", 25, "1400", 85),
    ("1400", "Oder Works", "1300", 85, "1200", 100),
];

const SECTORS: &[(&str, &str)] = &[
    ("HALL-1", "Hall 1, raw material"),
    ("HALL-2", "Hall 2, grinding"),
    ("HALL-3", "Hall 3, boiler house"),
    ("UTIL", "Utilities"),
];

/// Tag, name, class, manufacturer, model, criticality, sector index.
const KINDS: &[(&str, &str, &str, &str, &str, &str, usize)] = &[
    (
        "P-204A",
        "Feedwater pump",
        "PU",
        "Rheinpumpen",
        "HGM 4/80",
        "A",
        2,
    ),
    (
        "P-204B",
        "Feedwater pump, standby",
        "PU",
        "Rheinpumpen",
        "HGM 4/80",
        "A",
        2,
    ),
    (
        "P-310",
        "Condensate transfer pump",
        "PU",
        "Rheinpumpen",
        "ETA 65-200",
        "B",
        2,
    ),
    (
        "CV-12",
        "Raw mill conveyor",
        "CV",
        "Foerdertech",
        "GB 800",
        "A",
        0,
    ),
    (
        "CV-08",
        "Limestone conveyor",
        "CV",
        "Foerdertech",
        "GB 650",
        "B",
        0,
    ),
    (
        "BE-07",
        "Bucket elevator",
        "CV",
        "Foerdertech",
        "BE 400",
        "B",
        0,
    ),
    (
        "GB-12",
        "Gearbox of raw mill conveyor",
        "GB",
        "Antriebe Vogt",
        "H3SH 7",
        "A",
        0,
    ),
    (
        "B-31",
        "Combustion air blower",
        "BL",
        "Aerzen Nord",
        "GM 50L",
        "A",
        2,
    ),
    ("FN-09", "Bag filter fan", "FN", "Ventar", "RH 900", "B", 1),
    ("FN-04", "Cooling fan", "FN", "Ventar", "AX 630", "C", 1),
    ("ML-02", "Raw mill", "CR", "Mahlwerk", "RM 24", "A", 1),
    (
        "M-204",
        "Motor of feedwater pump",
        "EM",
        "Elektra",
        "1LE1 160L",
        "A",
        2,
    ),
    (
        "FP-01",
        "Fire water pump",
        "PU",
        "Rheinpumpen",
        "NKG 100",
        "A",
        3,
    ),
    ("FP-22", "Filter press", "FS", "Filtex", "FP 1200", "C", 1),
    (
        "AHU-07",
        "Air handling unit, control room",
        "HV",
        "Klimat",
        "AHU 12",
        "C",
        3,
    ),
    (
        "K-402",
        "Instrument air compressor",
        "CO",
        "Drucklufta",
        "DSD 145",
        "A",
        3,
    ),
    ("T-118", "Condensate tank", "VE", "Stahlbau", "V 20", "B", 2),
    (
        "XV-2204",
        "Steam header shut-off valve",
        "VA",
        "Armatur",
        "BV DN80",
        "A",
        2,
    ),
    (
        "HO-03",
        "Overhead crane",
        "CR",
        "Krantech",
        "EKKE 10t",
        "B",
        0,
    ),
    (
        "LT-118",
        "Level transmitter",
        "IP",
        "Messwerk",
        "LR 250",
        "B",
        2,
    ),
    ("HX-15", "Lube oil cooler", "HE", "Thermo", "PHE 32", "C", 3),
    (
        "BO-01",
        "Steam boiler",
        "HB",
        "Dampfkessel",
        "UL-S 18",
        "A",
        2,
    ),
    (
        "SW-05",
        "Low voltage switchgear",
        "SG",
        "Elektra",
        "S8",
        "A",
        3,
    ),
    ("CR-01", "Jaw crusher", "CR", "Mahlwerk", "JC 110", "A", 0),
    (
        "EXC-A",
        "Hydraulic excavator A",
        "ME",
        "Baggerwerk",
        "HX 3600",
        "A",
        2,
    ),
    (
        "EXC-B",
        "Hydraulic excavator B",
        "ME",
        "Baggerwerk",
        "HX 3600",
        "A",
        2,
    ),
    (
        "EXC-C",
        "Hydraulic excavator C",
        "ME",
        "Baggerwerk",
        "HX 3600",
        "A",
        2,
    ),
    (
        "EXC-D",
        "Hydraulic excavator D",
        "ME",
        "Baggerwerk",
        "HX 3600",
        "A",
        2,
    ),
    (
        "EXC-E",
        "Hydraulic excavator E",
        "ME",
        "Baggerwerk",
        "HX 3600",
        "A",
        2,
    ),
];

pub(super) fn sectors() -> Vec<Sector> {
    SECTORS
        .iter()
        .map(|&(sector, description)| Sector {
            sector: sector.to_owned(),
            description: description.to_owned(),
        })
        .collect()
}

pub(super) fn sites() -> Vec<Site> {
    let sectors = sectors();
    let near = |siteid: &str, transitmin| Neighbour {
        siteid: siteid.to_owned(),
        transitmin,
    };
    SITES
        .iter()
        .map(
            |&(siteid, description, first, first_min, second, second_min)| Site {
                siteid: siteid.to_owned(),
                description: description.to_owned(),
                currency: "EUR".to_owned(),
                timezone: "Europe/Berlin".to_owned(),
                sectors: sectors.clone(),
                neighbours: vec![near(first, first_min), near(second, second_min)],
            },
        )
        .collect()
}

pub(super) fn locations(sites: &[Site]) -> Vec<Location> {
    let mut locations = Vec::new();
    for site in sites {
        for (index, sector) in site.sectors.iter().enumerate() {
            let area = format!("{}-{}", site.siteid, sector.sector);
            let mut add = |location: String, name: String, parent: Option<String>, level: &str| {
                locations.push(Location {
                    location,
                    description: name,
                    siteid: site.siteid.clone(),
                    sector: sector.sector.clone(),
                    parent,
                    level: level.to_owned(),
                    criticality: ["B", "B", "A", "C"][index % 4].to_owned(),
                    glaccount: format!("{}{}", site.siteid, 100 * (index + 1)),
                });
            };
            add(area.clone(), sector.description.clone(), None, "AREA");
            for line in 1..=2 {
                let code = format!("{area}-L{line}");
                add(
                    code.clone(),
                    format!("Line {line}"),
                    Some(area.clone()),
                    "LINE",
                );
                let unit = format!("{code}-U1");
                add(unit, format!("Line {line}, level 0"), Some(code), "UNIT");
            }
        }
    }
    locations
}

pub(super) fn assets(locations: &[Location], dice: &mut Dice) -> Vec<Asset> {
    let mut assets = Vec::new();
    for &(site, ..) in SITES {
        for &(tag, name, class, manufacturer, model, criticality, sector) in KINDS {
            // The excavators belong to the first site alone.
            if tag.starts_with("EXC-") && site != "1200" {
                continue;
            }
            let sector = SECTORS[sector].0;
            let units: Vec<_> = locations
                .iter()
                .filter(|l| l.siteid == site && l.sector == sector && l.level == "UNIT")
                .collect();
            let parent = match tag {
                "M-204" => Some("P-204A"),
                "GB-12" => Some("CV-12"),
                "LT-118" => Some("T-118"),
                _ => None,
            };
            assets.push(Asset {
                assetnum: format!("{site}-{tag}"),
                tag: tag.to_owned(),
                description: name.to_owned(),
                siteid: site.to_owned(),
                sector: sector.to_owned(),
                classcode: class.to_owned(),
                location: dice.pick(&units).location.clone(),
                parent: parent.map(|tag| format!("{site}-{tag}")),
                manufacturer: manufacturer.to_owned(),
                model: model.to_owned(),
                serialnum: format!("{}{:06}", &class[..1], dice.roll(1_000_000)),
                criticality: criticality.to_owned(),
                status: if tag == "P-204B" {
                    "STANDBY"
                } else {
                    "OPERATING"
                }
                .to_owned(),
            });
        }
    }
    assets
}
