//! Measures Fettle for `npm run bench` and says each figure as one line of JSON.

use std::path::PathBuf;

use clap::Parser;

/// Measures an edit, the exchange and the hub, each beside its limit.
#[derive(Debug, Parser)]
struct Arguments {
    /// The orders, one JSON object a line.
    #[arg(long)]
    orders: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(fettle_tests::bench::measure(
        &arguments.orders,
        &mut |line| match serde_json::to_string(line) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("{}: {error}", line.row),
        },
    ))
}
