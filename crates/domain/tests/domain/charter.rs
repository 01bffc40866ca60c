//! The charter: complete, readable and never loosened.

use fettle_domain::charter::{BadCharter, Charter, Domain, LastState};
use fettle_domain::person::Role;

#[test]
fn the_default_has_a_row_for_every_domain() {
    let charter = Charter::embedded().unwrap();
    for domain in Domain::ALL {
        assert!(charter.row(domain).freshness_limit_minutes > 0);
    }
    assert_eq!(charter.row(Domain::Labour).last_state, LastState::Erp);
    assert_eq!(charter.row(Domain::StepResult).last_state, LastState::Sent);
    assert_eq!(charter.row(Domain::PartUsed).owner, Role::Storekeeper);
}

#[test]
fn an_overlay_replaces_single_keys() {
    let charter =
        Charter::with_overlay("version = 2\n[domain.stock]\nfreshness_limit_minutes = 5").unwrap();
    assert_eq!(charter.version, 2);
    assert_eq!(charter.row(Domain::Stock).freshness_limit_minutes, 5);
    assert_eq!(charter.row(Domain::Stock).owner, Role::IntegrationOwner);
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    for overlay in [
        "[domain.stock]\nfreshnes = 5",
        "[domain.bananas]\nclass = \"A\"",
        "colour = 1",
    ] {
        let error = Charter::with_overlay(overlay).unwrap_err();
        assert!(matches!(error, BadCharter::Unreadable(_)), "{error}");
    }
    let error = Charter::with_overlay("[domain.stock]\nfreshnes = 5")
        .unwrap_err()
        .to_string();
    assert!(error.contains("freshnes"), "{error}");
}

#[test]
fn a_class_a_row_is_tightened_but_never_loosened() {
    assert!(Charter::with_overlay("[domain.labour]\nobjective_seconds = 60").is_ok());
    for overlay in [
        "[domain.labour]\nobjective_seconds = 301",
        "[domain.labour]\nclass = \"B\"",
        "[domain.labour]\nfreshness_limit_minutes = 16",
        "[domain.labour]\nconflict = \"last_wins\"",
    ] {
        let error = Charter::with_overlay(overlay).unwrap_err();
        assert!(
            matches!(error, BadCharter::Loosened(Domain::Labour, _)),
            "{error}"
        );
    }
}

#[test]
fn a_company_gives_its_owners_less_time_for_what_matters_but_never_more() {
    assert!(Charter::with_overlay("[domain.labour]\ncase_due_minutes = 60").is_ok());
    let longer = Charter::with_overlay("[domain.labour]\ncase_due_minutes = 481").unwrap_err();
    assert!(
        matches!(
            longer,
            BadCharter::Loosened(Domain::Labour, "case_due_minutes")
        ),
        "{longer}"
    );
    assert!(Charter::with_overlay("[domain.item]\ncase_due_minutes = 9999").is_ok());
}
