//! What the manifests promise: exact versions, shared lints, and no fault point in what ships.

use cargo_metadata::MetadataCommand;
use serde_json::Value;

use crate::tree::{Source, none, sources, top};

/// Name of the feature that compiles fault points and the movable clock.
const FAULTS: &str = "faults";

fn manifests() -> Vec<Source> {
    let mut found = sources();
    found.retain(|source| source.is("Cargo.toml") && source.path != "Cargo.toml");
    found
}

#[test]
fn every_dependency_has_an_exact_version() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let mut broken = Vec::new();
    for package in &metadata.packages {
        for dependency in package.dependencies.iter().filter(|it| it.path.is_none()) {
            if !dependency.req.to_string().starts_with('=') {
                broken.push(format!(
                    "{}: {} {}",
                    package.name, dependency.name, dependency.req
                ));
            }
        }
    }
    none("versions are exact", &broken);
}

#[test]
fn every_npm_dependency_has_an_exact_version() {
    let text = std::fs::read_to_string(top().join("package.json")).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    for group in ["dependencies", "devDependencies"] {
        for (name, version) in manifest[group].as_object().unwrap() {
            let version = version.as_str().unwrap();
            assert!(
                version.starts_with(|it: char| it.is_ascii_digit()),
                "{name} {version}"
            );
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for manifest in manifests() {
        assert!(
            manifest.text.contains("[lints]\nworkspace = true"),
            "{} lacks them",
            manifest.path
        );
    }
}

#[test]
fn fault_points_are_never_compiled_unless_asked_for() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    for package in &metadata.packages {
        for (feature, enabled) in &package.features {
            let brings = |name: &String| name == FAULTS || name.ends_with("/faults");
            assert!(
                feature == FAULTS || !enabled.iter().any(brings),
                "{}: {feature} brings {FAULTS}",
                package.name
            );
        }
        for dependency in package.dependencies.iter().filter(|it| it.path.is_some()) {
            let is_named = dependency.features.iter().any(|name| name == FAULTS);
            assert!(
                !is_named,
                "{} always builds {} with {FAULTS}",
                package.name, dependency.name
            );
        }
    }
}
