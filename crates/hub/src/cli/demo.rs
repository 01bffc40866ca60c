//! `demo cmms|erp`: one of the built-in systems as a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fettle_demo::world::{DEMO_SEED, Size};
use fettle_demo::{Clock, DemoConfig, System, bind};

use super::runtime;
use crate::demo_systems::DemoReady;
use crate::shutdown::asked_to_end;

/// Which system, its file and where it listens.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which system.
    system: Which,
    /// Its file; made and filled when it does not exist.
    #[arg(long)]
    file: PathBuf,
    /// Where it listens; loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Seed of its world.
    #[arg(long, default_value_t = DEMO_SEED)]
    seed: u64,
    #[command(flatten)]
    size: SizeArguments,
}

// How large a world a demo system is filled with at its first start. No doc comment: it would take
// the place of the command's own.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct SizeArguments {
    /// Work orders of plant 1200; the small demonstration when left out.
    #[arg(long, default_value_t = 0, value_name = "N")]
    orders: u32,
    /// Items; the small demonstration when left out.
    #[arg(long, default_value_t = 0, value_name = "N")]
    items: u32,
}

impl From<SizeArguments> for Size {
    fn from(SizeArguments { orders, items }: SizeArguments) -> Self {
        Self { orders, items }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    Cmms,
    Erp,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let system = match arguments.system {
        Which::Cmms => System::Cmms,
        Which::Erp => System::Erp,
    };
    #[cfg(feature = "faults")]
    if let Ok(specification) = std::env::var("FETTLE_FAULT") {
        fettle_demo::fault::arm_from(&specification, system.word());
    }
    let config = DemoConfig {
        system,
        file: arguments.file.clone(),
        listen: arguments.listen,
        seed: arguments.seed,
        size: arguments.size.into(),
        clock: Clock::System,
    };
    runtime()?.block_on(async {
        let bound = bind(&config).await?;
        println!(
            "{}",
            serde_json::to_string(&DemoReady {
                listen: bound.address()
            })?
        );
        bound.run(asked_to_end()).await?;
        Ok(())
    })
}
