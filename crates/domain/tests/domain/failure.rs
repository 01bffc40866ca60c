//! Codes of failure reports: every class can be reported about, with codes that have words.

use fettle_domain::failure::{cause_words, check_codes, failure_codes, mode_words, part_words};

const CLASSES: [&str; 17] = [
    "PU", "CO", "BL", "FN", "EM", "GB", "CV", "CR", "ME", "HE", "HB", "VE", "VA", "IP", "SG", "HV",
    "FS",
];

#[test]
fn every_class_has_modes_parts_and_causes_with_a_way_out() {
    for class in CLASSES.map(Some).into_iter().chain([None]) {
        let codes = failure_codes(class);
        assert!(codes.modes.len() >= 8, "{class:?}");
        assert!(codes.parts.len() >= 6, "{class:?}");
        assert!(codes.modes.iter().any(|mode| mode.code == "UNK"));
        assert!(codes.parts.iter().any(|part| part.code == "other"));
        for (codes, words) in [
            (
                &codes.modes[..],
                mode_words as fn(&str) -> Option<&'static str>,
            ),
            (&codes.parts[..], part_words),
            (codes.causes, cause_words),
        ] {
            for (index, code) in codes.iter().enumerate() {
                assert_eq!(words(code.code), Some(code.words));
                assert!(!codes[..index].contains(code), "{} twice", code.code);
            }
        }
    }
}

#[test]
fn a_pump_is_reported_with_the_codes_of_pumps() {
    assert!(check_codes(Some("PU"), "ELP", "seal", "3.4").is_ok());
    let refusal = check_codes(Some("PU"), "FTO", "seal", "3.4").unwrap_err();
    assert_eq!(refusal.code, "failure.code_unknown");
    assert_eq!(refusal.arguments[0].value, "FTO");
    assert!(check_codes(Some("VA"), "FTO", "seat", "3.4").is_ok());
    assert!(check_codes(None, "BRD", "bearing", "9.9").is_err());
}
