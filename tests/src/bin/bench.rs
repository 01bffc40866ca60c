//! Measures Fettle for `npm run bench` and says each figure as one line of JSON.

use std::path::PathBuf;

use clap::Parser;
use fettle_tests::bench::{Part, measure};

/// Measures an edit, the exchange, the hub and a bad link, each beside its limit.
#[derive(Debug, Parser)]
struct Arguments {
    /// The orders, one JSON object a line.
    #[arg(long)]
    orders: PathBuf,
    /// Measures this part alone.
    #[arg(long)]
    only: Option<Part>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure(&arguments.orders, arguments.only, &mut |line| {
        match serde_json::to_string(line) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("{}: {error}", line.row),
        }
    }))
}
