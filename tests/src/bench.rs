//! What `npm run bench` measures of Fettle itself: real hub, real desks, real files and sockets.
//!
//! Each figure stands beside a limit that no program can pass: a bare transaction, or the
//! compressed size of the same facts. The peers are measured apart, by runners of their own.

mod arrive;
mod bad_link;
mod commit;
mod company;
mod crowd;
mod desk;
mod exchange;
mod fact;
mod hub;
mod laptop;
mod line;
mod process;
mod raw;
mod wire;

use std::path::Path;

use fact::Fact;
pub use hub::serve;
pub use line::Line;

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// An edit's commit, the exchange and the hub.
    Exchange,
    /// A shift over a bad link.
    BadLink,
    /// Many devices at one hub.
    Crowd,
    /// The size of a company: the first copy, search, lists, a save during a stock update.
    Company,
}

/// How much of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Size {
    /// Devices that work at one hub at the same time.
    #[arg(long, default_value_t = 1_000)]
    pub devices: usize,
    /// Orders of the company's largest plant.
    #[arg(long, default_value_t = 100_000)]
    pub company_orders: u32,
    /// Items of the company.
    #[arg(long, default_value_t = 1_000_000)]
    pub company_items: u32,
}

/// Measures everything, or one part, on the orders of a file and hands over each figure as soon as
/// it is known. `program` serves a hub in a process of its own, see [`serve`].
///
/// # Errors
/// When a part of it fails; figures said before stand.
pub async fn measure(
    program: &Path,
    orders: &Path,
    only: Option<Part>,
    size: &Size,
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    let facts = fact::read(orders)?;
    let folder = tempfile::tempdir()?;
    if only.is_none_or(|part| part == Part::Exchange) {
        exchanged(folder.path(), &facts, say).await?;
    }
    if only.is_none_or(|part| part == Part::BadLink) {
        bad_link::measure(&folder.path().join("bad-link"), &facts, say).await?;
    }
    if only.is_none_or(|part| part == Part::Crowd) {
        let place = folder.path().join("crowd");
        for line in crowd::measure(program, &place, &facts, size.devices).await? {
            say(&line);
        }
    }
    if only.is_none_or(|part| part == Part::Company) {
        let place = folder.path().join("company");
        let world = fettle_demo::world::Size {
            orders: size.company_orders,
            items: size.company_items,
        };
        company::measure(program, &place, world, say).await?;
    }
    Ok(())
}

async fn exchanged(
    folder: &Path,
    facts: &[Fact],
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    let hub = hub::Hub::start(&folder.join("hub"), facts).await?;
    let mut stage = exchange::Stage::set(&hub, folder, facts).await?;
    let raw_file = folder.join("raw-desk.db");
    let commits = stage.play(facts, &raw_file, say).await?;
    say(&commits);
    let plans = stage.into_plans();
    for line in arrive::measure(&hub, folder, &plans).await? {
        say(&line);
    }
    hub.stop().await
}
