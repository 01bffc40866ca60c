//! The people of the world.

use serde::{Deserialize, Serialize};

/// A person as the CMMS keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labor {
    /// Employee number.
    pub laborcode: String,
    /// Sign-in name.
    pub loginid: String,
    /// Name.
    pub displayname: String,
    /// Craft and grade.
    pub craft: String,
    /// Site.
    pub siteid: String,
    /// Crew.
    pub crewid: Option<String>,
    /// Security groups.
    pub groups: Vec<String>,
    /// Still employed.
    pub active: bool,
}

const PEOPLE: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        "104417",
        "J. Kowalska",
        "Mechanical 2",
        "1200",
        "MEC-B",
        "MAINTTECH",
    ),
    (
        "104402",
        "M. Ode",
        "Mechanical 3",
        "1200",
        "MEC-B",
        "MAINTTECH",
    ),
    (
        "104429",
        "P. Novak",
        "Electrical 2",
        "1200",
        "ELE-B",
        "MAINTTECH",
    ),
    ("103310", "A. Brandt", "Planning", "1200", "", "PLANNER"),
    ("102208", "S. Ebert", "Supervision", "1200", "", "MAINTSUPR"),
    ("105560", "K. Sommer", "Stores", "1200", "", "STOREROOM"),
    (
        "101101",
        "L. Okafor",
        "Business systems",
        "1200",
        "",
        "INTEGRATION",
    ),
    (
        "100001",
        "E. Lindqvist",
        "Business systems",
        "1200",
        "",
        "MAXADMIN",
    ),
    (
        "204411",
        "T. Sato",
        "Mechanical 2",
        "1300",
        "MEC-A",
        "MAINTTECH",
    ),
    ("203305", "R. Weiss", "Planning", "1300", "", "PLANNER"),
    (
        "304402",
        "D. Wierzba",
        "Mechanical 1",
        "1400",
        "MEC-A",
        "MAINTTECH",
    ),
    ("303301", "C. Moreau", "Planning", "1400", "", "PLANNER"),
];

pub(super) fn people() -> Vec<Labor> {
    PEOPLE
        .iter()
        .map(|&(code, name, craft, site, crew, group)| Labor {
            laborcode: code.to_owned(),
            loginid: name.rsplit(' ').next().unwrap_or(name).to_lowercase(),
            displayname: name.to_owned(),
            craft: craft.to_owned(),
            siteid: site.to_owned(),
            crewid: (!crew.is_empty()).then(|| crew.to_owned()),
            groups: vec![group.to_owned()],
            active: true,
        })
        .collect()
}
