//! `import`: history and masters of a file into the hub; lists imports and takes them back.

use std::fs::File;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use fettle_domain::ImportId;

use super::{Place, refused, runtime};
use crate::clock::now;
use crate::core::KnownImport;
use crate::demo_systems::DemoSystems;
use crate::import::{Mapping, OpenOrder, Report, Source, create_open, import, preview, undo};
use crate::lock::{Lock, Right};
use crate::systems::Systems;

/// The file and how to read it, or what to do with imports that are there.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The file, as CSV.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Name of a mapping that came with the hub, or a mapping file.
    #[arg(long, required = true)]
    mapping: Option<String>,
    /// Reads and judges everything, and changes nothing.
    #[arg(long)]
    preview: bool,
    /// Writes every row of the file with what was made of it, as CSV.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists imports, the latest first.
    List,
    /// Takes an import back as a whole.
    Undo {
        /// The import, as `list` prints it.
        id: ImportId,
    },
}

pub(super) fn run(place: &Place, arguments: &Arguments) -> anyhow::Result<()> {
    match (&arguments.command, &arguments.file, &arguments.mapping) {
        (Some(Command::List), ..) => list(place),
        (Some(Command::Undo { id }), ..) => take_back(place, *id),
        (None, Some(file), Some(mapping)) => take_in(place, arguments, file, mapping),
        (None, ..) => anyhow::bail!("say which file, and by which mapping"),
    }
}

fn take_in(place: &Place, arguments: &Arguments, file: &Path, mapping: &str) -> anyhow::Result<()> {
    let mapping = Mapping::load(mapping)?;
    let mut hub = place.hub()?;
    let source = Source::read(file)?;
    let report = if arguments.preview {
        preview(&hub, &source, &mapping, now())?
    } else {
        let _lock = Lock::take(place.data()?, Right::Import)?;
        let mut report = import(&mut hub, &source, &mapping, now(), progress)?;
        runtime()?.block_on(open_order(place, &mut report, &mapping))?;
        report
    };
    if let Some(file) = &arguments.report {
        let written = File::create(file).map_err(csv::Error::from);
        written
            .and_then(|to| report.write_rows(to))
            .with_context(|| format!("failed to write {}", file.display()))?;
    }
    print!("{report}");
    // The report says what is left and why; a script needs the code as well.
    let is_made = !matches!(report.open, OpenOrder::NotMade { .. });
    anyhow::ensure!(is_made, "the open order could not be made");
    let is_any = report.taken() > 0 || report.rows.is_empty();
    anyhow::ensure!(is_any, "no row was taken; the report says why");
    Ok(())
}

/// Only the CMMS makes orders that are to be worked on.
async fn open_order(place: &Place, report: &mut Report, mapping: &Mapping) -> anyhow::Result<()> {
    if !mapping.has_open() {
        return Ok(());
    }
    let systems = match &place.config.outside {
        Some(outside) => Systems::demo(&outside.cmms, &outside.erp)?,
        None => {
            let demo = DemoSystems::start(place.data()?).await?;
            Systems::demo(&demo.cmms, &demo.erp)?
        }
    };
    create_open(report, mapping, &systems, now()).await;
    Ok(())
}

fn list(place: &Place) -> anyhow::Result<()> {
    for KnownImport { import, undone_at } in place.hub()?.read(|core| core.imports())? {
        let state = match undone_at {
            None => "stands".to_owned(),
            Some(at) => format!("taken back {at}"),
        };
        println!(
            "{}\t{}\t{}\t{}\ttaken {} of {}\t{state}",
            import.id, import.at, import.file, import.mapping, import.taken, import.read
        );
    }
    Ok(())
}

fn take_back(place: &Place, id: ImportId) -> anyhow::Result<()> {
    let _lock = Lock::take(place.data()?, Right::Import)?;
    let mut hub = place.hub()?;
    let rows = undo(&mut hub, id, now(), || true)?.map_err(refused)?;
    println!("import {id} is taken back: {rows} rows are no more");
    println!("an order that was made in the CMMS after it stays there; cancel it there");
    Ok(())
}

fn progress(rows: usize) -> bool {
    if rows > 0 && std::io::stderr().is_terminal() {
        eprintln!("{rows} rows");
    }
    true
}
