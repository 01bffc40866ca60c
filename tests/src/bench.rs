//! What `npm run bench` measures of Fettle itself: real hub, real desks, real files and sockets.
//!
//! Each figure stands beside a limit that no program can pass: a bare transaction, or the
//! compressed size of the same facts. The peers are measured apart, by runners of their own.

mod arrive;
mod bad_link;
mod commit;
mod desk;
mod exchange;
mod fact;
mod hub;
mod line;
mod raw;
mod wire;

use std::path::Path;

pub use line::Line;

/// Measures everything on the orders of a file and hands over each figure as soon as it is known.
///
/// # Errors
/// When a part of it fails; figures said before stand.
pub async fn measure(orders: &Path, say: &mut dyn FnMut(&Line)) -> anyhow::Result<()> {
    let facts = fact::read(orders)?;
    let folder = tempfile::tempdir()?;
    let hub = hub::Hub::start(&folder.path().join("hub"), &facts).await?;
    let mut stage = exchange::Stage::set(&hub, folder.path(), &facts).await?;
    let raw_file = folder.path().join("raw-desk.db");
    let commits = stage.play(&facts, &raw_file, say).await?;
    say(&commits);
    for line in bad_link::measure(&hub, folder.path()).await? {
        say(&line);
    }
    let plans = stage.into_plans();
    for line in arrive::measure(&hub, folder.path(), &plans).await? {
        say(&line);
    }
    hub.stop().await
}
