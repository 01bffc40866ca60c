//! What may stand where.

use crate::tree::{Source, none, sources};

/// Beginnings of statements, as they are written here.
const SQL: &[&str] = &[
    "ALTER TABLE ",
    "CREATE INDEX ",
    "CREATE TABLE ",
    "CREATE VIRTUAL TABLE ",
    "DELETE FROM ",
    "INSERT INTO ",
    "INSERT OR ",
    "SELECT ",
];

/// Folders of one machine; split, so that this file does not break its own rule.
const MACHINE: &[&str] = &[
    concat!("/", "farm/"),
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "tmp/"),
    concat!("/", "work/"),
];

/// Calls that make an outcome depend on the machine instead of the arguments.
const IMPURE: &[&str] = &[
    "async fn",
    "Instant::now",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread::sleep",
    "SystemTime::now",
    "Timestamp::now",
];

fn rust() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(|source| source.is(".rs"))
}

/// Only code that ships; tests may look into a database to judge it.
fn shipped_rust() -> impl Iterator<Item = Source> {
    rust().filter(|source| source.path.contains("/src/") && !source.path.starts_with("tests/"))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn every_file_says_what_it_owns() {
    let broken: Vec<String> = rust()
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| source.path)
        .collect();
    none("a Rust file opens with //!", &broken);
}

#[test]
fn a_module_is_named_like_its_file() {
    let broken: Vec<String> = rust()
        .map(|source| source.path)
        .filter(|path| path.ends_with("/mod.rs"))
        .collect();
    none("foo.rs and foo/, never mod.rs", &broken);
}

#[test]
fn queries_stand_in_table_rooms_alone() {
    let is_sql = |line: &str| !is_comment(line) && SQL.iter().any(|start| line.contains(start));
    let broken: Vec<String> = shipped_rust()
        .filter(|source| !source.path.contains("/src/table/"))
        .flat_map(|source| source.lines_where(is_sql))
        .collect();
    none("SQL stands in migrations/ and src/table/", &broken);
}

#[test]
fn a_migration_is_named_by_its_time_and_its_verb() {
    let broken: Vec<String> = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| path.starts_with("migrations/") && path.ends_with(".sql"))
        .filter(|path| !is_migration_name(path.rsplit('/').next().unwrap()))
        .collect();
    none("V<14 digits>__verb_noun.sql", &broken);
}

fn is_migration_name(name: &str) -> bool {
    let Some((version, words)) = name
        .strip_prefix('V')
        .and_then(|rest| rest.strip_suffix(".sql"))
        .and_then(|rest| rest.split_once("__"))
    else {
        return false;
    };
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    version.len() == 14
        && version.chars().all(|it| it.is_ascii_digit())
        && words.contains('_')
        && words.split('_').all(is_word)
}

#[test]
fn only_the_host_speaks_to_the_window() {
    let is_allowed = |path: &str| path == "ui/src/host.ts" || path.starts_with("ui/src/generated/");
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|source| source.path.starts_with("ui/src/") && !is_allowed(&source.path))
        .flat_map(|source| source.lines_where(|line| line.contains("@tauri-apps/")))
        .collect();
    none(
        "@tauri-apps is imported by host.ts and generated/ alone",
        &broken,
    );
}

#[test]
fn pure_rooms_read_no_clock_and_no_disk() {
    let is_pure = |path: &str| {
        ["domain", "document", "sync"]
            .iter()
            .any(|room| path.starts_with(&format!("crates/{room}/src/")))
    };
    let is_impure = |line: &str| !is_comment(line) && IMPURE.iter().any(|call| line.contains(call));
    let broken: Vec<String> = shipped_rust()
        .filter(|source| is_pure(&source.path))
        .flat_map(|source| source.lines_where(is_impure))
        .collect();
    none("domain, document and sync are pure", &broken);
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let is_lock = |path: &str| path.ends_with("package-lock.json") || path.ends_with("Cargo.lock");
    let names_machine = |line: &str| MACHINE.iter().any(|folder| begins_a_path(line, folder));
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|source| !is_lock(&source.path))
        .flat_map(|source| source.lines_where(names_machine))
        .collect();
    none("no path of one machine", &broken);
}

/// Only where it begins a path: a work feed or a route may hold the same word in its middle.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|it| !(it.is_alphanumeric() || "}>_-.*".contains(it)))
    })
}

#[test]
fn no_test_is_left_out() {
    let is_left_out = |line: &str| {
        let line = line.trim_start();
        line.starts_with(concat!("#[", "ignore"))
            || ["test", "it", "describe"].iter().any(|word| {
                line.starts_with(&format!("{word}.only("))
                    || line.starts_with(&format!("{word}.skip("))
            })
    };
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|source| source.is(".rs") || source.is(".ts") || source.is(".mjs"))
        .flat_map(|source| source.lines_where(is_left_out))
        .collect();
    none("every test runs", &broken);
}
