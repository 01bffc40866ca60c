//! A shift's work over a link that breaks almost every third time: in real time at 20 kB a second,
//! and in the simulation's time at 2 kB a second.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use fettle_document::Edit;
use fettle_domain::work_order::Note;
use fettle_domain::{DeviceTime, EntryId};
use fettle_hub::clock::{now, random};
use fettle_sync::link::{Link, LinkEvent};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::desk::{Desk, Exchanged};
use super::hub::{Hub, TECHNICIAN};
use super::line::Line;
use super::wire::{BAD_BYTES_A_SECOND, Wire};
use crate::sim::{EDITS, Template, carry_shift};

/// Orders a shift writes on.
const ORDERS: usize = 40;
/// Requests or answers that are cut, in a hundred.
const CUTS: u32 = 30;
/// About what one exchange carries: a cut falls somewhere in it.
const EXCHANGE_BYTES: i64 = 12_000;
/// Longest that the whole may take.
const LONGEST: Duration = Duration::from_secs(240);
/// Which cuts happen when.
const SEED: u64 = 1;

/// What it took in real time.
#[derive(Default)]
struct Took {
    exchanged: Exchanged,
    cuts: u32,
}

pub(super) async fn measure(hub: &Hub, folder: &Path) -> anyhow::Result<Vec<Line>> {
    let mut lines = real(hub, folder).await?;
    let carried = tokio::task::spawn_blocking(|| carry_shift(&Template::new(), SEED)).await??;
    let note = format!(
        "{} edits, {} cuts, {} s of the simulation's time",
        carried.edits, carried.cuts, carried.seconds
    );
    lines.extend(lines_of(
        "2 kB/s",
        carried.bytes as f64,
        carried.round_trips,
        &note,
    ));
    Ok(lines)
}

async fn real(hub: &Hub, folder: &Path) -> anyhow::Result<Vec<Line>> {
    let wire = Wire::to(hub.address).await?;
    let folder = folder.join("bad-link");
    let mut desk = Desk::enrol(hub, wire.address(), &folder, TECHNICIAN).await?;
    desk.exchange().await?;
    write_shift(&desk)?;
    wire.turn_bad();
    let before = wire.carried().await;
    let began = std::time::Instant::now();
    let took = tokio::time::timeout(LONGEST, carry(&mut desk, &wire))
        .await
        .context("the shift's work did not arrive in time")??;
    let seconds = began.elapsed().as_secs();
    let bytes = wire.carried().await - before;
    let note = format!(
        "{EDITS} edits, {} cuts, {seconds} s over TLS; frames alone: {}",
        took.cuts, took.exchanged.frame_bytes
    );
    let name = format!("{} kB/s", BAD_BYTES_A_SECOND / 1_000);
    Ok(lines_of(
        &name,
        bytes as f64,
        took.exchanged.round_trips,
        &note,
    ))
}

fn lines_of(link: &str, bytes: f64, round_trips: u32, note: &str) -> Vec<Line> {
    let row = |what: &str| format!("a shift over {link} that cuts {CUTS} %, {what}");
    let line = |what: &str, ours: f64, unit| Line {
        row: row(what),
        ours,
        beside: None,
        unit,
        note: note.to_owned(),
    };
    vec![
        line("bytes", bytes, "bytes"),
        line("round trips", f64::from(round_trips), "round trips"),
    ]
}

fn write_shift(desk: &Desk) -> anyhow::Result<()> {
    let orders = desk.replica.all_orders()?;
    for number in 0..EDITS {
        let order = &orders[number as usize % ORDERS.min(orders.len())];
        let note = Edit::PutNote {
            id: EntryId(Uuid::from_bytes(random()?)),
            entry: Note {
                text: format!("Bearing {number} runs warm on the drive side"),
                at: DeviceTime {
                    at: now(),
                    offset_ms: None,
                    boot_id: 1,
                    boot_ms: u64::from(number),
                },
                proposes: None,
                settles: None,
            },
        };
        desk.commit(order.id, vec![note])?;
    }
    Ok(())
}

/// Exchanges as the desk's loop does: less at once after a loss, and a new connection.
async fn carry(desk: &mut Desk, wire: &Wire) -> anyhow::Result<Took> {
    let mut dice = StdRng::seed_from_u64(SEED);
    let (mut took, mut link) = (Took::default(), Link::new(now()));
    desk.hang_up()?;
    loop {
        let wait = link.due.ms_since(now()).max(0);
        tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
        let is_cut = dice.random_ratio(CUTS, 100);
        wire.cut_after(is_cut.then(|| dice.random_range(0..EXCHANGE_BYTES)));
        took.exchanged.round_trips += 1;
        let once = desk.once(link.budget_bytes(), &mut took.exchanged).await;
        let is_left = desk.replica.unsent()? > 0;
        match once {
            Ok(has_more) if has_more || is_left => {
                link.on(LinkEvent::Exchanged { has_more: true }, now());
            }
            Ok(_) => return Ok(took),
            Err(_) if is_cut => {
                took.cuts += 1;
                desk.hang_up()?;
                link.on(LinkEvent::Lost, now());
            }
            Err(error) => return Err(error.context("the link was whole")),
        }
    }
}
