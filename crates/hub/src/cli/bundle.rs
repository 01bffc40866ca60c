//! `bundle`: work that was brought as a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use fettle_sync::bundle::Ending;
use fettle_sync::limits::BUNDLE_MAX_BYTES;

use super::{Place, refused};
use crate::bundle_key;
use crate::clock::now;
use crate::core::{BundleReport, Hub};

/// What to do with bundles.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Takes the unsent work of a laptop from a file saved there; twice is the same as once.
    Accept {
        /// The file.
        file: PathBuf,
    },
}

pub(super) fn run(place: &Place, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Accept { file } => accept(place, &file),
    }
}

fn accept(place: &Place, file: &Path) -> anyhow::Result<()> {
    let bytes = read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let key = bundle_key::read(place.data()?)?
        .ok_or_else(|| anyhow!("this hub has no key for bundles yet; start it once"))?;
    let mut policy = place.policy()?;
    policy.bundle = Some(Arc::new(key));
    let mut hub = Hub::open(Some(&place.existing_store()?), Arc::new(policy))?;
    let bundle = hub.read(|core| Ok(core.open_bundle(&bytes)))?;
    let bundle = bundle.map_err(refused)?;
    let report = hub.write(|core| core.accept_bundle(&bundle, "by hand", now()))?;
    say(&report);
    match report.ending {
        Ending::Whole if report.stopped.is_empty() => Ok(()),
        Ending::Whole => bail!("not everything could be taken; keep the file"),
        Ending::Cut => bail!("the file ends in the middle; save it once more on its laptop"),
        Ending::Damaged => {
            bail!("the file is damaged behind this; save it once more on its laptop")
        }
    }
}

/// Reads a file that may be anything, but not more of it than a bundle can have.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let limit = BUNDLE_MAX_BYTES as u64 + 1;
    std::fs::File::open(file)?
        .take(limit)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn say(report: &BundleReport) {
    let known = report.items.saturating_sub(report.taken);
    println!(
        "{} items, {} new, {known} known",
        report.items, report.taken
    );
    for (actor, place, refusal) in &report.set_aside {
        println!("kept aside\t{actor}/{place}\t{refusal}");
    }
    for (actor, refusal) in &report.stopped {
        println!("not taken\t{actor}\t{refusal}");
    }
    for (actor, first, last) in &report.lost.places {
        println!("unreadable on its laptop\t{actor}/{first}..{last}");
    }
    for words in &report.lost.words {
        println!("in its author's words\t{words}");
    }
}
