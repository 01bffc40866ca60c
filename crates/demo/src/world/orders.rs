//! Work orders of the world, built from job plans.

use fettle_domain::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Asset, DAY_MS, DEMO_TECHNICIAN, Dice, HOUR_MS, Location, Material};

/// A work order as the CMMS keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// Number.
    pub wonum: String,
    /// Short text.
    pub description: String,
    /// Long text.
    #[serde(default)]
    pub description_longdescription: String,
    /// Site.
    pub siteid: String,
    /// Area.
    pub sector: String,
    /// Asset number.
    #[serde(default)]
    pub assetnum: Option<String>,
    /// Location code.
    #[serde(default)]
    pub location: Option<String>,
    /// `CM`, `EM`, `PM`, `CBM`, `INSP`, `CP` or `REF`.
    pub worktype: String,
    /// 1 to 4.
    pub wopriority: u8,
    /// Status in the CMMS's own words.
    pub status: String,
    /// Cost centre.
    #[serde(default)]
    pub glaccount: Option<String>,
    /// Job plan.
    #[serde(default)]
    pub jpnum: Option<String>,
    /// Revision of the job plan.
    #[serde(default)]
    pub jprevision: Option<u32>,
    /// Crew.
    #[serde(default)]
    pub crewid: Option<String>,
    /// Employee numbers assigned.
    #[serde(default)]
    pub assignments: Vec<String>,
    /// Planner's employee number.
    #[serde(default)]
    pub planner: Option<String>,
    /// Required start.
    #[serde(default)]
    pub targstartdate: Option<Timestamp>,
    /// Required finish.
    #[serde(default)]
    pub targcompdate: Option<Timestamp>,
    /// Scheduled start.
    #[serde(default)]
    pub schedstart: Option<Timestamp>,
    /// Scheduled finish.
    #[serde(default)]
    pub schedfinish: Option<Timestamp>,
    /// Observed start.
    #[serde(default)]
    pub actstart: Option<Timestamp>,
    /// Observed finish.
    #[serde(default)]
    pub actfinish: Option<Timestamp>,
    /// Start of a downtime that lasts.
    #[serde(default)]
    pub downsince: Option<Timestamp>,
    /// Permits.
    #[serde(default)]
    pub permits: Vec<Permit>,
    /// Operations.
    #[serde(default)]
    pub woactivity: Vec<Activity>,
    /// Planned materials.
    #[serde(default)]
    pub wpmaterial: Vec<PlannedPart>,
    /// What was found and done, once it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failurereport: Option<FailureReport>,
}

/// What was found and done, in the words of the failure code tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureReport {
    /// Failure mode; none where nothing had failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failuremode: Option<String>,
    /// System of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subsystem: Option<String>,
    /// Part worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// What was done to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Side or place on the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
}

/// A permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Number.
    pub permitnum: String,
    /// Kind.
    pub kind: String,
    /// End of validity.
    #[serde(default)]
    pub validto: Option<Timestamp>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Number.
    pub taskid: u32,
    /// Text.
    pub description: String,
    /// Craft.
    pub craft: String,
    /// Planned minutes.
    pub estdurmin: u32,
    /// People.
    pub quantity: u32,
    /// Checklist.
    #[serde(default)]
    pub checklist: Vec<Check>,
}

/// A checklist line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Line number.
    pub line: u32,
    /// Text.
    pub description: String,
    /// `CHECK`, `MEASURE` or `REMARK`.
    pub kind: String,
    /// Unit of a measurement.
    #[serde(default)]
    pub measureunit: Option<String>,
    /// Smallest passing value.
    #[serde(default)]
    pub lowerlimit: Option<Decimal>,
    /// Largest passing value.
    #[serde(default)]
    pub upperlimit: Option<Decimal>,
}

/// A planned material line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// Line number.
    pub line: u32,
    /// Material number of the ERP.
    pub itemnum: String,
    /// Quantity.
    pub itemqty: Decimal,
    /// Unit in the ERP's codes.
    pub orderunit: String,
    /// When it is needed.
    #[serde(default)]
    pub requiredate: Option<Timestamp>,
    /// Work stops without it.
    #[serde(default)]
    pub critical: bool,
}

