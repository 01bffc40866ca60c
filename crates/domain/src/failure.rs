//! Codes of failure reports by equipment class, after ISO 14224; the words are our own.
//!
//! A mode is what was noticed, a part is the maintainable item, a cause is why. Classes the table
//! does not hold get the general codes, so that a report is always possible.

use crate::Refusal;

/// A code with its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Code as it is stored.
    pub code: &'static str,
    /// Its word on screens.
    pub words: &'static str,
}

/// The codes a report of one class is made of, most usual first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureCodes {
    /// Failure modes.
    pub modes: Vec<Code>,
    /// Maintainable items.
    pub parts: Vec<Code>,
    /// Failure causes.
    pub causes: &'static [Code],
}

/// Codes of a class such as `PU`; the general ones for a class that is unknown or not given.
#[must_use]
pub fn failure_codes(class: Option<&str>) -> FailureCodes {
    let row = class.and_then(|class| {
        let mut rows = CLASSES.iter();
        rows.find(|(classes, ..)| classes.contains(&class))
    });
    let (modes, parts) = row.map_or((GENERAL_MODES, GENERAL_PARTS), |(_, modes, parts)| {
        (modes, parts)
    });
    let pick = |table: &[Code], codes: &str| {
        let codes = codes.split_whitespace();
        codes.filter_map(|code| find(table, code)).collect()
    };
    FailureCodes {
        modes: pick(MODES, modes),
        parts: pick(PARTS, parts),
        causes: CAUSES,
    }
}

/// The word of a failure mode of any class.
#[must_use]
pub fn mode_words(code: &str) -> Option<&'static str> {
    find(MODES, code).map(|mode| mode.words)
}

/// The word of a maintainable item of any class.
#[must_use]
pub fn part_words(code: &str) -> Option<&'static str> {
    find(PARTS, code).map(|part| part.words)
}

/// The word of a failure cause.
#[must_use]
pub fn cause_words(code: &str) -> Option<&'static str> {
    find(CAUSES, code).map(|cause| cause.words)
}

/// Whether a report of these codes can be made for a class.
///
/// # Errors
/// `failure.code_unknown` with the code that is none of the class.
pub fn check_codes(
    class: Option<&str>,
    mode: &str,
    part: &str,
    cause: &str,
) -> Result<(), Refusal> {
    let codes = failure_codes(class);
    let given = [
        (mode, &codes.modes[..]),
        (part, &codes.parts[..]),
        (cause, codes.causes),
    ];
    match given
        .iter()
        .find(|(code, table)| find(table, code).is_none())
    {
        Some((code, _)) => Err(Refusal::new("failure.code_unknown").with("code", code)),
        None => Ok(()),
    }
}

fn find(table: &[Code], code: &str) -> Option<Code> {
    table.iter().find(|known| known.code == code).copied()
}

const fn code(code: &'static str, words: &'static str) -> Code {
    Code { code, words }
}

const MODES: &[Code] = &[
    code("AIR", "Instrument shows a wrong value"),
    code("BRD", "Broken down"),
    code("DOP", "Works too late"),
    code("ELP", "Leaks process medium"),
    code("ELU", "Leaks oil or water"),
    code("ERO", "Output varies"),
    code("FTC", "Does not close"),
    code("FTF", "Does not work when asked"),
    code("FTO", "Does not open"),
    code("FTR", "Does not turn"),
    code("FTS", "Does not start"),
    code("HIO", "Output too high"),
    code("IHT", "Transfers too little heat"),
    code("INL", "Leaks inside"),
    code("LCP", "Leaks when closed"),
    code("LOO", "Output too low"),
    code("NOI", "Noise"),
    code("NOO", "No output"),
    code("OHE", "Runs hot"),
    code("OTH", "Something else"),
    code("PDE", "Value drifts"),
    code("PLU", "Blocked"),
    code("PTF", "Power or signal does not get through"),
    code("SER", "Small fault, still in service"),
    code("SLP", "Slips"),
    code("SPO", "Works without being asked"),
    code("STD", "Structure damaged"),
    code("STP", "Does not stop"),
    code("UNK", "Not known"),
    code("UST", "Stops by itself"),
    code("VIB", "Vibration"),
];

const PARTS: &[Code] = &[
    code("actuator", "Actuator"),
    code("bearing", "Bearing"),
    code("belt", "Belt or chain"),
    code("brake", "Brake"),
    code("bucket", "Bucket"),
    code("burner", "Burner"),
    code("cabling", "Cables and terminals"),
    code("casing", "Casing"),
    code("contact", "Contacts"),
    code("control", "Control unit"),
    code("cooling", "Cooling"),
    code("coupling", "Coupling"),
    code("cylinder", "Cylinder or piston"),
    code("driver", "Motor or drive"),
    code("filter", "Filter or strainer"),
    code("gasket", "Gasket or packing"),
    code("gear", "Gear wheels"),
    code("hose", "Hoses and fittings"),
    code("impeller", "Impeller"),
    code("insulation", "Insulation"),
    code("lubrication", "Lubrication"),
    code("pipe", "Pipes"),
    code("pulley", "Pulley or roller"),
    code("rope", "Rope or hook"),
    code("rotor", "Rotor"),
    code("seal", "Shaft seal"),
    code("seat", "Seat"),
    code("sensor", "Sensor"),
    code("shaft", "Shaft"),
    code("stator", "Stator or winding"),
    code("structure", "Frame and foundation"),
    code("tube", "Tubes"),
    code("undercarriage", "Undercarriage"),
    code("valve", "Valve"),
    code("valve_body", "Body"),
    code("wear_part", "Wear part or liner"),
    code("other", "Something else"),
];

