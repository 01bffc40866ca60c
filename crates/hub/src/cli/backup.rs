//! `backup` and `restore`: an online copy, its check, and the way back.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;

use super::Place;
use crate::clock::now;
use crate::core::{restore as restore_store, verify_backup};

/// Where to copy to, or which copy to check.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Copies the store here.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "verify",
        required_unless_present = "verify"
    )]
    to: Option<PathBuf>,
    /// Checks this copy as a whole.
    #[arg(long, value_name = "FILE")]
    verify: Option<PathBuf>,
}

pub(super) fn run(place: &Place, arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(to) = &arguments.to {
        place.hub()?.read(|core| core.back_up(to))?;
        println!("copied to {}", to.display());
    }
    if let Some(copy) = &arguments.verify {
        let report = verify_backup(copy)?;
        if !report.faults.is_empty() {
            return Err(anyhow!(
                "{} is damaged: {}",
                copy.display(),
                report.faults.join("; ")
            ));
        }
        let (changes, epoch) = (report.changes, report.log_epoch);
        println!(
            "{} is whole: {changes} changes, log epoch {epoch}",
            copy.display()
        );
    }
    Ok(())
}

pub(super) fn restore(place: &Place, copy: &Path) -> anyhow::Result<()> {
    let epoch = restore_store(copy, &place.store_file()?, now())?;
    println!("restored; the log has epoch {epoch}, and desks stop exchanging until they know it");
    Ok(())
}