/// A checklist line of a plan: text, and for a measurement unit, lower and upper limit.
type Line = (
    &'static str,
    Option<(&'static str, &'static str, &'static str)>,
);

struct Plan {
    number: &'static str,
    revision: u32,
    title: &'static str,
    kind: &'static str,
    tags: &'static [&'static str],
    craft: &'static str,
    minutes: u32,
    lines: &'static [Line],
    parts: &'static [(&'static str, i64)],
}

const ISOLATE: Line = ("Isolate, lock and tag", None);

const PLANS: &[Plan] = &[
    Plan {
        number: "JP-0117",
        revision: 4,
        title: "Replace mechanical seal",
        kind: "CM",
        tags: &["P-204A", "P-204B", "P-310"],
        craft: "Mechanical",
        minutes: 360,
        lines: &[
            ISOLATE,
            ("Drain casing and open vents", None),
            ("Remove old seal, photograph faces", None),
            ("Measure shaft runout", Some(("MM", "", "0.05"))),
            ("Fit new seal cartridge", None),
            (
                "Torque gland nuts, cross pattern, three passes",
                Some(("NM", "43", "47")),
            ),
            ("Remove locks, refill and vent", None),
            (
                "Test run 15 minutes, record vibration",
                Some(("MMS", "", "4.5")),
            ),
        ],
        parts: &[("1004-2217", 1), ("1004-0931", 1), ("1001-6310", 2)],
    },
    Plan {
        number: "JP-0204",
        revision: 2,
        title: "Gearbox oil sample and top-up",
        kind: "PM",
        tags: &["GB-12", "CV-12", "CV-08"],
        craft: "Mechanical",
        minutes: 60,
        lines: &[
            ("Take sample at running temperature", None),
            ("Oil temperature", Some(("CEL", "", "75"))),
            ("Top up to the middle of the glass", None),
            ("Remarks on leaks", None),
        ],
        parts: &[("1011-0220", 2)],
    },
    Plan {
        number: "JP-0301",
        revision: 7,
        title: "Monthly inspection, fire pump",
        kind: "INSP",
        tags: &["FP-01"],
        craft: "Mechanical",
        minutes: 45,
        lines: &[
            ("Tell the control room", None),
            ("Start, run 10 minutes", None),
            ("Discharge pressure", Some(("BAR", "7.5", "10"))),
            ("Gland drips 40 to 60 drops a minute", None),
            ("Return to automatic, tell the control room", None),
        ],
        parts: &[],
    },
    Plan {
        number: "JP-0412",
        revision: 1,
        title: "Replace filter elements",
        kind: "PM",
        tags: &["AHU-07", "FP-22"],
        craft: "Mechanical",
        minutes: 50,
        lines: &[
            ISOLATE,
            ("Replace elements, arrow in air direction", None),
            ("Differential pressure after start", Some(("PA", "", "120"))),
            ("Remove locks", None),
        ],
        parts: &[("1012-0707", 4)],
    },
    Plan {
        number: "JP-0150",
        revision: 3,
        title: "Align coupling after rebuild",
        kind: "CM",
        tags: &["B-31", "FN-09", "FN-04"],
        craft: "Mechanical",
        minutes: 240,
        lines: &[
            ISOLATE,
            ("Clean feet, check soft foot", Some(("MM", "", "0.05"))),
            ("Parallel offset", Some(("MM", "", "0.07"))),
            ("Angular offset", Some(("MM", "", "0.05"))),
            ("Torque feet", Some(("NM", "180", "200"))),
            ("Fit guard, remove locks", None),
        ],
        parts: &[("1007-0190", 1)],
    },
    Plan {
        number: "JP-0221",
        revision: 2,
        title: "Replace fan belts",
        kind: "PM",
        tags: &["FN-09"],
        craft: "Mechanical",
        minutes: 120,
        lines: &[
            ISOLATE,
            ("Change the whole set", None),
            (
                "Belt tension, deflection at mid span",
                Some(("MM", "10", "14")),
            ),
            ("Fit guard, remove locks", None),
            ("Retension after 30 minutes", None),
        ],
        parts: &[("1008-0909", 1)],
    },
    Plan {
        number: "JP-0118",
        revision: 1,
        title: "Replace level transmitter",
        kind: "CM",
        tags: &["LT-118", "T-118"],
        craft: "Electrical",
        minutes: 90,
        lines: &[
            ISOLATE,
            ("Note the old parameters", None),
            ("Fit and wire new transmitter", None),
            ("Output at zero", Some(("MA", "3.98", "4.02"))),
            ("Loop check with the control room", None),
        ],
        parts: &[("1013-0118", 1)],
    },
    Plan {
        number: "JP-0500",
        revision: 5,
        title: "Compressor service, 4,000 hours",
        kind: "PM",
        tags: &["K-402"],
        craft: "Mechanical",
        minutes: 180,
        lines: &[
            ISOLATE,
            ("Change air filter", None),
            ("Change oil and filter", None),
            ("Safety valve lifts", Some(("BAR", "10.5", "11.5"))),
            ("Remove locks, start", None),
            ("Running hours", Some(("HUR", "", ""))),
        ],
        parts: &[("1012-4020", 1)],
    },
    Plan {
        number: "JP-0610",
        revision: 1,
        title: "Grease bearings, check noise",
        kind: "PM",
        tags: &["M-204", "ML-02", "CR-01", "BE-07"],
        craft: "Mechanical",
        minutes: 30,
        lines: &[
            ("Grease drive end and free end", None),
            ("Bearing temperature drive end", Some(("CEL", "", "80"))),
            ("Vibration", Some(("MMS", "", "4.5"))),
        ],
        parts: &[("1011-0002", 1)],
    },
    Plan {
        number: "JP-0702",
        revision: 2,
        title: "Thermography of switchgear",
        kind: "CBM",
        tags: &["SW-05"],
        craft: "Electrical",
        minutes: 60,
        lines: &[
            ("Arc flash clothing on", None),
            ("Hottest joint over ambient", Some(("CEL", "", "20"))),
            ("Remarks", None),
        ],
        parts: &[],
    },
];

