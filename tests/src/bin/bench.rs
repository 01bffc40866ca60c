//! Measures Fettle for `npm run bench` and says each figure as one line of JSON.

use std::path::PathBuf;

use clap::Parser;
use fettle_hub::limit::raise_file_limit;
use fettle_tests::bench::{Line, Part, Size, measure, serve};

/// Measures an edit, the exchange, the hub and a bad link, each beside its limit.
#[derive(Debug, Parser)]
struct Arguments {
    /// The orders, one JSON object a line.
    #[arg(long, required_unless_present = "serve")]
    orders: Option<PathBuf>,
    #[command(flatten)]
    size: Size,
    /// Serves the hub of a folder until its input ends, for another run of this program.
    #[arg(long, hide = true)]
    serve: Option<PathBuf>,
    /// Measures this part alone.
    #[arg(long)]
    only: Option<Part>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    raise_file_limit();
    let Some(orders) = arguments.orders else {
        let folder = arguments.serve.unwrap_or_default();
        return runtime.block_on(serve(&folder));
    };
    let say = &mut |line: &Line| match serde_json::to_string(line) {
        Ok(json) => println!("{json}"),
        Err(error) => eprintln!("{}: {error}", line.row),
    };
    let program = std::env::current_exe()?;
    runtime.block_on(measure(
        &program,
        &orders,
        arguments.only,
        &arguments.size,
        say,
    ))
}
