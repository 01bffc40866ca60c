//! The arrows between rooms. `docs/ARCHITECTURE.md` explains them; this list is the law.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Every arrow between two rooms, and no other.
const ARROWS: &[(&str, &[&str])] = &[
    ("fettle-domain", &[]),
    ("fettle-document", &["fettle-domain"]),
    ("fettle-sync", &["fettle-domain"]),
    ("fettle-demo", &["fettle-domain"]),
    ("fettle-connectors", &["fettle-domain"]),
    (
        "fettle-replica",
        &["fettle-document", "fettle-domain", "fettle-sync"],
    ),
    (
        "fettle-desk",
        &[
            "fettle-document",
            "fettle-domain",
            "fettle-replica",
            "fettle-sync",
        ],
    ),
    ("fettle-desk-app", &["fettle-desk"]),
    (
        "fettle-hub",
        &[
            "fettle-connectors",
            "fettle-demo",
            "fettle-document",
            "fettle-domain",
            "fettle-sync",
        ],
    ),
    // Everything but the window, which is reached from outside.
    (
        "fettle-tests",
        &[
            "fettle-connectors",
            "fettle-demo",
            "fettle-desk",
            "fettle-document",
            "fettle-domain",
            "fettle-hub",
            "fettle-replica",
            "fettle-sync",
        ],
    ),
];

/// What the pure rooms must never reach: input, output, clock, randomness, a runtime, a window.
const IMPURE: &[&str] = &[
    "axum",
    "getrandom",
    "keyring",
    "rand",
    "refinery",
    "reqwest",
    "rusqlite",
    "tauri",
    "tokio",
];

fn workspace() -> Metadata {
    MetadataCommand::new().no_deps().exec().unwrap()
}

fn arrows(
    metadata: &Metadata,
    package: &str,
    is_wanted: fn(DependencyKind) -> bool,
) -> BTreeSet<String> {
    metadata
        .packages
        .iter()
        .filter(|candidate| candidate.name.as_str() == package)
        .flat_map(|found| &found.dependencies)
        .filter(|dependency| dependency.path.is_some() && is_wanted(dependency.kind))
        .map(|dependency| dependency.name.clone())
        .collect()
}

#[test]
fn every_room_is_in_the_list() {
    let named: BTreeSet<&str> = ARROWS.iter().map(|(from, _)| *from).collect();
    let metadata = workspace();
    let found: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(found, named);
}

#[test]
fn rooms_depend_on_each_other_as_the_list_says() {
    let metadata = workspace();
    for (from, to) in ARROWS {
        let wanted: BTreeSet<String> = to.iter().map(ToString::to_string).collect();
        let found = arrows(&metadata, from, |kind| kind != DependencyKind::Development);
        if *from == "fettle-tests" {
            // The tests may reach every room and name those they use.
            assert!(found.is_subset(&wanted), "arrows of {from}: {found:?}");
        } else {
            assert_eq!(found, wanted, "arrows of {from}");
        }
    }
}

#[test]
fn tests_of_a_room_reach_no_further_than_the_room() {
    let metadata = workspace();
    for (from, to) in ARROWS {
        for arrow in arrows(&metadata, from, |kind| kind == DependencyKind::Development) {
            assert!(
                to.contains(&arrow.as_str()),
                "the tests of {from} use {arrow}; a test that crosses rooms belongs into tests/"
            );
        }
    }
}

#[test]
fn pure_rooms_reach_no_outside_world() {
    let metadata = workspace();
    for package in &metadata.packages {
        if !["fettle-domain", "fettle-document", "fettle-sync"].contains(&package.name.as_str()) {
            continue;
        }
        for dependency in &package.dependencies {
            let is_shipped = dependency.kind != DependencyKind::Development;
            assert!(
                !(is_shipped && IMPURE.contains(&dependency.name.as_str())),
                "{} is pure and must not depend on {}",
                package.name,
                dependency.name
            );
        }
    }
}
