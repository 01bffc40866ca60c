//! Equipment classes of ISO 14224: what stands in a plant, how it fails, and what is done about it.
//!
//! Frequencies follow the order of the handbooks: seals and bearings of pumps, belts and rollers of
//! conveyors, contacts and cables of switchgear; not their figures, which belong to a plant.

mod air;
mod conveyor;
mod fixed;
mod mill;
mod pump;

/// A class of equipment.
#[derive(Debug)]
pub(super) struct Class {
    /// Code of ISO 14224.
    pub(super) code: &'static str,
    /// Letters of its tags.
    pub(super) tag: &'static str,
    /// Names of such machines.
    pub(super) names: &'static [&'static str],
    /// Manufacturers, each with models.
    pub(super) makers: &'static [(&'static str, &'static [&'static str])],
    /// Failures of a hundred machines in a year.
    pub(super) failures_of_hundred: u64,
    /// Sides and places people name on it.
    pub(super) places: &'static [&'static str],
    /// Ways it fails.
    pub(super) failures: &'static [Failure],
    /// What is done to it before it fails.
    pub(super) plans: &'static [Plan],
}

/// A way of failing.
#[derive(Debug)]
pub(super) struct Failure {
    /// Failure mode of ISO 14224, in words.
    pub(super) mode: &'static str,
    /// How often beside the others of the class.
    pub(super) weight: u64,
    /// System of the machine.
    pub(super) system: &'static str,
    /// Parts it comes from.
    pub(super) parts: &'static [&'static str],
    /// What people see, behind the part.
    pub(super) signs: &'static [&'static str],
    /// What people do, before the part.
    pub(super) remedies: &'static [&'static str],
    /// Group of the material that goes in, when one does.
    pub(super) material: Option<&'static str>,
    /// Minutes of work: least, quarters, greatest.
    pub(super) minutes: [u64; 5],
}

/// Preventive work.
#[derive(Debug)]
pub(super) struct Plan {
    /// Number of the job plan.
    pub(super) number: &'static str,
    /// Text.
    pub(super) title: &'static str,
    /// `PM`, `CBM` or `INSP`.
    pub(super) kind: &'static str,
    /// Days from one to the next.
    pub(super) days: u64,
    /// Craft.
    pub(super) craft: &'static str,
    /// Planned minutes.
    pub(super) minutes: u32,
    /// Checklist: text, and unit with limits where something is measured.
    pub(super) lines: &'static [Line],
    /// Group of the material it needs, when it does.
    pub(super) material: Option<&'static str>,
}

/// A line of a checklist.
pub(super) type Line = (
    &'static str,
    Option<(&'static str, &'static str, &'static str)>,
);

/// The class of a code. Invariant: only codes of [`TRAINS`] are asked for.
pub(super) fn class(code: &str) -> &'static Class {
    let mut all = pump::CLASSES
        .iter()
        .chain(air::CLASSES)
        .chain(conveyor::CLASSES)
        .chain(mill::CLASSES)
        .chain(fixed::CLASSES);
    all.find(|class| class.code == code)
        .unwrap_or(&pump::CLASSES[0])
}

/// What stands together, the first carrying the others, and how often of a hundred.
pub(super) const TRAINS: &[(&[&str], u64)] = &[
    (&["PU", "EM", "IP"], 26),
    (&["CV", "EM", "GB"], 16),
    (&["FN", "EM"], 10),
    (&["BL", "EM"], 5),
    (&["CO", "EM", "VA"], 5),
    (&["HE", "VA", "IP"], 8),
    (&["VE", "IP", "VA", "VA"], 9),
    (&["CR", "EM", "GB"], 5),
    (&["VA"], 4),
    (&["SG"], 4),
    (&["HV", "EM"], 3),
    (&["ME"], 5),
];
