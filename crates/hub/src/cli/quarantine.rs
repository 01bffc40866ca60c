//! `quarantine`: what arrived and was kept aside, and its release by an administrator.

use clap::Subcommand;

use super::Place;
use crate::clock::now;
use crate::core::Kept;

/// What to do with what is kept aside.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists what is kept aside, with the reason.
    List,
    /// Shows one item as it was written.
    Show {
        /// Author and place, as `list` prints them.
        item: String,
    },
    /// Takes facts and records as facts; a claim stays, because its moment has passed.
    Release {
        /// A laptop's name, an account, or author and place as `list` prints them.
        whose: String,
        /// Why, for the audit log.
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn run(place: &Place, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List => {
            for kept in place.hub()?.read(|core| core.quarantined())? {
                println!("{}", line(&kept));
            }
        }
        Command::Show { item } => {
            let content = place.write(|core| core.show_quarantined(&item))?;
            println!("{}", line(&content.kept));
            println!("{}", content.text);
        }
        Command::Release { whose, reason } => {
            let release = place.write(|core| core.release(&whose, &reason, now()))?;
            for kept in &release.released {
                println!("released\t{}", line(kept));
            }
            for (kept, why) in &release.stays {
                println!("stays\t{}\t{why}", line(kept));
            }
        }
    }
    Ok(())
}

fn line(kept: &Kept) -> String {
    let Kept { name, kind, at, .. } = kept;
    format!(
        "{name}\t{kind}\t{}\t{}\t{}\t{at}\t{}",
        kept.order, kept.person, kept.device, kept.refusal
    )
}