/// How many orders the CMMS starts with.
const ORDERS: usize = 150;
/// How many of them the demo technician has.
const OF_DEMO_TECHNICIAN: usize = 12;
/// First number given by the generator; `4182207` is the seal job.
pub(super) const FIRST_NUMBER: usize = 4_182_207;
/// First number given to orders created later.
pub(super) const NEXT_NUMBER: i64 = 4_190_000;

pub(super) fn orders(
    assets: &[Asset],
    locations: &[Location],
    materials: &[Material],
    midnight: Timestamp,
    dice: &mut Dice,
) -> Vec<WorkOrder> {
    (0..ORDERS)
        .filter_map(|serial| {
            let plan = &PLANS[serial % PLANS.len()];
            let is_demo = serial < OF_DEMO_TECHNICIAN;
            let site = if is_demo {
                "1200"
            } else {
                *dice.pick(&["1200", "1300", "1400"])
            };
            let tag = if serial == 0 {
                "P-204A"
            } else {
                *dice.pick(plan.tags)
            };
            let asset = assets.iter().find(|a| a.siteid == site && a.tag == tag)?;
            let location = locations.iter().find(|l| l.location == asset.location)?;
            Some(order(
                serial,
                plan,
                (asset, location),
                materials,
                midnight,
                dice,
            ))
        })
        .collect()
}

