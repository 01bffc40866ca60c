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
        if manifest.path == "tests/Cargo.toml" {
            continue;
        }
        assert!(
            manifest.text.contains("[lints]\nworkspace = true"),
            "{} lacks them",
            manifest.path
        );
    }
}

#[test]
fn the_tests_differ_from_the_lints_of_the_workspace_by_one_word() {
    let read = |path: &str| std::fs::read_to_string(top().join(path)).unwrap();
    let lints_of = |text: &str, section: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| *line != section).skip(1);
        let lines = lines.take_while(|line| !line.is_empty());
        lines.map(ToOwned::to_owned).collect()
    };
    let (whole, own) = (read("Cargo.toml"), read("tests/Cargo.toml"));
    for lints in ["rust", "clippy"] {
        let mut shared = lints_of(&whole, &format!("[workspace.lints.{lints}]"));
        for line in &mut shared {
            *line = line.replace(r#"unsafe_code = "forbid""#, r#"unsafe_code = "deny""#);
        }
        assert_eq!(lints_of(&own, &format!("[lints.{lints}]")), shared);
    }
}

#[test]
fn unsafe_code_stands_in_one_file_of_the_tests() {
    let is_unsafe = |line: &str| line.contains(concat!("unsafe", "_code,"));
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|source| source.is(".rs") && source.path != "tests/src/sim/disk.rs")
        .flat_map(|source| source.lines_where(is_unsafe))
        .collect();
    none("unsafe code", &broken);
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
