//! `device`: codes that enrol a laptop, the list, revocation.

use clap::Subcommand;
use fettle_domain::{AreaId, PlantId};

use super::Place;
use crate::clock::{now, random};
use crate::core::NewCode;

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints a one-time code with which one laptop may enrol.
    Code {
        /// Plant it will serve.
        #[arg(long)]
        plant: String,
        /// Name it will have, such as HW-14.
        #[arg(long)]
        name: String,
        /// Area whose work it will hold; may be repeated; all of the plant when left out.
        #[arg(long)]
        area: Vec<String>,
    },
    /// Lists devices with how far each has come.
    List,
    /// Revokes a device by name or id; nothing it asks is answered any more.
    Revoke {
        /// Name or id.
        device: String,
    },
}

pub(super) fn run(place: &Place, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Code { plant, name, area } => {
            let new = NewCode {
                name,
                plant: PlantId::new(plant)?,
                areas: area
                    .into_iter()
                    .map(AreaId::new)
                    .collect::<Result<_, _>>()?,
                random: random()?,
                fingerprint: place.config.tls_files(place.data()?).fingerprint()?,
            };
            let code = place.write(|core| core.make_code(&new, now()))?;
            println!("{} may enrol once with {code}", new.name);
        }
        Command::List => {
            let hub = place.hub()?;
            for device in hub.read(|core| core.devices())? {
                let areas: Vec<&str> = device.areas.iter().map(AreaId::as_str).collect();
                let state = match device.revoked_at {
                    Some(at) => format!("revoked {at}"),
                    None => "enrolled".to_owned(),
                };
                let standing = hub.read(|core| core.standing(device.id))?;
                let place = match standing.moved {
                    Some(at) => format!("{} behind since {at}", standing.behind),
                    None => "never fetched".to_owned(),
                };
                let (name, plant) = (&device.name, &device.plant);
                println!(
                    "{name}\t{plant}\t{}\t{state}\t{place}\t{}",
                    areas.join(","),
                    device.id
                );
            }
        }
        Command::Revoke { device } => {
            let device = place.write(|core| core.revoke_device(&device, now()))?;
            println!(
                "{} is revoked; what it has not sent stays on it",
                device.name
            );
        }
    }
    Ok(())
}
