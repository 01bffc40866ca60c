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

async fn measured(part: Part, size: Size) -> Vec<Line> {
    let folder = tempfile::tempdir().unwrap();
    let orders = orders(folder.path(), 200);
    let mut lines = Vec::new();
    let program = Path::new(env!("CARGO_BIN_EXE_bench"));
    let say = &mut |line: &Line| lines.push(line.clone());
    measure(program, &orders, Some(part), &size, say)
        .await
        .unwrap();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_work_at_one_hub_and_lose_nothing() {
    let size = Size { devices: 24 };
    let lines = measured(Part::Crowd, size).await;
    assert!(lines.iter().all(|line| line.row.starts_with("24 devices")));
    assert!(lines.iter().all(|line| line.ours > 0.0), "{lines:?}");
}
