//! A shift's work over a link that breaks almost every third time: in real time at 20 kB a second,
//! and in the simulation's time at 2 kB a second. It arrives, and text arrives before pictures.

use std::path::Path;
use std::time::Duration;

use anyhow::{anyhow, bail};
use fettle_domain::Timestamp;
use fettle_hub::clock::now;

use super::fact::Fact;
use super::hub::{Hub, TECHNICIAN};
use super::laptop::Laptop;
use super::line::Line;
use super::wire::{BYTES_A_SECOND, Wire};
use crate::arrival::{Arrival, PhotoNames};
use crate::photo::{PHOTOS, taken};
use crate::sim::{self, EDITS, Template, carry_shift};

/// Orders a shift writes on.
const ORDERS: usize = 40;
/// Longest that the whole may take.
const LONGEST: Duration = Duration::from_secs(240);
/// Which cuts happen when.
const SEED: u64 = 5;

/// What it took on one link.
struct Took {
    bytes_a_second: u64,
    bytes_up: u64,
    bytes_down: u64,
    round_trips: u32,
    text_seconds: f64,
    seconds: f64,
    /// Bytes of photos and thumbnails.
    photo_bytes: u64,
    note: String,
}

pub(super) async fn measure(
    folder: &Path,
    facts: &[Fact],
    say: &mut dyn FnMut(&Line),
) -> anyhow::Result<()> {
    let facts = &facts[..ORDERS.min(facts.len())];
    let hub = Hub::start(&folder.join("hub"), facts).await?;
    let took = real(&hub, &folder.join("laptop"), facts).await?;
    hub.stop().await?;
    took.lines().iter().for_each(&mut *say);
    let carried = tokio::task::spawn_blocking(|| carry_shift(&Template::new(), SEED)).await??;
    let took = Took {
        bytes_a_second: sim::BYTES_A_SECOND,
        bytes_up: carried.bytes_up,
        bytes_down: carried.bytes_down,
        round_trips: carried.round_trips,
        text_seconds: carried.text_seconds as f64,
        seconds: carried.seconds as f64,
        photo_bytes: carried.photo_bytes,
        note: format!(
            "{} cuts, in the simulation's time, without HTTP/2 and TLS",
            carried.cuts
        ),
    };
    took.lines().iter().for_each(&mut *say);
    Ok(())
}

async fn real(hub: &Hub, folder: &Path, facts: &[Fact]) -> anyhow::Result<Took> {
    let wire = Wire::to(hub.address).await?;
    let mut laptop = Laptop::enrol(hub, wire.address(), folder, TECHNICIAN).await?;
    let photos = work(&laptop, facts).await?;
    let link = wire.turn_bad(SEED);
    let before = wire.carried().await;
    let began = now();
    let is_sent =
        |shell: &fettle_desk::view::Shell| shell.unsent == 0 && shell.photos_unsent.is_none();
    let sent = tokio::time::timeout(LONGEST, laptop.exchange_until(is_sent)).await;
    let arrival = Arrival::since(&hub.look()?, began)?;
    let Ok(sent) = sent else {
        bail!(
            "a shift's work did not arrive over {} kB/s within {} s: {} edits of {} and {} photos of {PHOTOS} did",
            BYTES_A_SECOND / 1_000,
            LONGEST.as_secs(),
            arrival.edits,
            EDITS + PHOTOS,
            arrival.photos(&photos),
        );
    };
    sent?;
    if arrival.edits != EDITS + PHOTOS {
        bail!("{} edits arrived of {}", arrival.edits, EDITS + PHOTOS);
    }
    let arrived = arrival.in_order(&photos).map_err(|what| anyhow!(what))?;
    let carried = wire.carried().await;
    let seconds = |at: Timestamp| at.ms_since(began) as f64 / 1e3;
    let tally = link.tally();
    Ok(Took {
        bytes_a_second: BYTES_A_SECOND,
        bytes_up: carried.up - before.up,
        bytes_down: carried.down - before.down,
        round_trips: tally.requests,
        text_seconds: seconds(arrived.last_edit),
        seconds: seconds(arrived.last_photo),
        photo_bytes: arrived.photo_bytes,
        note: format!(
            "{} cuts, {} handshakes, over TLS",
            tally.cuts, tally.handshakes
        ),
    })
}

/// Works a shift without a link: notes on every order, and photos among them.
async fn work(laptop: &Laptop, facts: &[Fact]) -> anyhow::Result<Vec<PhotoNames>> {
    let mut orders = Vec::with_capacity(facts.len());
    for fact in facts {
        orders.push(laptop.order(&fact.number).await?);
    }
    let mut photos = Vec::new();
    for number in 0..EDITS {
        let order = &orders[number as usize % orders.len()];
        // The first photo is older than every note.
        if number % (EDITS / PHOTOS) == 0 {
            photos.push(laptop.add_photo(order, taken(number)?).await?);
        }
        let text = format!("Bearing {number} runs warm on the drive side");
        laptop.write_note(order, text).await?;
    }
    Ok(photos)
}

impl Took {
    fn lines(&self) -> Vec<Line> {
        let link = format!("a shift over {} kB/s", self.bytes_a_second / 1_000);
        let each = self.photo_bytes / u64::from(PHOTOS) / 1_000;
        let note = format!(
            "{EDITS} edits, {PHOTOS} photos of {each} kB with thumbnail; {}",
            self.note
        );
        let line = |what: &str, ours: f64, beside: Option<f64>, unit, more: &str| Line {
            row: format!("{link}, {what}"),
            ours,
            beside,
            unit,
            note: format!("{note}{more}"),
        };
        let photos = self.photo_bytes as f64;
        let least = photos / self.bytes_a_second as f64;
        vec![
            line(
                "bytes up",
                self.bytes_up as f64,
                Some(photos),
                "bytes",
                "; beside: the photos and their thumbnails",
            ),
            line("bytes down", self.bytes_down as f64, None, "bytes", ""),
            line(
                "round trips",
                f64::from(self.round_trips),
                None,
                "round trips",
                "",
            ),
            line(
                "until the last edit arrived",
                self.text_seconds,
                None,
                "s",
                "",
            ),
            line(
                "until the last photo arrived",
                self.seconds,
                Some(least),
                "s",
                "; beside: the photos on the same link undisturbed",
            ),
        ]
    }
}
