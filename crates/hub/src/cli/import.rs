//! `import`: orders of a file into the CMMS, through its connector.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use fettle_connectors::{DemoCmms, Http, HttpLimits};

use super::{Place, runtime};
use crate::clock::now;
use crate::demo_systems::DemoSystems;
use crate::import::{Mapping, import, read_file};
use crate::lock::{Lock, Right};

/// The file and how to read it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file, as CSV.
    file: PathBuf,
    /// Name of a mapping that came with the hub, or a mapping file.
    #[arg(long)]
    mapping: String,
}

pub(super) fn run(place: &Place, arguments: &Arguments) -> anyhow::Result<()> {
    let mapping = Mapping::load(&arguments.mapping)?;
    let _lock = Lock::take(place.data()?, Right::Import)?;
    let intake = read_file(&arguments.file, &mapping)?;
    let report = runtime()?.block_on(async {
        let address = match &place.config.outside {
            Some(outside) => outside.cmms.clone(),
            None => DemoSystems::start(place.data()?).await?.cmms,
        };
        let cmms = Arc::new(DemoCmms::new(Arc::new(Http::new(
            &address,
            HttpLimits::default(),
        )?)));
        anyhow::Ok(import(&intake, &mapping, &cmms, now(), progress).await?)
    })?;
    print!("{report}");
    // The report says how many rows are left and why; a script needs the code as well.
    anyhow::ensure!(
        report.stopped.is_none(),
        "the import stopped before its end"
    );
    anyhow::ensure!(
        report.taken() > 0 || report.refused.is_empty(),
        "no row was taken; the report says why"
    );
    Ok(())
}

/// Rows between two lines of progress.
const PROGRESS_ROWS: usize = 500;

fn progress(done: usize, total: usize) {
    if std::io::stderr().is_terminal() && done.is_multiple_of(PROGRESS_ROWS) {
        eprintln!("{done} of {total} rows");
    }
}
