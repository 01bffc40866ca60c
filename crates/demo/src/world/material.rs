//! Materials, stock, cost centres and posting periods of the world.

use fettle_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DAY_MS, Dice, Location, PLANTS};

/// A material master record of the ERP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Material {
    /// Number.
    pub material: String,
    /// Description.
    pub material_description: String,
    /// Manufacturer.
    pub manufacturer_name: String,
    /// Manufacturer's part number.
    pub manufacturer_part_nmbr: String,
    /// Unit in the ERP's own codes.
    pub base_unit: String,
    /// Class.
    pub material_group: String,
    /// `V`, `E` or `D`.
    pub criticality: String,
    /// `A`, `B` or `C`.
    pub abc_indicator: String,
    /// Days.
    pub planned_delivery_days: u32,
    /// Marked for deletion.
    pub is_marked_for_deletion: bool,
    /// Numbers of materials that do as well, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<String>,
    /// Number of the material that replaces it for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Plants it is set up for beside those that stock it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plants: Vec<String>,
}

/// Opening stock of a bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Bin {
    /// Material.
    pub material: String,
    /// Plant.
    pub plant: String,
    /// Storeroom.
    pub storage_location: String,
    /// Bin.
    pub storage_bin: String,
    /// On hand.
    pub quantity: i64,
    /// Reserved.
    pub reserved: i64,
    /// Balance at which the plant orders again, when it plans by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_point: Option<i64>,
}

/// A cost centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CostCenter {
    /// Code.
    pub cost_center: String,
    /// Name.
    pub description: String,
    /// Plant.
    pub plant: String,
}

/// A posting period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Period {
    /// Year and month, such as `2026-11`.
    pub fiscal_period: String,
    /// Whether it takes postings.
    pub is_open: bool,
}

/// Number, description, manufacturer, part number, unit, class, criticality, lead days.
type Named = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u32,
);

const NAMED: &[Named] = &[
    (
        "1004-2217",
        "Seal cartridge 55 mm",
        "Dichtwerk",
        "DW-C55-Q1",
        "EA",
        "SEAL",
        "V",
        21,
    ),
    (
        "1004-0931",
        "Gland gasket set",
        "Dichtwerk",
        "DW-G204",
        "EA",
        "GASKET",
        "E",
        7,
    ),
    (
        "1004-2260",
        "Shaft sleeve P-204",
        "Rheinpumpen",
        "HGM4-0524",
        "EA",
        "PUMPPART",
        "V",
        28,
    ),
    (
        "1001-6310",
        "Bearing 6310-2Z/C3",
        "Nordlager",
        "6310.2ZC3.NL",
        "EA",
        "BEARING",
        "V",
        3,
    ),
    (
        "1001-6311",
        "Bearing 6310-2RS1/C3",
        "Nordlager",
        "6310.2RS1C3.NL",
        "EA",
        "BEARING",
        "E",
        3,
    ),
    (
        "1001-6312",
        "Bearing 6310/C3, open",
        "Nordlager",
        "6310.C3.NL",
        "EA",
        "BEARING",
        "E",
        5,
    ),
    (
        "1007-0190",
        "Coupling RX-190",
        "Antriebe Vogt",
        "RX-190",
        "EA",
        "COUPLING",
        "V",
        14,
    ),
    (
        "1008-0909",
        "Fan belt set FN-09",
        "Riemen Sued",
        "XPB-2360-3",
        "EA",
        "BELT",
        "E",
        4,
    ),
    (
        "1008-0077",
        "Chain pin, BE-07",
        "Foerdertech",
        "BE400-77",
        "EA",
        "CHAIN",
        "E",
        10,
    ),
    (
        "1011-0220",
        "Gear oil CLP 220",
        "Schmierstoffe Mitte",
        "CLP-220-20",
        "L",
        "LUBRICANT",
        "E",
        2,
    ),
    (
        "1011-0002",
        "Bearing grease KP2K",
        "Schmierstoffe Mitte",
        "KP2K-1",
        "KG",
        "LUBRICANT",
        "E",
        2,
    ),
    (
        "1012-0707",
        "Filter element AHU-07",
        "Filtex",
        "F7-592",
        "EA",
        "FILTER",
        "D",
        5,
    ),
    (
        "1012-4020",
        "Air filter K-402",
        "Drucklufta",
        "AF-145",
        "EA",
        "FILTER",
        "E",
        6,
    ),
    (
        "1013-0118",
        "Level transmitter 4 to 20 mA",
        "Messwerk",
        "LR250-4",
        "EA",
        "INSTRUMENT",
        "V",
        30,
    ),
];