fn order(
    serial: usize,
    plan: &Plan,
    (asset, location): (&Asset, &Location),
    materials: &[Material],
    midnight: Timestamp,
    dice: &mut Dice,
) -> WorkOrder {
    let is_demo = serial < OF_DEMO_TECHNICIAN;
    let days = if is_demo { serial / 4 } else { dice.roll(28) };
    let due = midnight.plus_ms(i64::try_from(days).unwrap_or(0) * DAY_MS + 14 * HOUR_MS);
    let status = match serial {
        0..OF_DEMO_TECHNICIAN => "DISPATCHED",
        _ => dice.pick(&["WAPPR", "APPR", "WMATL", "WSCH", "SCHD", "COMP", "CLOSE"]),
    };
    let start = due.plus_ms(-i64::from(plan.minutes) * 60_000);
    let is_planned = matches!(status, "DISPATCHED" | "SCHD");
    let is_ended = matches!(status, "COMP" | "CLOSE");
    WorkOrder {
        wonum: (FIRST_NUMBER + serial).to_string(),
        description: plan.title.to_owned(),
        description_longdescription: format!("{} on {}.", plan.title, asset.tag),
        siteid: asset.siteid.clone(),
        sector: asset.sector.clone(),
        assetnum: Some(asset.assetnum.clone()),
        location: Some(asset.location.clone()),
        worktype: plan.kind.to_owned(),
        wopriority: if serial == 0 {
            1
        } else {
            u8::try_from(2 + dice.roll(3)).unwrap_or(3)
        },
        status: status.to_owned(),
        glaccount: Some(location.glaccount.clone()),
        jpnum: Some(plan.number.to_owned()),
        jprevision: Some(plan.revision),
        crewid: Some(
            if plan.craft == "Electrical" {
                "ELE-B"
            } else {
                "MEC-B"
            }
            .to_owned(),
        ),
        assignments: if is_demo {
            vec![DEMO_TECHNICIAN.to_owned()]
        } else {
            assignee(asset, status)
        },
        planner: Some(planner(&asset.siteid).to_owned()),
        targstartdate: Some(start),
        targcompdate: Some(due),
        schedstart: is_planned.then_some(start),
        schedfinish: is_planned.then_some(due),
        actstart: is_ended.then(|| start.plus_ms(-30 * DAY_MS)),
        actfinish: is_ended.then(|| due.plus_ms(-30 * DAY_MS)),
        downsince: (serial == 0).then(|| midnight.plus_ms(6 * HOUR_MS)),
        permits: permits(serial, due),
        woactivity: vec![activity(plan)],
        wpmaterial: parts(plan, materials, start),
        failurereport: None,
    }
}

fn assignee(asset: &Asset, status: &str) -> Vec<String> {
    let code = match asset.siteid.as_str() {
        "1200" => "104402",
        "1300" => "204411",
        _ => "304402",
    };
    if status == "SCHD" {
        vec![code.to_owned()]
    } else {
        Vec::new()
    }
}

fn planner(site: &str) -> &'static str {
    match site {
        "1200" => "103310",
        "1300" => "203305",
        _ => "303301",
    }
}

fn permits(serial: usize, due: Timestamp) -> Vec<Permit> {
    if serial != 0 {
        return Vec::new();
    }
    vec![Permit {
        permitnum: "PTW-8831".to_owned(),
        kind: "isolation".to_owned(),
        validto: Some(due.plus_ms(8 * HOUR_MS)),
    }]
}

fn activity(plan: &Plan) -> Activity {
    Activity {
        taskid: 10,
        description: plan.title.to_owned(),
        craft: plan.craft.to_owned(),
        estdurmin: plan.minutes,
        quantity: 1,
        checklist: (10..)
            .step_by(10)
            .zip(plan.lines)
            .map(|(line, &(text, measure))| check(line, text, measure))
            .collect(),
    }
}

/// A line of a checklist; with a unit and limits it asks for a measurement.
pub(super) fn check(line: u32, text: &str, measure: Option<(&str, &str, &str)>) -> Check {
    let limit = |text: &str| text.parse::<Decimal>().ok();
    Check {
        line,
        description: text.to_owned(),
        kind: match measure {
            Some(_) => "MEASURE",
            None if text.starts_with("Remarks") => "REMARK",
            None => "CHECK",
        }
        .to_owned(),
        measureunit: measure.map(|(unit, ..)| unit.to_owned()),
        lowerlimit: measure.and_then(|(_, lower, _)| limit(lower)),
        upperlimit: measure.and_then(|(.., upper)| limit(upper)),
    }
}

fn parts(plan: &Plan, materials: &[Material], need: Timestamp) -> Vec<PlannedPart> {
    (1..)
        .zip(plan.parts)
        .filter_map(|(line, &(number, quantity))| {
            let material = materials.iter().find(|m| m.material == number)?;
            Some(PlannedPart {
                line,
                itemnum: number.to_owned(),
                itemqty: quantity.into(),
                orderunit: material.base_unit.clone(),
                requiredate: Some(need),
                critical: material.criticality == "V",
            })
        })
        .collect()
}
