//! Enrolment codes as people read them out and type them.

use fettle_sync::request::{BadKey, EnrolmentCode, HexKey};

#[test]
fn a_code_is_read_as_it_was_printed_and_as_people_type_it() {
    let code = EnrolmentCode::new([1, 2, 3, 4, 5, 6, 7, 8], &[9; 32]);
    let printed = code.to_string();
    assert_eq!(printed.len(), 23);
    assert_eq!(printed.parse::<EnrolmentCode>().unwrap(), code);
    let typed = printed
        .to_lowercase()
        .replace('-', " ")
        .replace('o', "0")
        .replace('i', "1");
    assert_eq!(typed.parse::<EnrolmentCode>().unwrap(), code);
}

#[test]
fn a_code_fits_only_the_certificate_it_was_printed_for() {
    let code = EnrolmentCode::new([1; 8], &[9; 32]);
    assert!(code.fits(&[9; 32]));
    assert!(!code.fits(&[8; 32]));
}

#[test]
fn what_is_no_code_is_refused() {
    for text in [
        "",
        "AAAAA",
        "AAAAA-AAAAA-AAAAA-AAAA9",
        "AAAAA-AAAAA-AAAAA-AAAAAA",
        "ÄÄÄÄÄ",
    ] {
        assert!(text.parse::<EnrolmentCode>().is_err(), "{text}");
    }
}

#[test]
fn a_secret_is_never_printed() {
    let key = HexKey([7; 32]);
    assert_eq!(format!("{key:?}"), "HexKey(…)");
    assert_eq!(HexKey::try_from("07".repeat(32)), Ok(key));
    assert_eq!(HexKey::try_from("07".repeat(31)), Err(BadKey));
}
