//! `backup`, `verify` and `restore`: an online copy, its check, and the way back.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::Place;
use crate::attachments::Attachments;
use crate::clock::now;
use crate::core::{BackupReport, copy_attachments, restore as restore_store, verify_backup};
use crate::lock::{Lock, Right};

pub(super) fn back_up(place: &Place, file: &Path) -> anyhow::Result<()> {
    let mut hub = place.hub()?;
    let begun = now();
    hub.read(|core| core.back_up(file))?;
    // What was whole when the copy was made has its file by now.
    let from = Attachments::in_folder(place.data()?);
    copy_attachments(file, &from, &Attachments::beside(file))?;
    // Only a copy that was read back whole lets desks forget what they sent.
    let report = whole(file)?;
    let through = hub.write(|core| core.note_backup(begun, file))?;
    println!("copied to {}: {}", file.display(), words(&report));
    println!("desks may forget what the hub had by {through}");
    Ok(())
}

pub(super) fn verify(file: &Path) -> anyhow::Result<()> {
    println!("{} is whole: {}", file.display(), words(&whole(file)?));
    Ok(())
}

pub(super) fn restore(place: &Place, file: &Path) -> anyhow::Result<()> {
    let _lock = Lock::take(place.data()?, Right::Serve)?;
    let epoch = restore_store(file, &place.store_file()?, now())?;
    println!("{}", words(&verify_backup(&place.store_file()?)?));
    println!("restored; the log has epoch {epoch}, and desks give back what it lost");
    Ok(())
}

fn whole(file: &Path) -> anyhow::Result<BackupReport> {
    let report = verify_backup(file)
        .with_context(|| format!("{} is no copy of a hub that can be read", file.display()))?;
    if report.faults.is_empty() {
        return Ok(report);
    }
    let faults = report.faults.join("; ");
    Err(anyhow!("{} is damaged: {faults}", file.display()))
}

fn words(report: &BackupReport) -> String {
    let mut words = format!("{} changes, log epoch {}", report.changes, report.log_epoch);
    if report.attachments > 0 {
        words = format!("{words}, {} attachments", report.attachments);
    }
    for content in &report.missing_attachments {
        words = format!("{words}\nmissing attachment {content}");
    }
    if !report.missing_attachments.is_empty() {
        words = format!("{words}\nlaptops that have them bring them again");
    }
    words
}