/// Class, words, manufacturers, unit, sizes.
type Series = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

const SERIES: &[Series] = &[
    (
        "BEARING",
        "Deep groove ball bearing",
        &["Nordlager", "Kugelwerk"],
        "EA",
        &[
            "6204-2Z",
            "6205-2Z",
            "6206-2RS1",
            "6207-2Z/C3",
            "6208",
            "6209-2Z",
            "6211/C3",
            "6212-2Z",
            "6306",
            "6308-2Z/C3",
            "6312/C3",
            "6314/C3",
        ],
    ),
    (
        "BEARING",
        "Spherical roller bearing",
        &["Nordlager", "Kugelwerk"],
        "EA",
        &[
            "22210 E",
            "22212 EK",
            "22214 E/C3",
            "22216 EK/C3",
            "22218 E",
            "22220 EK/C3",
        ],
    ),
    (
        "SEAL",
        "Rotary shaft seal",
        &["Dichtwerk", "Simmer Nord"],
        "EA",
        &[
            "25x40x7", "30x47x7", "35x52x8", "40x62x10", "45x65x8", "50x72x8", "60x80x10",
            "70x90x10",
        ],
    ),
    (
        "GASKET",
        "Flange gasket, graphite",
        &["Dichtwerk"],
        "EA",
        &[
            "DN25 PN40",
            "DN40 PN40",
            "DN50 PN40",
            "DN80 PN40",
            "DN100 PN16",
            "DN150 PN16",
        ],
    ),
    (
        "BELT",
        "V-belt",
        &["Riemen Sued", "Gurtwerk"],
        "EA",
        &[
            "SPA 1250", "SPA 1600", "SPB 2000", "SPB 2240", "SPC 3150", "XPB 2360",
        ],
    ),
    (
        "FASTENER",
        "Hexagon screw 8.8",
        &["Schraub Nord"],
        "EA",
        &[
            "M8x30", "M10x40", "M12x50", "M16x60", "M16x80", "M20x80", "M24x100",
        ],
    ),
    (
        "FILTER",
        "Hydraulic filter element",
        &["Filtex"],
        "EA",
        &["10 um 160 l", "10 um 250 l", "20 um 400 l"],
    ),
    (
        "ELECTRIC",
        "Contactor",
        &["Elektra"],
        "EA",
        &["12 A 230 V", "25 A 230 V", "40 A 24 V", "65 A 230 V"],
    ),
    (
        "ELECTRIC",
        "Proximity switch",
        &["Messwerk", "Sensorix"],
        "EA",
        &["M12 PNP", "M18 PNP", "M30 PNP"],
    ),
    (
        "CABLE",
        "Control cable",
        &["Kabelwerk"],
        "M",
        &["4x1.5", "7x1.5", "12x1.5", "4x2.5"],
    ),
    (
        "VALVE",
        "Ball valve, stainless",
        &["Armatur"],
        "EA",
        &["DN15", "DN20", "DN25", "DN40", "DN50"],
    ),
];

/// How many materials the ERP knows.
const MATERIALS: usize = 300;

