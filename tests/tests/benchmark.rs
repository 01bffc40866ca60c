//! What `npm run bench` measures at the size of a company, played in small: that it runs, and that
//! nothing is lost on the way. No figure is judged.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use fettle_tests::bench::{Line, Part, Size, measure};

/// The orders every contestant works on, as the benchmark writes them.
fn orders(folder: &Path, count: usize) -> PathBuf {
    let file = folder.join("orders.jsonl");
    let script = format!(
        "import {{ order }} from './tests/bench/peers/orders.mjs';
         for (let i = 0; i < {count}; i++) console.log(JSON.stringify(order(i)));"
    );
    let written = Command::new("node")
        .args(["--input-type=module", "--eval", &script])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    std::fs::write(&file, written.stdout).unwrap();
    file
}

async fn measured(part: Part) -> Vec<Line> {
    let folder = tempfile::tempdir().unwrap();
    let orders = orders(folder.path(), 200);
    let mut lines = Vec::new();
    let size = Size {
        devices: 24,
        company_orders: 2_000,
        company_items: 20_000,
    };
    let program = Path::new(env!("CARGO_BIN_EXE_bench"));
    let say = &mut |line: &Line| lines.push(line.clone());
    measure(program, &orders, Some(part), &size, say)
        .await
        .unwrap();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_work_at_one_hub_and_lose_nothing() {
    let lines = measured(Part::Crowd).await;
    assert!(lines.iter().all(|line| line.row.starts_with("24 devices")));
    assert!(lines.iter().all(|line| line.ours > 0.0), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_comes_through_the_hub_onto_a_laptop() {
    let lines = measured(Part::Company).await;
    let ours = |row: &str| {
        let line = lines.iter().find(|line| line.row == row);
        line.unwrap_or_else(|| panic!("no row {row}: {lines:#?}"))
            .ours
    };
    assert!(ours("first copy, bytes") > 0.1);
    assert!(ours("save during a stock update, p95") > 0.0);
    assert!(ours("size of the laptop's catalogue") > 1.0);
    let found = |row: &str| {
        let line = lines.iter().find(|line| line.row == row).unwrap();
        !line.note.contains("; 0 rows")
    };
    for what in ["common word", "number without its dashes", "typo"] {
        assert!(found(&format!("search items, {what}")), "{what}");
    }
    assert!(!found("search items, nothing like it"));
}