const CAUSES: &[Code] = &[
    code("3.4", "Wear as expected"),
    code("3.1", "Run outside its limits"),
    code("3.2", "Operated wrongly"),
    code("3.3", "Maintained wrongly"),
    code("2.2", "Installed wrongly"),
    code("2.1", "Made wrongly"),
    code("1.1", "Too small for the duty"),
    code("1.2", "Wrong material"),
    code("4.1", "Wrong or missing document"),
    code("5.2", "No cause found"),
    code("5.1", "Something else"),
];

const GENERAL_MODES: &str =
    "BRD FTS UST STP FTF LOO HIO ERO ELP ELU VIB NOI OHE PLU PDE AIR STD SER OTH UNK";
const GENERAL_PARTS: &str = "bearing seal driver coupling gear belt lubrication cooling valve pipe hose cabling \
    sensor control structure other";
const FLOW_MODES: &str =
    "ELP ELU VIB NOI OHE FTS UST STP BRD LOO HIO ERO INL PDE AIR STD SER OTH UNK";
const AIR_MODES: &str =
    "VIB NOI OHE FTS UST STP BRD LOO HIO ERO ELP ELU PLU PDE AIR STD SER OTH UNK";
const AIR_PARTS: &str = "bearing impeller shaft belt coupling casing seal driver lubrication filter sensor control \
    structure other";

/// Classes with their modes and parts.
const CLASSES: &[(&[&str], &str, &str)] = &[
    (
        &["PU"],
        FLOW_MODES,
        "seal bearing impeller shaft coupling gasket casing driver lubrication cooling pipe valve sensor \
         control structure other",
    ),
    (
        &["CO"],
        FLOW_MODES,
        "valve seal bearing cylinder rotor coupling belt casing driver lubrication cooling filter sensor \
         control structure other",
    ),
    (&["BL", "FN"], AIR_MODES, AIR_PARTS),
    (
        &["EM"],
        "FTS UST STP BRD OHE VIB NOI LOO ERO ELU PDE AIR STD SER OTH UNK",
        "bearing stator rotor cabling coupling cooling lubrication insulation sensor control structure other",
    ),
    (
        &["GB"],
        "NOI VIB OHE ELU BRD FTR PDE AIR STD SER OTH UNK",
        "gear bearing shaft seal coupling lubrication cooling casing sensor structure other",
    ),
    (
        &["CV"],
        "UST FTS STP BRD SLP LOO ERO PLU NOI VIB OHE STD AIR SER OTH UNK",
        "belt pulley bearing bucket driver gear coupling brake lubrication sensor control structure other",
    ),
    (
        &["CR"],
        "FTS UST STP BRD FTR SLP LOO PLU NOI VIB OHE ELU STD AIR SER OTH UNK",
        "bearing rope brake gear driver coupling wear_part hose lubrication cabling sensor control structure \
         other",
    ),
    (
        &["ME"],
        "UST FTS STP BRD LOO ERO ELU OHE NOI VIB STD AIR SER OTH UNK",
        "hose cylinder undercarriage driver bucket bearing filter cooling lubrication valve cabling sensor \
         control structure other",
    ),
    (
        &["HE"],
        "ELP ELU INL IHT PLU PDE STD AIR SER OTH UNK",
        "tube gasket casing valve pipe sensor structure other",
    ),
    (
        &["HB"],
        "UST FTS STP BRD ELP ELU INL IHT LOO HIO ERO OHE NOI PLU PDE STD AIR SER OTH UNK",
        "tube burner driver valve gasket casing pipe insulation sensor cabling control structure other",
    ),
    (
        &["VE"],
        "ELP PLU PDE STD AIR SER OTH UNK",
        "gasket casing pipe valve sensor structure other",
    ),
    (
        &["VA"],
        "FTO FTC FTF LCP ELP ELU INL DOP SPO PLU NOI STD AIR SER OTH UNK",
        "seat gasket actuator valve_body shaft control sensor cabling other",
    ),
    (
        &["IP"],
        "AIR NOO ERO HIO LOO FTF SPO ELP SER OTH UNK",
        "sensor cabling control pipe valve other",
    ),
    (
        &["SG"],
        "FTF FTO FTC SPO DOP OHE PTF STD AIR SER OTH UNK",
        "contact insulation cabling control actuator sensor structure other",
    ),
];