pub(super) fn materials(dice: &mut Dice) -> Vec<Material> {
    let mut materials: Vec<_> = NAMED
        .iter()
        .map(
            |&(number, text, maker, part, unit, group, criticality, days)| Material {
                material: number.to_owned(),
                material_description: text.to_owned(),
                manufacturer_name: maker.to_owned(),
                manufacturer_part_nmbr: part.to_owned(),
                base_unit: unit.to_owned(),
                material_group: group.to_owned(),
                criticality: criticality.to_owned(),
                abc_indicator: "A".to_owned(),
                planned_delivery_days: days,
                is_marked_for_deletion: false,
                substitutes: Vec::new(),
                superseded_by: None,
                plants: Vec::new(),
            },
        )
        .collect();
    for serial in materials.len()..MATERIALS {
        let (group, words, makers, unit, sizes) = SERIES[serial % SERIES.len()];
        let size = sizes[(serial / SERIES.len()) % sizes.len()];
        let maker = dice.pick(makers);
        materials.push(Material {
            material: format!("20{:02}-{:04}", serial % SERIES.len(), serial),
            material_description: format!("{words} {size}"),
            manufacturer_name: (*maker).to_owned(),
            manufacturer_part_nmbr: format!("{}.{}", size.replace(' ', "-"), serial),
            base_unit: unit.to_owned(),
            material_group: group.to_owned(),
            criticality: (*dice.pick(&["E", "D", "D"])).to_owned(),
            abc_indicator: (*dice.pick(&["B", "C", "C"])).to_owned(),
            planned_delivery_days: u32::try_from(2 + dice.roll(40)).unwrap_or(2),
            is_marked_for_deletion: serial % 60 == 59,
            substitutes: Vec::new(),
            superseded_by: None,
            plants: Vec::new(),
        });
    }
    materials
}

pub(super) fn bins(materials: &[Material], dice: &mut Dice) -> Vec<Bin> {
    let mut bins = Vec::new();
    for plant in PLANTS {
        for material in materials {
            let fixed = match (plant, material.material.as_str()) {
                ("1200", "1004-2217") => Some(("C-14", 2, 1)),
                ("1200", "1004-0931") => Some(("C-02", 6, 0)),
                ("1200", "1001-6310") => Some(("C-11", 3, 2)),
                ("1200", "1001-6311") => Some(("C-12", 5, 0)),
                ("1200", "1007-0190" | "1001-6312") => None,
                _ if dice.roll(3) == 0 => None,
                _ => Some(("", 1 + dice.roll(24), 0)),
            };
            let Some((bin, quantity, reserved)) = fixed else {
                continue;
            };
            let row = ["A", "B", "C", "D"][dice.roll(4)];
            let place = format!("{row}-{:02}", 1 + dice.roll(40));
            bins.push(Bin {
                material: material.material.clone(),
                plant: plant.to_owned(),
                storage_location: "01".to_owned(),
                storage_bin: if bin.is_empty() {
                    place
                } else {
                    bin.to_owned()
                },
                quantity: i64::try_from(quantity).unwrap_or(0),
                reserved,
                reorder_point: None,
            });
        }
    }
    bins
}

pub(super) fn cost_centers(locations: &[Location]) -> Vec<CostCenter> {
    locations
        .iter()
        .filter(|location| location.level == "AREA")
        .map(|location| CostCenter {
            cost_center: location.glaccount.clone(),
            description: format!("Maintenance, {}", location.description),
            plant: location.siteid.clone(),
        })
        .collect()
}

pub(super) fn periods(midnight: Timestamp) -> Vec<Period> {
    // Last year and the months before last are closed, as at month-end in any company.
    let month = |moment: Timestamp| moment.to_string().chars().take(7).collect::<String>();
    let (now, last) = (month(midnight), month(midnight.plus_ms(-31 * DAY_MS)));
    let mut periods: Vec<Period> = Vec::new();
    for day in (-400..=400).step_by(14) {
        let fiscal_period = month(midnight.plus_ms(day * DAY_MS));
        if periods
            .last()
            .is_none_or(|p| p.fiscal_period != fiscal_period)
        {
            let is_open = fiscal_period >= last.clone().min(now.clone());
            periods.push(Period {
                fiscal_period,
                is_open,
            });
        }
    }
    periods
}
