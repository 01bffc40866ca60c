//! `docs/CHARTER.md` is the charter in force, written out; it is generated, never edited.

use std::fmt::Write;
use std::path::PathBuf;

use fettle_domain::charter::{Charter, Domain};

fn page() -> String {
    let charter = Charter::embedded().unwrap();
    let mut page = format!(
        "# Authority charter, version {}\n\n\
         Generated from `crates/domain/charter.toml`; a test keeps it fresh.\n\n\
         | domain | system of record | direction | pattern | fresh for (min) | class | conflict | \
         on failure | owner | case due (min) | objective (s) | last state |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
        charter.version
    );
    for domain in Domain::ALL {
        let row = charter.row(domain);
        let word = |value: serde_json::Value| value.as_str().unwrap().replace('_', " ");
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {:?} | {} | {} | {} | {} | {} | {} |",
            word(serde_json::to_value(domain).unwrap()),
            word(serde_json::to_value(row.system_of_record).unwrap()),
            row.direction.replace('_', " "),
            row.pattern,
            row.freshness_limit_minutes,
            row.class,
            row.conflict.replace('_', " "),
            row.on_failure,
            row.owner.word().replace('_', " "),
            row.case_due_minutes,
            row.objective_seconds,
            word(serde_json::to_value(row.last_state).unwrap()),
        )
        .unwrap();
    }
    page
}

#[test]
fn the_charter_page_is_fresh() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/CHARTER.md");
    if std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write") {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, page(), "run this test with FETTLE_GOLDEN=write");
}
